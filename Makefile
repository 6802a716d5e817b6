# Sightline. `make help` lists the targets. Needs Python 3.11 or newer and nothing else; Node comes from a wheel.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line pyproject.toml
# What the suite starts or asks; the names are Debian's.
APT_PARTS := postgresql redis-server coturn clamav-daemon nginx-light iproute2 ffmpeg fonts-dejavu-core \
  chromium firefox-esr webkit2gtk-driver xvfb gstreamer1.0-libav gstreamer1.0-plugins-bad
# What `make bench-media` sets beside ours, and compiles its load with.
BENCH_PARTS := janus gcc libc6-dev util-linux iproute2
APT := $(if $(filter 0,$(shell id -u)),,sudo) env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q
PYTEST := $(BIN)/pytest
WORKERS ?= 2

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# Setting up. Stamps hold what is done, so that a second run starts in seconds.

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=...")'
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) update; $(APT) install -y --no-install-recommends python3-venv; }
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS)
	touch $@

$(STAMPS)/run: requirements.txt requirements-build.txt pyproject.toml | $(STAMPS)/venv
	$(BIN)/pip install -q --require-hashes -r requirements.txt -r requirements-build.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/run
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	touch $@

$(STAMPS)/npm: web/package-lock.json web/package.json $(STAMPS)/run
	$(BIN)/npm --prefix web ci --ignore-scripts --no-audit --no-fund
	touch $@

server/static/index.html: $(STAMPS)/npm $(WEB_SOURCES)
	$(BIN)/npm --prefix web run build
	rm -rf server/static
	cp -R web/dist server/static
	touch $@

.PHONY: setup parts web run
setup: $(STAMPS)/dev $(STAMPS)/npm ## Make the virtual environment with everything for developing, and the web modules.

parts: ## Install the programs the suite starts (Debian and Ubuntu), when one is missing.
	@missing=$$(for part in $(APT_PARTS); do dpkg-query -W -f '$${Status}' $$part 2>/dev/null | grep -q 'ok installed' || echo $$part; done); \
	if [ -n "$$missing" ]; then $(APT) update; $(APT) install -y --no-install-recommends $$missing; fi

web: server/static/index.html ## Build the front end when it is stale.

run: $(STAMPS)/run server/static/index.html ## Run the whole of Sightline in one folder of data, on http://127.0.0.1:8000.
	exec $(BIN)/sightline serve

# Checking. `make check` is what CI runs.

.PHONY: test check static lint types contracts unit web-test browser bench bench-media bench-lines endurance fresh lock format openapi
test: setup parts check browser ## Install what is missing and check everything; CI runs this.

check: static contracts unit ## Check everything but the browser walk.

static: setup ## Lint, types and web tests, two at a time: they do not mind one another, as what is timed does.
	$(MAKE) --jobs 2 --output-sync=target lint types web-test

lint: setup ## Ruff, vulture and Biome.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/vulture evidence sessions server tests --min-confidence 100
	$(BIN)/npm --prefix web run lint

types: setup ## mypy on Python, tsc on TypeScript.
	$(BIN)/mypy
	$(BIN)/mypy tests
	$(BIN)/npm --prefix web run check

contracts: setup parts web ## Layers, sizes, names, documents and wire types.
	$(PYTEST) -q tests/contract

unit: setup parts web ## Rules, storage, HTTP, live, media, jobs and faults, with real parts.
# In the files' own order: by the number of tests, those with few, which are the longest, would come last.
	$(PYTEST) -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests --ignore tests/contract --ignore tests/browser --ignore tests/bench

web-test: setup ## Vitest and the catalogues of both languages.
	$(BIN)/npm --prefix web run test
	cd web && npx --no lingui check sync && npx --no lingui check missing

browser: setup parts web ## The walk from schedule to audit in Chromium, on both sets of parts; axe; keyboard.
	$(PYTEST) -q -n $(WORKERS) --dist loadfile tests/browser --ignore tests/browser/test_interruptions.py
	$(PYTEST) -q tests/browser/test_interruptions.py

bench: setup parts web ## Measure, as JSON lines.
	$(BIN)/python -m tests.bench

bench-media: setup ## Measure a forwarded packet beside Janus and a plain relay; as root, on two cores.
	$(MAKE) parts APT_PARTS='$(BENCH_PARTS)'
	$(BIN)/python -m tests.bench.media

bench-lines: setup parts ## Measure a tour over bad lines in Chromium, as JSON lines; best on a machine that does nothing else.
	$(BIN)/python -m tests.bench.bad_lines

endurance: setup parts web ## Kill -9 at random moments; an hour of five rooms; half an hour without an interruption; 3,000 mutated files.
	SIGHTLINE_TEST_KILLS=30 SIGHTLINE_TEST_STRIDE=1 $(PYTEST) -q tests/faults
	SIGHTLINE_TEST_MEDIA_KILLS=100 $(PYTEST) -q tests/media/test_killed_at_random.py
	SIGHTLINE_TEST_SOAK_S=3600 $(PYTEST) -q -s tests/media/test_soak.py
	SIGHTLINE_TEST_CLEAN_S=1800 $(PYTEST) -q tests/browser/test_interruptions.py
	SIGHTLINE_TEST_MUTATIONS=3000 $(PYTEST) -q tests/storage/test_mutated_files.py

format: setup ## Let ruff and Biome set the layout.
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .
	$(BIN)/npm --prefix web run format

lock: | $(STAMPS)/venv ## Pin all Python packages anew, with hashes and without addresses.
	$(BIN)/pip install -q uv
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra build -c requirements.txt -o requirements-build.txt
	$(COMPILE) --extra build --extra dev -c requirements.txt -o requirements-dev.txt

openapi: setup ## Write the web front end's types from the server's records.
	mkdir -p build
	$(BIN)/sightline openapi > build/openapi.json
	cd web && npx --no openapi-typescript ../build/openapi.json -o src/api/schema.d.ts

fresh: ## Clone HEAD into an empty folder and check it there, as a stranger would.
	copy=$$(mktemp -d) && git clone -q . $$copy && $(MAKE) -C $$copy test
