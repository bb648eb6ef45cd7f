# One command a job; everything runs in .venv, which is made where it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test pairs lint format types sarif editor citations hooks wheel minimum bench docs release clean

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(STAMP)

demo: $(STAMP) ## validate the sample corpus, build a release of it, load it
	$(BIN)/python examples/demo.py

test: $(STAMP) ## every test; ends with the list of skips and why
	$(BIN)/python -m pytest -n auto

lint: $(STAMP) types ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pairs: $(STAMP) ## ten articles made up at random through every pair of formats
	CORPUS_TOOL_PAIR_EXAMPLES=10 $(BIN)/python -m pytest -n auto -q tests/formats/test_pairs.py

sarif: $(STAMP) ## SARIF logs through Microsoft's validator; needs Node.js
	$(BIN)/python -m tests.sarif

editor: $(STAMP) ## the contract as the $$schema of articles in VS Code's language service; needs Node.js
	$(BIN)/python -m tests.editor

citations: $(STAMP) ## CITATION.cff through cffconvert, in an environment of its own
	$(BIN)/python -m tests.citations

hooks: $(STAMP) ## the pre-commit hooks, as pre-commit installs and runs them
	$(BIN)/python -m tests.hooks

wheel: $(STAMP) ## build the wheel, install it apart, and run it there
	$(BIN)/python tests/wheel.py

minimum: ## the tests with the oldest versions of every dependency that pyproject.toml allows
	$(PYTHON) tests/minimum.py

bench: $(STAMP) ## the tool beside its peers; see benchmarks/README.md
	$(BIN)/python -m benchmarks.run --memory

docs: $(STAMP) ## the pages that are made from the code
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist .citations .demo .editor .hooks .sarif .wheel .mypy_cache .ruff_cache .pytest_cache .hypothesis
