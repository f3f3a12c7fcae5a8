#!/usr/bin/env python3
"""Checks that the corpus is whole: the listing is what its script writes, every metric that a question names is in it,
and the counts are those that README.md promises. Needs nothing but Python 3."""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def key(namespace, name, dimensions):
    return namespace, name, tuple(sorted(dimensions.items()))


def matches(pattern, metric):
    name = pattern["name"]
    fits = metric[1].startswith(name[:-1]) if name.endswith("*") else metric[1] == name
    return metric[0] == pattern["namespace"] and fits and set(pattern.get("dimensions", {}).items()) <= set(metric[2])


def main():
    written = (HERE / "listing.json").read_bytes()
    made = subprocess.run([sys.executable, HERE / "make_listing.py"], capture_output=True, check=True).stdout
    problems = [] if made == written else ["listing.json is not what make_listing.py writes"]
    listing = {key(m["Namespace"], m["MetricName"], {d["Name"]: d["Value"] for d in m["Dimensions"]})
               for m in json.loads(written)["Metrics"]}
    questions = json.loads((HERE / "questions.json").read_bytes())["questions"]
    for question in questions:
        for must in question["must"]:
            for one in [must, *must.get("or", [])]:
                if key(one["namespace"], one["name"], one["dimensions"]) not in listing:
                    problems.append(f"{question['id']}: not in the listing: {one}")
        for may in question["may"]:
            if not any(matches(may, metric) for metric in listing):
                problems.append(f"{question['id']}: matches nothing: {may}")
    languages = [question["lang"] for question in questions]
    namespaces = {metric[0] for metric in listing}
    if len(listing) < 2000 or len(namespaces) < 12 or min(languages.count("ja"), languages.count("en")) < 22:
        problems.append("smaller than promised")
    print(f"{len(listing)} metrics in {len(namespaces)} namespaces, {languages.count('ja')} + {languages.count('en')} "
          f"questions (ja + en), {sum(len(question['must']) for question in questions)} metrics to choose")
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    main()
