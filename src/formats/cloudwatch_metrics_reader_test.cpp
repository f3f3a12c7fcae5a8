#include <gtest/gtest.h>

#include <map>
#include <string>

#include "formats/metric_queries.h"
#include "formats/record_collector.h"

namespace fa {
namespace {

const std::string kQueries =
    R"([{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/ApplicationELB","MetricName":"TargetResponseTime",)"
    R"("Dimensions":[{"Name":"TargetGroup","Value":"tg/a"},{"Name":"LoadBalancer","Value":"app/x"},)"
    R"({"Name":"AvailabilityZone","Value":"a"}]},"Period":60,"Stat":"p99","Unit":"Seconds"},"Label":"slow"},)"
    R"({"Id":"e1","Expression":"m1*2","Label":"double"}])";
const std::string kResults =
    R"("MetricDataResults":[{"Id":"m1","Label":"slow","Timestamps":["2024-01-01T00:01:00Z","2024-01-01T00:00:00+00:00"],)"
    R"("Values":[2.5,1],"StatusCode":"Complete"},{"Id":"e1","Label":"double","Timestamps":[1704067200],"Values":[5],)"
    R"("StatusCode":"PartialData"},{"Id":"x","Label":"other","Timestamps":[],"Values":[],"StatusCode":"Complete"}])";

void expect_both(const RecordCollector& got) {
  ASSERT_EQ(got.metrics.size(), 2U);
  const MetricSeries& m = got.metrics[0];
  EXPECT_EQ(m.name, "TargetResponseTime");
  EXPECT_EQ(m.metric_namespace, "AWS/ApplicationELB");
  EXPECT_EQ(m.service, "app/x");
  EXPECT_EQ(m.statistic, "p99");
  EXPECT_EQ(m.unit, "Seconds");
  EXPECT_EQ(m.period_seconds, 60);
  EXPECT_EQ(m.dimensions,
            (std::vector<std::pair<std::string, std::string>>{{"AvailabilityZone", "a"}, {"TargetGroup", "tg/a"}}));
  EXPECT_EQ(m.values, (std::vector<double>{2.5, 1}));
  EXPECT_EQ(m.times[1], at_nanos(1'704'067'200'000'000'000));
  EXPECT_EQ(got.metrics[1].name, "double");
  EXPECT_EQ(got.metrics[1].times[0], m.times[1]);
  ASSERT_EQ(got.skipped.size(), 1U);
  EXPECT_EQ(got.skipped[0].reason, "metric e1: CloudWatch answered PartialData");
  EXPECT_TRUE(got.skipped[0].truncated);
}

TEST(CloudWatchMetrics, takes_the_queries_beside_the_answer) {
  const auto queries = read_metric_queries(kQueries);
  ASSERT_TRUE(queries);
  ReaderOptions options;
  options.metric_queries = &*queries;
  const auto reader = make_reader(Format::kCloudWatchMetrics, options);
  expect_both(collect(*reader, "{" + kResults + "}", 30));
}

TEST(CloudWatchMetrics, takes_the_queries_of_the_same_document) {
  expect_both(collect(Format::kCloudWatchMetrics, "{" + kResults + R"(,"MetricDataQueries":)" + kQueries + "}"));
}

TEST(CloudWatchMetrics, without_queries_the_label_is_the_name) {
  const RecordCollector got = collect(Format::kCloudWatchMetrics, "{" + kResults + "}");
  ASSERT_EQ(got.metrics.size(), 2U);
  EXPECT_EQ(got.metrics[0].name, "slow");
  EXPECT_EQ(got.metrics[0].service, "");
}

TEST(CloudWatchMetrics, counts_what_makes_no_point) {
  const RecordCollector got = collect(
      Format::kCloudWatchMetrics,
      R"({"MetricDataResults":[{"Id":"a","Label":"a","Timestamps":["timestamp",1704067200,1704067260],"Values":[1,2]}]})");
  ASSERT_EQ(got.metrics.size(), 1U);
  EXPECT_EQ(got.metrics[0].values, std::vector<double>{2});
  ASSERT_EQ(got.skipped.size(), 1U);
  EXPECT_EQ(got.skipped[0].records, 2U);
}

TEST(CloudWatchMetrics, pages_that_go_on_are_not_partial_data) {
  const auto page = [](const char* id, const char* status) {
    return std::string(R"({"MetricDataResults":[{"Id":")") + id + R"(","Label":"a","Timestamps":[1704067200],)" +
           R"("Values":[1],"StatusCode":")" + status + R"("}]})" + "\n";
  };
  const RecordCollector got =
      collect(Format::kCloudWatchMetrics, page("a", "PartialData") + page("b", "PartialData") + page("a", "Complete"));
  EXPECT_EQ(got.metrics.size(), 3U);
  ASSERT_EQ(got.skipped.size(), 1U);
  EXPECT_EQ(got.skipped[0].reason, "metric b: CloudWatch answered PartialData");
}

TEST(CloudWatchMetrics, units_that_are_published_but_not_told_are_known) {
  const auto queries =
      read_metric_queries(R"([{"Id":"a","MetricStat":{"Metric":{"Namespace":"AWS/Lambda","MetricName":"Duration",)"
                          R"("Dimensions":[{"Name":"FunctionName","Value":"orders"}]},"Period":60,"Stat":"p99"}}])");
  ASSERT_TRUE(queries);
  ReaderOptions options;
  options.metric_queries = &*queries;
  const auto reader = make_reader(Format::kCloudWatchMetrics, options);
  const RecordCollector got = collect(
      *reader, R"({"MetricDataResults":[{"Id":"a","Timestamps":[1704067200],"Values":[1],"StatusCode":"Complete"}]})",
      0);
  ASSERT_EQ(got.metrics.size(), 1U);
  EXPECT_EQ(got.metrics[0].unit, "Milliseconds");
  EXPECT_EQ(got.metrics[0].service, "orders");
}

TEST(CloudWatchMetrics, expressions_are_about_what_they_are_made_of) {
  const auto stat = [](const std::string& id, const std::string& name, const std::string& function) {
    return R"({"Id":")" + id + R"(","MetricStat":{"Metric":{"Namespace":"AWS/Lambda","MetricName":")" + name +
           R"(","Dimensions":[{"Name":"FunctionName","Value":")" + function + R"("}]},"Period":60,"Stat":"Sum"}},)";
  };
  const auto queries = read_metric_queries(
      "[" + stat("m1", "Errors", "orders") + stat("m2", "Invocations", "orders") + stat("m3", "Errors", "mail") +
      R"json({"Id":"e1","Expression":"100 * FILL(m1, 0) / m2","Label":"Errors / Invocations (%)"},)json"
      R"({"Id":"e2","Expression":"m1 + m3","Label":"both"},)"
      R"json({"Id":"s1","Expression":"SLICE(SORT(SEARCH('{AWS/ECS,ClusterName,\"Service Name\"} MetricName=\"CPU\"', )json"
      R"json('Average', 60), MAX, DESC), 0, 3)","Label":"${PROP('Dim.ClusterName')} | ${PROP('Dim.Service Name')}"}])json");
  ASSERT_TRUE(queries) << queries.error().message;
  ReaderOptions options;
  options.metric_queries = &*queries;
  const auto result = [](const std::string& id, const std::string& label) {
    return R"({"Id":")" + id + R"(","Label":")" + label +
           R"(","Timestamps":[1704067200],"Values":[1],"StatusCode":"Complete"})";
  };
  const auto reader = make_reader(Format::kCloudWatchMetrics, options);
  const RecordCollector got =
      collect(*reader,
              R"({"MetricDataResults":[)" + result("e1", "Errors / Invocations (%)") + "," + result("e2", "both") +
                  "," + result("s1", "shop | checkout") + "," + result("s1", "shop | cart") + "]}",
              0);
  ASSERT_EQ(got.metrics.size(), 4U);
  EXPECT_EQ(got.metrics[0].name, "Errors / Invocations (%)");
  EXPECT_EQ(got.metrics[0].metric_namespace, "AWS/Lambda");
  EXPECT_EQ(got.metrics[0].service, "orders");
  EXPECT_EQ(got.metrics[0].unit, "Percent");
  EXPECT_EQ(got.metrics[1].service, "") << "of two functions";
  EXPECT_EQ(got.metrics[2].name, "CPU");
  EXPECT_EQ(got.metrics[2].statistic, "Average");
  EXPECT_NE(got.metrics[2].dimensions, got.metrics[3].dimensions);
}

