#!/usr/bin/env bash
# Installs what packaging/container_root.sh gathers from. usage: packaging/container_packages.sh FA2_PACKAGE.deb
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$(realpath "$1")" graphviz poppler-utils fonts-noto-cjk fonts-dejavu-core \
  ca-certificates tzdata fonttools cpio
rm -rf /var/lib/apt/lists/*
