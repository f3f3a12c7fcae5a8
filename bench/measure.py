"""Runs programs and says what they took. Times are wall-clock seconds; memory is the maximum resident set, mapped pages
included."""

import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass


@dataclass
class Run:
    seconds: float
    memory: int  # bytes
    output: str


class Failed(Exception):
    """A program of the benchmark ended with an error: nothing about it can be measured."""


class Measure:
    """Runs programs through `fa_bench_measured`, which is small: a program inherits the peak memory of its starter."""

    def __init__(self, launcher):
        self.launcher = launcher

    def run(self, command, cores=None, own_clock=None):
        """Runs once. `own_clock` takes the seconds from the output, for peers that say how long their work alone took."""
        with tempfile.NamedTemporaryFile("r") as figures:
            ran = subprocess.run([self.launcher, figures.name, *command], stdin=subprocess.DEVNULL, capture_output=True,
                                 check=False, preexec_fn=lambda: os.sched_setaffinity(0, cores or the_cores()))
            output = ran.stdout.decode("utf-8", "replace")
            if ran.returncode != 0:
                said = ran.stderr[:2000].decode("utf-8", "replace")
                raise Failed(f"{' '.join(map(str, command))}: status {ran.returncode}: {said}")
            seconds, kibibytes = figures.read().split()
        return Run(own_clock(output) if own_clock else float(seconds), int(kibibytes) * 1024, output)


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


