#include "sources/aws/logs_mining.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sources/aws/logs_test_rig.h"

namespace fa {
namespace {

using test::at;
using test::FaultKind;
using test::LogsRig;
using test::ReadLine;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Everything is too much to fetch line by line.
LogsSettings mined(std::vector<std::string> names) {
  LogsSettings settings;
  settings.groups = std::move(names);
  settings.fetch_all_bytes = 1'000;
  return settings;
}

struct Counts {
  std::uint64_t window = 0;
  std::uint64_t baseline = 0;
  std::size_t records = 0;
};

Counts counts_of(const LogsRig& rig, const std::string& words) {
  Counts counts;
  for (const ReadLine& line : rig.lines()) {
    if (line.message.find(words) == std::string::npos) continue;
    ++counts.records;
    (rig.window.contains(line.time) ? counts.window : counts.baseline) += line.occurrences;
  }
  return counts;
}

/// A busy service: steady lines, a failure that begins in the window, one that is there all the time, a rare one.
void make_incident(LogsRig& rig, const std::string& name = "/ecs/orders") {
  rig.stand_in.polls_until_done = 1;
  rig.add_lines(name, rig.baseline, 3'000, "INFO handled request {} in time");
  rig.add_lines(name, rig.window, 1'500, "INFO handled request {} in time");
  rig.add_lines(name, rig.baseline, 1'600, "WARN price {} is stale, failed to refresh");
  rig.add_lines(name, rig.window, 800, "WARN price {} is stale, failed to refresh");
  rig.add_lines(name, rig.window, 2'321, "ERROR could not save order {} : connect timed out");
  rig.add_lines(name, {at("2026-03-14T08:44:00Z"), at("2026-03-14T08:44:30Z")}, 3, "ERROR pool {} exhausted");
  rig.add_lines(name, rig.baseline, 600, "INFO heartbeat {} ok");
}

TEST(LogsMining, finds_what_is_new_with_exact_counts) {
  LogsRig rig;
  make_incident(rig);
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  const Counts failing = counts_of(rig, "could not save order");
  EXPECT_EQ(failing.window, 2'321U);
  EXPECT_EQ(failing.baseline, 0U);
  EXPECT_LT(failing.records, 100U) << "counts, not lines";
  const Counts rare = counts_of(rig, "exhausted");
  EXPECT_EQ(rare.window, 3U);
  EXPECT_EQ(rare.records, 3U) << "lines as they were written";
  const Counts known = counts_of(rig, "is stale");
  EXPECT_EQ(known.window, 800U);
  EXPECT_EQ(known.baseline, 1'600U);
  const Counts vanished = counts_of(rig, "heartbeat");
  EXPECT_EQ(vanished.window, 0U);
  EXPECT_EQ(vanished.baseline, 600U);
  EXPECT_EQ(counts_of(rig, "handled request").records, 0U) << "it does not stand out";
  EXPECT_EQ(rig.calls("FilterLogEvents"), 2U) << "the first pages, for the volume";
  EXPECT_THAT(rig.notes(), AllOf(HasSubstr("Mined by Logs Insights"), HasSubstr("4,624 lines in the window"),
                                 HasSubstr("4 patterns stand out; 1 others")));
}

TEST(LogsMining, counts_every_line_once_where_patterns_are_parts_of_others) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.baseline, 100, "INFO handled {}");
  rig.add_lines("/ecs/orders", rig.window, 5'000, "ERROR request failed {}");
  rig.add_lines("/ecs/orders", rig.window, 3'000, "ERROR request failed {} after 3 tries");
  rig.add_lines("/ecs/orders", rig.window, 40, "ERROR request failed {} softly");
  for (int i = 0; i < 12; ++i) {
    rig.add_lines("/ecs/orders", rig.window, 2'100, "ERROR kind-" + std::string(1, static_cast<char>('a' + i)) + " {}");
  }
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(counts_of(rig, "request failed").window, 8'040U);
  EXPECT_EQ(counts_of(rig, "softly").window, 40U);
  EXPECT_EQ(counts_of(rig, "kind-").window, 25'200U);
  EXPECT_EQ(counts_of(rig, "").window, 33'240U);
}

TEST(LogsMining, asks_the_service_rarely) {
  LogsRig rig;
  make_incident(rig);
  rig.collect(mined({"/ecs/orders"}));
  // Patterns, failures over time, one batch of lines, one of counts; each for window and baseline.
  EXPECT_EQ(rig.calls("StartQuery"), 8U);
}

TEST(LogsMining, gives_failures_over_time_as_a_metric) {
  LogsRig rig;
  make_incident(rig);
  rig.collect(mined({"/ecs/orders"}));
  struct Sink final : TelemetrySink {
    void on_metric(MetricSeries&& series) override { all.push_back(std::move(series)); }
    std::vector<MetricSeries> all;
  } sink;
  rig.read(sink);
  double in_window = 0;
  double in_baseline = 0;
  for (const MetricSeries& series : sink.all) {
    EXPECT_EQ(series.service, "orders");
    EXPECT_EQ(series.name, "log_failures");
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      (rig.window.contains(series.times[i]) ? in_window : in_baseline) += series.values[i];
    }
  }
  EXPECT_EQ(in_window, 800 + 2'321 + 3);
  EXPECT_EQ(in_baseline, 1'600);
}

TEST(LogsMining, two_runs_give_the_same_bytes) {
  LogsRig rig;
  make_incident(rig);
  make_incident(rig, "/ecs/cart");
  rig.collect(mined({"/ecs/orders", "/ecs/cart"}));
  const auto first = rig.stored();
  rig.collect(mined({"/ecs/orders", "/ecs/cart"}));
  EXPECT_GT(first.size(), 6U);
  EXPECT_EQ(rig.stored(), first);
  for (const auto& [name, bytes] : first) EXPECT_EQ(bytes.find("queryId"), std::string::npos) << name;
}

TEST(LogsMining, splits_many_groups_over_several_queries) {
  LogsRig rig;
  std::vector<std::string> names;
  for (int i = 0; i < 51; ++i) {
    names.push_back(fmt::format("/ecs/service-{:02}", i));
    rig.add_lines(names.back(), rig.window, 20, "ERROR broke {} down");
  }
  rig.collect(mined(names));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(counts_of(rig, "broke").window, 51U * 20U);
  std::set<std::string> services;
  for (const ReadLine& line : rig.lines()) services.insert(line.service);
  EXPECT_EQ(services.size(), 51U);
}

TEST(LogsMining, fetches_small_groups_whole_beside_large_ones) {
  LogsRig rig;
  make_incident(rig);
  rig.add_lines("/ecs/tiny", rig.window, 5, "tiny {} line");
  LogsSettings settings = mined({"/ecs/orders", "/ecs/tiny"});
  settings.fetch_all_bytes = 5'000;
  rig.collect(settings);
  EXPECT_EQ(counts_of(rig, "tiny").records, 5U);
  EXPECT_EQ(counts_of(rig, "could not save order").window, 2'321U);
  EXPECT_THAT(rig.notes(), AllOf(HasSubstr("Every line was asked for of: /ecs/tiny"),
                                 HasSubstr("what stands out fetched in full: /ecs/orders")));
}

TEST(LogsMining, begins_and_ends_at_the_millisecond_too) {
  LogsRig rig;
  const TimeRange window{at("2026-03-14T08:30:00.250Z"), at("2026-03-14T09:00:00.750Z")};
  const TimeRange baseline{at("2026-03-14T07:30:00.500Z"), window.begin};
  const AwsScope scope{rig.client,  "123456789012", "ap-northeast-1", rig.clock,
                       rig.sleeper, rig.cost,       window,           baseline};
  rig.add_lines("/ecs/orders", window, 3'000, "ERROR could not save {}");
  const auto add = [&](const char* time) {
    rig.group("/ecs/orders").events.push_back({at(time), "s", "ERROR could not save 9"});
  };
  for (const char* time : {"2026-03-14T07:30:00.499Z", "2026-03-14T08:30:00.249Z", "2026-03-14T09:00:00.750Z"})
    add(time);
  std::sort(rig.group("/ecs/orders").events.begin(), rig.group("/ecs/orders").events.end(),
            [](const auto& a, const auto& b) { return a.time < b.time; });
  rig.folder = *CollectedFolder::create(rig.files.path() / "exact");
  make_logs_source(scope, mined({"/ecs/orders"}))->collect(*rig.folder, {});
  std::uint64_t in_window = 0;
  std::uint64_t in_baseline = 0;
  for (const ReadLine& line : rig.lines()) {
    EXPECT_TRUE(window.contains(line.time) || baseline.contains(line.time)) << format_rfc3339(line.time);
    (window.contains(line.time) ? in_window : in_baseline) += line.occurrences;
  }
  EXPECT_EQ(in_window, 3'000U);
  EXPECT_EQ(in_baseline, 1U);
}

TEST(LogsMining, spends_nothing_beyond_the_limits) {
  CostLimits limits;
  limits.max_scan_bytes = 10'000;
  LogsRig rig(limits);
  make_incident(rig);
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(rig.calls("StartQuery"), 0U);
  EXPECT_FALSE(rig.collection.gaps.empty());
  for (const Gap& gap : rig.collection.gaps) {
    EXPECT_THAT(gap.error, HasSubstr("aws.limits.max_scan_bytes"));
    EXPECT_FALSE(gap.impact.empty());
  }
}

TEST(LogsMining, names_what_failed_and_keeps_the_rest) {
  LogsRig rig;
  make_incident(rig);
  rig.stand_in.insights_end = [](const std::string& query) {
    return query.find("stats count(*) as lines") != std::string::npos ? "Failed" : "";
  };
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(counts_of(rig, "exhausted").window, 3U);
  EXPECT_EQ(counts_of(rig, "could not save order").window, 0U);
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("status Failed"), HasSubstr("/ecs/orders")));
}

TEST(LogsMining, without_a_baseline_only_failures_stand_out) {
  LogsRig rig;
  make_incident(rig);
  const AwsScope scope{rig.client, "123456789012", "ap-northeast-1", rig.clock, rig.sleeper, rig.cost, rig.window, {}};
  rig.folder = *CollectedFolder::create(rig.files.path() / "no-baseline");
  make_logs_source(scope, mined({"/ecs/orders"}))->collect(*rig.folder, {});
  EXPECT_EQ(counts_of(rig, "could not save order").window, 2'321U);
  EXPECT_EQ(counts_of(rig, "handled request").window, 0U);
}

TEST(LogsMining, falls_back_to_failing_lines_where_patterns_are_not_to_be_had) {
  LogsRig rig;
  make_incident(rig);
  rig.group("/ecs/orders").log_class = "INFREQUENT_ACCESS";
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(counts_of(rig, "could not save order").window, 2'321U);
  EXPECT_EQ(counts_of(rig, "handled request").window, 0U);
  EXPECT_THAT(rig.notes(), HasSubstr("Failing lines only"));
}

TEST(LogsMining, bounds_what_it_fetches_and_says_so) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.baseline, 100, "INFO handled {}");
  for (char c = 'a'; c <= 'z'; ++c) {
    rig.add_lines("/ecs/orders", rig.window, 10U + static_cast<std::size_t>(c),
                  "ERROR kind-" + std::string(1, c) + " {}");
  }
  LogsSettings settings = mined({"/ecs/orders"});
  settings.max_pattern_rows = 4;
  rig.collect(settings);
  std::set<std::string> kinds;
  for (const ReadLine& line : rig.lines()) kinds.insert(line.message.substr(line.message.find("kind-"), 6));
  EXPECT_EQ(kinds, (std::set<std::string>{"kind-w", "kind-x", "kind-y", "kind-z"})) << "the strongest";
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("aws.logs.max_pattern_rows"), HasSubstr("23 more patterns")));
}

TEST(LogsMining, tells_patterns_that_cannot_be_asked_for) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.baseline, 300, "INFO handled request {}");
  rig.add_lines("/ecs/orders", rig.window, 150, "INFO handled request {}");
  rig.add_lines("/ecs/orders", rig.window, 50, "{} #1 =2 77");
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_THAT(rig.gaps(), HasSubstr("1 patterns stand out but hold too few fixed words"));
}

TEST(LogsMining, does_not_trip_over_hostile_lines) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.baseline, 100, "INFO handled {}");
  const std::vector<std::string> hostile{
      "ERROR a/ | stats count(*) by @log | fields \"x' # \\/ {}",
      "ERROR {\"msg\":\"line\\nbreak\",\"n\":{},\"path\":\"C:\\\\temp\\\\\"}",
      "ERROR (?i)[a-z]+(.*)*$ ^{} *** ))) ]]",
      "ERROR first {}\n\tat com.example.Main(Main.java:{})\r\nCaused by: x",
      "ERROR \x1b[31mred\x1b[0m \t tab {}",
      "ERROR 日本語の失敗 {}",
  };
  for (const std::string& text : hostile) {
    for (std::size_t i = 0; i < 2'500; ++i) {
      std::string line = text;
      for (std::size_t at_brace = line.find("{}"); at_brace != std::string::npos; at_brace = line.find("{}")) {
        line.replace(at_brace, 2, std::to_string(i));
      }
      rig.group("/ecs/orders")
          .events.push_back({rig.window.begin + std::chrono::milliseconds(i * 700), "s", std::move(line)});
    }
  }
  auto& events = rig.group("/ecs/orders").events;
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  rig.collect(mined({"/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(counts_of(rig, "").window, hostile.size() * 2'500U);
}

TEST(LogsMining, survives_every_fault_of_the_queries) {
  for (const std::string operation : {"StartQuery", "GetQueryResults"}) {
    for (const FaultKind kind : {FaultKind::kThrottle, FaultKind::kServerError, FaultKind::kTimeout, FaultKind::kDenied,
                                 FaultKind::kGarbage, FaultKind::kCut, FaultKind::kEndlessPages}) {
      LogsRig rig;
      rig.add_lines("/ecs/orders", rig.window, 50, "ERROR broke {} down");
      rig.stand_in.add_fault({"logs", operation, kind});
      rig.collect(mined({"/ecs/orders"}));
      if (kind == FaultKind::kEndlessPages && operation == "StartQuery") continue;  // it has no pages
      EXPECT_FALSE(rig.collection.gaps.empty()) << operation << static_cast<int>(kind);
      if (kind == FaultKind::kDenied) {
        EXPECT_THAT(rig.gaps(), HasSubstr("logs:" + operation));
      }
    }
  }
}

TEST(LogsMining, makes_requests_that_the_models_allow) {
  LogsRig rig;
  make_incident(rig);
  rig.collect(mined({"/ecs/orders"}));
  const auto wrong = test::check_requests(rig.stand_in.requests());
  if (!wrong) GTEST_SKIP() << "../shared/tools/check_request.py or python3-botocore is missing";
  EXPECT_THAT(*wrong, IsEmpty());
}

}  // namespace
}  // namespace fa
