"""Runs programs and says what they took. Times are wall-clock seconds; memory is the maximum resident set, mapped pages
included."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    seconds: float
    memory: int  # bytes
    output: str


class Failed(Exception):
    """A program of the benchmark ended with an error: nothing about it can be measured."""


def run(command, cores=None, own_clock=None):
    """Runs once. `own_clock` takes the seconds from the output, for peers that say how long their work alone took."""
    def prepare():
        os.sched_setaffinity(0, cores or the_cores())

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors, preexec_fn=prepare)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        output = out.read().decode("utf-8", "replace")
        if process.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}: status {process.returncode}: {errors.read(2000).decode('utf-8', 'replace')}")
    if own_clock:
        seconds = own_clock(output)
    return Run(seconds, usage.ru_maxrss * 1024, output)  # in KiB on Linux, getrusage(2)


def in_turns(jobs, rounds):
    """Median of each of `jobs` (name -> function that runs once), measured in turns, so that whatever else the machine
    does meets all of them alike. Each runs once unmeasured, which brings its files into the page cache."""
    runs = {name: [] for name in jobs}
    for name, job in jobs.items():
        first = job()
        if rounds == 0:
            runs[name].append(first)
    for _ in range(rounds):
        for name, job in jobs.items():
            runs[name].append(job())
    return {
        name: Run(statistics.median(r.seconds for r in taken), max(r.memory for r in taken), taken[-1].output)
        for name, taken in runs.items()
    }


def the_cores():
    """The first two cores that this process may use."""
    return set(sorted(os.sched_getaffinity(0))[:2])


def machine():
    """What the figures were measured on, in one line each."""
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "unknown")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return [
        f"processor {model}, {len(the_cores())} cores used",
        f"memory {pages / 2**30:.0f} GiB",
        f"system {os.uname().sysname} {os.uname().release} {os.uname().machine}",
    ]


