# The two commands a newcomer needs are `make up` and `make test`; both set everything up first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= python3
BIN := .venv/bin
ENV ?= local
# pytest-xdist workers: three for two cores, since tests also wait for the processes that they start
WORKERS ?= 3

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(BIN)/.installed ## Make .venv with everything in it, and terraform where PATH has none

$(BIN)/.installed: pyproject.toml uv.lock scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh

.PHONY: up
up: setup ## Bring the platform up on this machine and validate it (ENV=local)
	@$(BIN)/envctl up $(ENV)
	@command -v envctl >/dev/null || echo 'envctl: "source $(BIN)/activate" puts it on PATH' >&2

.PHONY: down
down: setup ## Stop what `make up` started; its state stays
	@$(BIN)/envctl down

.PHONY: plan
plan: setup ## Show what apply would change (ENV=local)
	@$(BIN)/envctl plan $(ENV)

.PHONY: validate
validate: setup ## Compare what is deployed with the YAML (ENV=local)
	@$(BIN)/envctl validate-env $(ENV)

.PHONY: test
test: setup lint ## Set everything up, check the code, run the tests
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not whole" --durations 30 --durations-min 10 --junitxml build/tests.xml
	$(BIN)/pytest --doctest-modules scripts/envctl sandbox services shared_services

.PHONY: test-whole
test-whole: setup ## Run the tests that take a whole platform through its life, for minutes each
	@$(BIN)/pytest -m whole

# MIRROR: a filesystem mirror with hashicorp/google; without it, one is downloaded from the registry.
MIRROR ?= build/mirror
.PHONY: test-parity
test-parity: setup ## Run the embedded provider beside the real hashicorp/google, from MIRROR or the registry
	@test -d $(MIRROR) || for at in . oldest; do \
	  terraform -chdir=tests/integration/provider/mirror/$$at providers mirror $(abspath $(MIRROR)) || exit 1; done
	@ATM_PROVIDER_MIRROR=$(abspath $(MIRROR)) ATM_PARITY_REPORT=$(abspath build/parity.txt) $(BIN)/pytest -n 4 -m real_provider

.PHONY: test-fast
test-fast: setup ## Run the tests that take no more than a few seconds each
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not slow and not terraform"

.PHONY: lint
lint: setup ## Check style, types and Terraform formatting
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/shellcheck scripts/*.sh
	PATH="$$PATH:$$PWD/$(BIN)" terraform fmt -check -recursive infra modules

.PHONY: format
format: setup ## Format Python and Terraform
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	PATH="$$PATH:$$PWD/$(BIN)" terraform fmt -recursive infra modules

.PHONY: generate
generate: setup ## Write what is generated from the models and modules: envs/schema.json, module READMEs, docs
	@$(BIN)/python scripts/generate.py

.PHONY: checkov
checkov: setup ## Set checkov up, apart from .venv, for `envctl policy ENV --second-opinion`
	@$(BIN)/uv venv --quiet --allow-existing .checkov
	$(BIN)/uv pip install --quiet --system-certs --python .checkov/bin/python checkov==3.3.30

.PHONY: bench
bench: setup ## Measure the main job and its growth beside their limits (minutes)
	@$(BIN)/python -m tests.bench --growth

.PHONY: fuzz
fuzz: setup ## Read 10,000 YAML files with slips of the hand: each is valid or refused with its line (minutes)
	@ENVCTL_MUTATIONS=10000 $(BIN)/pytest -q --timeout 3600 tests/unit/environments/test_mutated_files.py

.PHONY: clean
clean: ## Remove what is rendered and cached; keep .venv and the sandboxes' state
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
