# The places of the shop: a network namespace each, on one bridge, and for the containers a control group with limits.
# Sourced by record.sh, inside the namespaces of the recording; uses $run, $shop.

declare -A IP=([lb]=10.20.1.10 [storefront1]=10.20.2.21 [storefront2]=10.20.2.22 [orders]=10.20.2.31 [catalog]=10.20.2.41 [payments]=10.20.2.51
               [db]=10.20.3.5 [otel]=10.20.4.9 [dns]=10.20.4.53 [provider]=192.0.2.80 [clients]=203.0.113.10)
clients=$(for i in $(seq 10 21); do printf '203.0.113.%d,198.51.100.%d,' "$i" $((i + 40)); done | sed 's/,$//')

make_places() {
    local n a
    ip netns add rec-net
    inside net ip link add br0 type bridge
    inside net ip link set br0 up
    for n in "${!IP[@]}"; do
        ip netns add "rec-$n"
        inside net ip link add "v-$n" type veth peer name eth0 netns "rec-$n"
        inside net ip link set "v-$n" master br0 up
        inside "$n" ip link set lo up
        inside "$n" ip link set eth0 up
        case $n in
            clients)
                for a in ${clients//,/ }; do inside clients ip address add "$a/32" dev eth0; done
                inside clients ip route add 10.20.0.0/16 dev eth0 src "${IP[clients]}";;
            provider)
                inside provider ip address add "${IP[provider]}/24" dev eth0
                inside provider ip route add 10.20.0.0/16 dev eth0;;
            *)
                inside "$n" ip address add "${IP[$n]}/16" dev eth0
                inside "$n" ip route add default dev eth0;;
        esac
    done
}
# Not `ip netns exec`, which would hide the control groups.
inside() { local ns=$1; shift; nsenter --net="/run/netns/rec-$ns" -- "$@"; }

# ---- control groups, version 2 or 1 ----
cgroups=/sys/fs/cgroup
cgroup_version=$([ -f $cgroups/cgroup.controllers ] && echo 2 || echo 1)
cgroup() { # cgroup PLACE CONTROLLER: its folder
    if [ "$cgroup_version" = 2 ]; then echo "$cgroups/$shop/$1"; else echo "$cgroups/$2/$shop/$1"; fi
}
# The shop as a whole goes before whatever else runs on the machine: its limits are to be the only ones it meets.
limit() { # limit PLACE CPUS(in hundredths) [MEMORY(MiB)]
    if [ "$cgroup_version" = 2 ]; then
        mkdir -p "$cgroups/$shop/$1"
        echo '+cpu +memory' > "$cgroups/cgroup.subtree_control"
        echo '+cpu +memory' > "$cgroups/$shop/cgroup.subtree_control"
        echo 1600 > "$cgroups/$shop/cpu.weight"
        echo "$(($2 * 1000)) 100000" > "$(cgroup "$1" cpu)/cpu.max"
        [ -z "${3:-}" ] || echo "${3}M" > "$(cgroup "$1" memory)/memory.max"
    else
        mkdir -p "$(cgroup "$1" cpu)" "$(cgroup "$1" cpuacct)" "$(cgroup "$1" memory)"
        echo 16384 > "$cgroups/cpu/$shop/cpu.shares"
        echo $(($2 * 1000)) > "$(cgroup "$1" cpu)/cpu.cfs_quota_us"
        [ -z "${3:-}" ] || echo "${3}M" > "$(cgroup "$1" memory)/memory.limit_in_bytes"
    fi
}
group_files() { # group_files PLACE: where a process enters its control groups
    local c
    for c in cpu cpuacct memory; do echo "$(cgroup "$1" $c)/cgroup.procs"; done | sort -u | while read -r c; do [ ! -f "$c" ] || echo "$c"; done
}
remove_cgroups() { # the processes in them are gone
    local controller
    for controller in '' /cpu /cpuacct /memory; do
        [ ! -d "$cgroups$controller/$shop" ] || find "$cgroups$controller/$shop" -depth -type d -exec rmdir {} + || true
    done
}

# ---- processes ----
declare -A pids=()
# start NAME PLACE COMMAND...: a process in the place's network and control group, with a host name of its own.
start() {
    local name=$1 place=$2 groups
    shift 2
    groups=$(group_files "$place" | tr '\n' ' ')
    nsenter --net="/run/netns/rec-$place" -- unshare --uts sh -c '
        hostname "$1"; for g in $2; do echo 0 > "$g"; done; cd /srv/app; shift 2; exec "$@"
    ' sh "$name" "$groups" "$@" >> "$run/out/$name" 2>&1 &
    pids[$name]=$!
}
stop() { # stop NAME [SIGNAL]
    local pid=${pids[$1]:-}
    [ -n "$pid" ] || return 0
    kill "-${2:-TERM}" "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
    unset "pids[$1]"
}
wait_for() { # wait_for PLACE URL
    for _ in $(seq 150); do
        inside "$1" curl -ks -o /dev/null "$2" && return
        sleep 0.2
    done
    echo "$2 did not come up" >&2
    tail -n 5 "$run"/out/* >&2
    exit 1
}
