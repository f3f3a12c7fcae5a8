#include "analysis/metrics/metric_kind.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

Series named(std::string name, std::string unit = "", std::vector<double> values = {}) {
  Series s;
  s.name = std::move(name);
  s.unit = std::move(unit);
  s.values = std::move(values);
  return s;
}

TEST(MetricKind, knows_the_names_of_the_field) {
  struct Case {
    const char* name;
    MetricKind kind;
  };
  const Case cases[] = {
      {"http_server_request_duration_seconds", MetricKind::kLatency},
      {"TargetResponseTime", MetricKind::kLatency},
      {"PodServerLatencyP90(s)", MetricKind::kLatency},
      {"Latency", MetricKind::kLatency},
      {"Availability", MetricKind::kSuccess},
      {"request_success_rate", MetricKind::kSuccess},
      {"HTTPCode_Target_5XX_Count", MetricKind::kErrors},
      {"Faults", MetricKind::kErrors},
      {"grpc_errors_total", MetricKind::kErrors},
      {"RequestCount", MetricKind::kTraffic},
      {"http_requests_total", MetricKind::kTraffic},
      {"Invocations", MetricKind::kTraffic},
      {"CPUUtilization", MetricKind::kCpu},
      {"container_cpu_usage_seconds_total", MetricKind::kCpu},
      {"process.cpu.utilization", MetricKind::kCpu},
      {"jvm.memory.used", MetricKind::kMemory},
      {"MemoryUtilization", MetricKind::kMemory},
      {"node_filesystem_avail_bytes", MetricKind::kDisk},
      {"DatabaseConnections", MetricKind::kConnections},
      {"db.client.connections.usage", MetricKind::kConnections},
      {"kafka_consumer_lag", MetricKind::kQueue},
      {"ThrottledRequests", MetricKind::kThrottles},
      {"kube_pod_container_status_restarts_total", MetricKind::kRestarts},
      {"node_network_receive_bytes_total", MetricKind::kNetwork},
      {"HealthyHostCount", MetricKind::kOther},
      {"UnHealthyHostCount", MetricKind::kOther},
      {"HealthCheckPercentageHealthy", MetricKind::kSuccess},
      {"ApproximateAgeOfOldestMessage", MetricKind::kQueue},
      {"5XXError", MetricKind::kErrors},
      {"5xxErrors", MetricKind::kErrors},
      {"flux_capacitance", MetricKind::kOther},
      {"", MetricKind::kOther},
  };
  for (const Case& c : cases) EXPECT_EQ(metric_kind(named(c.name)), c.kind) << c.name;
}

TEST(MetricKind, an_unknown_name_is_told_by_its_unit_and_values) {
  EXPECT_EQ(metric_kind(named("checkout", "ms")), MetricKind::kLatency);
  EXPECT_EQ(metric_kind(named("checkout", "Seconds")), MetricKind::kLatency);
  EXPECT_EQ(metric_kind(named("checkout", "%", {100, 99.9, 100, 40})), MetricKind::kSuccess);
  EXPECT_EQ(metric_kind(named("checkout", "%", {10, 20, 99.5})), MetricKind::kOther);
  EXPECT_EQ(metric_kind(named("checkout", "%")), MetricKind::kOther);
  EXPECT_EQ(metric_kind(named("checkout", "count", {100, 100})), MetricKind::kOther);
}

TEST(MetricKind, words_inside_other_words_do_not_count) {
  EXPECT_EQ(metric_kind(named("terrors")), MetricKind::kOther);
  EXPECT_EQ(metric_kind(named("membership_level")), MetricKind::kOther);
  EXPECT_EQ(metric_kind(named("relaxation")), MetricKind::kOther);
}

TEST(MetricKind, how_many_durations_were_measured_is_no_duration) {
  Series count = named("TargetResponseTime", "Seconds");
  count.statistic = "SampleCount";
  EXPECT_EQ(metric_kind(count), MetricKind::kTraffic);
  EXPECT_EQ(metric_kind(named("request_duration", "1/s")), MetricKind::kOther);
}

