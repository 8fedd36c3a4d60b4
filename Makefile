# make demo   sets up, fills a database with invented people, and starts the pages on it
# make test   sets up and runs the tests, on SQLite and on a PostgreSQL that comes along
# make check  what .ci/run runs: style, types, import direction, tests
# make chaos  kills workers and breaks the mail server, and counts what is lost or doubled
# make pictures  takes the pictures of the README, in Chromium
# make bench  measures speed beside its limit (ROWS="--people 1000000" for the full size)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS ?=
ROWS ?=
FAULTS ?=

.PHONY: setup demo test check chaos bench pictures format

setup: $(VENV)/ready

$(VENV)/ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Brug needs Python 3.11 or newer."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "Install the package python3-venv and try again."; rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@rm -rf demo-data
	@BRUG_DATA=demo-data $(BIN)/brug demo
	@BRUG_DATA=demo-data $(BIN)/brug serve --no-worker

test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

chaos: setup
	$(BIN)/python -m tests.chaos $(FAULTS)

bench: setup
	$(BIN)/python -m benchmarks $(ROWS)

pictures: setup
	$(BIN)/python -m tests.web.pictures docs/pictures

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
