#!/bin/bash
# Runs the workload on this machine, injects one fault and writes what the parts recorded as an incident folder. See README.md.
set -euo pipefail
export LC_ALL=C TZ=UTC
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
    echo "usage: record.sh --case NAME --fault FAULT [--healthy-seconds N] [--fault-seconds N] [--rate N] [--seed N] [--out DIR]"
    echo "faults: $(cd "$here/faults" && ls | sed 's/\.sh$//' | tr '\n' ' ')"
    exit "${1:-2}"
}

case_name= fault= healthy=420 faulty=240 rate=4.5 seed=7 out=
while [ $# -gt 0 ]; do
    case $1 in
        --case) case_name=${2:?}; shift 2;;
        --fault) fault=${2:?}; shift 2;;
        --healthy-seconds) healthy=${2:?}; shift 2;;
        --fault-seconds) faulty=${2:?}; shift 2;;
        --rate) rate=${2:?}; shift 2;;
        --seed) seed=${2:?}; shift 2;;
        --out) out=${2:?}; shift 2;;
        -h|--help) usage 0;;
        *) usage;;
    esac
done
[ -n "$case_name" ] && [ -f "$here/faults/$fault.sh" ] || usage
out=$(realpath -m "${out:-$here/../$case_name}")
[ "$(id -u)" = 0 ] || { echo "record.sh must run as root: it makes network namespaces" >&2; exit 1; }
[ "$healthy" -ge 60 ] && [ "$faulty" -ge 30 ] || { echo "at least 60 healthy seconds and 30 with the fault" >&2; exit 2; }

# ---- what is needed ----
missing=()
for p in nginx-light libnginx-mod-http-perl postgresql iptables iproute2 curl jq openssl zstd util-linux; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
command -v node > /dev/null || { echo "node 20 or newer is needed (package nodejs)" >&2; exit 1; }
node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || { echo "node 20 or newer is needed" >&2; exit 1; }
[ -d "$here/node_modules" ] || (cd "$here" && npm ci)
pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

# ---- the places, one network namespace each ----
declare -A IP=([lb]=10.20.1.10 [storefront1]=10.20.2.21 [storefront2]=10.20.2.22 [orders]=10.20.2.31 [catalog]=10.20.2.41 [db]=10.20.3.5
               [otel]=10.20.4.9 [clients]=203.0.113.10)
clients=$(for i in $(seq 10 21); do printf '203.0.113.%d,198.51.100.%d,' "$i" $((i + 40)); done | sed 's/,$//')
lb_name=shop.example.com
alb=app/storefront/50dc6c495c0c9188

. "$here/faults/$fault.sh"

run=$(mktemp -d /tmp/recorder.XXXXXX)
chmod 755 "$run"
declare -A pids=()
made=()

