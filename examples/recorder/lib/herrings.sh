# Red herrings: what happens besides the fault and has nothing to do with it. Sourced by record.sh.
# What is always odd and always harmless is in the workload: 404s, a deprecated API in use, missing thumbnails logged as errors, declined
# cards, a search that waits for the index now and then.

herring_cache_setting() { # three and a half minutes before the fault
    sleep_until $((fault_at - 210))
    config catalog 8082 '{"cache.size":150}'
    change config_change catalog-team "catalog configuration" "change cache size" "$before" "$after"
}
herring_deployment() { # two minutes before the fault: a new version that is as good as the old one
    sleep_until $((fault_at - 120))
    deploy_storefront 5.3.2 5.3.1
}
herring_slow_search() { # a second anomaly that starts later: searches wait for the index more often
    sleep_until $((fault_at + 100))
    config catalog 8082 '{"search.merge.every":6}'
}
herring_slow_provider() { # a second anomaly that starts later: charges take longer
    sleep_until $((fault_at + 100))
    inside payments curl -fsS -k -X PUT -d '{"ms":250}' "https://$provider_name/delay"
}

# Those before the fault are run in the foreground of record.sh, as deployments change its table of processes; later ones beside it.
start_herrings() { # start_herrings LIST
    local h
    for h in ${1//,/ }; do
        case $h in
            slow_*) "herring_$h" > /dev/null &;;
        esac
    done
    for h in ${1//,/ }; do
        case $h in
            slow_*) ;;
            *) "herring_$h";;
        esac
    done
}
