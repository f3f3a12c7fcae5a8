#include "server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace fa::server {
namespace {

using testing::HasSubstr;

TEST(Metrics, are_told_in_the_text_format) {
  Metrics metrics;
  metrics.describe_counter("fa2_requests_total", "Requests by method.");
  metrics.describe_gauge("fa2_queued", "Jobs that wait.");
  metrics.add("fa2_requests_total", 1, {{"method", "GET"}});
  metrics.add("fa2_requests_total", 2, {{"method", "POST"}});
  metrics.add("fa2_requests_total", 3, {{"method", "GET"}});
  metrics.set("fa2_queued", 7);
  metrics.set("fa2_queued", 2.5);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP fa2_requests_total Requests by method.\n# TYPE fa2_requests_total counter\n"));
  EXPECT_THAT(text, HasSubstr("fa2_requests_total{method=\"GET\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("fa2_requests_total{method=\"POST\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE fa2_queued gauge\nfa2_queued 2.5\n"));
}

TEST(Metrics, histograms_count_from_a_millisecond_to_ten_minutes) {
  Metrics metrics;
  metrics.describe_histogram("fa2_seconds", "How long.");
  for (const double seconds : {0.0005, 0.3, 599.0, 10'000.0}) metrics.observe("fa2_seconds", seconds);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# TYPE fa2_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("fa2_seconds_bucket{le=\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("fa2_seconds_bucket{le=\"0.5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("fa2_seconds_bucket{le=\"600\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("fa2_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("fa2_seconds_count 4\n"));
}

TEST(Metrics, label_values_are_escaped) {
  Metrics metrics;
  metrics.describe_counter("fa2_x_total", "X.");
  metrics.add("fa2_x_total", 1, {{"of", "a\"b\\c\nd"}});
  EXPECT_THAT(metrics.text(), HasSubstr("fa2_x_total{of=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(Metrics, names_must_be_described_once_and_used_as_what_they_are) {
  Metrics metrics;
  metrics.describe_counter("fa2_counter", "");
  metrics.describe_gauge("fa2_gauge", "");
  EXPECT_THROW(metrics.add("fa2_unknown"), std::logic_error);
  EXPECT_THROW(metrics.set("fa2_counter", 1), std::logic_error);
  EXPECT_THROW(metrics.observe("fa2_gauge", 1), std::logic_error);
  EXPECT_THROW(metrics.describe_gauge("fa2_counter", ""), std::logic_error);
  EXPECT_THROW(metrics.describe_counter("fa2_counter", ""), std::logic_error);
}

TEST(Metrics, many_threads_lose_no_count) {
  Metrics metrics;
  metrics.describe_counter("fa2_total", "All.");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics, t] {
      for (int i = 0; i < 1'000; ++i) metrics.add("fa2_total", 1, {{"half", t % 2 == 0 ? "even" : "odd"}});
      static_cast<void>(metrics.text());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.text(), HasSubstr("fa2_total{half=\"even\"} 2000\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("fa2_total{half=\"odd\"} 2000\n"));
}

}  // namespace
}  // namespace fa::server
