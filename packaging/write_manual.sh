#!/bin/sh
# Writes what a package holds beside the program: pages, completions, example configuration, changelogs. The same program
# gives the same bytes.
# usage: packaging/write_manual.sh PROGRAM SOURCE_FOLDER TARGET_FOLDER
set -eu
program=$1 source=$2 target=$3

rm -rf "$target"
"$program" manual "$target"
mkdir "$target/man1" "$target/man5"
mv "$target"/*.1 "$target/man1/"
mv "$target"/*.5 "$target/man5/"
gzip -9n "$target"/man1/* "$target"/man5/*
gzip -9nc "$source/CHANGELOG.md" >"$target/changelog.gz"
gzip -9nc "$source/packaging/debian/changelog" >"$target/changelog.Debian.gz"
