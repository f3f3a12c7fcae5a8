#include <fmt/core.h>

#include "base/json.h"
#include "investigate/evaluate.h"
#include "investigate/evaluate_scores.h"

namespace fa {
namespace {

std::string in_brackets(const std::string& text) { return text.empty() ? std::string() : " (" + text + ")"; }

std::string place_text(const BreakLocation& place) { return "“" + place.from + "” -> “" + place.to + "”"; }

std::string case_text(const EvaluatedCase& c) {
  const std::string rank = c.rank > 0 ? "#" + std::to_string(c.rank) : "not ranked";
  std::string out =
      fmt::format("  {} {}: expected {}{} at {}; said {}{} ({:.0f}%)\n", c.rank == 1 ? "ok  " : "miss", c.name,
                  c.expected.value_or("(nothing wrong)"), in_brackets(c.expected_mechanism), rank,
                  c.said.empty() ? "no incident" : c.said, in_brackets(c.said_mechanism), c.confidence * 100);
  if (!c.error.empty()) out += "         no report: " + c.error + "\n";
  if (c.expected_place.code.known()) {
    out += fmt::format("         place {}: expected {}, said {}\n", c.place_right ? "right" : "wrong",
                       place_text(c.expected_place.code), place_text(c.said_place));
  } else if (!c.expected_place.metric.empty()) {
    out += fmt::format("         {} is {} what speaks for it\n", c.expected_place.metric,
                       c.place_right ? "among" : "not among");
  }
  for (const std::string& why : c.why) out += "         because " + why + "\n";
  return out;
}

std::string share_text(int part, int whole) { return whole > 0 ? fmt::format("{} of {}", part, whole) : "-"; }

std::string table_text(const Evaluation& evaluation) {
  std::string out = fmt::format("{:<24}{:>6}{:>7}{:>7}{:>7}{:>11}{:>11}{:>14}{:>14}\n", "set", "cases", "top-1",
                                "top-3", "top-5", "mechanism", "place", "all of it", "false alarms");
  for (const auto& [name, s] : scores_of(evaluation)) {
    out += fmt::format("{:<24}{:>6}{:>7}{:>7}{:>7}{:>11}{:>11}{:>14}{:>14}\n", name, s.cases, s.top1, s.top3, s.top5,
                       share_text(s.mechanism_right, s.mechanisms), share_text(s.place_right, s.places),
                       share_text(s.all_right, s.mechanisms), share_text(s.false_alarms, s.healthy));
  }
  return out +
         "mechanism, place: right together with the service at rank 1. all of it: mechanism and, for faults in code,\n"
         "place. false alarms: of healthy stretches of the baselines.\n";
}

std::string calibration_text(const Evaluation& evaluation) {
  const Calibration c = calibration_of(evaluation);
  std::string out = fmt::format("\n{:<12}{:>6}{:>12}{:>8}\n", "confidence", "said", "mean", "right");
  for (std::size_t i = 0; i < c.bins.size(); ++i) {
    const Calibration::Bin& b = c.bins[i];
    if (b.said == 0) continue;
    const double share = static_cast<double>(b.right) / b.said;
    out += fmt::format("{:>3}-{:>3} %   {:>6}{:>10.0f} %{:>6.0f} %  {}\n", 10 * i, 10 * (i + 1), b.said,
                       100 * b.confidence / b.said, 100 * share,
                       std::string(static_cast<std::size_t>(share * 20 + 0.5), '#'));
  }
  return out + fmt::format("said with at least 80 %: right {}; Brier score {:.3f}, calibration error {:.3f}\n",
                           share_text(c.confident_right, c.confident), c.brier, c.error);
}

Json place_json(const EvaluatedCase& c) {
  Json place;
  if (c.expected_place.code.known()) {
    place["expected_from"] = c.expected_place.code.from;
    place["expected_to"] = c.expected_place.code.to;
  }
  if (!c.expected_place.metric.empty()) place["expected_metric"] = c.expected_place.metric;
  place["said_from"] = c.said_place.from;
  place["said_to"] = c.said_place.to;
  place["right"] = c.place_right;
  return place;
}

double rounded(double value) { return std::stod(fmt::format("{:.4f}", value)); }

Json case_json(const EvaluatedCase& c) {
  Json one{{"set", c.set}, {"case", c.name}, {"rank", c.rank}};
  one["expected"] = c.expected ? Json(*c.expected) : Json(nullptr);
  one["expected_mechanism"] = c.expected_mechanism.empty() ? Json(nullptr) : Json(c.expected_mechanism);
  one["said"] = c.said.empty() ? Json(nullptr) : Json(c.said);
  one["said_mechanism"] = c.said_mechanism.empty() ? Json(nullptr) : Json(c.said_mechanism);
  one["confidence"] = rounded(c.confidence);
  if (c.expected_place.known()) one["place"] = place_json(c);
  one["why"] = c.why;
  if (!c.error.empty()) one["error"] = c.error;
  return one;
}

Json set_json(const std::string& name, const Score& s) {
  return {{"set", name},
          {"cases", s.cases},
          {"top1", s.top1},
          {"top3", s.top3},
          {"top5", s.top5},
          {"mechanism_labelled", s.mechanisms},
          {"mechanism_right", s.mechanism_right},
          {"place_labelled", s.places},
          {"place_right", s.place_right},
          {"all_right", s.all_right},
          {"without_report", s.failed},
          {"healthy_windows", s.healthy},
          {"false_alarms", s.false_alarms}};
}

Json calibration_json(const Calibration& c) {
  Json bins = Json::array();
  for (const Calibration::Bin& b : c.bins) {
    bins.push_back({{"said", b.said}, {"right", b.right}, {"mean", rounded(b.said > 0 ? b.confidence / b.said : 0)}});
  }
  return {{"bins", std::move(bins)},
          {"brier", rounded(c.brier)},
          {"error", rounded(c.error)},
          {"confident", c.confident},
          {"confident_right", c.confident_right}};
}

}  // namespace

std::string render_evaluation_text(const Evaluation& evaluation) {
  std::string out;
  std::string set;
  for (const EvaluatedCase& c : evaluation.cases) {
    if (c.set != set) out += fmt::format("{}{}\n", out.empty() ? "" : "\n", c.set);
    set = c.set;
    out += case_text(c);
  }
  for (const HealthyWindow& w : evaluation.healthy) {
    if (w.said.empty()) continue;
    out +=
        fmt::format("  false alarm in {} at {}: said {}{} ({:.0f}%)\n         because {}\n", w.set,
                    format_rfc3339(w.window.begin), w.said, in_brackets(w.said_mechanism), w.confidence * 100, w.why);
  }
  return out + "\n" + table_text(evaluation) + calibration_text(evaluation);
}

std::string render_evaluation_json(const Evaluation& evaluation) {
  Json out;
  out["sets"] = Json::array();
  for (const auto& [name, s] : scores_of(evaluation)) out["sets"].push_back(set_json(name, s));
  out["calibration"] = calibration_json(calibration_of(evaluation));
  out["cases"] = Json::array();
  for (const EvaluatedCase& c : evaluation.cases) out["cases"].push_back(case_json(c));
  out["false_alarms"] = Json::array();
  for (const HealthyWindow& w : evaluation.healthy) {
    if (w.said.empty()) continue;
    out["false_alarms"].push_back({{"set", w.set},
                                   {"window", format_rfc3339(w.window.begin)},
                                   {"said", w.said},
                                   {"confidence", rounded(w.confidence)},
                                   {"why", w.why}});
  }
  return json_text(out, 2) + "\n";
}

}  // namespace fa
