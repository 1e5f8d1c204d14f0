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
    && find /portico -type f \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' -o -name '*.pyi' \) -delete \
    && find /portico/lib -type d -name tests -prune -exec rm -rf {} + \
    && /portico/bin/portico openapi --to /dev/null \
    && for store in sqlite:////tmp/x postgresql://x mongodb://x/?serverSelectionTimeoutMS=1; do \
        DATABASE_URL=$store REDIS_URL=redis://x timeout 20 /portico/bin/portico check > /dev/null 2>&1 || true; done
# Symbols are 30 MB. Pillow's libraries were rewritten after they were linked, which strip does not bear.
RUN if ! command -v strip > /dev/null; then apt-get update && apt-get install -y --no-install-recommends binutils; fi \
    && find /portico -name '*.so' -not -path '*/PIL/*' -not -path '*.libs/*' -exec strip --strip-unneeded {} +

# Where it is served nothing is built or installed: without package manager, Perl and Python's own tools the base is a quarter
# smaller. dpkg takes its packages away itself, so that the list of what is there stays true for those who look for faults.
FROM ${BASE} AS root
RUN useradd --system --uid 10001 --no-create-home --no-log-init portico && install -d -o portico -g portico /data \
    && if command -v dpkg > /dev/null; then for names in "apt libapt-pkg* gpgv e2fsprogs libgnutls30* libp11-kit0*" perl-base; do \
        dpkg --purge --force-depends --force-remove-essential $(dpkg-query -W -f '${Package} ' $names 2> /dev/null); done; fi \
    && cd "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && rm -rf ensurepip idlelib lib2to3 pydoc_data test turtledemo site-packages/pip* /usr/share/python-wheels \
        /usr/lib/*/gconv /usr/share/doc /usr/share/info /usr/share/locale /usr/share/man \
        /var/lib/apt/lists /var/lib/dpkg/info /var/cache/* /var/log/*

FROM scratch
COPY --from=root / /
COPY --from=environment /portico /portico
ENV PATH=/portico/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/portico.db
USER portico
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["portico", "serve", "--host", "0.0.0.0"]
