.PHONY: help setup check test lint types arch docs golden demo

help: ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-8s %s\n", $$1, $$2}'

setup: ## Make .venv with everything a developer needs
	python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'

check: lint types arch test ## All that .ci/run checks, in this environment

test: ## Run the tests
	.venv/bin/pytest -n auto

lint: ## Style and formatting
	.venv/bin/ruff check . && .venv/bin/ruff format --check .

types: ## mypy --strict
	.venv/bin/mypy

arch: ## Import contracts
	.venv/bin/lint-imports

docs: ## Rewrite .env.example and the state diagram from the code
	.venv/bin/python -m tests.architecture.documents

demo: ## The whole path, without keys or network
	.venv/bin/bot demo
