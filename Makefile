# One-liners over pip and the commands; the README has the same lines for Windows.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What is installed: the checkout, or a built wheel: make test PACKAGE='dist/sverka-0.1.0-py3-none-any.whl'
PACKAGE ?= -e .

.PHONY: certify test test-all evidence lint types bench clean

certify: $(VENV)/.stand
	$(BIN)/sverka certify

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not fuzz and not kill and not acceptance and not long and not guests and not browser" $(TEST_OPTIONS)

test-all: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal

# What tests show of the emulators, for their pages of coverage; the guests need node, php and Pythons.
# With CI set Hypothesis draws the same examples as on every run: what it met by chance is no evidence.
evidence: export CI := true
evidence: $(VENV)/.dev
	rm -rf report/evidence
	$(MAKE) test TEST_OPTIONS="--evidence report/evidence"
	$(BIN)/python -m pytest tests/emulators -m guests -p no:xdist --evidence report/evidence
	$(BIN)/python tests/support/evidence.py write report/evidence

lint: $(VENV)/.dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m pytest benchmarks -p no:xdist

$(VENV)/.stand: pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Sverka needs Python 3.11 or newer, this is ' + sys.version)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(PACKAGE)[stand]
	touch $@

$(VENV)/.dev: $(VENV)/.stand
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

clean:
	rm -rf $(VENV) build dist report
