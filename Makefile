# `check`, `unit` and `test` are the commands that everything hangs on; each sets up what is missing.

IMAGES := machine-28 busybox nginx python mysql sqlite
# What reachability is also tried on: it closed fewer ways.
OLDER := machine-20.10
# What the image of the program is built on.
BASE := program-base

SEAWORTHY := $(or $(CARGO_TARGET_DIR),target)/debug/seaworthy

# The test programs that need no Docker: those of the crates, each a file or a folder of `tests`, and one of the program.
UNIT := offline $(basename $(notdir $(wildcard crates/*/tests/*.rs preprocessors/*/tests/*.rs))) \
	$(notdir $(patsubst %/main.rs,%,$(wildcard crates/*/tests/*/main.rs preprocessors/*/tests/*/main.rs)))

# What `make mutants` tries.
BOOK := .
SEED := 1
COUNT := 200

.PHONY: help check check-on unit test bench lint deny elsewhere package mutants grammar tools setup clean
help:
	@echo 'make check   check every session of the book and of the user guide on Docker, then build their sites'
	@echo 'make check-on VERSION=26'
	@echo '             check their sessions on another version of Docker Engine: 20.10, 26 or 28'
	@echo 'make unit    the tests that need neither Docker nor a browser'
	@echo 'make test    formatting, clippy, and all tests, those in a browser and on a Docker Engine included'
	@echo 'make lint    formatting, clippy and the shell scripts only'
	@echo 'make bench   how long things take, in pairs, each beside what it may take'
	@echo 'make deny    the licences and sources of all dependencies, with cargo-deny'
	@echo 'make elsewhere'
	@echo '             whether the programs compile for Windows and macOS'
	@echo 'make package each crate as it would be published, built on its own'
	@echo 'make mutants BOOK=. SEED=1 COUNT=200'
	@echo '             change one thing on a page and check it, so many times: each must fail'
	@echo 'make grammar write anew what is known of the commands of the Docker CLIs in the machine images'
	@echo 'make clean   remove what checks left on the engine, and the build output'

check: setup
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) check
	$(SEAWORTHY) check docs/guide
	$(SEAWORTHY) build
	$(SEAWORTHY) build docs/guide

# The books on another engine that they are meant for.
check-on: setup
	scripts/images machine-$(VERSION)
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) check --docker $(VERSION)
	$(SEAWORTHY) check docs/guide --docker $(VERSION)

unit: tools
	scripts/mdbook
	scripts/compose
	cargo build --quiet --workspace --bins
	cargo test --quiet --workspace --doc
	cargo test --workspace --lib $(UNIT:%=--test %)

# Without an engine, `setup` says what to do, and `docker-tests` skips them; in CI it fails.
test: lint unit
	scripts/browser
	npm test --silent --prefix tests/browser
	if scripts/setup; then scripts/images $(IMAGES) $(OLDER) $(BASE) && scripts/sshd && scripts/buildx; fi
	npm run --silent lab --prefix tests/browser
	scripts/docker-tests

bench: setup
	scripts/mdbook release
	cargo bench --quiet --bench check
	cargo bench --quiet --bench site
	cargo bench --quiet --package seaworthy-matching

lint: tools
	scripts/shellcheck
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings

# Known vulnerabilities are looked up in a database on the network; CI does that as well.
deny:
	scripts/deny check bans licenses sources

elsewhere:
	scripts/elsewhere

# In a new folder each time: cargo takes a package for the one that it unpacked there before under the same version.
package:
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cargo package --workspace --locked --target-dir "$$folder"

grammar: setup
	scripts/images machine-20.10 machine-26
	scripts/grammar

mutants: setup
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) mutants $(BOOK) --seed $(SEED) --count $(COUNT) --least-found 98 --most-equivalent 10

tools:
	scripts/setup tools

setup:
	scripts/setup
	scripts/images $(IMAGES)

clean:
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) clean
	cargo clean
