"""The rows of the table: each measures one kind of work beside its peer and checks what was answered."""

import json
from dataclasses import dataclass

import oracle
from inputs import bytes_of, files_of
from measure import Measure, in_turns

# Drain3 0.9, single-threaded, on log lines like these and a machine with two such cores.
DRAIN3_LINES_PER_SECOND = 39_000


@dataclass
class Row:
    work: str
    peer: str
    target: str
    figure: str
    met: bool
    detail: str


class Bench:
    def __init__(self, programs, inputs, rounds, peers):
        self.fa2 = programs / "fa2"
        self.parse_only = programs / "bench" / "fa_json_parse_only"
        self.collect = programs / "bench" / "fa_collect_bench"
        self.run = Measure(programs / "bench" / "fa_bench_measured").run
        self.inputs = inputs
        self.sizes = inputs.sizes
        self.rounds = rounds
        self.peers = peers  # Folder with DuckDB's package, or None.
        self.mixed_rate = None

    def rows(self):
        """Row by row, so that what was measured is seen at once."""
        yield from self.mixed_logs()
        yield self.one_file()
        yield self.json_logs()
        yield from self.access_logs()
        yield self.spans()
        yield from self.incident()
        yield self.version()

    def patterns(self, *paths):
        return [self.fa2, "patterns", *paths, "--format", "json", "--quiet"]

    def mixed_logs(self):
        folder = self.inputs.make("mixed", kilobytes=self.sizes.kilobytes)
        files, size = files_of(folder), bytes_of(folder)
        took = in_turns({
            "fa2": lambda: self.run(self.patterns(folder)),
            "rg": lambda: self.run(["rg", "--no-ignore", "-j2", "-c", "ERROR|WARN|FATAL|failed", folder]),
        }, self.rounds)
        messages = json.loads(took["fa2"].output)["messages"]
        oracle.expect("messages of the mixed logs", messages, oracle.messages_in(files))
        self.mixed_rate = size / took["fa2"].seconds
        work = f"`fa2 patterns`, {size / 1e6:,.0f} MB of mixed logs in {len(files)} files"
        yield ratio_row(work, "`rg -j2 -c` over the same files", took["fa2"], took["rg"], 8, size)
        lines = messages / took["fa2"].seconds
        factor = lines / DRAIN3_LINES_PER_SECOND
        yield Row(work, "Drain3's stated rate, 39,000 lines/s", ">= 250x", f"{factor:,.0f}x", factor >= 250,
                  f"{lines:,.0f} messages/s")
        yield memory_row(work, took["fa2"], 300)

    def one_file(self):
        folder = self.inputs.make("one-format", kilobytes=self.sizes.kilobytes)
        took = in_turns({"fa2": lambda: self.run(self.patterns(folder))}, self.rounds)["fa2"]
        oracle.expect("messages of the one file", json.loads(took.output)["messages"], oracle.messages_in(files_of(folder)))
        rate = bytes_of(folder) / took.seconds
        share = rate / self.mixed_rate
        return Row("`fa2 patterns`, one file of one format", "its rate over the 8 files", ">= 0.9 of it", f"{share:.2f}",
                   share >= 0.9, f"{rate / 1e6:,.0f} MB/s")

    def json_logs(self):
        folder = self.inputs.make("json", kilobytes=self.sizes.kilobytes)
        file = files_of(folder)[0]
        took = in_turns({
            "fa2": lambda: self.run(self.patterns(file)),
            "simdjson": lambda: self.run([self.parse_only, file], own_clock=first_number),
        }, self.rounds)
        oracle.expect("messages of JSON lines", json.loads(took["fa2"].output)["messages"],
                      int(took["simdjson"].output.split()[2]))
        return rate_row("`fa2 patterns`, JSON lines", took["fa2"], took["simdjson"], 0.5, bytes_of(folder))

    def access_logs(self):
        folder = self.inputs.make("alb", lines=self.sizes.alb_lines)
        for name, pattern, limit in (("many", "many/*.gz", 0.5), ("one", "one/*.gz", 0.7)):
            files = sorted(folder.glob(pattern))
            jobs = {"fa2": lambda: self.run([self.fa2, "access", *files, "--format", "json", "--quiet"])}
            if self.peers:
                jobs["duckdb"] = lambda: self.run(["env", f"FA2_BENCH_NODE={self.peers}", "node", "bench/duckdb_alb.mjs",
                                              folder / pattern, "2"], own_clock=lambda out: json.loads(out)["seconds"])
            took = in_turns(jobs, self.rounds)
            answer = json.loads(took["duckdb"].output) if self.peers else oracle.access_answer(files)
            oracle.expect_same_access(json.loads(took["fa2"].output), answer)
            work = f"`fa2 access`, {self.sizes.alb_lines:,} ALB lines in {len(files)} .gz"
            if self.peers:
                yield ratio_row(work, "DuckDB 1.5, the same question", took["fa2"], took["duckdb"], limit, bytes_of(folder / name))
            else:
                yield Row(work, "DuckDB (not installed)", f"<= {limit}x", f"{took['fa2'].seconds:.3f} s", True, "not compared")

    def spans(self):
        folder = self.inputs.make("otlp", kilobytes=self.sizes.kilobytes)
        file = files_of(folder)[0]
        took = in_turns({
            "fa2": lambda: self.run([self.collect, file]),
            "simdjson": lambda: self.run([self.parse_only, file], own_clock=first_number),
        }, self.rounds)
        oracle.expect("spans", int(took["fa2"].output.split()[2]), oracle.count_in([file], b'"spanId":'))
        return rate_row("spans of OTLP/JSON into the digest of an investigation", took["fa2"], took["simdjson"], 0.4,
                        bytes_of(folder))

    def incident(self):
        folder = self.inputs.make("incident", kilobytes=self.sizes.kilobytes)
        files = files_of(folder)
        took = in_turns({
            "fa2": lambda: self.run([self.fa2, "investigate", folder, "--format", "json", "--quiet"]),
            "cat": lambda: self.run(["cat", *files]),
        }, self.rounds)
        blamed = json.loads(took["fa2"].output)["hypotheses"][0]["subject"]["service"]
        if blamed not in ("postgres", "inventory"):
            raise SystemExit(f"bench: the database of the incident is slow, and fa2 blames {blamed!r}")
        work = "`fa2 investigate`, an incident of logs, ALB, traces and metrics"
        seconds = took["fa2"].seconds
        yield Row(work, f"`cat` of the same bytes: {took['cat'].seconds:.2f} s", "<= 4 s", f"{seconds:.2f} s", seconds <= 4,
                  f"{bytes_of(folder) / 1e6:,.0f} MB on disk")
        yield memory_row(work, took["fa2"], 300)

    def version(self):
        took = in_turns({"fa2": lambda: self.run([self.fa2, "--version"]), "true": lambda: self.run(["true"])}, max(self.rounds, 1) * 4)
        if not took["fa2"].output.startswith("fa2 "):
            raise SystemExit(f"bench: --version says {took['fa2'].output!r}")
        millis = 1000 * took["fa2"].seconds
        return Row("`fa2 --version`", f"`true`: {1000 * took['true'].seconds:.1f} ms", "<= 20 ms", f"{millis:.1f} ms",
                   millis <= 20, "")


def first_number(output):
    return float(output.split()[0])


def ratio_row(work, peer, ours, theirs, limit, size):
    """Time against time: the less the better."""
    ratio = ours.seconds / theirs.seconds
    return Row(work, f"{peer}: {theirs.seconds:.3f} s", f"<= {limit}x", f"{ratio:.2f}x", ratio <= limit,
               f"{ours.seconds:.3f} s, {size / ours.seconds / 1e6:,.0f} MB/s")


def rate_row(work, ours, theirs, share, size):
    """Rate against simdjson's: the more the better."""
    figure = theirs.seconds / ours.seconds
    return Row(f"{work}, {size / 1e6:,.0f} MB", f"simdjson, parse only, one thread: {size / theirs.seconds / 1e6:,.0f} MB/s",
               f">= {share} of it", f"{figure:.2f}", figure >= share,
               f"{ours.seconds:.3f} s, {size / ours.seconds / 1e6:,.0f} MB/s")


def memory_row(work, ours, limit):
    megabytes = ours.memory / 1e6
    return Row(f"peak memory of {work}", "-", f"<= {limit} MB", f"{megabytes:.0f} MB", megabytes <= limit, "")
