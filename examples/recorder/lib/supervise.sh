#!/bin/bash
# supervise.sh COMMAND...: runs it, and runs it again when it ends by itself, as an orchestrator would; says so in LOG_FILE.
say() { echo "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ) $1 [$SERVICE_INSTANCE] [supervisor] $2" >> "$LOG_FILE"; }
stopped=
trap 'stopped=1; kill -TERM "$child" 2> /dev/null' TERM
while :; do
    "$@" &
    child=$!
    wait "$child"; status=$?
    if [ -n "$stopped" ]; then wait "$child" 2> /dev/null; exit 0; fi
    if [ $status -gt 128 ]; then how="killed by signal $((status - 128))"; else how="exited with status $status"; fi
    say 'ERROR' "process of $SERVICE_INSTANCE $how, starting it again"
    sleep 1
done
