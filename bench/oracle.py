"""What the answers must be, worked out anew from the inputs by means that share nothing with fa2: slow, and simple enough
to be believed. Every figure of the benchmark is worth something only if what was timed gave the right answer."""

import collections
import gzip
import re

# The widest distance between a quantile of fa2, which counts in bins 4.4 % wide, and an exact one that may lie between
# two requests.
QUANTILE_TOLERANCE = 0.09

FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def expect(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"bench: {what}: fa2 says {got!r}, and it should be {wanted!r}")


def count_in(files, needle):
    """How often bytes occur."""
    total = 0
    for file in files:
        with open(file, "rb") as lines:
            total += sum(line.count(needle) for line in lines)
    return total


def messages_in(files):
    """Log messages: lines that do not belong to a stack trace."""
    total = 0
    for file in files:
        with open(file, "rb") as lines:
            total += sum(not line.startswith((b"\tat ", b"java.")) for line in lines)
    return total


def access_answer(files):
    """Failed requests and times by path, in the form that duckdb_alb.mjs prints."""
    failures = collections.Counter()
    seconds = collections.defaultdict(list)
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = [quoted or bare for quoted, bare in FIELD.findall(line)]
                times = [float(text) for text in fields[5:8]]
                took = sum(times) if min(times) >= 0 else clock(fields[1]) - clock(fields[21])
                path = re.sub(r"[?#].*", "", re.sub(r"^\w+://[^/]*", "", fields[12].split(" ")[1]))
                seconds[path].append(took)
                if int(fields[8]) >= 500:
                    failures[fields[16].split("/")[1], fields[21][:16] + ":00Z", int(fields[8])] += 1
    paths = []
    for path, took in sorted(seconds.items()):
        took.sort()
        paths.append([path, len(took)] + [took[round(q * (len(took) - 1))] for q in (0.5, 0.9, 0.99)])
    return {"failures": [[*key, count] for key, count in sorted(failures.items())], "paths": paths}


def clock(text):
    hour, minute, second = text[11:-1].split(":")
    return int(hour) * 3600 + int(minute) * 60 + float(second)


def expect_same_access(report, answer):
    """`report` is what `fa2 access --format json` says."""
    got = [[f["target"], f["minute"], f["status"], f["requests"]] for f in report["failures"]]
    expect("failed requests by target, minute and status", got, [list(row) for row in answer["failures"]])
    expect("requests by path", [[p["path"], p["requests"]] for p in report["paths"]], [row[:2] for row in answer["paths"]])
    for path, row in zip(report["paths"], answer["paths"]):
        for name, wanted in zip(("p50_seconds", "p90_seconds", "p99_seconds"), row[2:]):
            if abs(path[name] - wanted) > QUANTILE_TOLERANCE * max(wanted, 0.001):
                raise SystemExit(f"bench: {name} of {path['path']}: fa2 says {path[name]}, and it should be near {wanted}")
