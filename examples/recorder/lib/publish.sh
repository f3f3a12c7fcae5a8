# Makes the incident folder of what was recorded. Sourced by record.sh.

description() { # what the person on call knows
    case $(jq -r '.metric // empty' "$run/alarm.json" 2> /dev/null) in
        HTTPCode_Target_5XX_Count) echo "Alarm: 5XX errors on the storefront load balancer";;
        TargetResponseTime) echo "Alarm: slow answers on the storefront load balancer";;
        *) [ -z "${FAULT_DESCRIPTION:-}" ] || { echo "$FAULT_DESCRIPTION"; return; }
           echo "no alarm was raised and the fault says nothing of what was noticed" >&2; return 1;;
    esac
}
publish() {
    local alarm=null what
    stop container-metrics
    stop otel
    sed -e 's/^[^2].*//' -e '/^$/d' "$run/out/orders-db" > "$run/rec/orders-db.log"
    env ALB_NAME="$alb" ALB_TARGET_GROUP=arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/storefront/73e2d6bc24d8a067 \
        ALB_CERTIFICATE=arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012 ALB_SALT="$begin" \
        node workload/alb-log.js < "$run/lb.json.log" > "$run/rec/alb-access.log"
    what=$(description)
    if [ -s "$run/alarm.json" ]; then alarm=$(cat "$run/alarm.json"); fi
    jq -n --arg id "$id" --arg what "$what" --arg from "$(iso $((fault_at - 60)))" --arg to "$(iso "$end")" --arg base "$(iso $((begin + 30)))" --argjson alarm "$alarm" '
        {$id, description: $what, window: {$from, $to}, baseline: {from: $base, to: $from}} + if $alarm then {$alarm} else {} end' > "$run/rec/incident.json"
    jq -n --arg subject "$FAULT_SUBJECT" --arg mechanism "$FAULT_MECHANISM" --arg notes "$FAULT_NOTES" --arg herrings "$herrings" '
        if $subject == "" then {subject: null} else {$subject, $mechanism} end
        + {$notes, herrings: ($herrings | split(","))}' > "$run/truth.json"

    # Nothing about this machine may be in it.
    if grep -rnF -e "$run" -e "$here" -e "$db_password" "$run/rec" || grep -rnE "(^|[^-[:alnum:]])$(hostname)([^-[:alnum:]]|\$)" "$run/rec" | grep -vw localhost; then
        echo "a recorded file holds the above: nothing is written" >&2
        exit 1
    fi
    find "$run/rec" -empty -delete
    zstd -q --ultra -22 --long=27 --rm "$run"/rec/*.otlp.jsonl "$run"/rec/*.log
    mkdir -p "$out"
    rm -rf "$out/incident"
    cp -r "$run/rec" "$out/incident"
    cp "$run/truth.json" "$out/truth.json"
    du -sk "$out"
}
