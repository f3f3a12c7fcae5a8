#!/usr/bin/env python3
"""Writes log files in six usual formats for the benchmark: the same bytes for the same seed and size, on any machine.

usage: generate_logs.py FOLDER [--megabytes N] [--seed N]
"""

import argparse
import json
import pathlib
import random
from datetime import datetime, timedelta, timezone

BEGIN = datetime(2026, 3, 14, 8, 0, 0, tzinfo=timezone.utc)
LOGGERS = ["shop.orders.OrderService", "shop.orders.Repository", "shop.http.Router", "shop.cache.PriceCache"]
PATHS = ["/", "/search", "/cart", "/checkout", "/api/v1/orders", "/api/v1/items", "/static/app.js", "/health"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.4.0", "okhttp/4.12.0", "ELB-HealthChecker/2.0"]
DAEMONS = ["sshd", "systemd", "cron", "kernel", "dhclient"]


class Source:
    """Time that goes on and values that vary, from one seeded generator."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = BEGIN

    def tick(self):
        self.now += timedelta(microseconds=self.random.randrange(200, 20000))
        return self.now

    def number(self, below):
        return self.random.randrange(below)

    def hex(self, digits):
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def address(self):
        return f"10.{self.number(256)}.{self.number(256)}.{self.number(256)}"

    def pick(self, values):
        return values[self.number(len(values))]


def level_and_message(s):
    """What an application says: mostly all is well."""
    n = s.number(1000)
    if n < 300:
        return "INFO", f"order {s.number(10**7)} of customer {s.hex(12)} accepted in {s.number(400)} ms"
    if n < 550:
        return "INFO", f"GET {s.pick(PATHS)}?page={s.number(50)} answered 200 with {s.number(90000)} bytes"
    if n < 750:
        return "DEBUG", f"cache hit for key item:{s.number(10**5)} (age {s.number(600)}s, size {s.number(5000)})"
    if n < 900:
        return "INFO", f"connection to {s.address()}:5432 taken from pool (total={s.number(20)}, idle={s.number(20)})"
    if n < 960:
        return "WARN", f"slow query took {500 + s.number(3000)} ms: select * from orders where id = {s.number(10**7)}"
    if n < 990:
        return "ERROR", f"request {s.hex(16)} failed: upstream {s.address()}:8080 answered {500 + s.number(5)}"
    if n < 998:
        return "WARN", f"retry {s.number(5)} of job {s.hex(8)}-{s.hex(4)} scheduled"
    return "FATAL", f"worker {s.number(64)} lost its lease on partition {s.number(128)}"


def log4j(s):
    t = s.tick().strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    level, message = level_and_message(s)
    line = f"{t} {level:<5} [worker-{s.number(16)}] {s.pick(LOGGERS)} - {message}\n"
    if level == "ERROR" and s.number(4) == 0:
        line += "java.net.SocketTimeoutException: Read timed out\n"
        line += "".join(f"\tat shop.http.Client.call{i}(Client.java:{40 + 7 * i})\n" for i in range(8))
    return line


def json_lines(s):
    t = s.tick().isoformat(timespec="milliseconds")
    level, message = level_and_message(s)
    record = {"@timestamp": t, "log.level": level, "service.name": "orders", "trace.id": s.hex(32), "message": message}
    return json.dumps(record) + "\n"


def access(s):
    t = s.tick().strftime("%d/%b/%Y:%H:%M:%S +0000")
    status = 200 if s.number(100) < 96 else s.pick([301, 404, 499, 500, 502, 503])
    return (f'{s.address()} - - [{t}] "GET {s.pick(PATHS)}?q={s.hex(6)} HTTP/1.1" {status} {s.number(60000)} '
            f'"-" "{s.pick(AGENTS)}"\n')


def syslog(s):
    t = s.tick().strftime("%b %d %H:%M:%S")
    daemon = s.pick(DAEMONS)
    text = s.pick([
        f"Accepted publickey for deploy from {s.address()} port {1024 + s.number(60000)} ssh2",
        f"Failed password for invalid user admin from {s.address()} port {1024 + s.number(60000)} ssh2",
        f"session-{s.number(9999)}.scope: Succeeded.",
        f"(root) CMD (/usr/lib/sa/sa1 {s.number(9)} 1)",
        f"eth0: link up, {s.pick(['100', '1000'])}Mbps, full-duplex",
    ])
    return f"{t} node-{s.number(8)} {daemon}[{s.number(32768)}]: {text}\n"


def klog(s):
    t = s.tick().strftime("%m%d %H:%M:%S.%f")
    level, message = level_and_message(s)
    return f"{level[0]}{t} {s.number(99999):7d} controller.go:{s.number(900)}] {message}\n"


def container(s):
    t = s.tick().strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
    level, message = level_and_message(s)
    return f'{t} stdout F level={level.lower()} msg="{message}" pod=orders-{s.hex(10)}\n'


FORMATS = [log4j, json_lines, access, syslog, klog, container]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=192, help="of all files together (default 192)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for index, write in enumerate(FORMATS):
        source = Source(options.seed * 1000 + index)
        wanted = options.megabytes * 1_000_000 // len(FORMATS)
        with open(options.folder / f"{write.__name__}.log", "w", encoding="ascii", newline="\n") as out:
            while wanted > 0:
                block = "".join(write(source) for _ in range(1000))
                out.write(block)
                wanted -= len(block)


if __name__ == "__main__":
    main()
