# Accord: everything a newcomer or a machine needs, from a fresh clone with Python 3.11+, pip, venv and make.
#   make demo    run the shipped case and say where the report lies
#   make test    run the tests           make gates   everything else a change must pass
#   make help    the rest

PYTHON ?= python3
VENV ?= .venv
CASE ?= tehran-moscow-2015
OUT ?= out/$(CASE)
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install -qq --require-hashes
SMOKE_PYTHONS ?= $(BIN)/python

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format types contracts house licences gates wheel smoke bench lock clean

help:
	@sed -n 's/^## //p' Makefile

## make demo       run the shipped case and say where the report lies
demo: $(VENV)/.installed
	$(BIN)/accord run $(CASE) --out $(OUT)
	@test -s $(OUT)/report.html
	@echo "The report: $(CURDIR)/$(OUT)/report.html"

## make test       install what the tests need and run them (ARGS="-k interests -x" for some of them)
test: $(VENV)/.tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

## make lint       ruff: rules and layout
lint: $(VENV)/.gates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

## make format     mend what ruff can mend
format: $(VENV)/.gates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## make types      mypy --strict
types: $(VENV)/.gates
	$(BIN)/mypy --strict src tools

## make contracts  which room may import which
contracts: $(VENV)/.gates
	$(BIN)/lint-imports --no-logo --cache-dir .cache/import-linter

## make house      house rules: lengths, cycles, docstrings, names, start-up time
house: $(VENV)/.installed
	$(BIN)/python tools/house_rules.py

## make licences   licences of every locked package
licences: $(VENV)/.gates
	$(BIN)/python tools/licences.py

## make gates      all of the above but the tests
gates: lint types contracts house licences

## make wheel      build the source distribution, and the wheel from it, into dist/
wheel: $(VENV)/.gates
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

## make smoke      install the wheel in a new environment and run a case with it; all Pythons at a time, so that no core waits
smoke: wheel
	printf '%s\n' $(SMOKE_PYTHONS) | xargs -P 0 -I{} tools/smoke {} $$(ls dist/*.whl) requirements/run.txt

## make bench      run the measurements of bench/
bench: $(VENV)/.tests
	@set -e; for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python "$$script" $(ARGS); done

## make lock       new lock files from requirements/*.in (ARGS=--upgrade for newer versions)
lock: $(VENV)/.gates
	tools/lock $(BIN) $(ARGS)

## make clean      remove the environment, results and caches
clean:
	rm -rf $(VENV) out dist build .cache .hypothesis
	find src tests tools docs bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- The environment. A stamp each for running, testing and the gates; made anew when the lock of
# --- what runs has changed, added to when only a later lock has.

$(VENV)/.made: requirements/run.txt requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Accord needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 (or later)")'
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) -r requirements/run.txt -r requirements/build.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.installed requirements/test.txt
	$(INSTALL) -r requirements/test.txt
	@touch $@

$(VENV)/.gates: $(VENV)/.tests requirements/dev.txt
	$(INSTALL) -r requirements/dev.txt
	$(PIP) check
	@touch $@
