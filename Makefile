# The two commands that everything hangs on are `check` and `test`; both set up what is missing.

IMAGES := machine-28 busybox nginx python mysql

.PHONY: help check test bench lint setup clean
help:
	@echo 'make check   check every session of the book on Docker, then build the site with the results'
	@echo 'make test    formatting, clippy, and all tests, those against a real Docker Engine included'
	@echo 'make bench   how long things take, in pairs, each beside what it may take'
	@echo 'make lint    formatting and clippy only'
	@echo 'make clean   remove what checks left on the engine, and the build output'

check: setup
	cargo run --quiet --bin seaworthy -- check
	cargo run --quiet --bin seaworthy -- build

test: setup lint
	scripts/mdbook
	scripts/sshd
	scripts/browser
	npm test --silent --prefix tests/browser
	cargo build --quiet --workspace --bins
	cargo test --quiet --workspace --doc
	cargo test --workspace --tests

bench: setup
	cargo bench --quiet --bench check
	cargo bench --quiet --bench matching

lint:
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings

setup:
	scripts/setup
	scripts/images $(IMAGES)

clean:
	cargo run --quiet --bin seaworthy -- clean
	cargo clean
