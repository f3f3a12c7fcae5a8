"""How cost grows: with the size of the input, the number of templates, the length of lines, and threads."""

import json
import math

import oracle
from inputs import bytes_of, files_of
from measure import in_turns, the_cores
from rows import Row


def sizes(bench):
    """(bytes, seconds, memory) of `fa2 patterns` over mixed logs of each size, and the seconds it takes for next to
    nothing, which is what starting costs."""
    smallest = bench.inputs.make("mixed", kilobytes=1)
    start = in_turns({"fa2": lambda: bench.run(bench.patterns(smallest))}, bench.rounds)["fa2"].seconds
    points = []
    for kilobytes in bench.sizes.growth:
        folder = bench.inputs.make("mixed", kilobytes=kilobytes)
        took = in_turns({"fa2": lambda: bench.run(bench.patterns(folder))}, bench.rounds)["fa2"]
        points.append((bytes_of(folder), took.seconds, took.memory))
    return points, start


def slope(points, start):
    """Least squares through the logarithms of bytes and of the seconds that are not spent on starting."""
    xs = [math.log(p[0]) for p in points]
    ys = [math.log(max(p[1] - start, 1e-6)) for p in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)


def growth_rows(points, start):
    exponent = slope(points, start)
    yield Row("`fa2 patterns`, " + ", ".join(f"{p[0] / 1e6:,.0f}" for p in points) + " MB", "cost in proportion",
              "slope 1.0 +- 0.05", f"{exponent:.3f}", abs(exponent - 1) <= 0.05,
              ", ".join(f"{p[1]:.2f} s" for p in points) + f", of which {start:.3f} s to start")
    largest = points[-1]
    yield Row(f"peak memory of `fa2 patterns`, {largest[0] / 1e6:,.0f} MB", "-", "<= 400 MB", f"{largest[2] / 1e6:.0f} MB",
              largest[2] <= 400e6, "")


def varied(bench):
    """What has no target: (what varies, its value, MB/s, MB of memory, templates found)."""
    cases = [("distinct messages", n, {"templates": n, "line_bytes": 100}, None) for n in (10, 1_000, 100_000)]
    cases += [("bytes of a message", n, {"templates": 50, "line_bytes": n}, None) for n in (50, 500, 50_000)]
    for what, value, options, cores in cases + threads_cases():
        if what == "threads":
            folder = bench.inputs.make("mixed", kilobytes=bench.sizes.growth[-2])
        else:
            folder = bench.inputs.make("numbered", kilobytes=bench.sizes.varied, **options)
        took = in_turns({"fa2": lambda: bench.run(bench.patterns(folder), cores)}, bench.rounds)["fa2"]
        report = json.loads(took.output)
        oracle.expect(f"messages with {value} {what}", report["messages"], oracle.messages_in(files_of(folder)))
        yield what, value, bytes_of(folder) / took.seconds / 1e6, took.memory / 1e6, len(report["templates"])


def threads_cases():
    cores = sorted(the_cores())
    return [("threads", n, {}, set(cores[:n])) for n in range(1, len(cores) + 1)]
