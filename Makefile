# Everything runs in .venv. What is asked for decides what is installed there, once and again whenever the
# dependencies change: the demo's part alone, or all of it.
#
#     make demo     augment the bundled samples and write out/demo/index.html
#     make test     run the tests
#     make help     the rest

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SHOWS  := $(VENV)/.ready-demo
DEMO   := image,audio,text,video,subtitles,report
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --quiet --no-compile --constraint constraints.txt
# On all cores, which pip does not; and before tests, in which a warning about a library's syntax would be an error.
COMPILE := $(BIN)/python -W ignore -m compileall -qq -j 0 $(VENV)/lib 2>/dev/null || true
PYTEST_ARGS ?= -n 2 --dist worksteal
OUT    ?= out/demo
SEED   ?= 1
RUNS   ?= 20
BENCH_ARGS ?= --busy 2 --write

export NO_ALBUMENTATIONS_UPDATE := 1

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-peers table words lint format align bench fuzz kills soak site docs dist tags constraints clean

help:           ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

venv: $(READY)  ## Set up .venv with all extras

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "syncaug needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(SHOWS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) what the demo runs (once, under a minute)"
	@rm -f $@
	@$(INSTALL) --editable ".[$(DEMO)]"
	@$(COMPILE)
	@touch $@

# PyTorch is named beside the rest: a bare "torch" would bring the newest build with its GPU libraries.
$(READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) what the tests need (once, some minutes)"
	@rm -f $@
	@$(INSTALL) "torch==2.13.0" --editable ".[all,dev]"
	@$(COMPILE)
	@touch $(SHOWS) $@

demo: $(SHOWS)  ## Augment the bundled samples; before and after in one page
	@$(BIN)/python examples/demo.py --out $(OUT)

# The tests start some hundred processes. Where PYTHONDONTWRITEBYTECODE is set, each would compile the package again.
test: $(READY)  ## Run the tests
	@$(BIN)/python -m compileall -qq -j 0 syncaug tests examples tools benchmarks
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

table: $(READY)  ## Every transform on every modality, and the test that holds each cell
	@$(BIN)/python -m tools.make_table

words: $(READY)  ## What becomes of the sentences of tests/words, right, refused and wrong
	@$(BIN)/python -m tools.make_words

lint: $(READY)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## Measure against other libraries, alone and beside busy processes; AGAINST=TREE: and before and after
	@$(BIN)/python -m benchmarks $(BENCH_ARGS) $(if $(AGAINST),--against $(AGAINST))

test-peers: $(READY)  ## Loaders in environments of their own: torchvision, MosaicML streaming, DALI, Energon
	@$(BIN)/python -m tools.loader_peers

align: $(READY)  ## Measure alignment on the real files, each through a shipped policy
	@$(BIN)/python -m tools.measure_alignment

fuzz: $(READY)   ## Odd policies, records, manifests and media files, the same for the same SEED
	@$(BIN)/python -m tools.fuzz --seed $(SEED)

kills: $(READY)  ## Kill runs of apply and single workers, go on, and compare all bytes; RUNS=20 of each
	@$(BIN)/python -m tools.kill_runs --runs $(RUNS)

soak: $(READY)   ## 100,000 small samples in one process and in workers that stay: nothing may grow
	@$(BIN)/python -m tools.soak

site: $(READY)   ## Build the site of the documentation in build/site
	@$(BIN)/python -m tools.make_site

docs: $(READY)  ## Write the generated schema, pages and pictures anew
	$(BIN)/python -m tools.make_tables
	$(BIN)/python -m tools.make_parameters
	$(BIN)/syncaug schema > schemas/policy.schema.json.new
	mv schemas/policy.schema.json.new schemas/policy.schema.json
	$(BIN)/python -m tools.make_docs pictures
	$(BIN)/python -m tools.make_table --markdown > docs/table.md.new
	mv docs/table.md.new docs/table.md
	$(BIN)/python -m tools.make_words --markdown > docs/words_report.md.new
	mv docs/words_report.md.new docs/words_report.md

dist: $(READY)  ## Build the wheel and the sdist in dist; REPOSITORY=https://HOST/OWNER/NAME is where their links lead
	@rm -rf dist
	@$(if $(REPOSITORY),SYNCAUG_REPOSITORY=$(REPOSITORY)) $(BIN)/python -m hatchling build -d dist

tags:           ## Tag the versions of the changelog, each at the commit that released it
	@$(PYTHON) -m tools.tag_versions

constraints: $(READY)  ## Pin the versions that .venv has
	$(BIN)/python -m tools.make_constraints > constraints.txt.new
	mv constraints.txt.new constraints.txt
	@touch $(SHOWS) $(READY)

clean:          ## Remove what was made here
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
