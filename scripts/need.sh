#!/bin/sh
# Checks for what only the owner of this machine can install; says the first thing that is missing in one line.
# Usage: need.sh [rust] [node]

cd "$(dirname "$0")/.." || exit 1

missing() {
  echo "cognito-vault: $1" >&2
  exit 1
}

# at_least WANTED FOUND: whether FOUND is WANTED or newer, by up to three numbers.
at_least() {
  printf '%s %s\n' "$1" "$2" | awk '{
    split($1, wanted, "."); split($2, found, ".")
    for (i = 1; i <= 3; i++) if (found[i] + 0 != wanted[i] + 0) exit found[i] + 0 < wanted[i] + 0
  }'
}

need_rust() {
  command -v cargo >/dev/null 2>&1 || missing "cargo is missing; install Rust from https://rustup.rs"
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  found=$(cargo --version 2>/dev/null | awk '{ print $2 }')
  at_least "$wanted" "$found" || missing "Rust $wanted or newer is needed and ${found:-none} is active; run: rustup update stable"
  command -v cc >/dev/null 2>&1 || missing "a C compiler is missing, which Rust links with; install gcc or clang"
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ] || command -v rustup >/dev/null 2>&1 ||
    missing "the Rust target wasm32-unknown-unknown is missing, and so is rustup to add it; see https://rustup.rs"
}

need_node() {
  command -v node >/dev/null 2>&1 || missing "node is missing; install Node.js 20.19 or newer from https://nodejs.org"
  found=$(node --version | tr -d v)
  at_least 20.19 "$found" || missing "Node.js 20.19 or newer is needed and $found is active; see https://nodejs.org"
  command -v npm >/dev/null 2>&1 || missing "npm is missing; it comes with Node.js from https://nodejs.org"
}

for need in "$@"; do "need_$need"; done
