#pragma once

#include <string>
#include <string_view>

#include "analysis/causal/rank.h"
#include "model/finding.h"
#include "model/report.h"

namespace fa {

/// Every sentence the investigation writes, in one language. Names and words from the data stand in quotation marks, so
/// that a reader (and verify) can tell them from ours. Immutable, thread-safe.
class InvestigationPhrases {
 public:
  explicit InvestigationPhrases(Language language) : japanese_(language == Language::kJapanese) {}

  [[nodiscard]] std::string claim(const Finding& finding) const;
  [[nodiscard]] std::string statement(const Candidate& candidate) const;
  [[nodiscard]] std::string mechanism(Mechanism mechanism) const;

  [[nodiscard]] std::string headline(const Candidate& best, double confidence) const;
  [[nodiscard]] std::string headline_no_incident() const;
  [[nodiscard]] std::string headline_cannot_tell() const;
  [[nodiscard]] std::string impact_failing(std::string_view entity, double share, double requests) const;
  [[nodiscard]] std::string impact_slow(std::string_view entity, double before, double now) const;
  [[nodiscard]] std::string impact_services(std::size_t count) const;
  [[nodiscard]] std::string impact_none() const;
  [[nodiscard]] std::string impact_unknown() const;

  /// A message of a reader or the operating system, which is English: as it is, or as a quotation.
  [[nodiscard]] std::string technical(std::string_view message) const;
  [[nodiscard]] std::string chart_unit(std::string_view unit) const;

  [[nodiscard]] std::string timeline_window_begins() const;
  [[nodiscard]] std::string timeline_window_ends() const;
  [[nodiscard]] std::string timeline_onset() const;
  [[nodiscard]] std::string timeline_alarm(std::string_view entity, std::string_view metric) const;

  [[nodiscard]] std::string action(Mechanism mechanism, const Subject& subject) const;
  [[nodiscard]] std::string action_check_change(std::string_view what, std::string_view who) const;
  [[nodiscard]] std::string action_confirm() const;
  [[nodiscard]] std::string prevention(Mechanism mechanism) const;
  [[nodiscard]] std::string question_next(std::string_view first, std::string_view second) const;
  [[nodiscard]] std::string question_logs(std::string_view service) const;
  [[nodiscard]] std::string question_traces(std::string_view service) const;
  [[nodiscard]] std::string question_baseline() const;

  [[nodiscard]] std::string gap_no_baseline() const;
  [[nodiscard]] std::string gap_kind_missing(std::string_view kind) const;
  [[nodiscard]] std::string gap_of_service(std::string_view kind, std::string_view service) const;
  [[nodiscard]] std::string gap_kind_outside(std::string_view kind) const;
  [[nodiscard]] std::string gap_impact(std::string_view kind) const;
  [[nodiscard]] std::string gap_dropped(std::string_view kind, double count) const;
  [[nodiscard]] std::string kind_logs() const { return say("logs", "ログ"); }
  [[nodiscard]] std::string kind_traces() const { return say("traces", "トレース"); }
  [[nodiscard]] std::string kind_metrics() const { return say("metrics", "メトリクス"); }
  [[nodiscard]] std::string kind_changes() const { return say("changes", "変更履歴"); }

  [[nodiscard]] std::string check_duplicate_id(std::string_view id) const;
  [[nodiscard]] std::string check_unknown_entity(std::string_view entity) const;
  [[nodiscard]] std::string check_unknown_source(std::string_view source) const;
  [[nodiscard]] std::string check_unreadable(std::string_view source) const;
  [[nodiscard]] std::string check_hash() const;
  [[nodiscard]] std::string check_excerpt() const;
  [[nodiscard]] std::string check_time(std::string_view time) const;
  [[nodiscard]] std::string check_fact_unknown(std::string_view name) const;
  [[nodiscard]] std::string check_fact(std::string_view name, double claimed, double counted) const;
  [[nodiscard]] std::string check_other_record() const;
  [[nodiscard]] std::string check_number(double number) const;

 private:
  [[nodiscard]] std::string say(std::string_view english, std::string_view japanese) const {
    return std::string(japanese_ ? japanese : english);
  }
  [[nodiscard]] std::string quoted(std::string_view words) const;
  [[nodiscard]] std::string amount(double value, std::string_view unit) const;

  bool japanese_;
};

}  // namespace fa
