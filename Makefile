# Whimbrel: `make run` starts everything here, `make test` runs the tests. No root, any Python 3.11+.
# TORCH_INDEX=... takes torch from that package index (a CPU build spares 5 GB on Linux).
# PYTHON=... names the Python to use, JOBS=... how many tests run at once.

export PYTHON
JOBS ?= 2
export TORCH_INDEX

BIN := .venv/bin
CODE := bot chat dashboard handlers models moderation storage web benchmarks tests scripts
# what runs at people's: not the tests, which break rules on purpose
PRODUCT := bot chat dashboard handlers models moderation storage web scripts

.PHONY: help run test test-vllm migrations upgrade-trial check lint types layers licences weaknesses compose bench bench-fairness bench-engine pictures chaos storms soak format fledgling fledgling-trials fledgling-eval lock set-up set-up-test

help:
	@echo 'make run     set everything up and start it on this machine'
	@echo 'make test    set everything up and run the tests (ARGS=... for pytest)'
	@echo 'make test-vllm    the same bot in front of vLLM (installs it for the CPU in an environment of its own)'
	@echo 'make migrations   100,000 messages up and down every migration, and through a backup'
	@echo 'make upgrade-trial    an older worker beside a newer bot, and the other way round (OLDER=... names a commit)'
	@echo 'make check   lint, types, layers, licences, weaknesses (bandit), the compose file'
	@echo 'make bench   measure the pipeline (ARGS=... for the benchmark)'
	@echo 'make bench-fairness   one person floods: how much longer the others wait'
	@echo 'make bench-engine   measure the engine: beside stock transformers and vLLM, its limits, two workers, number formats'
	@echo 'make chaos   kill processes at every named point and at random, with a thousand questions each (hours)'
	@echo 'make storms  a messenger, broker, database and model that misbehave for minutes'
	@echo 'make soak    an hour of people talking: memory, descriptors, keys and tables (ARGS=--plot FILE draws them)'
	@echo 'make pictures   fetch public corpora of odd and hostile pictures and decode them (ARGS=... for the options)'
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

migrations: set-up-test
	MIGRATED_MESSAGES=100000 $(BIN)/pytest -s tests/storage/test_history_migrated.py tests/storage/test_backup.py -k 'without_loss or and_back' $(ARGS)

upgrade-trial: set-up-test
	$(BIN)/python -m tests.system.upgrade_trial $(OLDER)

# `make -k check` goes on after a failure and shows them all.
check: lint types layers licences weaknesses compose

lint: set-up-test
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: set-up-test
	$(BIN)/mypy

layers: set-up-test
	$(BIN)/lint-imports

licences: set-up-test
	$(BIN)/python scripts/check_licences.py

weaknesses: set-up-test
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(PRODUCT)

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

chaos: set-up-test
	$(BIN)/python -m tests.chaos $(ARGS)

storms: set-up-test
	$(BIN)/python -m tests.storms $(ARGS)

soak: set-up-test
	$(BIN)/python -m benchmarks.soak $(ARGS)

# Fetches some 400 MB of source packages the first time; what cannot be had here is passed over.
pictures: set-up-test
	$(BIN)/python -m benchmarks.corpora
	$(BIN)/python -m benchmarks.pictures $(ARGS)

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
