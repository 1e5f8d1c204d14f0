# POSIX sh and make; uv where it is, else the venv and pip that come with Python.
PYTHON ?= python3
ARGS ?=
STORE ?= sqlite
OPS ?=
OP ?= get
JOBS ?= 4
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help install serve test test-all check lint format structure mutants differential crash bench profile fuzz stopping outages audit lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

install: $(READY) ## make .venv from the lock, with portico in it

$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Portico needs Python 3.11 or later: make PYTHON=...")'
	@set -e; if uv --version >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" .venv; \
		uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock; \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
		$(PYTHON) -m venv .venv; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

serve: $(READY) ## run the service; DATABASE_URL says on which store
	$(BIN)/portico serve $(ARGS)

test: $(READY) ## the tests on memory, SQLite and the servers named by TEST_*_URL
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

test-all: $(READY) ## the tests on all four stores, in containers where no TEST_*_URL names a server
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --all-stores $(ARGS)

check: lint test ## what CI runs

lint: $(READY) ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports

format: $(READY) ## rewrite what ruff can put right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

structure: $(READY) ## what the migrations make of an empty SQLite, written down anew after one was added
	$(BIN)/python -m adapters.sql.structure

mutants: $(READY) ## break the code on purpose and see the tests go red
	$(BIN)/python -m tests.mutants $(ARGS)

differential: $(READY) ## random operations on every store, each answer compared with memory's
	$(BIN)/python -m tests.differential --steps 20000 $(ARGS)

bench: $(READY) ## Portico beside endpoints written by hand; STORE=postgresql OPS=get,list50 (needs wrk)
	$(BIN)/python -m benchmarks --store "$(STORE)" --ops "$(OPS)" $(ARGS)

profile: $(READY) ## where the time of OP=get on STORE=sqlite goes
	$(BIN)/python -m benchmarks.profiling --store "$(STORE)" --op "$(OP)" $(ARGS)

crash: $(READY) ## kill the server under load, 100 times on SQLite and on PostgreSQL where it is named
	$(BIN)/python -m tests.crash $(ARGS)

fuzz: $(READY) ## requests made from the OpenAPI document; ARGS="--store sqlite --examples 60"
	$(BIN)/python -m tests.fuzz $(ARGS)

stopping: $(READY) ## stop a server under load, 20 times: no answer is lost
	$(BIN)/python -m tests.stopping $(ARGS)

outages: $(READY) ## PostgreSQL, Redis and MongoDB away under load; ARGS="--mongo 'COMMAND ADDR'"
	$(BIN)/python -m tests.outages $(ARGS)

audit: ## what is known of the locked dependencies (needs uv and the network)
	uvx --quiet pip-audit --require-hashes --disable-pip --requirement requirements.lock $(ARGS)

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS)

lock: ## pin the dependencies again; ARGS=--upgrade for newer ones (needs uv)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what these targets made; var/ stays
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
