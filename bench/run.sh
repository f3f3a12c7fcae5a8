#!/usr/bin/env bash
# The benchmark: builds the programs, makes the inputs, measures every row beside its peer and writes docs/benchmarks.md.
#
# usage: bench/run.sh [--smoke | --clean] [--runs N]
#   --smoke   small inputs, in seconds: only checks that every row still gives its answer, rightly
#   --clean   removes the inputs (14 GB) and the peers that were installed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${FA2_BENCH_BUILD:-build}
data=build/bench-data peers=build/bench-peers
case "${1:-}" in
  --clean)
    rm -rf "$data" "$peers"
    exit
    ;;
  --smoke)
    # Made anew, so that a change of the generator is seen.
    data=build/bench-data/smoke
    rm -rf "$data"
    ;;
esac
for tool in python3 rg; do
  command -v "$tool" >/dev/null || { echo "bench: needs $tool; ./run bench installs it" >&2; exit 1; }
done
[ -x "$build/bench/fa_bench_inputs" ] || { echo "bench: no programs in $build; ./run bench builds them" >&2; exit 1; }

# DuckDB, which is measured beside `fa2 access`: a package of npm, for this alone. A smoke run checks against Python instead.
if [ "${1:-}" != --smoke ] && [ ! -d "$peers/node_modules/@duckdb" ]; then
  command -v npm >/dev/null || { echo "bench: needs npm for DuckDB; ./run bench installs it" >&2; exit 1; }
  mkdir -p "$peers"
  cp bench/package.json "$peers/"
  (cd "$peers" && npm install --silent --no-audit --no-fund) || { echo "bench: npm could not install DuckDB" >&2; exit 1; }
fi
with_peers=()
[ "${1:-}" = --smoke ] || with_peers=(--peers "$PWD/$peers")
exec python3 -B bench/suite.py --build "$build" --data "$data" "${with_peers[@]}" "$@"
