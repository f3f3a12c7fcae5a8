# The shop: certificates, names, database, services, load balancer. Sourced by record.sh after places.sh.

lb_name=shop.example.com
provider_name=api.cardgate.example
alb=app/storefront/50dc6c495c0c9188
as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)

# ---- certificates of an own authority ----
make_authority() {
    mkdir -p "$run/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=shop internal CA" -keyout "$run/tls/ca.key" -out "$run/tls/ca.crt" 2> /dev/null
    : > "$run/tls/index.txt"
    printf '[ca]\ndefault_ca=shop\n[shop]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n' \
        "$run/tls/index.txt" "$run/tls" > "$run/tls/ca.conf"
}
certificate() { # certificate FILE NAME NOT_AFTER(epoch seconds)
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$run/tls/$1.key" -out "$run/tls/$1.csr" 2> /dev/null
    openssl ca -batch -config "$run/tls/ca.conf" -keyfile "$run/tls/ca.key" -cert "$run/tls/ca.crt" -in "$run/tls/$1.csr" -out "$run/tls/$1.crt" -notext \
        -startdate "$(date -u -d '-1 day' +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "@$3" +%Y%m%d%H%M%SZ)" 2> "$run/out/openssl"
    chmod 644 "$run/tls/$1.key"
}

# ---- names ----
names() { # names [WITHOUT]: (re)writes the zone, all names but one
    {
        echo "${IP[orders]} orders.internal"
        echo "${IP[catalog]} catalog.internal"
        echo "${IP[payments]} payments.internal"
        echo "${IP[db]} orders-db.internal"
        echo "${IP[otel]} otel.internal"
        echo "${IP[provider]} $provider_name"
    } | grep -v -F " ${1:-nothing}" > "$run/zone"
    [ -z "${pids[dns]:-}" ] || kill -HUP "${pids[dns]}"
}
start_names() {
    names
    start dns dns dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts="$run/zone" --local=/internal/ --local=/example/ \
        --local-ttl=2 --user=root --log-facility=- --pid-file="$run/dns.pid" --listen-address="${IP[dns]}" --bind-interfaces
}

# ---- the database ----
start_database() {
    local pg_bin psql
    pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    db_password=$(openssl rand -hex 16)
    mkdir -p /run/postgresql
    mount -t tmpfs -o mode=777 none /run/postgresql
    cd /var/lib/postgresql
    "${as_postgres[@]}" "$pg_bin/initdb" -D /var/lib/postgresql/data --encoding=UTF8 --locale=C --auth-local=trust --auth-host=scram-sha-256 > "$run/out/initdb"
    echo "host orders orders_app 10.20.2.0/24 scram-sha-256" >> /var/lib/postgresql/data/pg_hba.conf
    start orders-db db "${as_postgres[@]}" "$pg_bin/postgres" -D /var/lib/postgresql/data -c listen_addresses="${IP[db]}" -c unix_socket_directories=/run/postgresql \
        -c log_timezone=UTC -c timezone=UTC -c log_line_prefix='%m [%p] %q%u@%d ' -c log_connections=on -c log_disconnections=on \
        -c log_min_duration_statement=250 -c log_lock_waits=on -c max_connections=60 \
        -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3
    for _ in $(seq 100); do grep -qs 'ready to accept connections' "$run/out/orders-db" && break; sleep 0.2; done
    psql=("${as_postgres[@]}" "$pg_bin/psql" -h /run/postgresql -q -v ON_ERROR_STOP=1)
    echo "CREATE ROLE orders_app LOGIN PASSWORD '$db_password'" | PGOPTIONS='-c log_min_duration_statement=-1' "${psql[@]}" -d postgres
    "${psql[@]}" -d postgres -c 'CREATE DATABASE orders'
    "${psql[@]}" -d orders < "$here/workload/schema.sql"
    cd "$here"
}
in_database() { inside db "${as_postgres[@]}" psql -h /run/postgresql -q -d orders "$@"; }

