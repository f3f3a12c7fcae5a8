#!/usr/bin/env bash
# How long `fa2 patterns` takes to mine a folder of mixed logs, beside what ripgrep takes to search the same files for
# a few words. Both read the same files from the page cache, on two cores, in turns; the median of the runs counts.
# Ripgrep does far less work: it is the measure of what reading and looking at every byte costs at the least.
#
# usage: bench/run.sh [--megabytes N] [--runs N] [--seed N]     FA2=<program> measures another build than build/fa2
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

megabytes=192 runs=5 seed=1 fa2=${FA2:-build/fa2}
while [ $# -gt 0 ]; do
  case "$1" in
    --megabytes | --runs | --seed)
      [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || { echo "bench: $1 needs a whole number above 0" >&2; exit 2; }
      printf -v "${1#--}" %s "$2"
      shift 2
      ;;
    *) echo "usage: bench/run.sh [--megabytes N] [--runs N] [--seed N]" >&2; exit 2 ;;
  esac
done
for tool in python3 rg taskset; do
  command -v "$tool" >/dev/null || { echo "bench: needs $tool; ./run bench installs it" >&2; exit 1; }
done
[ -x "$fa2" ] || { echo "bench: no program at $fa2; build it with ./run build" >&2; exit 1; }

logs=build/bench-data/$megabytes-$seed
if [ ! -f "$logs/.complete" ]; then
  echo "bench: writing $megabytes MB of logs to $logs" >&2
  rm -rf "$logs"
  python3 bench/generate_logs.py "$logs" --megabytes "$megabytes" --seed "$seed"
  touch "$logs/.complete"
fi

mine() { taskset -c "$cores" "$fa2" patterns "$logs" --quiet >/dev/null; }
search() { taskset -c "$cores" rg --no-ignore -j2 -c 'ERROR|WARN|FATAL|failed' "$logs" >/dev/null; }
# The first two cores this process may use.
cores=$(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' | awk -F- '{for (i = $1; i <= ($2 == "" ? $1 : $2); ++i) print i}' |
  head -2 | paste -sd,)

# seconds COMMAND: wall time of one run.
seconds() {
  local begin=$EPOCHREALTIME
  "$@"
  awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", e - b }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

mine
search # once unmeasured: files into the page cache
mine_times=() search_times=()
for ((i = 0; i < runs; ++i)); do
  mine_times+=("$(seconds mine)")
  search_times+=("$(seconds search)")
done

bytes=$(cat "$logs"/*.log | wc -c)
lines=$(cat "$logs"/*.log | wc -l)
mined=$(printf '%s\n' "${mine_times[@]}" | median)
searched=$(printf '%s\n' "${search_times[@]}" | median)
echo "machine       $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort -u | head -1), cores $cores"
echo "program       $("$fa2" --version)"
echo "input         $(ls "$logs" | wc -l) files, $bytes bytes, $lines lines"
echo "fa2 patterns  ${mine_times[*]} s"
echo "rg -c         ${search_times[*]} s"
awk -v n="$bytes" -v m="$mined" -v s="$searched" 'BEGIN {
  printf "median        fa2 %.3f s (%.0f MB/s), rg %.3f s (%.0f MB/s), ratio %.2f\n", m, n / m / 1e6, s, n / s / 1e6, m / s }'
