# `make demo` and `make test` are all a fresh machine needs; both make .venv from pinned versions first.
PYTHON ?= python3
PORT ?= 8501
CLIENTS ?= 12
BIN := .venv/bin
# Each prints its figures beside their limits; `make bench BENCHMARKS="pages findings"` runs some.
BENCHMARKS ?= first_refresh three_hundred cycle pages findings console forecast digest first_week one_moment changes growth views sweeps kills
READY := .venv/.ready

.PHONY: demo test coverage check format bench screens clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	$(BIN)/rowcol demo --port $(PORT) --clients $(CLIENTS)

test: $(READY)
	$(BIN)/python -m pytest -rs

# Of the unit tests alone: tracing makes them 1.4 times as slow. A figure to look at, not a limit.
coverage: $(READY)
	$(BIN)/python -m pytest tests/unit --cov --cov-report=term:skip-covered

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	for name in $(BENCHMARKS); do $(BIN)/python -m tests.benchmarks.$$name || exit 1; done

screens: $(READY)
	$(BIN)/python -m tests.tools.screens docs-screens

clean:
	rm -rf .venv build *.egg-info
