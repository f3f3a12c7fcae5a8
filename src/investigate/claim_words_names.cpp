/// English words that name something, or look like names and are none.
#include <set>

#include "base/text.h"
#include "investigate/claim_words.h"

namespace fa {

bool is_common_compound(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "end-to-end",  "read-only",   "time-out",      "out-of-memory",    "follow-up",     "up-to-date",
      "real-time",   "so-called",   "non-existent",  "well-known",       "root-cause",    "on-call",
      "built-in",    "in-flight",   "back-end",      "front-end",        "e-mail",        "long-running",
      "short-lived", "user-facing", "high-latency",  "knock-on",         "run-time",      "one-off",
      "start-up",    "shut-down",   "roll-back",     "roll-out",         "load-balancer", "data-point",
      "data-points", "x-ray",       "post-incident", "pre-incident",     "server-side",   "client-side",
      "half-open",   "first-time",  "re-try",        "trade-off",        "cross-check",   "double-check",
      "stack-trace", "log-lines",   "error-free",    "state-of-the-art", "day-to-day",    "read-write",
      "tear-down",   "build-up",    "break-down"};
  if (kWords.contains(lower)) return true;
  static const std::set<std::string_view> kParts{
      "of",    "to",     "up",    "out",  "in",   "on",      "off",   "by",   "the", "and",  "non",
      "re",    "pre",    "post",  "self", "well", "long",    "short", "high", "low", "over", "under",
      "multi", "single", "first", "last", "half", "full",    "per",   "anti", "mid", "sub",  "co",
      "cross", "round",  "same",  "near", "then", "related", "based", "wide", "only"};
  for (const std::string_view part : split(lower, '-')) {
    if (kParts.contains(part)) return true;
  }
  return false;
}

bool is_common_abbreviation(std::string_view word) {
  static const std::set<std::string_view> kWords{
      "UTC",  "API", "AWS",  "CPU",  "DNS", "HTTP", "HTTPS", "I",   "ID",  "IDs", "IO",   "IP",
      "JSON", "OK",  "OOM",  "OS",   "SDK", "SQL",  "SSL",   "TCP", "TLS", "UDP", "URL",  "VPC",
      "JST",  "SLA", "SLO",  "APIs", "RAM", "GC",   "i.e",   "e.g", "etc", "vs",  "No",   "JVM",
      "PID",  "RPC", "gRPC", "REST", "DB",  "KB",   "MB",    "GB",  "TB",  "A",   "Japan"};
  return kWords.contains(word);
}

bool is_product_name(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "redis",      "kafka",       "rabbitmq",  "mysql",         "mariadb",     "postgres",   "postgresql", "mongodb",
      "mongo",      "cassandra",   "dynamodb",  "elasticsearch", "opensearch",  "memcached",  "nginx",      "envoy",
      "haproxy",    "istio",       "consul",    "etcd",          "zookeeper",   "vault",      "jenkins",    "terraform",
      "docker",     "kubernetes",  "lambda",    "fargate",       "ecs",         "eks",        "ec2",        "rds",
      "aurora",     "s3",          "sqs",       "sns",           "kinesis",     "cloudfront", "route53",    "apache",
      "tomcat",     "spring",      "hibernate", "oracle",        "sqlite",      "snowflake",  "spark",      "hadoop",
      "airflow",    "celery",      "sidekiq",   "nats",          "pulsar",      "couchbase",  "neo4j",      "influxdb",
      "prometheus", "grafana",     "datadog",   "splunk",        "cloudflare",  "akamai",     "fastly",     "stripe",
      "paypal",     "okta",        "auth0",     "ldap",          "kerberos",    "nfs",        "ceph",       "minio",
      "varnish",    "squid",       "traefik",   "kong",          "linkerd",     "calico",     "coredns",    "hikaricp",
      "pgbouncer",  "elasticache", "cognito",   "appsync",       "eventbridge", "bigquery",   "spanner",    "firestore",
      "cosmosdb",   "solr",        "activemq",  "logstash",      "fluentd",     "bastion",    "vpn"};
  return kWords.contains(lower);
}

bool is_generic_adjective(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "the",         "a",          "an",        "this",      "that",        "these",      "those",      "its",
      "their",       "each",       "other",     "another",   "same",        "whole",      "affected",   "failing",
      "downstream",  "upstream",   "dependent", "called",    "calling",     "one",        "any",        "every",
      "all",         "no",         "of",        "to",        "in",          "by",         "for",        "from",
      "which",       "what",       "and",       "or",        "slow",        "faulty",     "unhealthy",  "first",
      "second",      "last",       "single",    "many",      "several",     "some",       "both",       "two",
      "three",       "target",     "source",    "backing",   "external",    "internal",   "remote",     "local",
      "own",         "at",         "on",        "with",      "is",          "was",        "as",         "new",
      "old",         "main",       "core",      "named",     "different",   "particular", "our",        "your",
      "than",        "requesting", "sending",   "receiving", "responsible", "underlying", "whose",      "dependency",
      "application", "web",        "backend",   "frontend",  "edge",        "more",       "between",    "neighbouring",
      "neighboring", "per",        "services",  "service",   "server",      "servers",    "connection", "message",
      "in-memory",   "into",       "their"};
  return kWords.contains(lower);
}

bool is_resource_noun(std::string_view lower) {
  static const std::set<std::string_view> kWords{"service",  "server",    "database", "cluster",  "table",   "queue",
                                                 "topic",    "bucket",    "broker",   "cache",    "host",    "node",
                                                 "pod",      "container", "gateway",  "proxy",    "replica", "instance",
                                                 "function", "stream",    "volume",   "balancer", "cronjob", "job"};
  return kWords.contains(lower);
}

}  // namespace fa
