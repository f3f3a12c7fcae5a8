#!/bin/bash
# Runs the shop on this machine, breaks one thing and writes what the parts recorded as an incident folder. See README.md.
set -euo pipefail
export LC_ALL=C TZ=UTC
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
    echo "usage: record.sh --id ID --fault FAULT --out DIR [--herrings LIST] [--healthy-seconds N] [--fault-seconds N] [--rate N] [--seed N]
                 [--trace-share X] [--metric-seconds N]"
    echo "faults: $(cd "$here/faults" && ls | sed 's/\.sh$//' | tr '\n' ' ')"
    echo "herrings, separated by commas: $(sed -n 's/^herring_\([a-z_]*\)() .*/\1/p' "$here/lib/herrings.sh" | tr '\n' ' ')"
    exit "${1:-2}"
}

arguments=("$@")
id= fault= herrings= healthy=300 faulty=210 rate=2.5 seed=7 trace_share=0.3 metric_seconds=30 out=
while [ $# -gt 0 ]; do
    case $1 in
        --id) id=${2:?}; shift 2;;
        --fault) fault=${2:?}; shift 2;;
        --herrings) herrings=${2?}; shift 2;;
        --healthy-seconds) healthy=${2:?}; shift 2;;
        --fault-seconds) faulty=${2:?}; shift 2;;
        --rate) rate=${2:?}; shift 2;;
        --seed) seed=${2:?}; shift 2;;
        --trace-share) trace_share=${2:?}; shift 2;;
        --metric-seconds) metric_seconds=${2:?}; shift 2;;
        --out) out=${2:?}; shift 2;;
        -h|--help) usage 0;;
        *) usage;;
    esac
done
[ -n "$id" ] && [ -n "$out" ] && [ -f "$here/faults/$fault.sh" ] || usage
out=$(realpath -m "$out")
[ "$(id -u)" = 0 ] || { echo "record.sh must run as root: it makes namespaces and control groups" >&2; exit 1; }
[ "$healthy" -ge 60 ] && [ "$faulty" -ge 30 ] || { echo "at least 60 healthy seconds and 30 with the fault" >&2; exit 2; }
shop=shop-$seed # names the control groups: recordings side by side need different seeds

. "$here/lib/places.sh"

# ---- the recording has namespaces of its own: nothing of it outlives them, and several run side by side ----
if [ -z "${RECORDING:-}" ]; then
    "$here/lib/prepare.sh"
    run=$(mktemp -d /tmp/recorder.XXXXXX)
    trap 'sleep 1; remove_cgroups; rm -rf "$run"' EXIT
    trap 'exit 130' INT TERM
    RECORDING=$run nice -n -10 unshare --net --mount --uts --pid --fork --kill-child=KILL --mount-proc "$0" "${arguments[@]}" &
    wait $!
    exit
fi
run=$RECORDING
trap 'echo "interrupted" >&2; exit 130' INT TERM
. "$here/lib/shop.sh"
. "$here/lib/herrings.sh"
. "$here/lib/publish.sh"
. "$here/faults/$fault.sh"

now_ms() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }
json_lines() { jq -Rnc '[inputs] | join("\n")'; }
sleep_until() { local d; d=$(( $1 - $(date +%s) )); if [ "$d" -gt 0 ]; then sleep "$d"; fi; }

# The application is seen as /srv/app, its receipts on a volume of 16 MiB; no path of this machine gets into a log.
chmod 755 "$run"
mkdir "$run/rec" "$run/out" "$run/defects"
mkdir -p /run/netns
mount -t tmpfs none /run/netns
mount -t tmpfs none /srv
mkdir /srv/app /srv/receipts
mount --bind "$here" /srv/app
mount -t tmpfs -o size=16m none /srv/receipts
mount -t tmpfs -o mode=755 none /var/lib/postgresql
install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
echo '127.0.0.1 localhost' > "$run/hosts"
echo "nameserver ${IP[dns]}" > "$run/resolv.conf"
mount --bind "$run/hosts" /etc/hosts
mount --bind "$run/resolv.conf" /etc/resolv.conf
cd "$here"

# CPU in hundredths of a core, memory in MiB.
declare -A cpus=([catalog]=25 [payments]=40 [orders]=40 [storefront1]=40 [storefront2]=40 [db]=40)
declare -A memory=([catalog]=192 [payments]=192 [orders]=192 [storefront1]=192 [storefront2]=192)
make_places
for place in "${!cpus[@]}"; do limit "$place" "${cpus[$place]}" "${memory[$place]:-}"; done
limit recorder 200
for group in $(group_files recorder); do echo 0 > "$group"; done

# ---- start ----
make_authority
starting=40 # seconds until all is up; the time of the fault must be known before, as certificates are made for it
fault_at=$(( $(date +%s) + starting + healthy ))
certificate lb $lb_name $((fault_at + 86400))
certificate provider $provider_name $((fault_at + 86400))
certificate payments payments.internal $((fault_at + 86400))
if declare -F fault_prepare > /dev/null; then fault_prepare; fi
dmesg --follow-new --time-format iso 2> /dev/null | "$here/lib/kernel_log.sh" "$shop" >> "$run/rec/kernel.log" &
start_names
start_database
start_services
start_load_balancer
env LB_LOG="$run/lb.json.log" LB_ENTITY="$alb" ALARM_FILE="$run/alarm.json" node workload/alarm.js & pids[alarm]=$!
start load clients env -i PATH="$PATH" LB_ADDRESS="${IP[lb]}" LB_NAME="$lb_name" LB_CA="$run/tls/ca.crt" CLIENTS="$clients" SEED="$seed" RATE="$rate" node workload/load.js
begin=$(date +%s)
[ $((fault_at - begin)) -ge $((healthy * 3 / 4)) ] || { echo "the machine is too busy: starting took $((begin - fault_at + healthy + starting)) s" >&2; exit 1; }
echo "$(iso "$begin") $id: load started, fault $fault at $(iso $fault_at)"

# ---- the herrings, the fault ----
start_herrings "$herrings"
sleep_until $fault_at
fault_inject
echo "$(iso "$(date +%s)") $id: fault $fault injected, load goes on for $faulty s"
sleep_until $((fault_at + faulty))
for n in "${!pids[@]}"; do
    if [ "$n" != alarm ] && ! kill -0 "${pids[$n]}" 2>/dev/null; then echo "$n ended by itself" >&2; tail -n 20 "$run/out/$n" >&2; exit 1; fi
done
end=$(date +%s)
stop load # returns when the requests under way have had time to end
sleep $((metric_seconds + 2)) # telemetry is sent
stop alarm
publish
