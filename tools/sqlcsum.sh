#!/bin/sh
# Prints one SHA-256 sum over what sqlc reads, the versions it is built of, and what it
# wrote. "make generate" keeps it beside what was written: while it is the same, sqlc
# would write the same again, and "make verify" need not build and run it (ADR 256).
set -eu
cd "$(dirname "$0")/.."
if command -v sha256sum >/dev/null; then sum=sha256sum; else sum="shasum -a 256"; fi
# The names are hashed as well, in one order everywhere: a file that came, went or was
# renamed counts too. None of them has a space.
find sqlc.yaml tools/sqlc internal/postgres/migrations internal/postgres/queries internal/postgres/sqlgen -type f ! -name generated.sha256 |
	LC_ALL=C sort | xargs $sum | $sum | cut -d' ' -f1
