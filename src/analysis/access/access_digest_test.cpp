#include "analysis/access/access_digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <random>

namespace fa {
namespace {

using std::chrono::seconds;

const TimePoint kStart = from_unix_nanos(1'700'000'000'000'000'000);
const TimePoint kWindow = kStart + seconds(600);
const PeriodClock kClock({kWindow, kWindow + seconds(600)}, {kStart, kWindow});
constexpr auto kB = static_cast<std::size_t>(Period::kBaseline);
constexpr auto kW = static_cast<std::size_t>(Period::kWindow);
constexpr int kRequests = 200;  // per period

struct Answer {
  int status = 200;
  double took = 0.020;
  int target_status = -1;  ///< -1: the same as `status`.
};
using Answers = std::function<Answer(int)>;

Answer usual(int i) { return {.took = 0.0195 + 0.0001 * (i * 37 % 11)}; }

AccessRecord record(TimePoint at, int number, const Answer& answer) {
  AccessRecord r;
  r.time = at;
  r.entity = "front";
  r.target_group = "cart";
  r.path = number % 2 == 0 ? "/cart" : "/items";
  r.status = answer.status;
  r.target_status = answer.target_status < 0 ? answer.status : answer.target_status;
  r.total_seconds = answer.took;
  r.position.offset = static_cast<std::uint64_t>(number) * 100;
  return r;
}

std::vector<AccessRecord> records(const Answers& baseline, const Answers& window) {
  std::vector<AccessRecord> all;
  for (int i = 0; i < kRequests; ++i) {
    if (baseline) all.push_back(record(kStart + seconds(3 * i), i, baseline(i)));
    if (window) all.push_back(record(kWindow + seconds(3 * i), 1000 + i, window(i)));
  }
  return all;
}

AccessDigest digest_of(const std::vector<AccessRecord>& all) {
  AccessDigest digest(kClock);
  digest.add(0, all);
  return digest;
}

std::vector<Finding> study(const Answers& baseline, const Answers& window) {
  return find_access_changes(digest_of(records(baseline, window)), kClock);
}

TEST(AccessDigest, counts_by_target_and_period) {
  std::vector<AccessRecord> all = records(usual, [](int i) { return Answer{.status = i < 5 ? 503 : 200}; });
  all.push_back(record(kWindow + seconds(9999), 1, {}));
  AccessRecord other = record(kWindow, 1, {});
  other.target_group = {};
  other.target = "10.0.0.7:80";
  all.push_back(other);
  const AccessDigest digest = digest_of(all);
  ASSERT_EQ(digest.rows().size(), 2U);
  const AccessRow& row = digest.rows().at({"front", "cart"});
  EXPECT_EQ(row.requests[kB], 200U);
  EXPECT_EQ(row.requests[kW], 200U);
  EXPECT_EQ(row.requests[static_cast<std::size_t>(Period::kOther)], 1U);
  EXPECT_EQ(row.failed[kW], 5U);
  EXPECT_EQ(row.window_statuses.at(503), 5U);
  EXPECT_EQ(row.window_failed_paths.at("/cart"), 3U);
  EXPECT_EQ(row.first_failed.time, kWindow);
  EXPECT_TRUE(digest.rows().contains({"front", "10.0.0.7:80"}));
}

std::string print(const AccessDigest& digest) {
  std::string out;
  for (const auto& [key, row] : digest.rows()) {
    out += key.first + ">" + key.second;
    for (std::size_t p = 0; p < kPeriodCount; ++p) {
      out += " " + std::to_string(row.requests[p]) + "/" + std::to_string(row.failed[p]) + "/" +
             std::to_string(row.unanswered[p]) + "/" + std::to_string(row.seconds[p].quantile(0.9));
    }
    for (const auto n : row.window_failed) out += "," + std::to_string(n);
    for (const auto& [status, n] : row.window_statuses) out += ";" + std::to_string(status) + ":" + std::to_string(n);
    for (const auto& [path, n] : row.window_failed_paths) out += ";" + path + ":" + std::to_string(n);
    out += "@" + std::to_string(row.first_failed.position.offset) + "@" + std::to_string(row.slowest.position.offset) +
           "\n";
  }
  return out;
}

TEST(AccessDigest, no_order_and_no_split_of_the_input_changes_it) {
  std::vector<AccessRecord> all = records(usual, [](int i) { return Answer{i % 7 == 0 ? 502 : 200, 0.25 * (i % 5)}; });
  const std::string expected = print(digest_of(all));
  std::mt19937 random(3);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(all.begin(), all.end(), random);
    std::vector<AccessDigest> parts(3, AccessDigest(kClock));
    for (const AccessRecord& r : all) parts[random() % 3].add(0, {&r, 1});
    AccessDigest merged(kClock);
    for (const std::size_t i : {1U, 2U, 0U}) merged.merge(parts[i]);
    EXPECT_EQ(print(merged), expected) << "round " << round;
  }
}

TEST(AccessDigest, a_record_of_several_requests_counts_as_they_would_one_by_one) {
  AccessDigest together(kClock);
  AccessDigest apart(kClock);
  const Answer answers[] = {{}, {.status = 503, .took = 2.5, .target_status = 0}, {.status = 404, .took = 0.25}};
  std::uint64_t n = 3;
  for (const Answer& answer : answers) {
    for (const TimePoint at : {kStart + seconds(5), kWindow + seconds(15), kWindow + seconds(9999)}) {
      AccessRecord r = record(at, static_cast<int>(n), answer);
      for (std::uint64_t i = 0; i < n; ++i) apart.add(0, {&r, 1});
      r.occurrences = n++;
      together.add(0, {&r, 1});
    }
  }
  EXPECT_EQ(print(together), print(apart));
  EXPECT_EQ(together.rows().begin()->second.seconds[kW].mean(), apart.rows().begin()->second.seconds[kW].mean());
}

TEST(AccessDigest, counts_beyond_all_measure_stay_at_the_largest) {
  AccessRecord r = record(kWindow, 1, {.status = 503});
  r.occurrences = 1'000'000'000'000;
  AccessDigest digest(kClock);
  digest.add(0, {&r, 1});
  digest.add(0, {&r, 1});
  AccessDigest merged = digest;
  merged.merge(digest);
  const AccessRow& row = merged.rows().begin()->second;
  EXPECT_EQ(row.failed[kW], 4'000'000'000'000U);
  EXPECT_EQ(row.window_failed[0], std::numeric_limits<std::uint32_t>::max());
  EXPECT_NEAR(row.seconds[kW].quantile(0.5), 0.02, 0.001);
}

TEST(AccessDigest, hostile_names_do_not_grow_it_without_bound) {
  std::deque<std::string> names;
  AccessDigest digest(kClock);
  for (std::size_t i = 0; i < AccessDigest::kMaxRows + 500; ++i) {
    AccessRecord r = record(kWindow, 1, {.status = 500});
    r.target_group = names.emplace_back("target-" + std::to_string(i));
    digest.add(0, {&r, 1});
    r.target_group = "cart";
    r.path = names.back();
    digest.add(0, {&r, 1});
  }
  EXPECT_LE(digest.rows().size(), AccessDigest::kMaxRows + 1);
  const AccessRow& cart = digest.rows().at({"front", "cart"});
  EXPECT_LE(cart.window_failed_paths.size(), AccessDigest::kMaxPaths + 1);
  EXPECT_EQ(cart.failed[kW], AccessDigest::kMaxRows + 500);
}

TEST(AccessDigest, what_is_no_duration_is_not_counted_as_one) {
  std::vector<AccessRecord> all;
  for (const double took : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    all.push_back(record(kWindow, 1, {.took = took}));
  }
  const AccessDigest digest = digest_of(all);
  EXPECT_EQ(digest.rows().begin()->second.seconds[kW].count(), 0U);
  EXPECT_EQ(digest.rows().begin()->second.requests[kW], 3U);
  EXPECT_TRUE(find_access_changes(digest, kClock).empty());
}

TEST(AccessChange, failing_requests_are_found_with_their_onset) {
  const auto findings = study(usual, [](int i) { return Answer{.status = i >= 100 && i % 2 == 0 ? 502 : 200}; });
  ASSERT_FALSE(findings.empty());
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::kAccessErrors);
  EXPECT_EQ(f.subject.service, "cart");
  EXPECT_EQ(f.peer, "front");
  EXPECT_DOUBLE_EQ(f.excess, 50);
  EXPECT_DOUBLE_EQ(f.window, 0.25);
  EXPECT_EQ(f.onset, kWindow + seconds(300));
  EXPECT_EQ(f.hint, Mechanism::kUnknown);
  ASSERT_EQ(f.quotes.size(), 1U);
  EXPECT_EQ(f.quotes[0].time, kWindow + seconds(300));
}

