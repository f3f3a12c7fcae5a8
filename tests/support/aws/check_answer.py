#!/usr/bin/python3
"""Holds answers of the stand-in against the published service models: a member the model does not know, a required one
that is missing, a value of another wire type; and has botocore's own parser read them.
  check_answer.py SHARED_FOLDER FILE
FILE holds a JSON array of {"service", "operation", "status", "headers", "body_base64"}. Prints one line per problem. Exit
status 1 when there are problems, 3 when botocore is missing."""
import base64
import json
import os
import re
import sys
from xml.etree import ElementTree

try:
    import botocore.loaders
    import botocore.model
    import botocore.parsers
except ImportError:
    sys.exit(3)

shared, file = sys.argv[1:]
models = {}
# What the models leave out of outputs on purpose: the answer's own wrapping.
XML_FRAME = {"ResponseMetadata"}


def operation_model(service, operation):
    if service not in models:
        with open(os.path.join(shared, "aws", "models", service + ".json")) as source:
            models[service] = botocore.model.ServiceModel(json.load(source), service)
    if operation in models[service].operation_names:
        return models[service].operation_model(operation)
    # The shared extract leaves some operations out; botocore has all.
    full = botocore.loaders.Loader().load_service_model(service, "service-2")
    return botocore.model.ServiceModel(full, service).operation_model(operation)


def wire_name(shape, member):
    return shape.serialization.get("name", member)


class Problems(list):
    def at(self, path, words):
        self.append(f"{path or '(answer)'}: {words}")


