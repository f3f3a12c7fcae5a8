#!/usr/bin/python3
"""Asks the stand-in, behind a socket, as botocore does: its signatures, its pages, its parsers.
  botocore_client.py SHARED_FOLDER FILE
FILE holds the stand-in's URL. Prints one line per question. Exit status 3 when botocore is missing."""
import sys

try:
    import botocore.config
    import botocore.exceptions
    import botocore.session
except ImportError:
    sys.exit(3)

url = open(sys.argv[2]).read().strip()
session = botocore.session.Session()
session.set_credentials("AKIASTANDIN", "stand-in-secret")

# This botocore may still speak the query protocol to CloudWatch, which the stand-in does not: make it JSON 1.0.
loader = session.get_component("data_loader")
load = loader.load_service_model


def load_json(service, kind, *rest, **named):
    model = load(service, kind, *rest, **named)
    if service == "cloudwatch" and kind == "service-2":
        model["metadata"].update(protocol="json", jsonVersion="1.0", targetPrefix="GraniteServiceVersion20100801")
        model["metadata"].pop("protocols", None)
    return model


loader.load_service_model = load_json


def client(service, region="ap-northeast-1"):
    style = {"addressing_style": "path"} if service == "s3" else None
    settings = botocore.config.Config(s3=style, retries={"max_attempts": 0})
    return session.create_client(service, region_name=region, endpoint_url=url, config=settings)


def refused(call, **parameters):
    try:
        call(**parameters)
        return "not refused"
    except botocore.exceptions.ClientError as error:
        return f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"


def count(service, operation, result, **parameters):
    pages = client(service).get_paginator(operation).paginate(**parameters)
    return sum(len(page.get(result, [])) for page in pages)


print("groups", count("logs", "describe_log_groups", "logGroups"))
print("events", count("logs", "filter_log_events", "events", logGroupName="/ecs/service-0"))
print("no group", refused(client("logs").filter_log_events, logGroupName="/none"))
print("metrics", count("cloudwatch", "list_metrics", "Metrics"))
print("alarms", count("cloudwatch", "describe_alarms", "MetricAlarms"))
print("objects", count("s3", "list_objects_v2", "Contents", Bucket="access-logs"))
names = [o["Key"] for page in client("s3").get_paginator("list_objects_v2").paginate(Bucket="access-logs")
         for o in page["Contents"]]
print("bytes", sum(len(client("s3").get_object(Bucket="access-logs", Key=name)["Body"].read()) for name in names))
print("no key", refused(client("s3").get_object, Bucket="access-logs", Key="none"))
print("bucket", client("s3").head_bucket(Bucket="access-logs")["ResponseMetadata"]["HTTPStatusCode"])
print("account", client("sts").get_caller_identity()["Account"])
print("traces", count("xray", "get_trace_summaries", "TraceSummaries", StartTime=1773478000, EndTime=1773479000))
print("graph", count("xray", "get_service_graph", "Services", StartTime=1773478000, EndTime=1773479000))
print("trail", count("cloudtrail", "lookup_events", "Events"))
print("secret", client("secretsmanager").get_secret_value(SecretId="fa2/slack")["SecretString"])
athena = client("athena")
query = athena.start_query_execution(QueryString="SELECT 1", WorkGroup="big")["QueryExecutionId"]
while athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING"):
    pass
pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=query)
print("rows", sum(len(page["ResultSet"]["Rows"]) for page in pages))
session.set_credentials("AKIASTANDIN", "wrong")
print("wrong secret", refused(client("logs").describe_log_groups), refused(client("xray").batch_get_traces, TraceIds=["1"]),
      refused(client("s3").get_object, Bucket="access-logs", Key="top"), refused(client("sts").get_caller_identity))
