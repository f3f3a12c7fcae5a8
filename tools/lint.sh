#!/usr/bin/env bash
# Layout (clang-format) of every source file, and clang-tidy over those that changed.
#
# usage: tools/lint.sh [--all]     --all: clang-tidy over every file of the compile database
#
# "Changed" is against the point where this branch left main; on main itself, against the commit before. What is not
# committed yet counts as changed. Exit status: 0 clean, 1 something to mend, 2 wrong usage or a tool is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all=false
case "${1:-}" in
  "") ;;
  --all) all=true ;;
  *) echo "usage: tools/lint.sh [--all]" >&2; exit 2 ;;
esac
for tool in clang-format clang-tidy-16 git cmake; do
  command -v "$tool" >/dev/null || { echo "lint: $tool is missing; ./run lint installs it" >&2; exit 2; }
done

status=0
mapfile -t sources < <(find src tests fuzz bench -name '*.cpp' -o -name '*.h' | sort)
unformatted=()
for file in "${sources[@]}"; do
  clang-format --dry-run -Werror "$file" 2>/dev/null || unformatted+=("$file")
done
if [ ${#unformatted[@]} -gt 0 ]; then
  status=1
  echo "lint: ${#unformatted[@]} of ${#sources[@]} files are not laid out as .clang-format says:"
  printf '  %s\n' "${unformatted[@]}"
  echo "lint: mend them with: clang-format -i <file>"
else
  echo "lint: the layout of ${#sources[@]} files is right"
fi

if [ ! -f build/compile_commands.json ]; then
  mkdir -p build
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFA_TESTS=OFF >build.log 2>&1 ||
    { cat build.log >&2; echo "lint: cannot configure build/; see above" >&2; exit 2; }
fi
mapfile -t known < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/compile_commands.json | sort -u)

# The commit to compare with; empty when there is none.
base=
if git rev-parse -q --verify HEAD >/dev/null; then
  base=$(git merge-base HEAD main 2>/dev/null || true)
  if [ "$base" = "$(git rev-parse HEAD)" ] || [ -z "$base" ]; then base=$(git rev-parse -q --verify HEAD~1 || true); fi
fi

chosen=()
if $all || [ -z "$base" ]; then
  chosen=("${known[@]}")
else
  declare -A changed=()
  while IFS= read -r file; do
    changed["$PWD/$file"]=1
    [[ $file == *.h ]] && changed["$PWD/${file%.h}.cpp"]=1 # a header is checked through its own source
  done < <(git diff --name-only "$base" -- src tests fuzz bench; git ls-files --others --exclude-standard -- src tests fuzz bench)
  for file in "${known[@]}"; do
    if [ -n "${changed[$file]:-}" ]; then chosen+=("$file"); fi
  done
fi

if [ ${#chosen[@]} -eq 0 ]; then
  echo "lint: no file of the compile database changed; clang-tidy has nothing to do (--all checks everything)"
  exit $status
fi
echo "lint: clang-tidy over ${#chosen[@]} of ${#known[@]} files of build/compile_commands.json"
tidy() {
  # bugprone-unchecked-optional-access ends clang-tidy 16 with a segmentation fault on some valid files.
  # Flags that only GCC knows stand in the compile database; they are no findings.
  clang-tidy-16 -p build --quiet --checks=-bugprone-unchecked-optional-access \
    --extra-arg=-Wno-unknown-warning-option "$1" 2>/dev/null && return 0
  local code=$?
  [ "$code" -eq 1 ] || echo "lint: clang-tidy itself broke off on $1 (status $code)"
  return 1
}
export -f tidy
if printf '%s\0' "${chosen[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy "$1"' tidy; then
  echo "lint: clang-tidy found nothing"
else
  status=1
  echo "lint: clang-tidy found the above"
fi
exit $status
