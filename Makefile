# Tingzhu: the few commands that a person needs. Set-up happens by itself, once, and again when the lock file changes.

JOBS ?= 2
SEED ?= 20230036
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

bin := .venv/bin
installed := .venv/.installed
assets := build/assets/.complete
pages := build/assets/web/manifest.json
ready := $(installed) $(assets) $(pages)
npm := PATH="$(CURDIR)/$(bin):$$PATH" npm --prefix web --loglevel=error

.DEFAULT_GOAL := help
.PHONY: help run test check format bench soak lock migration docs assets clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

run: $(ready) ## start everything with demo accounts, on http://127.0.0.1:8000
	@TINGZHU_DEMO=$${TINGZHU_DEMO-1} exec $(bin)/tingzhu up

test: $(ready) ## run every test
	@$(npm) run test --silent
	@$(bin)/python -m pytest -n $(JOBS) --dist worksteal tests

check: $(installed) $(assets) ## format, lint, types, import contracts
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/lint-imports
	@$(npm) run check --silent

format: $(installed) ## format the code and mend what lint can mend
	@$(bin)/ruff format .
	@$(bin)/ruff check --fix .

bench: $(ready) ## measure; prints JSON
	@$(bin)/python -m tests.performance

soak: $(ready) ## long random runs with fixed seeds (SEED=...)
	@$(bin)/python -m pytest -n $(JOBS) --dist worksteal --soak --hypothesis-seed=$(SEED) \
		-o faulthandler_timeout=3600 tests/property tests/resilience

lock: $(installed) ## choose new releases of all dependencies and write requirements.lock
	@$(bin)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock

migration: $(installed) ## draft a migration from the tables (SENTENCE="Add the column x.")
	@$(bin)/python -m tingzhu.migrations.draft "$(SENTENCE)"

docs: $(installed) ## write the generated reference pages anew
	@$(bin)/python -m tingzhu.settings_page
	@$(bin)/python -m handlers.reference
	@$(bin)/python -m casework.deadlines.reference > docs/reference/deadlines.md
	@$(bin)/python -m api.reference
	@$(bin)/python -m engine.forms.sentences

assets: $(assets) $(pages) ## fonts, FEEL interpreter, API page and web application, from npm packages

clean: ## remove all that set-up and tests made; your data in var/ stay
	@rm -rf .venv build web/node_modules *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(installed): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Tingzhu needs Python 3.11 or newer (PYTHON=/path/to/python3.11 make ...)"; exit 2; }
	@echo "Installing Python packages into .venv (once) ..."
	@test -x $(bin)/python || "$(PYTHON)" -m venv .venv
	@$(bin)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	@$(bin)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(assets): $(installed) web/package-lock.json web/package.json web/scripts/assets.mjs
	@echo "Collecting fonts and scripts into build/assets (once) ..."
	@$(npm) ci --ignore-scripts
	@$(npm) run assets --silent
	@touch $@

$(pages): $(assets) tests/unit/api/openapi.snapshot.json web/index.html web/vite.config.ts web/tsconfig.json $(shell find web/src -type f -not -path 'web/src/client/schema.d.ts')
	@echo "Building the web application ..."
	@$(npm) run build --silent
	@touch $@
