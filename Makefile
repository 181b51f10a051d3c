# Every target makes what it needs; on a fresh machine only python3 (3.11+) with venv has to be there.
# Another Python or place: make test PYTHON=python3.12 VENV=.venv-3.12

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV   ?= .venv
ARGS   ?=
PY      = $(VENV)/bin/python
PIP     = $(PY) -m pip install --quiet --disable-pip-version-check
# The build that mypyc makes is installed, never in the tree: a .so there would be tested in its place.
CVENV   = $(VENV)-compiled
CPY     = $(CVENV)/bin/python
# The site and what it is made with; not below docs/, where every page is a source.
SITE    = _site
# Bytecode is kept whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test test-long test-nightly test-free-threaded coverage compiled wheel test-wheel test-peers lint bench bench-quick tour test-tour seen pictures instructions jobs clean oracle.pyz faults test-kernel checkpatch kunit fuzz-c numbers-c

help:             ## this list
	@sed -n 's/^\([a-z.-]*\):[^#]*## /\1\t/p' Makefile | expand -t 20

demo: $(VENV)/demo.ok ## the three jobs and the bundled samples in pictures, then this machine's memory map
	@PYTHON=$(PY) sh examples/demo.sh

test: $(VENV)/test.ok ## the default suite: ARGS='-n 2' uses two cores; RANGELIST_SIZE=middle is what .ci/run does
	$(PY) -m pytest $(ARGS)

test-long: $(VENV)/test.ok ## 200,000 random operations, five points, all of Unicode, a million nodes
	RANGELIST_SIZE=large $(PY) -m pytest $$(grep -rlE 'import (by_size|tried)' tests --include='test_*.py') tests/core/long_run.py $(ARGS)

test-nightly: $(VENV)/test.ok ## 100,000 steps of everything at once; walks: 5 points, pairs of operations, a million nodes, a minute of threads
	$(PY) -m pytest tests/walks/nightly_*.py tests/faults/nightly_*.py $(ARGS)

test-kernel: $(VENV)/test.ok ## memory calls on this kernel and the model, hours: STEPS=1000000 SEED=7
	$(PY) tests/models/kernel.py $(or $(SEED),$(shell date +%s)) $(or $(STEPS),10000000)

test-free-threaded: $(VENV)/threads.ok ## minutes of threads, no GIL: PYTHON=python3.13t VENV=.venv-3.13t
	@$(PY) -c 'import sys; sys.exit(getattr(sys, "_is_gil_enabled", lambda: True)() and "this Python has a GIL, want PYTHON=python3.13t")'
	$(PY) -m pytest tests/walks/test_threads.py tests/walks/nightly_threads.py $(ARGS)

coverage: $(VENV)/test.ok ## branch coverage, which has to be 100 %
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest $(ARGS)
	$(PY) -m coverage report

compiled: $(CVENV)/compiled.ok ## the suite once more, on the build that mypyc compiles
	PYTHONSAFEPATH=1 RANGELIST_EXPECT=compiled $(CPY) -m pytest tests --confcutdir=tests $(ARGS)

wheel: $(VENV)/wheel.ok ## both wheels in dist/: the plain one, and the compiled one for this machine

test-wheel: $(VENV)/wheel.ok $(VENV)/test.ok ## install each wheel into an empty environment, and use it
	$(PY) -m pytest tests/build/wheels.py $(ARGS)

test-peers: $(VENV)/peers.ok ## other libraries under the oracle, and in the comparison of walks
	$(PY) -m pytest tests/adapters/test_peers.py tests/walks/test_comparison.py $(ARGS)

.PHONY: test-adapters table
test-adapters: $(VENV)/peers.ok ## libraries in other languages under the oracle, and the bugs found in them: those that are installed
	$(PY) -m pytest tests/adapters/conformance.py tests/adapters/found.py $(ARGS)

table: $(VENV)/peers.ok ## the same with more random traces, written to docs/peers_under_test.md
	$(PY) examples/adapters/table.py

oracle.pyz: $(PY) ## the oracle as one file that runs on any Python 3.11+: python3 oracle.pyz run --cmd ./my-adapter
	rm -rf build/pyz && mkdir -p build/pyz
	tar -c --exclude=__pycache__ --exclude='*.so' rangelist | tar -x -C build/pyz
	$(PY) -m zipapp build/pyz -c -m "rangelist.oracle.__main__:run" -p "/usr/bin/env python3" -o $@

faults: $(VENV)/test.ok ## which case of the oracle finds which of 60 faults in each port: ten minutes
	PYTHONPATH=. $(PY) tests/oracle/faults.py $(LIBRARIES) --page tests/oracle/FAULTS.md

LIBRARIES = c/range_list.h examples/js/rangelist.mjs

lint: $(VENV)/lint.ok ## style and types
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m basedpyright

bench: $(VENV)/bench.ok $(CVENV)/compiled.ok ## everything beside its peers, up to a million nodes, and the page: an hour
	$(PY) benchmarks/run.py --compiled $(CPY)
	$(PY) benchmarks/pictures.py

bench-quick: $(VENV)/bench.ok $(CVENV)/compiled.ok ## what fits into eleven minutes, to 100,000 nodes, both builds, and the page
	$(PY) -m pytest tests/oracle/speed.py
	$(PY) benchmarks/run.py --compiled $(CPY) --minutes 10.5 --sizes 1000 10000 100000
	$(PY) benchmarks/pictures.py

tour: $(VENV)/tour.ok ## execute the notebook examples/tour.ipynb, and keep what it shows
	RANGELIST_TOUR=keep $(PY) -m pytest tests/draw/notebook.py $(ARGS)

test-tour: $(VENV)/tour.ok ## the notebook runs in a Jupyter kernel, and shows what is on file
	$(PY) -m pytest tests/draw/notebook.py $(ARGS)

