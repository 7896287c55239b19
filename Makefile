# Every command is `python3 tools/run.py NAME`: make is short for it, and is not needed.

PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help serve test check book notebooks student pdf test-site test-torch bench setup lock clean

help serve test check book notebooks student pdf test-site test-torch bench setup lock clean:
	@$(PYTHON) tools/run.py $@ $(ARGS)