stop() { # stop NAME [SIGNAL]
    local pid=${pids[$1]:-}
    [ -n "$pid" ] || return 0
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    unset "pids[$1]"
}
cleanup() {
    local n
    trap - EXIT INT TERM
    for n in "${!pids[@]}"; do [ "$n" = db ] || stop "$n"; done
    stop db INT
    for n in "${made[@]}"; do
        ip netns del "rec-$n" 2>/dev/null || true
        rm -rf "/etc/netns/rec-$n"
    done
    rmdir /etc/netns 2>/dev/null || true
    rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

inside() { local ns=$1; shift; ip netns exec "rec-$ns" "$@"; }

# start NAME NAMESPACE COMMAND...: a process with the place's own network, host name and mounts; the application is seen as
# /srv/app and the database's files as /var/lib/postgresql/data.
start() {
    local name=$1 ns=$2
    shift 2
    ip netns exec "rec-$ns" unshare --uts --mount sh -c '
        hostname "$1"; mount -t tmpfs none /srv; mkdir /srv/app; mount --bind "$2" /srv/app; cd /srv/app
        mount -t tmpfs -o mode=755 none /var/lib/postgresql; mkdir -p /var/lib/postgresql/data
        mount --bind "$3" /var/lib/postgresql/data
        shift 3; exec "$@"
    ' sh "$name" "$here" "$run/pg/data" "$@" >> "$run/$name.out" 2>&1 &
    pids[$name]=$!
}
service() { # service SERVICE INSTANCE NAMESPACE PORT VERSION [NAME=VALUE...]
    local service=$1 instance=$2 ns=$3 port=$4 version=$5
    shift 5
    start "$instance" "$ns" env -i PATH="$PATH" TZ=UTC SERVICE_NAME="$service" SERVICE_INSTANCE="$instance" SERVICE_VERSION="$version" \
        DEPLOYMENT_ENVIRONMENT=demo PORT="$port" LOG_FILE="$run/rec/$service.log" COLLECTOR_URL=http://otel.internal:4318 "$@" \
        node "workload/$service.js"
}
wait_for() { # wait_for NAMESPACE URL
    for _ in $(seq 100); do
        inside "$1" curl -fsS -o /dev/null "$2" 2>/dev/null && return
        sleep 0.2
    done
    echo "$2 did not come up" >&2
    tail -n 5 "$run"/*.out >&2
    exit 1
}
now_ms() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }
json_lines() { jq -Rnc '[inputs] | join("\n")'; }
change() { # change KIND ACTOR RESOURCE ACTION BEFORE AFTER (the last two are JSON)
    jq -nc --arg time "$(now_ms)" --arg kind "$1" --arg actor "$2" --arg resource "$3" --arg action "$4" --argjson before "$5" --argjson after "$6" \
        '{$time, $kind, $actor, $resource, $action, $before, $after}' >> "$run/rec/changes.jsonl"
}
sleep_until() { local d; d=$(( $1 - $(date +%s) )); if [ "$d" -gt 0 ]; then sleep "$d"; fi; }

mkdir "$run/rec"
ip netns list | grep -q '^rec-' && { echo "namespaces rec-* exist already: is another recording running?" >&2; exit 1; }
made+=(net)
ip netns add rec-net
inside net ip link add br0 type bridge
inside net ip link set br0 up
for n in "${!IP[@]}"; do
    made+=("$n")
    ip netns add "rec-$n"
    mkdir -p "/etc/netns/rec-$n"
    cat > "/etc/netns/rec-$n/hosts" <<EOF
127.0.0.1 localhost
${IP[orders]} orders.internal
${IP[catalog]} catalog.internal
${IP[db]} orders-db.internal
${IP[otel]} otel.internal
EOF
    inside net ip link add "v-$n" type veth peer name eth0 netns "rec-$n"
    inside net ip link set "v-$n" master br0 up
    inside "$n" ip link set lo up
    inside "$n" ip link set eth0 up
    if [ "$n" = clients ]; then
        for a in ${clients//,/ }; do inside "$n" ip address add "$a/32" dev eth0; done
        inside "$n" ip route add 10.20.0.0/16 dev eth0 src "${IP[clients]}"
    else
        inside "$n" ip address add "${IP[$n]}/16" dev eth0
    fi
done
inside lb ip route add 203.0.113.0/24 dev eth0
inside lb ip route add 198.51.100.0/24 dev eth0

# ---- PostgreSQL ----
as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
db_password=$(openssl rand -hex 16)
install -d -o postgres -g postgres "$run/pg"
cd "$run/pg"
"${as_postgres[@]}" "$pg_bin/initdb" -D "$run/pg/data" --encoding=UTF8 --locale=C --auth-local=peer --auth-host=scram-sha-256 > "$run/initdb.out"
echo "host orders orders_app 10.20.2.0/24 scram-sha-256" >> "$run/pg/data/pg_hba.conf"
"${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$run/pg/data" -w -l "$run/pg/setup.log" -o "-c listen_addresses= -c unix_socket_directories=$run/pg" start > /dev/null
psql=("${as_postgres[@]}" "$pg_bin/psql" -h "$run/pg" -q -v ON_ERROR_STOP=1)
echo "CREATE ROLE orders_app LOGIN PASSWORD '$db_password'" | "${psql[@]}" -d postgres
"${psql[@]}" -d postgres -c 'CREATE DATABASE orders'
"${psql[@]}" -d orders < "$here/workload/schema.sql"
"${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$run/pg/data" -w stop > /dev/null
cd "$here"
start db db "${as_postgres[@]}" "$pg_bin/postgres" -D /var/lib/postgresql/data -c listen_addresses="${IP[db]}" -c unix_socket_directories= \
    -c log_timezone=UTC -c timezone=UTC -c log_line_prefix='%m [%p] %q%u@%d ' -c log_connections=on -c log_disconnections=on \
    -c log_min_duration_statement=250 -c log_lock_waits=on -c max_connections=60 \
    -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3
for _ in $(seq 50); do grep -q 'ready to accept connections' "$run/db.out" && break; sleep 0.2; done

# ---- the services ----
start otel otel env -i PATH="$PATH" OUT_DIR="$run/rec" node workload/collector.js
for _ in $(seq 50); do [ "$(inside otel curl -s -o /dev/null -w "%{http_code}" "http://${IP[otel]}:4318/" || true)" = 404 ] && break; sleep 0.2; done
service catalog catalog-1 catalog 8082 2.8.0
service orders orders-1 orders 8081 1.14.2 DB_HOST=orders-db.internal DB_PORT=5432 DB_PASSWORD="$db_password"
for i in 1 2; do
    service storefront "storefront-$i" "storefront$i" 8080 5.3.1 CATALOG_URL=http://catalog.internal:8082 ORDERS_URL=http://orders.internal:8081
done
wait_for catalog "http://${IP[catalog]}:8082/healthz"
wait_for orders "http://${IP[orders]}:8081/healthz"
for i in 1 2; do wait_for "storefront$i" "http://${IP[storefront$i]}:8080/healthz"; done

# ---- the load balancer ----
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$lb_name" -addext "subjectAltName=DNS:$lb_name" -keyout "$run/lb.key" -out "$run/lb.crt" 2> /dev/null
sed -e "s|@RUN@|$run|g" -e "s|@STOREFRONT_1@|${IP[storefront1]}|" -e "s|@STOREFRONT_2@|${IP[storefront2]}|" "$here/workload/nginx.conf.in" > "$run/nginx.conf"
start lb lb nginx -p "$run" -c "$run/nginx.conf" -e "$run/nginx-error.log"
for _ in $(seq 50); do [ -s "$run/nginx.pid" ] && break; sleep 0.2; done

env LB_LOG="$run/lb.json.log" LB_ENTITY="$alb" ALARM_FILE="$run/alarm.json" node "$here/workload/alarm.js" & pids[alarm]=$!

# ---- load, the unrelated change, the fault ----
start load clients env -i PATH="$PATH" LB_ADDRESS="${IP[lb]}" LB_NAME="$lb_name" LB_CA="$run/lb.crt" CLIENTS="$clients" SEED="$seed" RATE="$rate" node workload/load.js
begin=$(date +%s)
echo "$(iso "$begin") load started, fault $fault in $healthy s"

unrelated=$(( healthy >= 300 ? healthy - 210 : healthy / 2 ))
sleep_until $((begin + unrelated))
config=http://${IP[catalog]}:8082/admin/config
before=$(inside otel curl -fsS "$config")
after=$(inside otel curl -fsS -X PUT -H 'content-type: application/json' -d '{"cache.size":150}' "$config")
change config_change catalog-team "catalog configuration" "change cache size" "$before" "$after"

sleep_until $((begin + healthy))
fault_at=$(date +%s)
fault_inject
echo "$(iso "$fault_at") fault $fault injected, load goes on for $faulty s"

sleep_until $((fault_at + faulty))
for n in "${!pids[@]}"; do
    if [ "$n" != alarm ] && ! kill -0 "${pids[$n]}" 2>/dev/null; then echo "$n ended by itself" >&2; tail -n 20 "$run/$n.out" >&2; exit 1; fi
done
end=$(date +%s)
stop load # returns when the requests under way have had time to end
sleep 17 # telemetry is sent
stop alarm
stop otel
cp "$run/db.out" "$run/rec/postgresql.log"
env ALB_NAME="$alb" ALB_TARGET_GROUP=arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/storefront/73e2d6bc24d8a067 \
    ALB_CERTIFICATE=arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012 ALB_SALT="$begin" \
    node "$here/workload/alb-log.js" < "$run/lb.json.log" > "$run/rec/alb-access.log"

# ---- the incident folder ----
alarm=null
if [ -s "$run/alarm.json" ]; then alarm=$(cat "$run/alarm.json"); fi
jq -n --arg id "$case_name" --arg from "$(iso $((fault_at - 60)))" --arg to "$(iso "$end")" --arg base "$(iso $((begin + 30)))" --argjson alarm "$alarm" '
    {$id, description: "Alarm: 5XX errors on the storefront load balancer", window: {$from, $to}, baseline: {from: $base, to: $from}}
    + if $alarm then {$alarm} else {} end' > "$run/rec/incident.json"
jq -n --arg subject "$FAULT_SUBJECT" --arg mechanism "$FAULT_MECHANISM" --arg notes "$FAULT_NOTES" '{$subject, $mechanism, $notes}' > "$run/truth.json"

# Nothing about this machine may be in it.
leak() { grep -rnF "$@" "$run/rec" | cut -c1-400 | grep . >&2; }
if leak -e "$run" -e "$here" -e "$db_password" || { [ "$(hostname)" != localhost ] && leak -w -e "$(hostname)"; }; then
    echo "a recorded file holds the above: nothing is written" >&2
    exit 1
fi

# The log records are the lines of the text logs once more: counted twice they would mislead.
rm -f "$run"/rec/logs.otlp.jsonl
zstd -q -19 --rm "$run"/rec/*.otlp.jsonl
gzip -9n "$run/rec/alb-access.log"
mkdir -p "$out"
rm -rf "$out/incident"
cp -r "$run/rec" "$out/incident"
cp "$run/truth.json" "$out/truth.json"
ls -l "$out" "$out/incident"
