# make run    the whole service on this machine, with people made up for it and a mailbox that keeps every letter
# make test   every check; installs what it needs
# make pictures  every page in every state and every letter as pictures, under build/pictures; PICTURES= names another folder
# make bench  what the service promises to do quickly, as ratios
# make previews  draw the pictures that stand beside a shared address, and the icons, anew
# make lock   write the locks anew after a change in requirements*.in or package.json
PYTHON ?= python3
PORT ?= 8000
NOW ?=
PICTURES ?= build/pictures

BIN := .venv/bin/python -m
INSTALL := $(BIN) pip install --quiet --disable-pip-version-check --require-hashes
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) apt-get
fingerprint = $(firstword $(shell cat $(1) | cksum))

# Each stamp lives and dies with what it vouches for, and is named after the lock's content.
RUN_STAMP := .venv/installed-$(call fingerprint,requirements.txt)
TEST_STAMP := .venv/installed-$(call fingerprint,requirements-dev.txt)
NODE_STAMP := node_modules/.installed-$(call fingerprint,package-lock.json)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard rsvp/translations/*/LC_MESSAGES/messages.po))

.DELETE_ON_ERROR:
.PHONY: run test bench pictures previews lint types lock tools khmer

run: export PORT := $(PORT)
run: export NOW := $(NOW)
run: $(RUN_STAMP) $(CATALOGUES)
	@exec $(BIN) flask --app wsgi demo

test: lint types
	$(BIN) pytest -n 2 --dist worksteal

bench: $(TEST_STAMP) $(CATALOGUES)
	$(BIN) bench

previews: $(TEST_STAMP) $(CATALOGUES) tools
	$(BIN) drawing

pictures: $(TEST_STAMP) $(CATALOGUES) tools khmer
	$(BIN) tests.gallery $(PICTURES)

lint: $(TEST_STAMP) $(CATALOGUES) $(NODE_STAMP) tools
	$(BIN) ruff format --check .
	$(BIN) ruff check .

types: $(TEST_STAMP)
	$(BIN) mypy

lock: $(TEST_STAMP)
	$(BIN) uv pip compile --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	$(BIN) uv pip compile --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only --ignore-scripts

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=python3.11 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) update -qq && $(APT) install -y -qq python3-venv >/dev/null; }
	$(PYTHON) -m venv .venv

# What the tests need is a superset of what the service needs: one install serves both.
$(RUN_STAMP): | .venv/bin/pip
	@test -e $(TEST_STAMP) || $(INSTALL) -r requirements.txt
	@test -e $(TEST_STAMP) || rm -f .venv/installed-*
	@touch $@

$(TEST_STAMP): | .venv/bin/pip
	$(INSTALL) -r requirements-dev.txt
	@rm -f .venv/installed-*
	@touch $@

$(NODE_STAMP): | tools
	npm ci --ignore-scripts
	@touch $@

# A browser for the journeys, and the second opinion on calendar files. Only what is missing is asked for: Debian's npm
# can't be installed beside a Node.js that came from elsewhere with its own.
MISSING = $(strip $(foreach tool,chromium npm,$(if $(shell command -v $(tool) 2>/dev/null),,$(tool))))
tools:
	@test -z '$(MISSING)' || { $(APT) update -qq \
		&& DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends $(MISSING) >/dev/null; }

# Letters bring no font along: without one of the machine's own their Khmer would be empty boxes in the pictures.
khmer: tools
	@fc-list :lang=km | grep -q . || DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends fonts-khmeros >/dev/null

%.mo: %.po | $(RUN_STAMP)
	@$(BIN) babel.messages.frontend compile --input-file $< --output-file $@
