#!/usr/bin/env bash
# fuzz/smoke.sh BUILD_DIR [RUNS]: runs every fuzz target of a build with FA_FUZZ=ON over its seeds and a fixed number of
# mutations of them (libFuzzer varies them from run to run, whatever the seed), and fails on a crash, leak or hang. One
# line per target.
set -euo pipefail
build=${1:?usage: fuzz/smoke.sh BUILD_DIR [RUNS]}
runs=${2:-3000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

smoke() {
  local name=$1 corpus done_runs
  # The first folder is where libFuzzer writes what it finds: never among the committed seeds.
  mkdir -p "$work/$name"
  corpus=("$work/$name")
  [ -d "$here/seeds/$name" ] && corpus+=("$here/seeds/$name")
  if ! "$build/fuzz/$name" -runs="$runs" -seed=1 -max_len=4096 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/$name-" "${corpus[@]}" >"$work/$name.log" 2>&1; then
    tail -n 60 "$work/$name.log" >&2
    echo "$name: FAILED; the input is at $build/$name-*" >&2
    return 1
  fi
  done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
  echo "$name: ${done_runs:-0} runs, no crash"
}
export -f smoke
export build runs here work

names=("$here"/*_fuzz.cpp)
[ -e "${names[0]}" ] || { echo "no fuzz targets in $here" >&2; exit 1; }
# Ends with an error where one of them did, after all have run.
printf '%s\n' "${names[@]##*/}" | sed 's/\.cpp$//' | xargs -P "$(nproc)" -I{} bash -c 'smoke {}'
