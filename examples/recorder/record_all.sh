#!/bin/bash
# record_all.sh [CASE...]: records the cases below, or those named, four at a time; see README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# The id stands in what FA2 reads, so it says nothing of the fault. Case, id, fault, herrings, further options; the seed is the id's number.
cases='
shop/db_slow              shop-21 db_slow             cache_setting,slow_search
shop/cpu_hog              shop-22 cpu_hog             deployment,slow_provider
shop/memory_oom           shop-23 memory_oom          deployment
shop/disk_full            shop-24 disk_full           cache_setting,slow_search
shop/dns_failure          shop-25 dns_failure         deployment,slow_search
shop/expired_certificate  shop-26 expired_certificate cache_setting,deployment
shop/bad_deployment       shop-27 bad_deployment      cache_setting,slow_provider
shop/wrong_result         shop-28 wrong_result        deployment,slow_search
shop/pool_exhausted       shop-29 pool_exhausted      cache_setting
shop/rate_limit           shop-30 rate_limit          deployment,slow_search
shop/config_change        shop-31 config_change       cache_setting,slow_search
shop/nothing_wrong        shop-32 none                cache_setting
shop/nothing_wrong_deploy shop-33 none                cache_setting,deployment
healthy/hour              shop-34 none                cache_setting,deployment --healthy-seconds 3660 --fault-seconds 240 --rate 1.2 --trace-share 0.15 --metric-seconds 60
'
while read -r case id fault herrings options; do
    [ -n "$case" ] || continue
    [ $# = 0 ] || [[ " $* " == *" ${case##*/} "* ]] || continue
    echo "--id $id --seed ${id##*-} --fault $fault --herrings $herrings --out ../$case${options:+ $options}"
done <<< "$cases" | xargs -P 4 -L 1 ./record.sh