TEST(AccessChange, answers_the_target_never_gave_hint_at_a_timeout) {
  const auto findings =
      study(usual, [](int i) { return Answer{.status = i % 2 == 0 ? 504 : 200, .target_status = 0}; });
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].hint, Mechanism::kDependencyTimeout);
}

TEST(AccessChange, slow_requests_are_found) {
  const auto findings = study(usual, [](int) { return Answer{.took = 2.0}; });
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kAccessLatency);
  EXPECT_NEAR(findings[0].excess, 1.98 * kRequests, 1);
  EXPECT_GT(findings[0].effect, 0.9);
}

TEST(AccessChange, says_nothing_where_nothing_is_new) {
  const Answers failing = [](int i) { return Answer{.status = i % 5 == 0 ? 500 : 200}; };
  const Answers heavy = [](int i) { return Answer{.took = i % 10 == 0 ? 5.0 : 0.02}; };
  const Answers client = [](int) { return Answer{.status = 404}; };
  struct Case {
    const char* name;
    Answers baseline;
    Answers window;
  };
  const Case cases[] = {
      {"equal periods", usual, usual},
      {"as many failures as before", failing, failing},
      {"failures that ended", failing, usual},
      {"peaks that the baseline held as well", heavy, heavy},
      {"slowness that ended", [](int) { return Answer{.took = 2.0}; }, usual},
      {"client errors are the clients'", usual, client},
      {"one failure by chance", usual,
       [](int i) { return Answer{.status = i == 9 ? 500 : 200, .took = usual(i).took}; }},
      {"no window", usual, nullptr},
      {"no baseline, all well", nullptr, usual},
      {"slow, but nothing to compare with", nullptr, [](int) { return Answer{.took = 9.0}; }},
  };
  for (const Case& c : cases) {
    for (const Finding& f : study(c.baseline, c.window)) ADD_FAILURE() << c.name << ": " << f.key << " " << f.strength;
  }
}

TEST(AccessChange, failures_count_without_a_baseline_as_well) {
  const auto findings = study(nullptr, [](int) { return Answer{.status = 500}; });
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kAccessErrors);
  EXPECT_FALSE(findings[0].baseline_chart.has_value());
}

TEST(AccessChange, without_a_target_the_proxy_is_the_subject) {
  std::vector<AccessRecord> all = records(usual, [](int) { return Answer{.status = 503, .target_status = 0}; });
  for (AccessRecord& r : all) r.target_group = {};
  const auto findings = find_access_changes(digest_of(all), kClock);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].subject.service, "front");
}

}  // namespace
}  // namespace fa
