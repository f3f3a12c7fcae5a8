#include "insight/advice.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "insight/advice_rules.h"
#include "insight/facts.h"

namespace fa::insight {
namespace {

constexpr std::size_t kMostAdvice = 8;
constexpr std::size_t kMostNames = 3;
constexpr double kWorseShare = 0.2;
constexpr double kIdlePercent = 20;
/// A day shows whether something is idle; less may be its night.
constexpr auto kLeastIdleTime = std::chrono::hours(24);

bool holds_dead_letters(const InsightMetric& metric) {
  const auto is_named_so = [](std::string_view name) {
    return icontains(name, "dlq") || icontains(name, "dead-letter") || icontains(name, "deadletter");
  };
  return std::any_of(metric.dimensions.begin(), metric.dimensions.end(),
                     [&](const auto& dimension) { return is_named_so(dimension.second); });
}

bool is_for(const AdviceRule& rule, const InsightMetric& metric) {
  if (!rule.metric_namespace.empty() && rule.metric_namespace != metric.metric_namespace) return false;
  const auto names = split(rule.names, ' ');
  if (std::find(names.begin(), names.end(), metric.name) == names.end()) return false;
  return metric.metric_namespace != "AWS/SQS" || rule.need != AdviceNeed::kHappens || holds_dead_letters(metric);
}

/// True where the series' fact is one that the rule needs.
bool calls_for(const AdviceRule& rule, const InsightFact& fact, const InsightSeries& series, bool asked) {
  switch (rule.need) {
    case AdviceNeed::kNearLimit:
      return fact.kind == InsightFactKind::kSaturation || fact.kind == InsightFactKind::kTimeToLimit;
    case AdviceNeed::kWorse: {
      const bool change = fact.kind == InsightFactKind::kTrend || fact.kind == InsightFactKind::kLevelShift ||
                          fact.kind == InsightFactKind::kComparison;
      return change && number_of(fact, "change_share") >= kWorseShare;
    }
    case AdviceNeed::kHappens:
      return fact.kind == InsightFactKind::kLevel && number_of(fact, "max") > 0;
    case AdviceNeed::kIdle:
      return asked && fact.kind == InsightFactKind::kLevel && series.window.length() >= kLeastIdleTime &&
             number_of(fact, "p95") < kIdlePercent;
  }
  return false;
}

std::string name_of(const InsightMetric& metric) { return metric.resource.empty() ? metric.name : metric.resource; }

/// `“orders”, “carts” and 2 more`.
std::string names_text(const std::vector<std::string>& names, Language language) {
  const bool japanese = language == Language::kJapanese;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
    if (i > 0) text += japanese ? "、" : ", ";
    text += (japanese ? "「" : "“") + names[i] + (japanese ? "」" : "”");
  }
  if (names.size() > kMostNames) {
    const std::size_t more = names.size() - kMostNames;
    text += japanese ? fmt::format("ほか {} 件", more) : fmt::format(" and {} more", more);
  }
  return text;
}

struct Found {
  Advice advice;
  std::size_t first_fact = 0;
};

void apply(const AdviceRule& rule, const std::vector<InsightSeries>& series, const std::vector<InsightFact>& facts,
           Language language, bool asked, std::vector<Found>& out) {
  Found found;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const InsightFact& fact = facts[i];
    if (fact.series.size() != 1 || fact.series.front() >= series.size()) continue;
    const InsightSeries& of = series[fact.series.front()];
    if (!is_for(rule, of.metric) || !calls_for(rule, fact, of, asked)) continue;
    if (found.advice.facts.empty()) found.first_fact = i;
    found.advice.facts.push_back(fact.id);
    const std::string name = name_of(of.metric);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty()) return;
  const AdviceRule::Words& words = language == Language::kJapanese ? rule.japanese : rule.english;
  found.advice.change = fmt::format(fmt::runtime(words.change), names_text(names, language));
  found.advice.effect = words.effect;
  found.advice.risk = words.risk;
  out.push_back(std::move(found));
}

}  // namespace

std::vector<Advice> find_advice(const std::vector<InsightSeries>& series, const std::vector<InsightFact>& facts,
                                Language language, bool asked) {
  std::vector<Found> found;
  for (const auto rules : {compute_advice_rules(), data_advice_rules()}) {
    for (const AdviceRule& rule : rules) apply(rule, series, facts, language, asked, found);
  }
  // Facts stand strongest first, and so does what rests on them.
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.first_fact < b.first_fact; });
  std::vector<Advice> advice;
  for (Found& one : found) {
    if (advice.size() < kMostAdvice) advice.push_back(std::move(one.advice));
  }
  return advice;
}

}  // namespace fa::insight
