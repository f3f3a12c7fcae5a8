#!/usr/bin/env bash
# Makes a release: source archive, Debian package, list of components (SBOM), checksums.
#
# usage: packaging/release.sh [--draft] [OUTPUT_FOLDER]      (default: build-package/release)
#   --draft  also from a tree with uncommitted changes, or of a version that CHANGELOG.md calls unreleased
# The same commit on the same Debian packages gives the same bytes, wherever it lies: times are those of the changelog
# (SOURCE_DATE_EPOCH), paths are mapped away. packaging/check_reproducible.sh tries it.
# Needs git (the archive is that of the commit) and what ./run packages installs.
# Environment: BUILD (build folder, default OUTPUT_FOLDER/../build), JOBS (default 2).
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
cd "$root"

draft=false
if [ "${1:-}" = --draft ]; then draft=true; shift; fi
out=$(realpath -m "${1:-build-package/release}")
build=$(realpath -m "${BUILD:-$out/../build}")
refuse() { echo "release: $*" >&2; exit 1; }

version=$(sed -n 's/^project(fa2 VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
changelog=packaging/debian/changelog
grep -q "^fa2 ($version-[0-9]*) " <(head -1 "$changelog") || refuse "the head of $changelog is not about version $version"
if ! grep -Eq "^## ${version//./\\.} \([0-9]{4}-[0-9]{2}-[0-9]{2}\)$" CHANGELOG.md; then
  $draft || refuse "CHANGELOG.md has no heading \"## $version (YYYY-MM-DD)\": what is unreleased is not released"
fi
if [ -n "$(git status --porcelain)" ]; then $draft || refuse "there are uncommitted changes"; fi

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -d "$(sed -n 's/^ -- .*>  //p' "$changelog" | head -1)" +%s)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
umask 022
rm -rf "$out"
mkdir -p "$out"

# What is committed, and nothing else; of a draft what git knows of, as it lies here.
archive() {
  local name=fa2-$version
  git ls-files -z | sort -z | while IFS= read -r -d '' file; do
    if [ -e "$file" ]; then printf '%s\0' "$file"; fi
  done | tar --create --no-recursion --null --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode='u=rwX,go=rX' --format=gnu --transform="s,^,$name/,S" --files-from=- | gzip -9n >"$out/$name.tar.gz"
}

# Debian's own flags for hardened programs; no path of this machine in the program.
build_package() {
  local flags="-fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2"
  [ "$(uname -m)" = x86_64 ] || flags=${flags/ -fcf-protection/}
  flags+=" -ffile-prefix-map=$root=. -ffile-prefix-map=$build=build"
  mkdir -p "$build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DFA_SYSCONFDIR=/etc \
    -DFA_UNIT_DIR=/lib/systemd/system -DFA_ZSH_DIR=share/zsh/vendor-completions -DFA_TESTS=OFF -DFA_UNITY=ON \
    -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_EXE_LINKER_FLAGS="-Wl,-z,relro,-z,now" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" >&2; exit 1; }
  ninja -C "$build" -j "${JOBS:-2}" fa2 fa2_manual >"$build/ninja.log" 2>&1 || { tail -50 "$build/ninja.log" >&2; exit 1; }
  (cd "$build" && rm -f ./*.deb && cpack -G DEB >cpack.log 2>&1) || { cat "$build/cpack.log" >&2; exit 1; }
  cp "$build"/*.deb "$out/"
}

archive
build_package
# As it is shipped: stripped.
dpkg-deb --fsys-tarfile "$out"/*.deb | tar -xO ./usr/bin/fa2 >"$build/fa2-packaged"
chmod +x "$build/fa2-packaged"
packaging/sbom.py --version "$version" --program "$build/fa2-packaged" --build "$build" >"$out/fa2-$version.cdx.json"
(cd "$out" && sha256sum ./*.tar.gz ./*.deb ./*.cdx.json | sed 's, \./, ,' >SHA256SUMS)
cat "$out/SHA256SUMS"
