# Whimbrel: `make run` starts everything here, `make test` runs the tests. No root, any Python 3.11+.
# TORCH_INDEX=... takes torch from that package index (a CPU build spares 5 GB on Linux).
# PYTHON=... names the Python to use, JOBS=... how many tests run at once.

export PYTHON
JOBS ?= 2
export TORCH_INDEX

BIN := .venv/bin
CODE := bot chat dashboard handlers models storage web benchmarks tests scripts

.PHONY: help run test test-vllm check lint types layers licences compose bench bench-fairness bench-engine format fledgling fledgling-trials fledgling-eval lock set-up set-up-test

help:
	@echo 'make run     set everything up and start it on this machine'
	@echo 'make test    set everything up and run the tests (ARGS=... for pytest)'
	@echo 'make test-vllm    the same bot in front of vLLM (installs it for the CPU in an environment of its own)'
	@echo 'make check   lint, types, layers, licences, the compose file'
	@echo 'make bench   measure the pipeline (ARGS=... for the benchmark)'
	@echo 'make bench-fairness   one person floods: how much longer the others wait'
	@echo 'make bench-engine   measure the engine: beside stock transformers and vLLM, its limits, two workers, number formats'
	@echo 'make format  format the code'
	@echo 'make fledgling          train the model that ships (goes on where a stopped run left off)'
	@echo 'make fledgling-eval     ask it what it has never seen and print a table (ARGS=... for the options)'
	@echo 'make fledgling-trials   what is worth its cost, tried at a tenth of the size'
	@echo 'make lock    write the installed versions to constraints.txt'

set-up:
	@sh scripts/set-up.sh run

set-up-test:
	@sh scripts/set-up.sh test

run: set-up
	@exec $(BIN)/whimbrel up

test: set-up-test
	$(BIN)/pytest -n $(JOBS) --dist loadfile $(ARGS)

# Apart from the others: it installs another torch, and takes some minutes. Nothing in it is skipped.
test-vllm: set-up-test
	@sh scripts/set-up-vllm.sh
	$(BIN)/pytest tests/vllm -o python_files='check_*.py' $(ARGS)

# `make -k check` goes on after a failure and shows them all.
check: lint types layers licences compose

lint: set-up-test
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: set-up-test
	$(BIN)/mypy

layers: set-up-test
	$(BIN)/lint-imports

licences: set-up-test
	$(BIN)/python scripts/check_licences.py

compose: set-up-test
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: set-up-test
	$(BIN)/python -m benchmarks.pipeline $(ARGS)

bench-fairness: set-up-test
	$(BIN)/python -m benchmarks.fairness $(ARGS)

bench-engine: set-up-test
	$(BIN)/python -m benchmarks.engine $(ARGS)
	$(BIN)/python -m benchmarks.limits
	$(BIN)/python -m benchmarks.workers
	$(BIN)/python -m benchmarks.formats

format: set-up-test
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

fledgling: set-up-test
	$(BIN)/python -m models.fledgling.train $(ARGS)

fledgling-trials: set-up-test
	$(BIN)/python -m models.fledgling.trials $(ARGS)

fledgling-eval: set-up-test
	$(BIN)/python -m models.fledgling.evaluate $(ARGS)

lock: set-up-test
	$(BIN)/python scripts/lock.py
