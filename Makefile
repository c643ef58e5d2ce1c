# Two commands need nothing before them but Python 3.11+ and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Test files at once: two more than cores, since many a test waits for a process of its own.
JOBS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')

# Where Python may not keep what it compiled, every process of a test compiles all of it anew: a
# quarter of a second each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo run test lint check bench pictures

help:
	@echo "make demo   set up, crawl a bundled miniature web twice, show what happened"
	@echo "make run    set up, then run lendwatch on a schedule in ./workspace"
	@echo "make test   set up, then run every test"
	@echo "make check  set up, then ruff and mypy --strict and the tests"
	@echo "make bench  set up, then print the measured figures, ours beside a baseline"
	@echo "make pictures  set up, then draw README's pictures anew (Chromium, fonts-noto-cjk)"

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("lendwatch needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/lendwatch demo

run: $(READY)
	@test -f workspace/lendwatch.yaml || $(BIN)/lendwatch init workspace
	$(BIN)/lendwatch serve --workspace workspace

test: $(READY)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

bench: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m tests.bench

pictures: $(READY)
	$(BIN)/python -m tests.pictures
