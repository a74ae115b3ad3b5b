# Two commands matter: "make local" and "make test". Each does all its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= $(shell tests/local_cloud/find_python 3.11 3.12 3.13)
CLOUD_PYTHON ?= $(shell tests/local_cloud/find_python 3.13 3.12 3.11)
BIN := .venv/bin
CLOUD := $(BIN)/python -m tests.local_cloud
PYTEST := $(BIN)/python -m pytest
COLLECTION := .local/collections/ansible_collections/amazon_connect/sap

export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Nothing here is for the account that the shell is signed in to.
unexport AWS_PROFILE AWS_DEFAULT_PROFILE AWS_URL

.PHONY: help setup link build local local-down cloud lint test test-full test-unit test-emulator test-molecule test-site test-browser test-newest test-soak soak-summaries clean

help: ## Show the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

.venv/.ready: requirements.txt requirements-test.txt requirements-lock.txt
	test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements-test.txt --constraint requirements-lock.txt
	touch $@

.venv-cloud/.ready: requirements-cloud.txt requirements-cloud-lock.txt
	test -n "$(CLOUD_PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed" >&2; exit 1; }
	$(CLOUD_PYTHON) -m venv .venv-cloud
	.venv-cloud/bin/pip install --quiet --requirement requirements-cloud.txt --constraint requirements-cloud-lock.txt
	touch $@

$(COLLECTION):
	mkdir -p $(@D)
	ln -sfn "$(CURDIR)" $@

link: $(COLLECTION)

setup: .venv/.ready .venv-cloud/.ready link ## Build the Python environments and link the collection

node_modules/.package-lock.json: package.json package-lock.json
	node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { echo "Node.js 20 or newer is needed" >&2; exit 1; }
	npm ci --loglevel=error --no-audit --no-fund
	touch $@

build: .venv/.ready node_modules/.package-lock.json ## Put the connector and the Lambda layer under files/*/dist, and build the artifact
	node files/cti_connector/build.js
	$(BIN)/python files/summary_lambda/build.py
	mkdir -p .local
	$(BIN)/ansible-galaxy collection build --force --output-path .local

cloud: setup ## Start the local cloud in the background
	$(CLOUD) start

local: setup build ## Deploy the whole guide on the local cloud and carry one call to its summary in SAP
	$(CLOUD) start
	source .local/endpoints.env
	$(BIN)/ansible-playbook -i inventories/local playbooks/site.yml
	$(CLOUD) call
	$(CLOUD) desktop

local-down: ## Stop the local cloud that "make local" or "make cloud" started
	$(CLOUD) stop

lint: setup ## Check style, documentation and the changelog; run ansible-test sanity
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline --strict
	$(BIN)/antsibull-changelog lint
	# Dependencies that lie below the checkout in .venv are ignored by git and would be copied empty: git must not look up
	GIT_CEILING_DIRECTORIES="$(CURDIR)" PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .
	tests/sanity/run

# What pytest takes with -m; MARKS on the command line counts before this. "make test", and these also by themselves,
# leave more to "make test-full".
MARKS =
test test-unit test-site test-browser test-soak test-newest: MARKS = not full

test-unit: setup build ## Test engine, modules, function, connector and artifact, each by itself
	$(PYTEST) -n 2 -m "$(MARKS)" tests/unit tests/artifact
	node --test tests/browser/unit/*.test.js

test-emulator: setup node_modules/.package-lock.json ## Test the local cloud: emulator, front, edge, SAP stand-in, and Terraform on it where it is present
	$(PYTEST) -n 2 --dist loadfile -rs -m "$(MARKS)" tests/emulator tests/cloud
	node --test tests/cloud/unit/*.test.js

test-molecule: setup build ## Converge, repeat and verify every role and the site on one local cloud
	ALL_SCENARIOS=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/molecule test --all --report

test-site: setup build ## Deploy the site and walk it: guide, calls, permissions, plan, wrong inputs
	$(PYTEST) -n 2 --dist loadfile -m "$(MARKS)" tests/site

test-browser: setup build ## Test the connector in a browser: by itself, and in SAP on a deployed site
	tests/browser/find_chromium >/dev/null
	$(PYTEST) -m "$(MARKS)" tests/browser

test-soak: setup build ## Let 40 contacts happen while SAP, functions and events fail, and count what became of them
	$(PYTEST) -m "$(MARKS)" tests/soak

soak-summaries: setup build ## The same with 2,000 contacts; called again after an end, it goes on where it was
	$(BIN)/python -m tests.soak.soak --contacts 2000

# Each of the first four keeps one core busy, each of the others two.
test: setup build ## Run everything that fits into half an hour
	$(MAKE) --jobs=2 --output-sync=target lint test-molecule
	$(MAKE) --jobs=2 --output-sync=target test-browser test-soak MARKS="$(MARKS)"
	$(MAKE) test-unit test-emulator test-site MARKS="$(MARKS)"

test-newest: build ## Run the unit tests on Python 3.12 and 3.13, as far as they are here, with the newest Ansible
	mkdir -p .local
	tested=
	for version in 3.12 3.13; do
	  python=$$(tests/local_cloud/find_python $$version) || continue
	  "$$python" -m venv --clear .venv-newest
	  .venv-newest/bin/pip install --quiet --requirement requirements-test.txt --constraint requirements-lock.txt
	  .venv-newest/bin/python -m pytest -n 2 -m "$(MARKS)" tests/unit
	  tested+=" $$version"
	done
	echo "Python with the newest Ansible:$${tested:? neither 3.12 nor 3.13 is here}"

test-full: ## Run every test, and the unit tests also on the newest Pythons and Ansible
	$(MAKE) test MARKS=
	$(MAKE) test-newest

clean: local-down ## Remove what the other commands made
	rm -rf .venv .venv-cloud .venv-newest .local .cache .hypothesis node_modules files/*/dist