TEST(MeasuresRest, where_a_fall_is_what_is_bad) {
  for (const char* name : {"FreeableMemory", "FreeStorageSpace", "node_memory_MemAvailable_bytes", "CPUCreditBalance",
                           "BurstBalance", "node_filesystem_avail_bytes", "free_connections"}) {
    EXPECT_TRUE(measures_rest(named(name))) << name;
  }
  for (const char* name : {"MemoryUtilization", "Availability", "freedom", "CPUSurplusCreditBalance", "", "unavailable",
                           "disk_used_of_available"}) {
    EXPECT_FALSE(measures_rest(named(name))) << name;
  }
}

TEST(IsHeapSpace, knows_parts_of_a_heap_from_memory) {
  for (const char* name : {"v8js.memory.heap.space.available_size", "jvm_memory_pool_free_bytes"}) {
    EXPECT_TRUE(is_heap_space(named(name))) << name;
  }
  for (const char* name : {"FreeableMemory", "container.memory.available", "connection_pool_free"}) {
    EXPECT_FALSE(is_heap_space(named(name))) << name;
  }
}

TEST(Utilisation, is_known_only_where_the_unit_states_the_bound) {
  struct Case {
    Series series;
    MetricKind kind;
    double value;
    double expected;
  };
  const Case cases[] = {
      {named("CPUUtilization", "Percent"), MetricKind::kCpu, 80, 0.8},
      {named("cpu", "%"), MetricKind::kCpu, 250, 1.0},
      {named("cpu", "%"), MetricKind::kCpu, -5, 0.0},
      {named("PodCpuUsage(%)"), MetricKind::kCpu, 50, 0.5},
      {named("process.cpu.utilization", "1", {0.2, 0.9}), MetricKind::kCpu, 0.9, 0.9},
      {named("CPUUtilization", "", {20, 90}), MetricKind::kCpu, 90, 0.9},
      {named("container.cpu.throttling_data.throttled_time", "s/s"), MetricKind::kCpu, 1.7, 1.0},
      {named("container.cpu.throttling_data.throttled_time", "s/s"), MetricKind::kCpu, 0.01, 0.01},
      {named("memory_used_ratio"), MetricKind::kMemory, 0.7, 0.7},
      {named("jvm.memory.used", "By"), MetricKind::kMemory, 1e9, -1},
      {named("cpu_seconds", "s"), MetricKind::kCpu, 3, -1},
      {named("Availability", "%"), MetricKind::kSuccess, 99, -1},
      {named("error_rate", "%"), MetricKind::kErrors, 99, -1},
  };
  for (const Case& c : cases) EXPECT_DOUBLE_EQ(utilisation(c.series, c.kind, c.value), c.expected) << c.series.name;
}

TEST(SecondsPerUnit, knows_durations_and_nothing_else) {
  EXPECT_DOUBLE_EQ(seconds_per_unit("s"), 1);
  EXPECT_DOUBLE_EQ(seconds_per_unit("Seconds"), 1);
  EXPECT_DOUBLE_EQ(seconds_per_unit("ms"), 1e-3);
  EXPECT_DOUBLE_EQ(seconds_per_unit("Microseconds"), 1e-6);
  EXPECT_DOUBLE_EQ(seconds_per_unit("ns"), 1e-9);
  for (const char* unit : {"", "%", "By", "s/s", "mss", "Count"}) EXPECT_EQ(seconds_per_unit(unit), 0) << unit;
}

TEST(SecondsPerValue, takes_the_unit_else_a_word_of_the_name) {
  EXPECT_DOUBLE_EQ(seconds_per_value(named("latency", "ms")), 1e-3);
  EXPECT_DOUBLE_EQ(seconds_per_value(named("request_duration_microseconds")), 1e-6);
  EXPECT_DOUBLE_EQ(seconds_per_value(named("request_duration_seconds", "ms")), 1e-3);
  EXPECT_DOUBLE_EQ(seconds_per_value(named("latency")), 1);
  EXPECT_EQ(seconds_per_value(named("request_duration_seconds", "1/s")), 0);
}

}  // namespace
}  // namespace fa
