# Đôn Đốc. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3; do \
	command -v $$v >/dev/null 2>&1 && $$v -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo $$v; break; }; done)
BIN := .venv/bin
# A stamp named for the lock: setup runs again only when the lock has changed.
STAMP := .venv/.setup-$(shell cat requirements/dev.txt pyproject.toml | cksum | cut -d' ' -f1)
PEERS := .venv/.peers-$(shell cat requirements/bench.txt | cksum | cut -d' ' -f1)

##@ A newcomer
.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup ## From a bare checkout to the operations view in the browser, with sample data (Ctrl-C ends it)
	@$(BIN)/python -m dev.demo

.PHONY: test
test: setup ## The whole suite, setting itself up
	@scripts/services.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -q $(ARGS)

##@ A developer
.PHONY: setup
setup: $(STAMP) ## A virtual environment in .venv with the exact locked versions
$(STAMP): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "dondoc needs Python 3.11, 3.12 or 3.13 with venv (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (a minute or two, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt 2> >(grep -v 'WARNING: Location' >&2)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . 2> >(grep -v 'WARNING: Location' >&2)
	@rm -f .venv/.setup-*; touch $@

.PHONY: check
check: setup ## Lint, types, import rules, layout and sizes, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/checks

.PHONY: format
format: setup ## Put the code in its common form
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

.PHONY: bench
bench: setup $(PEERS) ## Speed, as ratios against a named peer or the bare database in the same run
	@$(BIN)/python -m scripts.bench
$(PEERS): requirements/bench.txt
	@echo "Installing the peers of the benchmarks ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt 2> >(grep -v 'WARNING: Location' >&2)
	@rm -f .venv/.peers-*; touch $@

.PHONY: fuzz
fuzz: setup ## Ten thousand damaged plan files: each read or refused, no row lost in silence
	@$(BIN)/python -m scripts.fuzz $(ARGS)

.PHONY: crash
crash: setup ## Two hundred times kill -9 of a deliverer on each database: nothing lost, nothing twice
	@$(BIN)/python -m scripts.crash $(ARGS)

.PHONY: clean
clean: ## Remove what was built (not your data)
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
