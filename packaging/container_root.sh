#!/usr/bin/env bash
# Gathers the file system of the container: fa2 and what it needs to run, and no shell, package manager or other program.
#
# usage: packaging/container_root.sh TARGET_FOLDER
# Runs on Debian 12 where the package fa2 is installed, with graphviz, poppler-utils, fonts-noto-cjk, fonts-dejavu-core and
# fonttools (the Dockerfile does that). The same packages give the same bytes: names are sorted, times are
# SOURCE_DATE_EPOCH's.
set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC
root=$1
epoch=${SOURCE_DATE_EPOCH:-0}
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
library_folder=/usr/lib/$(uname -m)-linux-gnu
user_id=65532
umask 022
rm -rf "$root"
mkdir -p "$root"
files=() # Of packages, for the list of what is inside.

# put FILE...: the file that stands behind all links, under its own name and that it was asked for by.
put() {
  local file real
  for file in "$@"; do
    real=$(realpath "$file")
    files+=("$real")
    mkdir -p "$root$(dirname "$real")" "$root$(dirname "$file")"
    [ -e "$root$real" ] || cp -p "$real" "$root$real"
    [ -e "$root$file" ] || ln -sr "$root$real" "$root$file"
  done
}

# Debian's merged /usr: /lib and /lib64 are links.
mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64"
for link in bin lib lib64; do ln -s "usr/$link" "$root/$link"; done

programs=(/usr/bin/fa2 /usr/bin/dot /usr/bin/pdftotext "$library_folder"/graphviz/libgvplugin_{core,dot_layout}.so.6
  "$library_folder/libpangocairo-1.0.so.0") # fa2 loads the last when it paints.
put "${programs[@]}"
# All libraries, to the last, and the dynamic linker.
while IFS= read -r library; do
  # Through /usr, so that none lies on both sides of the links.
  put "$(dirname "$(realpath "$library")")/$(basename "$library")"
done < <(ldd "${programs[@]}" | sed -n -e 's/.*=> \(\/[^ ]*\) .*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u)

# The kernel looks for the dynamic linker under the name that programs have for it.
linker=$(ldd /usr/bin/fa2 | sed -n 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p')
[ -e "$root$linker" ] || ln -sr "$root$(realpath "$linker")" "$root$linker"

# Graphviz reads from here which plugins there are: of the list that its package makes, the two above.
awk '/^libgvplugin_/ { keep = /_core|_dot_layout/ } keep' "$library_folder/graphviz/config6a" \
  >"$root$library_folder/graphviz/config6a"

# One Japanese face with the characters of JIS X 0213 in place of the whole family, and one with fixed widths.
mkdir -p "$root/usr/share/fonts/fa2" "$root/etc/fonts" "$root/var/cache/fa2"
python3 "$here/container/japanese_characters.py" >/tmp/fa2-characters
pyftsubset /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc --font-number=0 --unicodes-file=/tmp/fa2-characters \
  --no-recalc-timestamp --layout-features=kern,palt,vert,locl,ccmp,mark,mkmk --output-file="$root/usr/share/fonts/fa2/NotoSansCJKjp-Regular.otf"
rm -f /tmp/fa2-characters
put /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
files+=(/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc)
cp "$here/container/fonts.conf" "$root/etc/fonts/fonts.conf"

# Time zones, certificates, and who runs it.
mkdir -p "$root/usr/share/zoneinfo" "$root/etc/ssl/certs"
(cd /usr/share/zoneinfo && find . -path ./posix -prune -o -path ./right -prune -o -print0 | sort -z |
  cpio -0pdm --quiet "$root/usr/share/zoneinfo")
files+=(/usr/share/zoneinfo/UTC)
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/os-release "$root/etc/os-release"
echo "fa2:x:$user_id:$user_id:FA2:/var/lib/fa2:/nonexistent" >"$root/etc/passwd"
echo "fa2:x:$user_id:" >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
mkdir -p "$root/etc/fa2/credentials" "$root/var/lib/fa2" "$root/tmp"
cp /etc/fa2/fa2.toml "$root/etc/fa2/fa2.toml"
chmod 1777 "$root/tmp"
chown -R "$user_id:$user_id" "$root/var/lib/fa2" "$root/var/cache/fa2" "$root/etc/fa2/credentials"

# Which packages it came from, where scanners look, and their licences.
mkdir -p "$root/var/lib/dpkg/status.d"
printf '%s\n' "${files[@]}" ca-certificates.crt | sort -u | while IFS= read -r file; do
  dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null || true
done | grep -v '^diversion' | sed 's/:.*//' | sort -u | while IFS= read -r package; do
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/" 2>/dev/null || true
done

find "$root" -exec touch -h -d "@$epoch" {} +
du -sb "$root" | cut -f1
