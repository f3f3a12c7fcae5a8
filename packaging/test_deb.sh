#!/usr/bin/env bash
# Tries a package as its users will: in a bare Debian 12 that boots systemd, with everything between installing and purging.
#
# usage: packaging/test_deb.sh PACKAGE.deb SLACK_DEMO INCIDENT_FOLDER [WORK_FOLDER]
#   SLACK_DEMO   build/tests/fa_slack_demo: the stand-in for Slack and the people who talk to FA2
# Needs root, debootstrap and systemd-nspawn (Debian packages debootstrap, systemd-container). The bare system is made
# once below WORK_FOLDER (default: build-package/test) and copied for each run. Steps inside: packaging/test_deb_inside.sh.
# Exit status: 0 all steps passed, 1 one did not, 2 it could not be tried.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ $# -ge 3 ] || { sed -n '4p' "${BASH_SOURCE[0]}" >&2; exit 2; }
package=$(realpath "$1") demo=$(realpath "$2") incident=$(realpath "$3") work=$(realpath -m "${4:-build-package/test}")
for tool in debootstrap systemd-nspawn; do
  command -v "$tool" >/dev/null || { echo "test_deb: $tool is missing" >&2; exit 2; }
done
[ "$(id -u)" -eq 0 ] || { echo "test_deb: needs root" >&2; exit 2; }

# The mirror this machine itself uses.
mirror() {
  sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1 | grep . ||
    sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list | head -1
}

base=$work/base root=$work/root share=$work/share
mkdir -p "$work"
if [ ! -e "$base/etc/debian_version" ]; then
  echo "test_deb: making a bare Debian 12"
  rm -rf "$base"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates bookworm "$base" "$(mirror)" \
    >"$work/debootstrap.log" 2>&1 || { tail -5 "$work/debootstrap.log" >&2; exit 2; }
fi
rm -rf "$root" "$share"
cp -a "$base" "$root"
mkdir -p "$share"
cp "$package" "$share/fa2.deb"
cp -r "$incident" "$share/incident"
cp packaging/test_deb_inside.sh "$share/steps"
# Where packages come from is this machine's affair.
rm -rf "$root/etc/apt"
cp -a /etc/apt "$root/etc/apt"
mkdir -p "$root/usr/share/keyrings"
cp -a /usr/share/keyrings/. "$root/usr/share/keyrings/"

# A unit that runs the steps and switches the machine off.
cat >"$root/etc/systemd/system/package-test.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'bash /share/steps >/share/log 2>&1; echo $? >/share/status'
ExecStopPost=/bin/systemctl --no-block poweroff
TimeoutStartSec=900
[Install]
WantedBy=multi-user.target
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../package-test.service "$root/etc/systemd/system/multi-user.target.wants/package-test.service"

# Slack, played outside; the machine shares this one's loopback.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo "$port" >"$share/port"
"$demo" --attach "http://127.0.0.1:$port" "$share/slack" en >"$work/conversation" 2>&1 &
demo_pid=$!
for _ in $(seq 100); do
  if [ -s "$share/slack/api_url" ]; then break; fi
  sleep 0.1
done

status=0
timeout 1200 systemd-nspawn -q -D "$root" --register=no --keep-unit --machine=fa2-package-test \
  --bind="$share:/share" -b >"$work/console" 2>&1 </dev/null || true
kill "$demo_pid" 2>/dev/null || true
cat "$share/log"
[ "$(cat "$share/status" 2>/dev/null || echo missing)" = 0 ] || status=1
if [ $status -eq 0 ]; then echo "test_deb: passed"; else echo "test_deb: FAILED; $work has the console and the log"; fi
exit $status
