#!/bin/bash
# Installs what a recording needs, where it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
missing=()
for p in nginx-light libnginx-mod-http-perl postgresql dnsmasq-base iptables iproute2 curl jq openssl zstd util-linux; do
    dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || { echo "node 20 or newer is needed (package nodejs)" >&2; exit 1; }
[ -d node_modules ] || npm ci