# ---- services ----
service() { # service SERVICE INSTANCE PLACE PORT VERSION [NAME=VALUE...]
    local service=$1 instance=$2 place=$3 port=$4 version=$5
    shift 5
    start "$instance" "$place" env -i PATH="$PATH" TZ=UTC SERVICE_NAME="$service" SERVICE_INSTANCE="$instance" SERVICE_VERSION="$version" \
        DEPLOYMENT_ENVIRONMENT=demo PORT="$port" LOG_FILE="$run/rec/$service.log" COLLECTOR_URL=http://otel.internal:4318 TRACE_SHARE="$trace_share" METRIC_SECONDS="$metric_seconds" \
        DEFECT_FILE="$run/defects/$instance" NODE_EXTRA_CA_CERTS="$run/tls/ca.crt" "$@" "$here/lib/supervise.sh" node "workload/$service.js"
}
storefront() { # storefront NUMBER VERSION
    service storefront "storefront-$1" "storefront$1" 8080 "$2" CATALOG_URL=http://catalog.internal:8082 ORDERS_URL=http://orders.internal:8081
}
start_services() {
    local i
    start otel otel env -i PATH="$PATH" OUT_DIR="$run/rec" node workload/collector.js
    wait_for otel "http://${IP[otel]}:4318/"
    start provider provider env -i PATH="$PATH" PORT=443 TLS_KEY="$run/tls/provider.key" TLS_CERT="$run/tls/provider.crt" node workload/provider.js
    service catalog catalog-1 catalog 8082 2.8.0
    service payments payments-1 payments 8443 3.2.4 PROVIDER_URL="https://$provider_name" TLS_KEY="$run/tls/payments.key" TLS_CERT="$run/tls/payments.crt"
    service orders orders-1 orders 8081 1.14.2 DB_HOST=orders-db.internal DB_PORT=5432 DB_PASSWORD="$db_password" RECEIPTS=/srv/receipts PAYMENTS_URL=https://payments.internal:8443
    for i in 1 2; do storefront "$i" 5.3.1; done
    wait_for catalog "http://${IP[catalog]}:8082/healthz"
    wait_for payments "https://${IP[payments]}:8443/healthz"
    wait_for orders "http://${IP[orders]}:8081/healthz"
    for i in 1 2; do wait_for "storefront$i" "http://${IP[storefront$i]}:8080/healthz"; done
    start container-metrics otel env -i PATH="$PATH" COLLECTOR_URL=http://otel.internal:4318 METRIC_SECONDS="$metric_seconds" CONTAINERS="$(containers)" node workload/container-metrics.js
}
containers() { # what container-metrics.js is told
    local place instance volume
    for place in catalog payments orders storefront1 storefront2 db; do
        case $place in db) instance=orders-db-1;; storefront?) instance=storefront-${place#storefront};; *) instance=$place-1;; esac
        volume=null
        [ $place != orders ] || volume='"/srv/receipts"'
        jq -nc --arg instance "$instance" --argjson cpus "${cpus[$place]}" --argjson memory "${memory[$place]:-null}" --arg cpu "$(cgroup $place cpu)" \
            --arg mem "$(cgroup $place memory)" --argjson volume "$volume" \
            '{service: ($instance | sub("-[0-9]$"; "")), $instance, cpus: ($cpus / 100), memory: (if $memory then $memory * 1048576 else null end), cgroup: {cpu: $cpu, memory: $mem}, $volume}'
    done | jq -sc .
}

# ---- the load balancer ----
targets() { # targets [WITHOUT]: the storefronts that get requests
    local i
    for i in 1 2; do [ "${1:-}" = $i ] || echo "server ${IP[storefront$i]}:8080 max_fails=0;"; done > "$run/targets.conf"
    [ -z "${pids[lb]:-}" ] || kill -HUP "${pids[lb]}"
}
start_load_balancer() {
    targets
    sed "s|@RUN@|$run|g" workload/nginx.conf.in > "$run/nginx.conf"
    start lb lb nginx -p "$run" -c "$run/nginx.conf" -e "$run/out/nginx-error"
    for _ in $(seq 50); do [ -s "$run/nginx.pid" ] && break; sleep 0.2; done
}
deploy_storefront() { # deploy_storefront VERSION BEFORE: instance by instance, each taken from the load balancer meanwhile
    local i
    change deployment release-pipeline storefront "deploy $1" "{\"version\":\"$2\"}" "{\"version\":\"$1\"}"
    for i in 1 2; do
        targets $i
        sleep 3
        stop "storefront-$i"
        storefront $i "$1"
        wait_for "storefront$i" "http://${IP[storefront$i]}:8080/healthz"
        targets
    done
}
defect() { echo "$2" > "$run/defects/$1"; } # defect INSTANCE NAME
config() { # config PLACE PORT JSON: sets it, before and after are in $before and $after
    before=$(inside otel curl -fsS "http://${IP[$1]}:$2/admin/config")
    after=$(inside otel curl -fsS -X PUT -H 'content-type: application/json' -d "$3" "http://${IP[$1]}:$2/admin/config")
}
change() { # change KIND ACTOR RESOURCE ACTION BEFORE AFTER (the last two are JSON)
    jq -nc --arg time "$(now_ms)" --arg kind "$1" --arg actor "$2" --arg resource "$3" --arg action "$4" --argjson before "$5" --argjson after "$6" \
        '{$time, $kind, $actor, $resource, $action, $before, $after}' >> "$run/rec/changes.jsonl"
}
