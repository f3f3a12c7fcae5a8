"""Makes the inputs of the benchmark, once: they stay in build/bench-data until `bench/run.sh --clean`."""

import pathlib
import shutil
import subprocess
from dataclasses import dataclass

SEED = 1


@dataclass(frozen=True)
class Sizes:
    """How large the inputs are. Kilobytes are 1,000 bytes."""

    kilobytes: int
    alb_lines: int
    growth: tuple  # kilobytes of each step
    varied: int  # kilobytes of the logs whose number of templates and length of lines vary


FULL = Sizes(1_000_000, 1_000_000, (10_000, 100_000, 1_000_000, 10_000_000), 200_000)
SMOKE = Sizes(2_000, 5_000, (500, 1_000), 500)


class Inputs:
    def __init__(self, generator, folder, sizes):
        self.generator = generator
        self.folder = pathlib.Path(folder)
        self.sizes = sizes

    def make(self, kind, kilobytes=0, lines=0, templates=0, line_bytes=0):
        """The folder of one input; written if it is not there yet."""
        options = {"kilobytes": kilobytes, "lines": lines, "templates": templates, "line-bytes": line_bytes}
        given = {name: value for name, value in options.items() if value}
        folder = self.folder / "-".join([kind] + [f"{name}{value}" for name, value in given.items()])
        complete = folder.with_suffix(".complete")
        if complete.exists():
            return folder
        self.need_room(max(kilobytes * 1000, lines * 600))
        shutil.rmtree(folder, ignore_errors=True)
        command = [self.generator, kind, folder, "--seed", SEED]
        for name, value in given.items():
            command += [f"--{name}", value]
        subprocess.run([str(word) for word in command], check=True)
        complete.touch()
        return folder

    def need_room(self, wanted):
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free < wanted + 1_000_000_000:
            raise SystemExit(f"bench: {self.folder} has {free / 1e9:.1f} GB free, and {wanted / 1e9:.1f} GB and a rest of 1 GB are needed")


def bytes_of(folder):
    return sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file())


def files_of(folder, pattern="*"):
    return sorted(file for file in pathlib.Path(folder).rglob(pattern) if file.is_file())
