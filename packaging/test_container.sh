#!/usr/bin/env bash
# Runs the Dockerfile's steps without an engine: gathers the container's file system in a bare Debian 12, twice, compares and
# measures it, and runs the program in it as its user, with nothing else there.
#
# usage: packaging/test_container.sh PACKAGE.deb INCIDENT_FOLDER [WORK_FOLDER]
# WORK_FOLDER/base is the bare system of packaging/test_deb.sh. Needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
package=$(realpath "$1") incident=$(realpath "$2") work=$(realpath -m "${3:-build-package/test}")
limit=$((120 * 1024 * 1024))
broken() { echo "test_container: FAILED: $*" >&2; exit 1; }

packaging/lint_dockerfile.sh packaging/Dockerfile

[ -d "$work/base" ] || broken "packaging/test_deb.sh makes $work/base; run it first"
builder=$work/container-builder
rm -rf "$builder"
cp -a "$work/base" "$builder"
rm -rf "$builder/etc/apt"
cp -a /etc/apt "$builder/etc/apt"
cp -a /usr/share/keyrings/. "$builder/usr/share/keyrings/"
cp /etc/resolv.conf "$builder/etc/resolv.conf" 2>/dev/null || true
cp -r "$package" packaging/container packaging/container_root.sh packaging/container_packages.sh "$builder/"
inside() { unshare --mount --pid --fork sh -c 'mount -t proc proc "$1/proc"; mount -t tmpfs tmpfs "$1/dev"; ln -s /proc/self/fd "$1/dev/fd"; mknod -m 666 "$1/dev/null" c 1 3; mknod -m 666 "$1/dev/urandom" c 1 9; root=$1; shift; exec chroot "$root" "$@"' _ "$builder" "$@"; }
inside /container_packages.sh "/$(basename "$package")" >"$work/container.log" 2>&1 || { tail -20 "$work/container.log"; broken "installing"; }
for copy in one two; do
  inside /usr/bin/env SOURCE_DATE_EPOCH=1 /container_root.sh "/$copy" >>"$work/container.log" 2>&1 ||
    { tail -20 "$work/container.log"; broken "gathering"; }
  tar --sort=name -C "$builder/$copy" -cf "$work/container-$copy.tar" .
done
cmp "$work/container-one.tar" "$work/container-two.tar" || broken "two runs differ"
echo "test_container: two runs gave the same bytes"

root=$work/container
rm -rf "$root"
mv "$builder/one" "$root"
size=$(stat -c %s "$work/container-one.tar")
echo "test_container: $((size / 1024 / 1024)) MiB, $(find "$root" -type f | wc -l) files"
[ "$size" -lt "$limit" ] || broken "larger than 120 MiB"

# As the engine would run it: this root, this user, no capability.
cp -r "$incident" "$root/tmp/incident"
mkdir -p "$root/dev" # which an engine provides
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
run_inside() { chroot --userspec=65532:65532 "$root" /usr/bin/fa2 "$@"; }
run_inside --version
run_inside doctor --offline --config /etc/fa2/fa2.toml || true # Tokens are missing; the machine's part must be good.
run_inside doctor --offline >"$work/container-doctor" || broken "the doctor finds faults: $(cat "$work/container-doctor")"
grep -q '^ok *fonts' "$work/container-doctor" || broken "no Japanese font"
grep -q '^ok *Graphviz' "$work/container-doctor" || broken "no Graphviz"
for lang in en ja; do
  run_inside investigate /tmp/incident --lang $lang --quiet --output /tmp/report-$lang.pdf --diagram /tmp/diagram-$lang.svg
  [ "$(head -c 5 "$root/tmp/report-$lang.pdf")" = %PDF- ] || broken "no PDF in $lang"
  grep -q '<svg' "$root/tmp/diagram-$lang.svg" || broken "no diagram in $lang"
done
echo "test_container: passed"
