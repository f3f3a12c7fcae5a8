#!/usr/bin/env python3
"""Measures every row of docs/benchmarks.md and prints the table; without --smoke it writes that page and its plot, too.
Called by run.sh, which builds what it needs."""

import argparse
import pathlib
import subprocess
import sys

import growth
from growth_plot import growth_svg
from inputs import FULL, SMOKE, Inputs
from measure import Failed, machine
from rows import Bench

PAGE = pathlib.Path("docs/benchmarks.md")
PLOT = pathlib.Path("docs/benchmarks-growth.svg")

HEAD = """# Benchmarks

Written by `./run bench`, which makes its inputs itself (`bench/inputs`, seeded), measures each work and its peer in turns in
one run, and takes the median of {rounds} runs with warm caches. The answers are checked against the peer's, or against an
oracle in Python, before a figure is printed. What bounds the figures, and what was tried, is in
[performance.md](performance.md).

"""

MEANINGS = """
`rg` only searches for four words: it is the measure of what it costs at the least to look at every byte. simdjson's figure
is its DOM parser over all documents of the file, on one thread and with nothing done afterwards. DuckDB reads the same files
by `read_csv` with two threads; the time of Node.js to start is left out. Drain3's rate is a stated one, not measured
here. Memory is the maximum resident set, mapped pages included.
"""


def table(rows):
    lines = ["| work | peer | target | figure | met | in detail |", "|---|---|---|---|---|---|"]
    lines += [f"| {r.work} | {r.peer} | {r.target} | {r.figure} | {'yes' if r.met else '**no**'} | {r.detail} |" for r in rows]
    return "\n".join(lines) + "\n"


def varied_table(rows):
    lines = ["| what varies | value | MB/s | peak memory, MB | templates found |", "|---|---|---|---|---|"]
    lines += [f"| {what} | {value:,} | {rate:,.0f} | {memory:.0f} | {found:,} |" for what, value, rate, memory, found in rows]
    return "\n".join(lines) + "\n"


def page(rounds, about, rows, points, varied):
    return (HEAD.format(rounds=rounds) + "".join(f"- {line}\n" for line in about) + "\n" + table(rows) + MEANINGS +
            "\n## How cost grows\n\n" + f"![Time by size of the input]({PLOT.name})\n\n" +
            "| input, MB | seconds | peak memory, MB |\n|---|---|---|\n" +
            "".join(f"| {p[0] / 1e6:,.0f} | {p[1]:.3f} | {p[2] / 1e6:.0f} |\n" for p in points) +
            "\n`fa2 patterns` over logs of one kind:\n\n" + varied_table(varied))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small inputs, one run each, nothing written")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each work (default 5)")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder with the programs")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the inputs")
    parser.add_argument("--peers", type=pathlib.Path, help="folder that holds node_modules with DuckDB")
    options = parser.parse_args()

    rounds = 0 if options.smoke else options.runs
    bench = Bench(options.build, Inputs(options.build / "bench" / "fa_bench_inputs", options.data,
                                        SMOKE if options.smoke else FULL), rounds, options.peers)
    version = subprocess.run([bench.fa2, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    about = machine() + [f"program {version}"]
    print("\n".join(about), flush=True)
    rows = []
    try:
        for row in bench.rows():
            rows.append(row)
            print_row(row, options.smoke)
        points, start = growth.sizes(bench)
        for row in growth.growth_rows(points, start):
            rows.append(row)
            print_row(row, options.smoke)
        varied = list(growth.varied(bench))
    except Failed as failure:
        sys.exit(f"bench: {failure}")
    print("\n" + varied_table(varied))
    text = page(rounds, about, rows, points, varied)
    plot = growth_svg(points, growth.slope(points, start))
    if options.smoke:
        print(f"bench: {len(rows)} rows answered rightly; sizes this small say nothing about speed")
    else:
        PAGE.write_text(text, encoding="utf-8")
        PLOT.write_text(plot, encoding="utf-8")
        print(f"bench: written to {PAGE} and {PLOT}; {sum(not r.met for r in rows)} targets missed")


def print_row(row, smoke):
    verdict = "answer" if smoke else "met   " if row.met else "MISSED"
    print(f"{verdict} {row.figure:>9}  ({row.target})  {row.work}  [{row.peer}; {row.detail}]", flush=True)


if __name__ == "__main__":
    main()
