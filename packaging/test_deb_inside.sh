#!/usr/bin/env bash
# The steps of packaging/test_deb.sh, inside the machine that is tried. Each says what it is about; the first that fails
# ends all.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
unit=fa2.service config=/etc/fa2/fa2.toml

step() { echo "== $*"; }
broken() { echo "FAILED: $*"; journalctl --no-pager -u $unit -n 40 || true; exit 1; }

step "install"
find / -xdev -not -path '/proc/*' -not -path '/share*' | sort >/share/files-before
apt-get -qq update
# Without recommended packages: it must do without.
apt-get -qq install --no-install-recommends /share/fa2.deb >/share/apt.log 2>&1 || { tail -20 /share/apt.log; exit 1; }
fa2 --version
[ "$(systemctl is-enabled $unit || true)" = disabled ] || broken "the service is enabled before it is configured"
systemd-analyze verify --man=no /lib/systemd/system/$unit || broken "the unit has a fault"
systemd-analyze security --no-pager $unit | tail -1

step "not configured: it fails at once, says why, and does not start again and again"
if systemctl start $unit 2>/dev/null; then broken "it starts without tokens"; fi
sleep 7
[ "$(systemctl show -P NRestarts $unit)" = 0 ] || broken "it was started again"
[ "$(systemctl show -P ExecMainStatus $unit)" = 2 ] || broken "exit status $(systemctl show -P ExecMainStatus $unit)"
journalctl --no-pager -u $unit -o cat | grep '^fa2: ' || broken "the journal does not say why"
if fa2 doctor --offline --config $config; then broken "the doctor is content"; fi

step "configure: tokens and two lines"
install -m 0600 /share/slack/bot_token /etc/fa2/credentials/slack_bot_token
install -m 0600 /share/slack/signing_secret /etc/fa2/credentials/slack_signing_secret
# The stand-in calls us, and is not where Slack is.
sed -i -e "s|^#paths = .*|paths = [\"/share/incident\"]|" -e "s|^#port = .*|port = $(cat /share/port)|" \
  -e 's|^mode = .*|mode = "http"|' -e 's|^#\(signing_secret = .*\)|\1|' -e 's|^app_token|#app_token|' \
  -e "s|^#api_url = .*|api_url = \"$(cat /share/slack/api_url)\"|" $config
fa2 doctor --offline --config $config || broken "the doctor finds faults"

step "start"
systemctl start $unit || broken "it does not start"
fa2 health --config $config || broken "it is not healthy"
fa2 doctor --config $config || broken "the doctor, with Slack"
pid=$(systemctl show -P MainPID $unit)
grep -E '^(Uid|NoNewPrivs|Seccomp|CapEff)' "/proc/$pid/status"
[ "$(awk '/^Uid/ { print $2 }' "/proc/$pid/status")" != 0 ] || broken "it runs as root"

step "the conversation"
for _ in $(seq 1500); do
  if [ -e /share/slack/done ]; then break; fi
  sleep 0.2
done
[ "$(cat /share/slack/done 2>/dev/null)" = passed ] || broken "the conversation: $(cat /share/slack/done 2>/dev/null)"
journalctl --no-pager -u $unit -o cat | grep -q '"event":"listening"' || broken "the journal has no log"
if journalctl --no-pager -u $unit -o cat | grep -q '"event":"file_not_made"'; then echo "(pictures need the recommended packages)"; fi

step "installing again, as an update does, restarts it and keeps the configuration"
apt-get -qq install --reinstall /share/fa2.deb >>/share/apt.log 2>&1
grep -q '^paths' $config || broken "the configuration was replaced"
[ "$(systemctl show -P MainPID $unit)" != "$pid" ] || broken "it was not restarted"
for _ in $(seq 50); do
  if fa2 health --config $config 2>/dev/null; then break; fi
  sleep 0.2
done
fa2 health --config $config || broken "it is not healthy after the update"

step "stop and remove"
systemctl stop $unit
[ "$(systemctl show -P Result $unit)" = success ] || broken "it did not stop well: $(systemctl show -P Result $unit)"
[ -e /var/lib/fa2/jobs.db ] || broken "no jobs were kept"
systemctl enable -q $unit
apt-get -qq remove fa2 >>/share/apt.log 2>&1
[ -e $config ] && [ -e /var/lib/fa2/jobs.db ] || broken "removing took settings or data"

step "purge leaves nothing"
apt-get -qq purge fa2 >>/share/apt.log 2>&1
apt-get -qq autoremove --purge >>/share/apt.log 2>&1
find / -xdev -not -path '/proc/*' -not -path '/share*' | sort >/share/files-after
left=$(comm -13 /share/files-before /share/files-after | grep -i fa2 | grep -v -e '^/var/log/' -e '^/run/' -e '^/tmp/' || true)
[ -z "$left" ] || broken "left behind: $left"
echo "all steps passed"
