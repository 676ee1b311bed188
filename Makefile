# The commands of this project. Each installs what it needs first: see `make help`.

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint package bench audit

help: ## Says what there is.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## Builds the demo and runs it beside a user pool on this machine, until Ctrl-C.
	@sh scripts/need.sh rust node
	@exec node scripts/demo.mjs

test: ## Passes every test and gate; SUITE=name runs one suite or group, SUITE=list names them.
	@sh scripts/need.sh rust node
	@exec node scripts/test.mjs $(SUITE)

lint: ## The gates alone: formatting, lints, docs, types, dependencies.
	@sh scripts/need.sh rust node
	@exec node scripts/test.mjs lint

bench: ## Measures speed and size beside other libraries; writes target/bench.json.
	@sh scripts/need.sh rust node
	@exec node scripts/bench.mjs

package: ## Builds the npm package into target/package.
	@sh scripts/need.sh rust node
	@exec node scripts/build.mjs package

setup: ## Installs what all of these need, and nothing else.
	@sh scripts/need.sh rust node
	@exec node scripts/setup.mjs

audit: ## Asks the public databases for known faults of the dependencies; needs the network.
	@sh scripts/need.sh rust node
	@exec node scripts/audit.mjs
