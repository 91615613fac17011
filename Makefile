# Two commands for a newcomer: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
WORKERS ?= 2
PYTEST_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install demo test check format soak bench lock counterparts second-reader

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: $(VENV)/.installed ## sets up .venv with the engawa command in .venv/bin

demo: install ## opens the demo on loopback: no accounts, no network
	$(BIN)/engawa demo

test: check counterparts ## everything that CI runs
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/.installed-test ## the static part: format, lint, types, import rules
	$(BIN)/ruff format --check --output-format concise
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-test ## puts the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

soak: $(VENV)/.installed-test counterparts ## the tests that take longer than everybody's run may
	$(BIN)/pytest -m soak $(PYTEST_ARGS)

bench: $(VENV)/.installed-test counterparts ## the benchmarks behind the README's figures, with all that they measure beside us
	$(BIN)/engawa bench

counterparts: ## what tests talk to and pip cannot bring; quiet where apt or root is missing
	@.ci/counterparts

second-reader: .venv-learn/.installed ## learns the weights of the second reader from the labelled replies
	PYTHONPATH=. .venv-learn/bin/python tests/bot/language/learn.py

# The three locks are compiled one after the other; a test checks that they pin the same versions.
# UPGRADE=--upgrade takes newer versions, otherwise what is pinned stays.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(UPGRADE) pyproject.toml
lock: ## compiles the locks from pyproject.toml (needs uv)
	$(COMPILE) --extra build --output-file requirements.lock
	$(COMPILE) --extra build --extra test --extra bench --output-file requirements-test.lock
	$(COMPILE) --extra learn --constraint requirements.lock --output-file requirements-learn.lock

# pip, not python, stands for a finished environment: a venv whose making was cut short has none.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Engawa needs Python 3.11 or newer, and $(PYTHON) is not: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

define install_from
	@echo "Installing $(1) into $(VENV): a minute or two the first time"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/pip
	$(call install_from,requirements.lock)

$(VENV)/.installed-test: requirements-test.lock pyproject.toml | $(BIN)/pip
	$(call install_from,requirements-test.lock)

.venv-learn/.installed: requirements-learn.lock
	$(PYTHON) -m venv .venv-learn
	@.venv-learn/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-learn.lock
	@touch $@
