#include "investigate/familiar_failures.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

const TimePoint kStart = *parse_rfc3339("2026-03-14T08:00:00Z");
const PeriodClock kClock({kStart + std::chrono::minutes(10), kStart + std::chrono::minutes(20)},
                         {kStart, kStart + std::chrono::minutes(10)});

/// An exception that cart meets ten times in the window and never in the baseline, in a system where `elsewhere` others
/// of the same kind came in each period.
double effect_with(std::uint64_t elsewhere) {
  Digest digest(kClock);
  digest.services = {"cart", "prices", "stock"};
  ExceptionActivity mine{"cart", "ClientError", "ClientError", "no instances of stock", {}, {0, 10, 0}, {}, {}};
  ExceptionActivity other{"prices", "ClientError", "ClientError", "no instances of cart", {}, {}, {}, {}};
  other.counts = {elsewhere, elsewhere, 0};
  digest.logs.exceptions = {mine, other};
  Finding f;
  f.kind = FindingKind::kException;
  f.subject.service = "cart";
  f.key = "ClientError|ClientError|no instances of stock";
  f.effect = 1;
  f.baseline = 0;
  f.window = 1;
  std::vector<Finding> findings{f};
  discount_familiar_failures(findings, digest);
  return findings[0].effect;
}

TEST(FamiliarFailures, what_the_system_always_reports_counts_as_far_as_it_grew) {
  EXPECT_DOUBLE_EQ(effect_with(0), 1);
  EXPECT_DOUBLE_EQ(effect_with(10), 0.5);
  EXPECT_LT(effect_with(1000), 0.02);
}

TEST(FamiliarFailures, without_a_baseline_nothing_is_familiar) {
  Digest digest(PeriodClock(kClock.window(), {}));
  std::vector<Finding> findings(1);
  findings[0].kind = FindingKind::kException;
  findings[0].effect = 0.8;
  findings[0].window = 1;
  discount_familiar_failures(findings, digest);
  EXPECT_DOUBLE_EQ(findings[0].effect, 0.8);
}

}  // namespace
}  // namespace fa
