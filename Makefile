# Two commands matter: "make local" and "make test". Each does all its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= $(shell tests/local_cloud/find_python 3.11 3.12 3.13)
CLOUD_PYTHON ?= $(shell tests/local_cloud/find_python 3.13 3.12 3.11)
BIN := .venv/bin
CLOUD := $(BIN)/python -m tests.local_cloud
COLLECTION := .local/collections/ansible_collections/amazon_connect/sap

export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup link build local local-down cloud test test-unit test-emulator test-molecule test-browser lint sanity clean

help: ## Show the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

.venv/.ready: requirements.txt requirements-test.txt requirements-lock.txt
	test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements-test.txt --constraint requirements-lock.txt
	touch $@

.venv-cloud/.ready: requirements-cloud.txt requirements-cloud-lock.txt
	test -n "$(CLOUD_PYTHON)" || { echo "Python 3.11 or newer with venv is needed" >&2; exit 1; }
	$(CLOUD_PYTHON) -m venv .venv-cloud
	.venv-cloud/bin/pip install --quiet --requirement requirements-cloud.txt --constraint requirements-cloud-lock.txt
	touch $@

$(COLLECTION):
	mkdir -p $(@D)
	ln -sfn "$(CURDIR)" $@

link: $(COLLECTION)

setup: .venv/.ready .venv-cloud/.ready link ## Build the Python environments and link the collection
