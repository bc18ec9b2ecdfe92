# Each target is one line. `core` compiles the search core again where it changed, as `install` does. ARGS goes to the program: make demo ARGS="--headless --days 1 --speed 600 --json"
PYTHON := .venv/bin/python
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml

.PHONY: install core demo test prove bench screenshots lint docs lock

install: ; @.ci/install
core: ; @$(MAKE) --no-print-directory -sj2 -C build/core
demo: install ; @.venv/bin/homestretch demo $(ARGS)
test: lint ; @.ci/chromium; $(PYTHON) -m pytest -m "not prove" $(ARGS)
prove: install ; @.ci/chromium; $(PYTHON) -m tests.prove $(ARGS)
bench: ; @.ci/install bench && $(PYTHON) -m bench $(ARGS)
screenshots: install ; @.ci/chromium; $(PYTHON) -m tests.browser.screenshots $(ARGS)
lint: install ; @.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy && .venv/bin/lint-imports
docs: install ; @$(PYTHON) -m homestretch.wiring.docs $(ARGS)
lock: ; @$(COMPILE) --extra server --extra dev -o requirements.lock $(ARGS) && $(COMPILE) --extra bench -c requirements.lock -o bench/requirements.lock $(ARGS)
