# `make run` serves the demonstration city. `make test` is the whole gate. Everything else is in `nongan --help`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
PORT ?= 8000

.PHONY: run test lock openapi messages bench
run: .venv/.run node_modules/.ready locale/.compiled
	$(BIN)/nongan migrate --verbosity 0
	$(BIN)/nongan load_reference
	$(BIN)/nongan demo --if-empty
	$(BIN)/nongan serve --port $(PORT)

test: .venv/.test node_modules/.ready locale/.compiled
	.ci/gate

# --- set-up: what is installed is exactly what the locks name ---
.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "This Python cannot make a virtual environment: install its venv package (python3-venv)."; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: .venv/bin/uv requirements/run.txt pyproject.toml
	test -f .venv/.test || $(UV) pip install --quiet --require-hashes -r requirements/run.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/bin/uv requirements/test.txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements/test.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

node_modules/.ready: package-lock.json .ci/trim-styles | .venv/bin/uv
	@if command -v npm > /dev/null; then npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else $(UV) pip install --quiet --require-hashes -r requirements/node.txt && PATH="$$PWD/$(BIN):$$PATH" $(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; fi
	@$(BIN)/python .ci/trim-styles
	@touch $@

locale/.compiled: $(wildcard locale/*/LC_MESSAGES/django.po) | .venv/.run
	$(BIN)/pybabel -q compile -D django -d locale
	@touch $@

# --- for those who change it ---
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock"
lock: .venv/bin/uv
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) pyproject.toml --extra test -o requirements/test.txt
	$(LOCK) pyproject.toml --extra node -o requirements/node.txt
	echo uv | $(LOCK) - -o requirements/uv.txt

openapi: .venv/.run
	$(BIN)/nongan export_openapi_schema --api config.api.api --indent 1 --output docs/openapi.json

messages: .venv/.test
	$(BIN)/nongan makemessages --locale en --ignore node_modules --ignore .venv --no-location --no-wrap

bench: .venv/.test
	for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file; done
