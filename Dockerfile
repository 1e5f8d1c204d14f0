ARG BASE=python:3.13-slim

# The tools that build the package come from the lock too, so that nothing is installed unhashed.
FROM ${BASE} AS wheel
WORKDIR /build
COPY requirements-dev.lock .
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-dev.lock
COPY pyproject.toml LICENSE ./
COPY src src
RUN /tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# What runs needs no pip and no sources in C. Only what is used is compiled: all of it would be 25 MB more.
FROM ${BASE} AS environment
COPY requirements.lock .
RUN python -m venv /tools && python -m venv --without-pip /portico \
    && /tools/bin/pip --python /portico/bin/python install --no-cache-dir --no-compile --require-hashes -r requirements.lock
COPY --from=wheel /wheels /wheels
RUN /tools/bin/pip --python /portico/bin/python install --no-cache-dir --no-compile --no-deps --no-index /wheels/*.whl \
    && find /portico -type f \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' \) -delete \
    && /portico/bin/portico openapi --to /dev/null \
    && for store in sqlite:////tmp/x postgresql://x mongodb://x/?serverSelectionTimeoutMS=1; do \
        DATABASE_URL=$store REDIS_URL=redis://x timeout 20 /portico/bin/portico check > /dev/null 2>&1 || true; done
# Symbols are 30 MB. Pillow's libraries were rewritten after they were linked, which strip does not bear.
RUN if ! command -v strip > /dev/null; then apt-get update && apt-get install -y --no-install-recommends binutils; fi \
    && find /portico -name '*.so' -not -path '*/PIL/*' -not -path '*.libs/*' -exec strip --strip-unneeded {} +

FROM ${BASE}
RUN useradd --system --uid 10001 --no-create-home portico && install -d -o portico -g portico /data
COPY --from=environment /portico /portico
ENV PATH=/portico/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/portico.db
USER portico
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["portico", "serve", "--host", "0.0.0.0"]
