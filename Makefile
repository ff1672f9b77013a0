# Everything runs in a virtual environment made here with pip alone.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench crash crash-campaigns crash-federation audit fuzz clean

demo: .venv/installed
	$(BIN)/dure demo

# The whole suite, in parallel, a file to a worker, so that the story is told once, in the order of tests/conftest.py.
# Tests that need Chromium say why they are skipped where it is not installed.
test: .venv/installed-dev
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -q $(ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev
	$(BIN)/dure bench all

# The kill loops of the suite at their full length.
crash: .venv/installed-dev
	DURE_CRASH_ROUNDS=200 $(BIN)/pytest -q -m crash -n 2

# Two servers that share a channel, either killed at every boundary; prints the table.
crash-federation: .venv/installed-dev
	DURE_CRASH_ROUNDS=200 $(BIN)/pytest -q -s -n 0 tests/channels/test_federation_kill.py

# Senders of campaigns killed at every boundary, two hundred times, against a mail server that misbehaves.
crash-campaigns: .venv/installed-dev
	DURE_CRASH_ROUNDS=200 $(BIN)/pytest -q -s -n 0 tests/campaigns/test_kill.py

# Every pinned version is looked up among the known vulnerabilities, which needs the internet; a package that could not
# be looked up fails too. The tool has an environment of its own, because it needs other versions than Dure does.
audit:
	test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10'
	.venv-audit/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r constraints.txt

# An independent checker at every operation of the OpenAPI document, against a served demo; prints how all was answered.
# It has an environment of its own, because it needs another version of jsonschema-rs than Dure does.
fuzz: .venv/installed-dev
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check 'schemathesis>=4.32,<5'
	$(BIN)/python -m tests.security.fuzzing $(ARGS)

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/installed-dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch .venv/installed $@

clean:
	rm -rf .venv .venv-audit .venv-fuzz build dist
