#!/usr/bin/python3
"""Runs check() of the shared check_request.py over captured requests.
  check_requests.py SHARED_FOLDER FILE
FILE holds a JSON array of {"service", "operation", "request"}. Prints one line per problem. Exit status 1 when there are
problems, 3 when botocore is missing."""
import importlib.util
import json
import os
import sys

try:
    import botocore.loaders
    import botocore.model
except ImportError:
    sys.exit(3)

shared, file = sys.argv[1:]
spec = importlib.util.spec_from_file_location("check_request", os.path.join(shared, "tools", "check_request.py"))
checker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(checker)


def full_model(service):
    """botocore's own model, for operations that the shared extract of it leaves out."""
    names = {"sts": "sts", "logs": "logs"}
    model = botocore.loaders.Loader().load_service_model(names.get(service, service), "service-2")
    return botocore.model.ServiceModel(model, service)


count = 0
for i, item in enumerate(json.load(open(file))):
    service, operation = item["service"], item["operation"]
    where = f"request {i + 1} ({service} {operation or 'of no known operation'})"
    try:
        model = checker.model(service)
        if operation and operation not in model.operation_names:
            checker._cache[service] = full_model(service)
        found = checker.check(service, operation, item["request"])["errors"]
        checker._cache[service] = model
    except Exception as error:  # a request that the checker cannot even take apart is a finding, not an end
        found = [f"{type(error).__name__}: {error}"]
    for words in found:
        print(f"{where}: {words}")
        count += 1
sys.exit(1 if count else 0)
