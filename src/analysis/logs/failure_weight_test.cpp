#include "analysis/logs/failure_weight.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "analysis/logs/attribution.h"
#include "analysis/logs/log_change.h"

namespace fa {
namespace {

using std::chrono::seconds;

const TimePoint kBegin = from_unix_nanos(1'800'000'000'000'000'000);
const PeriodClock kTwoPeriods({kBegin + seconds(600), kBegin + seconds(1200)}, {kBegin, kBegin + seconds(600)});
const PeriodClock kWindowOnly({kBegin, kBegin + seconds(1200)}, {});

class Lines {
 public:
  void add(int second, std::string_view service, std::string_view text, Severity severity = Severity::kUnknown) {
    LogRecord r;
    r.time = kBegin + seconds(second);
    r.service = texts_.emplace_back(service);
    r.message = texts_.emplace_back(text);
    r.severity = severity;
    r.position = {100 * records_.size(), text.size(), records_.size() + 1, 1};
    records_.push_back(r);
  }
  [[nodiscard]] LogDigest digest(const PeriodClock& periods) const {
    LogDigester digester(periods);
    digester.add(0, records_);
    LogDigest digest = digester.finish();
    attribute_to_named(digest);
    return digest;
  }
  [[nodiscard]] std::vector<Finding> findings(const PeriodClock& periods) const {
    return find_log_changes(digest(periods), periods);
  }

 private:
  std::deque<std::string> texts_;
  std::vector<LogRecord> records_;
};

const Finding* finding_of(const std::vector<Finding>& findings, std::string_view service) {
  for (const Finding& f : findings) {
    if (f.subject.service == service) return &f;
  }
  return nullptr;
}

TEST(LogChanges, one_line_that_names_a_cause_is_reported_fully) {
  Lines lines;
  for (int i = 0; i < 1200; i += 3) lines.add(i, "api", "GET /item/" + std::to_string(i) + " 200", Severity::kInfo);
  lines.add(610, "db", "could not bind: Address already in use", Severity::kError);
  for (int i = 615; i < 1200; i += 5) lines.add(i, "api", "connect failed: connection refused", Severity::kError);
  const auto findings = lines.findings(kTwoPeriods);
  const Finding* cause = finding_of(findings, "db");
  const Finding* effect = finding_of(findings, "api");
  ASSERT_NE(cause, nullptr);
  ASSERT_NE(effect, nullptr);
  EXPECT_GE(cause->salience(), 0.6);
  EXPECT_EQ(cause->effect, 1);
  EXPECT_EQ(cause->hint, Mechanism::kResourceExhaustion);
}

TEST(LogChanges, a_cause_from_before_the_window_is_reported_when_it_is_rare) {
  Lines lines;
  for (int i = 0; i < 1200; i += 3) lines.add(i, "api", "GET /item/" + std::to_string(i) + " 200", Severity::kInfo);
  lines.add(60, "backup", "dump.sh: line 4: syntax error near unexpected token");
  const auto findings = lines.findings(kTwoPeriods);
  const Finding* before = finding_of(findings, "dump");
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(before->kind, FindingKind::kLogBefore);
  EXPECT_EQ(before->onset, kBegin + seconds(60));
}

TEST(LogChanges, a_baseline_is_as_long_as_it_lies_outside_of_the_window) {
  Lines lines;
  for (int i = 0; i < 1200; i += 10) lines.add(i, "gateway", "send failed: connection refused", Severity::kError);
  const PeriodClock overlapping({kBegin + seconds(600), kBegin + seconds(1200)}, {kBegin, kBegin + seconds(1200)});
  EXPECT_DOUBLE_EQ(overlapping.baseline_seconds(), 600);
  EXPECT_TRUE(lines.findings(overlapping).empty());
}

TEST(LogChanges, lines_that_come_together_are_one_event) {
  const auto surge_of = [](int together) {
    Lines lines;
    for (int i = 0; i < 600; i += 10 * together) {
      for (int k = 0; k < together; ++k) lines.add(i, "shop", "picture is missing", Severity::kError);
    }
    for (int i = 600; i < 1200; i += 4 * together) {
      for (int k = 0; k < together; ++k) lines.add(i, "shop", "picture is missing", Severity::kError);
    }
    const auto findings = lines.findings(kTwoPeriods);
    return findings.empty() ? 0 : findings.front().strength;
  };
  EXPECT_GT(surge_of(1), 2);
  EXPECT_EQ(surge_of(12), 0);
}

TEST(LogChanges, without_a_baseline_constant_noise_counts_little) {
  Lines lines;
  for (int i = 0; i < 1200; i += 10) lines.add(i, "gateway", "send failed: connection refused", Severity::kError);
  for (int i = 900; i < 1200; i += 10) lines.add(i, "shop", "call failed: connection refused", Severity::kError);
  const auto findings = lines.findings(kWindowOnly);
  const Finding* noise = finding_of(findings, "gateway");
  const Finding* late = finding_of(findings, "shop");
  ASSERT_NE(noise, nullptr);
  ASSERT_NE(late, nullptr);
  EXPECT_LT(noise->effect, 0.5 * late->effect);
}

TEST(AttributeToNamed, gives_a_kernels_line_to_the_unit_it_is_about) {
  Lines lines;
  lines.add(700, "kernel", "oom-kill:constraint=NONE,task_memcg=/system.slice/quotes.service,task=java,pid=18");
  lines.add(701, "kernel", "Out of memory: Killed process 18 (java) total-vm:1kB");
  lines.add(702, "kernel", "eth0: link becomes ready");
  std::string services;
  for (const TemplateActivity& a : lines.digest(kTwoPeriods).activities) services += a.service + " ";
  EXPECT_EQ(services.find("java"), std::string::npos) << services;
  EXPECT_NE(services.find("quotes"), std::string::npos) << services;
  EXPECT_NE(services.find("kernel"), std::string::npos) << services;
}

TEST(WeightOf, levels_take_back_what_words_say) {
  const FailureReading effect = read_failure("request timed out");
  EXPECT_GT(weight_of(effect, Severity::kError, "a").effect, weight_of(effect, Severity::kWarn, "a").effect);
  EXPECT_GT(weight_of(effect, Severity::kWarn, "a").effect, weight_of(effect, Severity::kInfo, "a").effect);
  EXPECT_GT(weight_of(effect, Severity::kError, "a").effect, weight_of(effect, Severity::kError, "kernel").effect);
}

TEST(TellingPart, shows_the_line_that_decides_of_a_long_record) {
  std::string text = "Request failed\n";
  for (int i = 0; i < 40; ++i) text += "\tat com.example.Class.method(Class.java:100)\n";
  text += "Caused by: java.io.IOException: No space left on device";
  EXPECT_EQ(telling_part(text), "Caused by: java.io.IOException: No space left on device");
  EXPECT_EQ(telling_part("short"), "short");
}

}  // namespace
}  // namespace fa
