#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "document/document.h"
#include "model/report.h"

/// What the parts of `fa2 insight` hand each other: catalogue, selection and data (select, fetch, insight.cpp) on one
/// side, facts, advice and the answer (facts, advice, answer) on the other. Plain values.
namespace fa::insight {

using Dimensions = std::vector<std::pair<std::string, std::string>>;

/// One metric with one statistic: what a series is of.
struct InsightMetric {
  std::string id;                ///< `m1`, `m2`, ...: in the order of the choice; unique in an answer.
  std::string region;            ///< Empty where the data came from files.
  std::string metric_namespace;  ///< Empty where the source knows none (Prometheus).
  std::string name;
  Dimensions dimensions;  ///< Sorted by name, all of them.
  std::string statistic;  ///< Average, Sum, p99, ...; empty where the source states none.
  int period_seconds = 0;
  std::string unit;      ///< Milliseconds, Percent, ...; empty where unknown.
  std::string resource;  ///< What it belongs to, as people call it (`orders-db`); empty: the whole account.
};

/// A metric's points over the window and the time it is compared with.
struct InsightSeries {
  InsightMetric metric;
  TimeRange window;              ///< What was asked about.
  TimeRange previous;            ///< What it is compared with: as long, as a rule right before; empty without.
  std::vector<TimePoint> times;  ///< Ascending, each once, of `previous` and `window`.
  std::vector<double> values;    ///< As many; finite. A missing value is not there.
};

enum class InsightFactKind {
  kLevel,        ///< What is usual: median and range.
  kTrend,        ///< It grows or falls.
  kSeasonality,  ///< It follows the hour or the weekday.
  kLevelShift,   ///< From one moment on it is higher or lower.
  kOutliers,     ///< Single moments far from what was to be expected.
  kCorrelation,  ///< It moves with another series, perhaps earlier or later.
  kSaturation,   ///< It is near a limit.
  kTimeToLimit,  ///< It will reach one.
  kComparison,   ///< It differs from the time before.
};

/// Something the data say. Everything an answer states rests on one of these.
struct InsightFact {
  std::string id;  ///< `M1`, `M2`, ...: by rank, unique in an answer.
  InsightFactKind kind = InsightFactKind::kLevel;
  std::vector<std::size_t> series;  ///< Indexes; two for a correlation.
  std::vector<Fact> numbers;        ///< Name, value, unit.
  std::vector<TimeRange> ranges;    ///< Where in time it is: of the shift, of the outliers.
  double strength = 0;              ///< 0..1, for the order.
};

/// What could be changed, and what for.
struct Advice {
  std::string change;
  std::string effect;
  std::string risk;
  std::vector<std::string> facts;  ///< Ids it rests on.
};

/// How the same data can be had by hand.
struct InsightQuery {
  std::string region;
  std::string command;  ///< One `aws cloudwatch get-metric-data ...` or the like, complete.
  std::string body;     ///< JSON the command reads from a file; empty without.
  std::string file;     ///< What `command` calls that file.
};

/// Everything an answer is made of.
struct InsightResult {
  Language language = Language::kEnglish;
  std::string question;
  std::string time_zone = "UTC";  ///< IANA name.
  TimeRange window;
  TimeRange previous;
  bool wants_advice = false;          ///< The question asks what to change.
  bool nothing_asked = false;         ///< Small talk: no metrics were chosen, and none fetched.
  std::vector<InsightSeries> series;  ///< In the order of the choice; those without points have none.
  std::vector<InsightFact> facts;     ///< Strongest first.
  std::vector<Advice> advice;
  std::vector<std::string> narrative;  ///< A model's sentences, each checked against the facts; empty without.
  std::string narrator;                ///< Who wrote them: `bedrock ...`.
  std::vector<InsightQuery> queries;
  std::vector<Gap> gaps;    ///< What could not be seen.
  std::vector<Note> notes;  ///< How it was chosen and fetched.
  Usage usage;
};

}  // namespace fa::insight