def length(problems, shape, value, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    size = len(value) if isinstance(value, (str, list, dict)) else value
    if least is not None and size < least:
        problems.at(path, f"less than {least}: {value!r}")
    if most is not None and size > most:
        problems.at(path, f"more than {most}: {str(value)[:60]!r}")
    pattern = shape.metadata.get("pattern")
    try:
        if pattern and isinstance(value, str) and not re.search(pattern, value):
            problems.at(path, f"does not match {pattern}: {value!r}")
    except re.error:
        pass  # Written for Java (\\p{L}, surrogates): Python has no such expression.
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        problems.at(path, f"{value!r} is none of {choices}")


def check_json(problems, shape, value, path):
    kind = shape.type_name
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "structure":
        if not isinstance(value, dict):
            return problems.at(path, f"object expected, got {value!r}")
        known = {wire_name(m, n): (n, m) for n, m in shape.members.items() if not m.serialization.get("location")}
        for key, inner in value.items():
            if key not in known:
                problems.at(f"{path}.{key}", "unknown member")
            elif inner is None:
                problems.at(f"{path}.{key}", "null")
            else:
                check_json(problems, known[key][1], inner, f"{path}.{key}")
        for name in shape.required_members:
            if wire_name(shape.members[name], name) not in value:
                problems.at(f"{path}.{name}", "required, but missing")
    elif kind == "list":
        if not isinstance(value, list):
            return problems.at(path, f"array expected, got {value!r}")
        for i, inner in enumerate(value):
            check_json(problems, shape.member, inner, f"{path}[{i}]")
    elif kind == "map":
        if not isinstance(value, dict):
            return problems.at(path, f"object expected, got {value!r}")
        for key, inner in value.items():
            check_json(problems, shape.value, inner, f"{path}.{key}")
    elif kind == "boolean":
        if not isinstance(value, bool):
            problems.at(path, f"boolean expected, got {value!r}")
    elif kind in ("integer", "long"):
        if not isinstance(value, int) or isinstance(value, bool):
            problems.at(path, f"{kind} expected, got {value!r}")
        else:
            length(problems, shape, value, path)
    elif kind in ("float", "double"):
        if not number:
            problems.at(path, f"{kind} expected, got {value!r}")
    elif kind == "timestamp":
        if not number or value > 1e11:
            problems.at(path, f"epoch seconds expected, got {value!r}")
    elif not isinstance(value, str):
        problems.at(path, f"{kind} expected as a string, got {value!r}")
    else:
        length(problems, shape, value, path)


def check_text(problems, shape, text, path, time_format):
    """A scalar of XML or of a header."""
    kind = shape.type_name
    forms = {"boolean": r"true|false", "integer": r"-?\d+", "long": r"-?\d+", "double": r"-?[\d.]+(e[-+]?\d+)?",
             "timestamp": {"iso8601": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
                           "rfc822": r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"}[time_format]}
    if kind in forms and not re.fullmatch(forms[kind], text):
        problems.at(path, f"{kind} expected, got {text!r}")
    elif kind == "string":
        length(problems, shape, text, path)


def check_xml(problems, shape, node, path):
    local = lambda element: element.tag.split("}")[-1]
    if shape.type_name == "structure":
        known = {}
        for name, member in shape.members.items():
            if not member.serialization.get("location"):
                known[wire_name(member, name)] = member
        for child in node:
            key = local(child)
            if key not in known:
                problems.at(f"{path}.{key}", "unknown element")
            elif known[key].type_name == "list" and known[key].serialization.get("flattened"):
                check_xml(problems, known[key].member, child, f"{path}.{key}")
            else:
                check_xml(problems, known[key], child, f"{path}.{key}")
        present = {local(child) for child in node}
        for name in shape.required_members:
            if wire_name(shape.members[name], name) not in present:
                problems.at(f"{path}.{name}", "required, but missing")
    elif shape.type_name == "list":
        for child in node:
            check_xml(problems, shape.member, child, f"{path}.{local(child)}")
    else:
        check_text(problems, shape, node.text or "", path, "iso8601")


def check(item):
    problems = Problems()
    service, operation = item["service"], item["operation"]
    model = operation_model(service, operation)
    protocols = model.service_model.metadata.get("protocols") or [model.service_model.metadata["protocol"]]
    body = base64.b64decode(item["body_base64"])
    headers = {k.lower(): v for k, v in item["headers"].items()}
    shape = model.output_shape
    protocol = next((p for p in ("rest-xml", "rest-json", "json", "query") if p in protocols))
    if item["status"] // 100 != 2:
        problems.at("", f"status {item['status']}: {body[:200]!r}")
        return problems
    if "date" not in headers:
        problems.at("", "no Date header")
    if protocol in ("json", "rest-json"):
        check_json(problems, shape, json.loads(body), "") if shape else None
    elif protocol == "query":
        root = ElementTree.fromstring(body)
        parts = {child.tag.split("}")[-1]: child for child in root}
        wrapper = shape.serialization.get("resultWrapper") if shape else None
        if wrapper and wrapper not in parts:
            problems.at("", f"no {wrapper} element")
        elif wrapper:
            check_xml(problems, shape, parts[wrapper], "")
        for name in parts:
            if name != wrapper and name not in XML_FRAME:
                problems.at(name, "unknown element")
    else:
        payload = shape.serialization.get("payload")
        if not payload and body:
            check_xml(problems, shape, ElementTree.fromstring(body), "")
        for name, member in shape.members.items():
            if member.serialization.get("location") == "header":
                key = wire_name(member, name).lower()
                if key in headers:
                    check_text(problems, member, headers[key], name, "rfc822")
    parser = botocore.parsers.create_parser(protocol)
    parsed = parser.parse({"status_code": item["status"], "headers": headers, "body": body}, shape)
    if parsed["ResponseMetadata"].get("HTTPStatusCode") != item["status"]:
        problems.at("", "botocore reads another status")
    if not parsed["ResponseMetadata"].get("RequestId"):
        problems.at("", "botocore finds no request id")
    return problems


total = 0
for index, answer in enumerate(json.load(open(file))):
    try:
        found = check(answer)
    except Exception as error:  # an answer that nothing can read is a finding, not an end
        found = [f"{type(error).__name__}: {error}"]
    for words in found:
        print(f"answer {index + 1} ({answer['service']} {answer['operation']}): {words}")
        total += 1
sys.exit(1 if total else 0)