TEST(MetricQueries, searches_that_are_not_understood_keep_their_label) {
  for (const char* expression :
       {"SEARCH('AWS/Lambda Errors', 'Sum', 60)", R"(SEARCH('{AWS/Lambda} MetricName=\"a\" OR b', 'Sum', 60))",
        "SEARCH('{", "SEARCH(", "", "''''", "m9 +"}) {
    const auto queries =
        read_metric_queries(R"([{"Id":"s","Label":"mine","Expression":")" + std::string(expression) + "\"}]");
    ASSERT_TRUE(queries) << expression;
    EXPECT_EQ(queries->at("s").label, "mine");
    EXPECT_EQ(queries->at("s").name, "") << expression;
  }
}

TEST(MetricQueries, reads_every_shape_and_names_the_broken_byte) {
  for (const std::string& json : {kQueries, "{\"MetricDataQueries\":" + kQueries + "}",
                                  "\xEF\xBB\xBF{" + kResults + ",\"MetricDataQueries\":" + kQueries + "}"}) {
    const auto queries = read_metric_queries(json);
    ASSERT_TRUE(queries) << json;
    EXPECT_EQ(queries->size(), 2U);
    EXPECT_EQ(queries->at("m1").dimensions.size(), 3U);
    EXPECT_EQ(queries->at("m1").label, "slow");
    EXPECT_EQ(queries->at("e1").label, "double");
    EXPECT_EQ(queries->at("e1").name, "");
  }
  const auto broken = read_metric_queries(R"([{"Id" "m1"}])");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kInvalidInput);
  EXPECT_NE(broken.error().message.find("at byte "), std::string::npos) << broken.error().message;
  EXPECT_FALSE(read_metric_queries(""));
  EXPECT_FALSE(read_metric_queries("{\"MetricDataQueries\":"));
}

}  // namespace
}  // namespace fa