seen: $(VENV)/demo.ok ## the pictures of README.md and the documentation again, into docs/pictures/
	$(PY) examples/pictures.py

pictures: $(VENV)/bench.ok ## the pictures and the tables of the page again, from benchmarks/results.csv
	$(PY) benchmarks/pictures.py

instructions: $(VENV)/demo.ok $(CVENV)/compiled.ok ## count those of twenty operations by valgrind; 5 % more than on record fails
	$(PY) benchmarks/instructions.py $(PY) $(CPY)

# The C header; each of these says what is missing.  BUILD holds a kernel, 1.5 GB.
BUILD   ?= build/c
SECONDS ?= 60

checkpatch:       ## c/ by checkpatch --strict and kernel-doc, from Debian's linux-source
	sh c/test/checkpatch.sh $(BUILD)

kunit:            ## the C header in a User-Mode-Linux kernel: 8 minutes, after an edit seconds
	sh c/test/kunit.sh $(BUILD)

fuzz-c:           ## libFuzzer on the C header, for SECONDS=60
	mkdir -p $(BUILD)/corpus
	clang -g -O1 -fsanitize=fuzzer,address,undefined -DFUZZER -Ic c/test/fuzz.c -o $(BUILD)/fuzz
	$(BUILD)/fuzz -max_total_time=$(SECONDS) -max_len=4096 -print_final_stats=1 $(BUILD)/corpus

numbers-c:        ## a million nodes in the C header, beside rbtree and maple tree of linux-source
	sh c/test/numbers.sh $(BUILD)

jobs: $(VENV)/bench.ok $(CVENV)/compiled.ok ## a million BED lines and as many CIDRs against other programs
	$(PY) benchmarks/jobs.py --compiled $(CPY)

.PHONY: whiteboard docs test-browser
whiteboard: $(SITE)/npm/ok | $(PY) ## the page on which to merge and walk, as a folder for any static server
	$(PY) docs/whiteboard/build.py $(SITE)/whiteboard

docs: $(SITE)/npm/ok $(VENV)/docs.ok ## the documentation as a site, the whiteboard in it: _site/html
	rm -rf $(SITE)/html $(SITE)/doctrees
	$(PY) -m sphinx --fail-on-warning --keep-going --quiet -d $(SITE)/doctrees docs $(SITE)/html

test-browser: docs $(VENV)/browser.ok ## the site and the whiteboard in Chromium
	$(PY) -m pytest tests/site/pages.py tests/site/browser.py $(ARGS)

clean:            ## remove all that was made here
	rm -rf .venv* build dist oracle.pyz $(SITE) *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks .coverage* htmlcov
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . \( -name '*.so' -o -name '*.pyd' \) -delete

# ---- the virtual environment, in layers --------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "rangelist needs Python 3.11 or newer, found none: apt-get install python3, or say make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: apt-get install python3-venv, then try again" >&2; exit 1; }

$(VENV)/demo.ok: pyproject.toml setup.py | $(PY)
	$(PIP) -e . && touch $@

$(VENV)/test.ok: pyproject.toml setup.py | $(PY)
	$(PIP) -e '.[test]' && touch $@ $(VENV)/demo.ok

# Not all that tests need has a wheel for a Python without a GIL; threads need pytest alone.
$(VENV)/threads.ok: pyproject.toml setup.py | $(PY)
	$(PIP) -e . 'pytest>=8' && touch $@

$(VENV)/peers.ok: $(VENV)/test.ok
	$(PIP) -e '.[test,peers]' && touch $@

$(VENV)/tour.ok: $(VENV)/test.ok
	$(PIP) -e '.[test,notebook]' && touch $@

$(VENV)/bench.ok: $(VENV)/test.ok
	$(PIP) -e '.[test,bench]' && touch $@

$(VENV)/docs.ok: pyproject.toml setup.py | $(PY)
	$(PIP) -e '.[docs]' && touch $@

$(VENV)/browser.ok: $(VENV)/test.ok
	$(PIP) -e '.[test,browser]' && touch $@

# CPython as WebAssembly comes from npm, with the version and the sums of package-lock.json.
$(SITE)/npm/ok: docs/whiteboard/package.json docs/whiteboard/package-lock.json
	@command -v npm >/dev/null || { echo "the whiteboard needs npm, found none: apt-get install npm" >&2; exit 1; }
	mkdir -p $(SITE)/npm && cp $^ $(SITE)/npm
	cd $(SITE)/npm && npm ci --no-audit --no-fund --silent && touch ok

$(VENV)/lint.ok: pyproject.toml setup.py | $(PY)
	$(PIP) -e '.[test,lint]' && touch $@ $(VENV)/test.ok $(VENV)/demo.ok

# ---- wheels; build/ is removed because setuptools packs whatever an earlier build left there -----

SOURCES = setup.py pyproject.toml $(shell find rangelist -name '*.py' -o -name '*.json' -o -name '*.jsonl')
WHEEL   = $(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

$(VENV)/wheel.ok: $(SOURCES) | $(PY)
	rm -rf build dist
	$(WHEEL)
	rm -rf build
	RANGELIST_COMPILE=1 $(WHEEL)
	rm -rf build && touch $@

# Tests import each other as `tests.…`: the .pth puts the tree behind the installed build.
$(CVENV)/compiled.ok: $(VENV)/wheel.ok
	$(PY) -m venv $(CVENV)
	$(CPY) -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps dist/*-cp*.whl
	$(CPY) -m pip install --quiet --disable-pip-version-check 'rangelist-py[test] @ file://'$$(realpath dist/*-cp*.whl)
	echo $(CURDIR) > $$($(CPY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tree_last.pth
	touch $@
