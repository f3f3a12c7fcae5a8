#!/bin/bash
# kernel_log.sh GROUP: of the kernel's messages on standard input (`dmesg --time-format iso`) those about a process killed for the memory of a
# control group below GROUP.
victim=
while read -r time line; do
    case $line in
        oom-kill:*"/$1/"*) victim=$(sed -n 's/.*,pid=\([0-9]*\).*/\1/p' <<< "$line");;
        *"Killed process $victim "*) [ -n "$victim" ] || continue;;
        *) continue;;
    esac
    echo "${time/,/.} node-1 kernel: $line"
done
