#!/usr/bin/env bash
# Makes a draft release twice, from copies of the tree in two places and in two build folders, without a compiler cache, and
# compares the bytes.
#
# usage: packaging/check_reproducible.sh [WORK_FOLDER]       (default: build-package/reproducible)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(realpath -m "${1:-build-package/reproducible}")
export CCACHE_DISABLE=1
for place in first second/and-deeper; do
  rm -rf "${work:?}/$place"
  mkdir -p "$work/$place/source"
  git ls-files -z | xargs -0 -I{} sh -c 'if [ -e "$1" ]; then cp --parents -p "$1" "$2"; fi' _ {} "$work/$place/source"
  (cd "$work/$place/source" && git init -q && git add -A)
  BUILD=$work/$place/build "$work/$place/source/packaging/release.sh" --draft "$work/$place/out" >/dev/null
done
status=0
for file in "$work"/first/out/*; do
  if cmp "$file" "$work/second/and-deeper/out/$(basename "$file")"; then
    echo "same bytes: $(basename "$file")"
  else
    status=1
  fi
done
exit $status
