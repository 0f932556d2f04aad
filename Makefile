# The project's commands (README). Needs Python 3.11 to 3.14 and make; everything else is installed into .venv.

ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3.14 python3; do \
	"$$name" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& echo "$$name" && break; done)
endif
PY := .venv/bin/python
# What the demo and the tests need of the environment: keys made in var/ on first use, readable logs.
LOCALLY := DEBUG=true LOG_FORMAT=console

.PHONY: demo test check format bench faults walk screenshots pages pictures lock installed installed-dev python

demo: installed
	@$(LOCALLY) $(PY) manage.py demo $(if $(ONCE),--once) $(if $(BREAK),--break "$(BREAK)") $(ARGS)

# ARGS="tests/orders -k approval" runs a part.
test: installed-dev
	@$(PY) -m tests.browser.chromium
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: installed-dev
	@$(PY) .ci/checks.py

format: installed-dev
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: installed-dev
	@$(PY) -m bench $(ARGS)

faults: installed-dev
	@$(LOCALLY) $(PY) -m tests.faults $(ARGS)

# What setting up asks of a merchant's hand, in portal and store's panel together.
walk: installed-dev
	@$(PY) -m tests.browser.chromium
	@$(PY) -m tests.walk $(ARGS)

# Every screen, width, language and theme, with sheets to look at. ARGS="--only work" takes a part.
screenshots: installed-dev
	@$(PY) -m tests.browser.chromium
	@$(PY) -m tests.screens shoot $(ARGS)

pages: installed-dev
	@$(PY) -m tests.browser.chromium
	@$(PY) -m tests.screens pages $(ARGS)

# The handbook's pictures anew, of the real screens. `make check` says which have aged.
pictures: installed-dev
	@$(PY) -m tests.browser.chromium
	@$(PY) -m tests.screens handbook $(ARGS)

# Resolves for Python 3.11 to 3.14 on every platform; the development lock is made over the other one.
lock: installed-dev
	@.venv/bin/uv pip compile --system-certs $(LOCKING) pyproject.toml --output-file requirements.txt
	@.venv/bin/uv pip compile --system-certs $(LOCKING) --group dev --constraint requirements.txt pyproject.toml \
		--output-file requirements-dev.txt
LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-header

installed: python
	@$(PYTHON) install.py requirements.txt

installed-dev: python
	@$(PYTHON) install.py requirements-dev.txt

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 with venv is needed; install one, or say make PYTHON=/path/to/python3" >&2; exit 1; }
