#include <gtest/gtest.h>

#include <string>

#include "formats/record_collector.h"

namespace fa {
namespace {

TEST(Prometheus, reads_a_range_query) {
  const std::string series =
      R"({"metric":{"__name__":"http_requests_total","job":"k8s","app":"cart","pod":"cart-1","le":"0.5","code":"200"},)"
      R"("values":[[1700000000,"1"],[1700000060.5,"3.5"],[1700000120,"NaN"],[1700000180,"+Inf"]]})";
  const std::string input = R"({"status":"success","data":{"resultType":"matrix","result":[)" + series +
                            R"(,{"metric":{"service":"pay"},"values":[[1700000000,"2"]]}]}})";
  for (const std::size_t piece : {0U, 1U, 50U}) {
    const RecordCollector got = collect(Format::kPrometheus, input, piece);
    ASSERT_EQ(got.metrics.size(), 2U);
    EXPECT_TRUE(got.skipped.empty());
    const MetricSeries& m = got.metrics[0];
    EXPECT_EQ(m.name, "http_requests_total");
    EXPECT_EQ(m.service, "cart");
    EXPECT_EQ(m.instance, "cart-1");
    EXPECT_EQ(m.temporality, MetricTemporality::kCumulative);
    EXPECT_EQ(m.dimensions,
              (std::vector<std::pair<std::string, std::string>>{{"code", "200"}, {"job", "k8s"}, {"le", "0.5"}}));
    EXPECT_EQ(m.values, (std::vector<double>{1, 3.5}));
    EXPECT_EQ(m.times[1], at_nanos(1'700'000'060'500'000'000));
    EXPECT_EQ(bytes_of(input, m.position), series);
    EXPECT_EQ(got.metrics[1].service, "pay");
    EXPECT_EQ(got.metrics[1].temporality, MetricTemporality::kGauge);
  }
}

TEST(Prometheus, reads_an_instant_query_and_one_answer_per_line) {
  const std::string input =
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","instance":"a:1"},)"
      R"("value":[1700000000.123,"1"]}]}})";
  const RecordCollector got = collect(Format::kPrometheus, input + "\n" + input + "\n");
  ASSERT_EQ(got.metrics.size(), 2U);
  EXPECT_EQ(got.metrics[1].instance, "a:1");
  EXPECT_EQ(got.metrics[1].times[0], at_nanos(1'700'000'000'123'000'000));
  EXPECT_EQ(got.metrics[1].position.line, 2U);
}

TEST(Prometheus, says_what_it_cannot_use) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"status":"error","errorType":"timeout","error":"query timed out"})",
       "Prometheus answered with an error: query timed out"},
      {R"({"status":"success","data":{"resultType":"streams","result":[]}})",
       "expected resultType matrix or vector, found \"streams\""},
      {R"({"status":"success"})", "expected a Prometheus answer with \"data\", found other JSON"},
  };
  for (const auto& [input, reason] : cases) {
    const RecordCollector got = collect(Format::kPrometheus, input);
    ASSERT_EQ(got.skipped.size(), 1U) << input;
    EXPECT_EQ(got.skipped[0].reason, reason);
  }
}

TEST(Prometheus, keeps_the_whole_series_of_a_truncated_answer) {
  const std::string input =
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"app":"a"},"values":[[1700000000,"1"]]},)"
      R"({"metric":{"app":"b"},"values":[[1700000000,"1"],[17000)";
  const RecordCollector got = collect(Format::kPrometheus, input);
  ASSERT_EQ(got.metrics.size(), 2U);
  EXPECT_EQ(got.metrics[1].values.size(), 1U);
  EXPECT_LE(got.metrics[1].position.offset + got.metrics[1].position.length, input.size());
  EXPECT_EQ(got.skipped.size(), 1U);
}

TEST(PrometheusText, reads_scrapes_that_say_when_they_were_taken) {
  const std::string input =
      "# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\n"
      "http_requests_total{service=\"cart\",pod=\"cart-1\",path=\"C:\\\\a\\\"b\\n\"} 1027 1773477000123\n"
      "http_requests_total{service=\"cart\",pod=\"cart-1\",path=\"C:\\\\a\\\"b\\n\",} 1030 1773477060123\n"
      "# TYPE temperature_total gauge\ntemperature_total -4.5e1 1773477000.5\nlag_seconds NaN 1773477000123\n"
      "up 1\nup{job=\"x\"} 0\n# EOF\nbroken{ 1\n";
  for (const std::size_t piece : {std::size_t{0}, std::size_t{7}}) {
    const RecordCollector got = collect(Format::kPrometheusText, input, piece);
    ASSERT_EQ(got.metrics.size(), 3U);
    EXPECT_EQ(got.metrics[0].name, "http_requests_total");
    EXPECT_EQ(got.metrics[0].service, "cart");
    EXPECT_EQ(got.metrics[0].instance, "cart-1");
    EXPECT_EQ(got.metrics[0].temporality, MetricTemporality::kCumulative);
    ASSERT_EQ(got.metrics[0].dimensions.size(), 1U);
    EXPECT_EQ(got.metrics[0].dimensions[0].second, "C:\\a\"b\n");
    EXPECT_EQ(format_rfc3339(got.metrics[0].times[0]), "2026-03-14T08:30:00.123Z");
    EXPECT_EQ(got.metrics[1].values[0], 1030);
    EXPECT_EQ(got.metrics[2].values[0], -45);
    EXPECT_NE(got.metrics[2].temporality, MetricTemporality::kCumulative) << "a gauge, whatever its name";
    ASSERT_EQ(got.skipped.size(), 2U);
    EXPECT_EQ(got.skipped[0].reason, "no sample of a metric; the line begins broken{ 1");
    EXPECT_EQ(got.skipped[1].records, 2U);
  }
}

TEST(PrometheusText, is_recognised_by_samples_and_their_kinds) {
  EXPECT_EQ(detect_format("# TYPE up gauge\nup 1\n", true).format, Format::kPrometheusText);
  for (const char* other :
       {"up 1\n", "# TYPE up gauge\n", "# TYPE up gauge\nup 1\nERROR cart failed\n", "# TYPE up wrong\nup 1\n"}) {
    EXPECT_NE(detect_format(other, true).format, Format::kPrometheusText) << other;
  }
}

}  // namespace
}  // namespace fa
