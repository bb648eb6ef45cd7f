# One command a job; everything runs in .venv, which is made where it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-faults pairs lint format types sarif editor citations signatures hooks loads readers wheel minimum bench chunking docs release clean

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(STAMP)

demo: $(STAMP) ## validate the sample corpus, build a release of it, load it
	$(BIN)/python examples/demo.py

test: $(STAMP) ## every test; ends with the list of skips and why
	$(BIN)/python -m pytest -n auto

test-faults: $(STAMP) ## every fault at every system call that publishes or mends, full disks, lost power, races; needs strace
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.races
	$(BIN)/python -m tests.faults.power & $(BIN)/python -m tests.faults.disk_full; ended=$$?; wait $$! && exit $$ended

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

signatures: $(STAMP) ## signed releases through sigstore's own client; needs Node.js
	$(BIN)/python -m tests.signatures

hooks: $(STAMP) ## the pre-commit hooks, as pre-commit installs and runs them
	$(BIN)/python -m tests.hooks

loads: $(STAMP) ## releases in old and new versions of datasets, and every trap of load_dataset
	$(BIN)/python -m tests.loads

readers: $(STAMP) ## every view of releases in hyparquet; needs Node.js
	$(BIN)/python -m tests.parquet_readers

wheel: $(STAMP) ## build the wheel, install it apart, and run it there
	$(BIN)/python tests/wheel.py

minimum: ## the tests with the oldest versions of every dependency that pyproject.toml allows
	$(PYTHON) tests/minimum.py

bench: $(STAMP) ## the tool beside its peers; see benchmarks/README.md
	$(BIN)/python -m benchmarks.run --memory

chunking: $(STAMP) ## how much of a release is new bytes after articles were inserted; see benchmarks/README.md
	$(BIN)/python -m benchmarks.chunking

docs: $(STAMP) ## the pages that are made from the code
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist .citations .demo .editor .signatures .hooks .loads .readers .sarif .wheel .mypy_cache .ruff_cache .pytest_cache .hypothesis
