# The two commands that everything hangs on are `check` and `test`; both set up what is missing.

IMAGES := machine-28 busybox nginx python mysql sqlite
# What reachability is also tried on: it closed fewer ways.
OLDER := machine-20.10

SEAWORTHY := $(or $(CARGO_TARGET_DIR),target)/debug/seaworthy

# What `make mutants` tries.
BOOK := .
SEED := 1
COUNT := 200
# What became of each: broken off, `make mutants` goes on from there.
MUTANTS_LOG = $(abspath $(or $(CARGO_TARGET_DIR),target))/mutants-$(SEED).jsonl

.PHONY: help check test bench lint deny package mutants setup clean
help:
	@echo 'make check   check every session of the book and of the user guide on Docker, then build their sites'
	@echo 'make test    formatting, clippy, and all tests, those against a real Docker Engine included'
	@echo 'make bench   how long things take, in pairs, each beside what it may take'
	@echo 'make lint    formatting and clippy only'
	@echo 'make deny    the licences and sources of all dependencies, with cargo-deny'
	@echo 'make package each crate as it would be published, built on its own'
	@echo 'make mutants BOOK=. SEED=1 COUNT=200'
	@echo '             change one thing on a page and check it, so many times: each must fail'
	@echo 'make clean   remove what checks left on the engine, and the build output'

check: setup
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) check
	$(SEAWORTHY) check docs/guide
	$(SEAWORTHY) build
	$(SEAWORTHY) build docs/guide

test: setup lint
	scripts/images $(OLDER)
	scripts/mdbook
	scripts/sshd
	scripts/browser
	npm test --silent --prefix tests/browser
	cargo build --quiet --workspace --bins
	cargo test --quiet --workspace --doc
	cargo test --workspace --tests

bench: setup
	scripts/mdbook release
	cargo bench --quiet --bench check
	cargo bench --quiet --bench site
	cargo bench --quiet --package seaworthy-matching

lint:
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings

# Known vulnerabilities are looked up in a database on the network; CI does that as well.
deny:
	scripts/deny check bans licenses sources

# In a new folder each time: cargo takes a package for the one that it unpacked there before under the same version.
package:
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cargo package --workspace --locked --target-dir "$$folder"

mutants: setup
	mkdir -p $(dir $(MUTANTS_LOG))
	MUTANTS_BOOK=$(abspath $(BOOK)) MUTANTS_SEED=$(SEED) MUTANTS_COUNT=$(COUNT) MUTANTS_LOG=$(MUTANTS_LOG) \
		cargo test --quiet --test mutants -- --ignored --nocapture

setup:
	scripts/setup
	scripts/images $(IMAGES)

clean:
	cargo build --quiet --bin seaworthy
	$(SEAWORTHY) clean
	cargo clean
