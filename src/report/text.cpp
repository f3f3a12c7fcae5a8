#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>
#include <vector>

#include "base/escape.h"
#include "base/wrap.h"
#include "document/text_page.h"
#include "report/chart.h"
#include "report/narrative_lines.h"
#include "report/phrases.h"
#include "report/render.h"
#include "report/sparkline.h"
#include "report/words.h"

namespace fa {
namespace {

// What fits a reader's patience on a terminal; the other renderings are complete.
constexpr std::size_t kHypotheses = 3;
constexpr std::size_t kSupporting = 4;
constexpr std::size_t kContradicting = 3;
constexpr std::size_t kLooseEvidence = 6;
constexpr std::size_t kExcerptLines = 3;
constexpr std::size_t kRowsPerExcerptLine = 2;
constexpr std::size_t kTimelineEntries = 20;
constexpr std::size_t kSources = 12;
constexpr std::size_t kSparklineColumns = 30;
constexpr std::size_t kLongestSentence = 600;  // Columns.
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestCommand = 2000;

std::string sentence(std::string_view text) { return clip(one_line(text), kLongestSentence); }
std::string name(std::string_view text) { return clip(one_line(text), kLongestName); }
std::string id_of(std::string_view id) { return clip(one_line(id), 12); }

Ink check_ink(CheckStatus check) {
  return check == CheckStatus::kPassed ? Ink::kGood : check == CheckStatus::kFailed ? Ink::kBad : Ink::kFaint;
}

Ink severity_ink(ReportSeverity severity) {
  if (severity >= ReportSeverity::kHigh) return Ink::kBad;
  return severity == ReportSeverity::kMedium ? Ink::kWarn : Ink::kStrong;
}

/// `████████░░`
std::string confidence_bar(double confidence) {
  const double share = std::isfinite(confidence) ? std::clamp(confidence, 0.0, 1.0) : 0.0;
  const auto full = static_cast<std::size_t>(share * 10 + 0.5);
  std::string bar;
  for (std::size_t i = 0; i < 10; ++i) bar += i < full ? "█" : "░";
  return bar;
}

class TextReport {
 public:
  TextReport(const Report& report, const TextOptions& options)
      : report_(report),
        language_(report.language),
        zone_(TimeZone::find_or_utc(options.time_zone)),
        page_(options.width, options.color) {}

  std::string render_answer() {
    narrative();
    if (!report_.evidence.empty()) page_.section(word(Phrase::kEvidence));
    for (const Evidence& item : report_.evidence) evidence(id_of(item.id), item);
    if (onset_marked_) page_.paragraph(4, fmt::format("{} {}", kSparklineMark, word(Phrase::kOnset)), Ink::kFaint);
    reproduce();
    return page_.take();
  }

  std::string render() {
    header();
    if (report_.verdict == Verdict::kCannotTell) questions();
    hypotheses();
    if (report_.hypotheses.empty()) loose_evidence();
    narrative();
    timeline();
    actions(Phrase::kActions, report_.actions);
    actions(Phrase::kPrevention, report_.prevention);
    reproduce();
    coverage();
    collection();
    gaps();
    if (report_.verdict != Verdict::kCannotTell) questions();
    verification();
    return page_.take();
  }

 private:
  [[nodiscard]] std::string_view word(Phrase phrase) const { return say(language_, phrase); }

  void header() {
    const bool ranked = report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty();
    std::string line;
    std::size_t used = 0;
    const auto part = [&](std::string_view label, std::string_view value, Ink ink) {
      const std::string lead = label.empty() ? std::string() : fmt::format("{} ", label);
      const std::size_t width = display_width(lead) + display_width(value);
      if (used > 0 && used + 3 + width > page_.width()) {
        page_.raw(line);
        line.clear();
        used = 0;
      }
      if (used > 0) line += " · ";
      line += lead + page_.paint(value, ink);
      used += width + (used > 0 ? 3 : 0);
    };
    part("", say(language_, report_.verdict), severity_ink(report_.severity));
    if (report_.severity != ReportSeverity::kNone) {
      part(word(Phrase::kSeverity), say(language_, report_.severity), severity_ink(report_.severity));
    }
    if (ranked) {
      const std::string confidence = confidence_text(language_, report_.hypotheses.front().confidence);
      part(word(Phrase::kConfidence), confidence, Ink::kStrong);
    }
    page_.raw(line);
    page_.blank();
    page_.paragraph(0, sentence(report_.headline), Ink::kStrong);
    page_.blank();
    facts();
  }

  /// The table under the headline.
  void facts() {
    std::vector<std::pair<Phrase, std::string>> rows;
    const IncidentInfo& incident = report_.incident;
    const Impact& impact = report_.impact;
    const auto add = [&](Phrase label, std::string text) {
      if (!text.empty()) rows.emplace_back(label, std::move(text));
    };
    add(Phrase::kImpact, sentence(impact.summary));
    add(Phrase::kAffected, sentence(join(language_, impact.affected)));
    if (impact.since) add(Phrase::kSince, date_time_zone(*impact.since, zone_));
    if (incident.onset && incident.onset != impact.since) add(Phrase::kOnset, date_time_zone(*incident.onset, zone_));
    if (!incident.window.empty())
      add(Phrase::kWindow, study_range(language_, incident.window, incident.window_given, zone_));
    add(Phrase::kBaseline, incident.baseline.empty()
                               ? std::string(word(Phrase::kBaselineNone))
                               : study_range(language_, incident.baseline, incident.baseline_given, zone_));
    if (incident.alarm) add(Phrase::kAlarm, sentence(alarm_text(*incident.alarm, zone_)));
    add(Phrase::kReported, sentence(incident.description));
    add(Phrase::kCase, name(incident.id));
    std::size_t label_width = 0;
    for (const auto& row : rows) label_width = std::max(label_width, display_width(word(row.first)));
    for (const auto& [label, text] : rows) page_.hanging(2, word(label), Ink::kFaint, label_width + 2, text);
  }

  void hypotheses() {
    if (report_.hypotheses.empty()) return;
    page_.section(word(Phrase::kHypotheses));
    const std::size_t shown = std::min(kHypotheses, report_.hypotheses.size());
    for (std::size_t i = 0; i < shown; ++i) {
      if (i > 0) page_.blank();
      hypothesis(report_.hypotheses[i]);
    }
    if (shown == report_.hypotheses.size()) return;
    std::vector<std::string> others;
    for (std::size_t i = shown; i < report_.hypotheses.size(); ++i) {
      const Hypothesis& h = report_.hypotheses[i];
      others.push_back(
          fmt::format("{}. {} {}", h.rank, name(subject_text(language_, h.subject)), percent(h.confidence)));
    }
    page_.blank();
    page_.hanging(1, word(Phrase::kRankedLower), Ink::kFaint, 0, sentence(join(language_, others)), Ink::kFaint);
  }

  void hypothesis(const Hypothesis& h) {
    page_.spread(1, fmt::format("{}. {}", h.rank, name(subject_text(language_, h.subject))), Ink::kStrong,
                 percent(h.confidence) + " " + confidence_bar(h.confidence), Ink::kPlain);
    page_.paragraph(4, fmt::format("{} · {}", say(language_, h.mechanism), say(language_, h.status)), Ink::kFaint);
    if (!h.statement.empty()) page_.paragraph(4, sentence(h.statement));
    if (h.location.known()) location(h.location);
    evidence_list(Phrase::kSupports, "+", h.supports, kSupporting);
    evidence_list(Phrase::kContradicts, "-", h.contradicts, kContradicting);
  }

  void location(const BreakLocation& place) {
    const std::size_t width =
        std::max(display_width(word(Phrase::kBreaksAfter)), display_width(word(Phrase::kBreaksBefore))) + 1;
    const auto line = [&](Phrase label, const std::string& text) {
      if (text.empty()) return;
      const std::string quoted =
          fmt::format("{}{}{}", word(Phrase::kQuoteOpen), sentence(text), word(Phrase::kQuoteClose));
      page_.hanging(4, word(label), Ink::kFaint, width, quoted);
    };
    line(Phrase::kBreaksAfter, place.from);
    line(Phrase::kBreaksBefore, place.to);
  }

  void evidence_list(Phrase title, std::string_view sign, const std::vector<std::string>& ids, std::size_t most) {
    if (ids.empty()) return;
    page_.paragraph(4, word(title), Ink::kTitle);
    const std::size_t shown = std::min(ids.size(), most);
    for (std::size_t i = 0; i < shown; ++i) {
      const Evidence* item = report_.find_evidence(ids[i]);
      const std::string lead = fmt::format("{} {}", sign, id_of(ids[i]));
      if (item == nullptr) {
        page_.hanging(4, lead, Ink::kId, 6, "–");
      } else if (std::find(shown_.begin(), shown_.end(), item) != shown_.end()) {
        page_.hanging(4, lead, Ink::kId, 6, then(language_, sentence(item->claim), word(Phrase::kShownAbove)),
                      Ink::kFaint);
      } else {
        evidence(lead, *item);
      }
    }
    if (shown < ids.size()) page_.paragraph(6, say(language_, Phrase::kMoreEvidence, ids.size() - shown), Ink::kFaint);
  }

  void evidence(std::string_view lead, const Evidence& item) {
    constexpr std::size_t kIndent = 10;
    shown_.push_back(&item);
    page_.hanging(4, lead, Ink::kId, 6, sentence(item.claim));
    std::string where;
    const auto add = [&](const std::string& part) {
      if (part.empty()) return;
      if (!where.empty()) where += " · ";
      where += part;
    };
    if (item.time != kNoTime) add(time_near(item.time, report_.incident.window.begin, zone_));
    add(name(item.entity));
    add(clip(place(item.locator), kLongestName));
    page_.hanging(kIndent, check_mark(item.check), check_ink(item.check), 2, where, Ink::kFaint);
    if (item.check == CheckStatus::kFailed) {
      const std::string reason =
          item.check_reason.empty() ? std::string(say(language_, item.check)) : sentence(item.check_reason);
      page_.paragraph(kIndent, reason, Ink::kBad);
    }
    excerpt(kIndent, item.excerpt);
    charts(kIndent, item);
  }

  void excerpt(std::size_t indent, std::string_view text) {
    const std::string bar = std::string(indent, ' ') + page_.paint("│ ", Ink::kFaint);
    const std::size_t room = page_.width() - indent - 2;
    for (const std::string& line : telling_lines(text, kExcerptLines)) {
      std::vector<std::string> rows = wrap(clip(line, kLongestSentence), room);
      if (rows.size() > kRowsPerExcerptLine) {
        rows.resize(kRowsPerExcerptLine);
        rows.back() = clip(rows.back() + " …", room);
      }
      for (const std::string& row : rows) page_.raw(bar + row);
    }
  }

  void charts(std::size_t indent, const Evidence& item) {
    const ChartScale scale = chart_scale(item);
    if (scale.empty) return;
    const std::array rows = {std::pair{Phrase::kChartBaseline, &item.baseline_chart},
                             std::pair{Phrase::kChartWindow, &item.window_chart}};
    std::size_t label_width = 0;
    std::size_t range_width = 0;
    for (const auto& [label, series] : rows) {
      if (!*series) continue;
      label_width = std::max(label_width, display_width(word(label)) + 1);
      range_width = std::max(range_width, display_width(chart_figures(**series)));
    }
    // What labels and figures leave of the width, so that a row stays one line.
    const std::size_t taken = indent + label_width + kSparklineMarkWidth + 2 + range_width;
    const std::size_t columns =
        std::clamp<std::size_t>(page_.width() - std::min(taken, page_.width()), 8, kSparklineColumns);
    for (const auto& [label, series] : rows) {
      if (!*series) continue;
      page_.hanging(indent, word(label), Ink::kFaint, label_width,
                    sparkline(**series, scale, columns, onset_of(**series)) + "  " + chart_figures(**series));
    }
  }

  /// Remembers that the mark was shown, since it is explained below.
  [[nodiscard]] std::optional<TimePoint> onset_of(const ChartSeries& series) {
    const auto& onset = report_.incident.onset;
    if (!onset || series.range.begin == kNoTime || !series.range.contains(*onset)) return std::nullopt;
    onset_marked_ = true;
    return onset;
  }

  [[nodiscard]] std::string chart_figures(const ChartSeries& series) const {
    return clip(chart_range(language_, series), 30);
  }

  void loose_evidence() {
    if (report_.evidence.empty()) return;
    page_.section(word(Phrase::kEvidence));
    for (std::size_t i = 0; i < std::min(kLooseEvidence, report_.evidence.size()); ++i) {
      evidence(id_of(report_.evidence[i].id), report_.evidence[i]);
    }
    if (report_.evidence.size() > kLooseEvidence) {
      page_.paragraph(4, say(language_, Phrase::kMoreEvidence, report_.evidence.size() - kLooseEvidence), Ink::kFaint);
    }
  }

  /// What a model says, past incidents and documents.
  void narrative() {
    for (const NarrativeSection& part : narrative_sections(report_, zone_)) {
      page_.section(part.title);
      for (const NarrativeLine& line : part.lines) {
        std::string text = clip(line.text, kLongestSentence);
        if (!line.evidence.empty()) text += " [" + join(language_, line.evidence) + "]";
        switch (line.kind) {
          case NarrativeLine::Kind::kHeading:
            page_.blank();
            page_.paragraph(2, text, Ink::kTitle);
            break;
          case NarrativeLine::Kind::kVerified:
            page_.hanging(2, "✓", Ink::kGood, 2, text);
            break;
          case NarrativeLine::Kind::kUnverified:
            page_.hanging(2, "✗", Ink::kBad, 2, text, Ink::kFaint);
            break;
          case NarrativeLine::Kind::kPlain:
            page_.paragraph(2, text);
            break;
        }
        if (!line.remark.empty()) page_.paragraph(4, clip(line.remark, kLongestSentence), Ink::kFaint);
      }
    }
  }

  void timeline() {
    if (report_.timeline.empty()) return;
    page_.section(say(language_, Phrase::kTimeline, zone_.name()));
    for (std::size_t i = 0; i < std::min(kTimelineEntries, report_.timeline.size()); ++i) {
      const TimelineEntry& entry = report_.timeline[i];
      std::string text = sentence(entry.text);
      if (!entry.evidence_id.empty()) text += " [" + id_of(entry.evidence_id) + "]";
      page_.hanging(2, time_near(entry.time, report_.incident.window.begin, zone_), Ink::kFaint, 10, text);
    }
    if (report_.timeline.size() > kTimelineEntries) {
      page_.paragraph(2, say(language_, Phrase::kMoreEntries, report_.timeline.size() - kTimelineEntries), Ink::kFaint);
    }
  }

  void actions(Phrase title, const std::vector<ActionItem>& items) {
    if (items.empty()) return;
    page_.section(word(title));
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string text = sentence(items[i].text);
      for (const std::string& id : items[i].evidence) text += " [" + id_of(id) + "]";
      page_.hanging(2, fmt::format("{}.", i + 1), Ink::kStrong, 3, text);
    }
  }

  void reproduce() {
    const auto has_command = [](const Evidence* item) { return !item->reproduce.empty(); };
    if (std::none_of(shown_.begin(), shown_.end(), has_command)) return;
    page_.section(word(Phrase::kReproduce));
    page_.paragraph(2, word(Phrase::kReproduceHint), Ink::kFaint);
    for (const Evidence* item : shown_) {
      if (item->reproduce.empty()) continue;
      // Not wrapped: a terminal wraps it itself, and what is copied stays one command.
      const std::string command = visible(item->reproduce);
      const std::string shown = clip(command, kLongestCommand);
      bool first = true;
      for (const std::string_view line : split(shown, '\n')) {
        const std::string lead = first ? page_.paint(id_of(item->id), Ink::kId) : std::string();
        const std::size_t used = first ? display_width(id_of(item->id)) : 0;
        page_.raw("  " + lead + std::string(used < 4 ? 4 - used : 1, ' ') + std::string(line));
        first = false;
      }
      if (shown != command) page_.paragraph(6, word(Phrase::kCut), Ink::kFaint);
    }
  }

  void coverage() {
    if (report_.coverage.empty()) return;
    page_.section(word(Phrase::kCoverage));
    const std::size_t shown = std::min(kSources, report_.coverage.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const CoverageItem& item = report_.coverage[i];
      page_.spread(2, name(item.source), Ink::kPlain,
                   fmt::format("{} · {}", say(language_, Phrase::kCountRecords, format_count(item.records)),
                               format_bytes(item.bytes)),
                   Ink::kPlain);
      std::string details = name(format_text(language_, item));
      details += " · ";
      details += item.range.begin == kNoTime ? std::string(word(Phrase::kUndated)) : range_zone(item.range, zone_);
      const std::string notes = clip(coverage_notes(language_, item), kLongestSentence / 2);
      if (!notes.empty()) details += " · " + notes;
      page_.paragraph(4, details, Ink::kFaint);
    }
    if (shown == report_.coverage.size()) return;
    std::uint64_t records = 0;
    for (std::size_t i = shown; i < report_.coverage.size(); ++i) records += report_.coverage[i].records;
    page_.paragraph(2, say(language_, Phrase::kMoreSources, report_.coverage.size() - shown, format_count(records)),
                    Ink::kFaint);
  }

  void collection() {
    const auto lines = collection_lines(report_);
    if (lines.empty()) return;
    page_.section(word(Phrase::kCollection));
    for (const CollectionLine& line : lines) {
      const std::string text = line.source.empty() ? line.text : name(line.source) + ": " + line.text;
      page_.hanging(2, "·", Ink::kFaint, 2, clip(text, kLongestSentence / 2));
    }
  }

  void gaps() {
    page_.section(word(Phrase::kGaps));
    if (report_.gaps.empty()) page_.paragraph(2, word(Phrase::kNoGaps));
    for (const Gap& gap : report_.gaps) {
      std::string text = name(gap.source);
      if (!gap.range.empty()) text += " (" + range_zone(gap.range, zone_) + ")";
      if (!gap.error.empty()) text += (text.empty() ? "" : ": ") + sentence(gap.error);
      page_.hanging(2, "!", Ink::kWarn, 2, text);
      if (!gap.impact.empty()) page_.paragraph(4, sentence(gap.impact), Ink::kFaint);
    }
  }

  void questions() {
    if (report_.questions.empty()) return;
    page_.section(word(Phrase::kQuestions));
    for (const std::string& question : report_.questions) page_.hanging(2, "?", Ink::kId, 2, sentence(question));
  }

  void verification() {
    page_.section(word(Phrase::kVerification));
    const Verification& v = report_.verification;
    const bool clean = v.checked > 0 && v.passed == v.checked;
    page_.paragraph(2, verification_text(report_), clean ? Ink::kGood : Ink::kWarn);
    for (const Evidence& item : report_.evidence) {
      if (item.check != CheckStatus::kFailed) continue;
      const std::string reason =
          item.check_reason.empty() ? std::string(say(language_, item.check)) : sentence(item.check_reason);
      page_.hanging(2, "✗ " + id_of(item.id), Ink::kBad, 5, reason);
    }
    page_.paragraph(2, signs(), Ink::kFaint);
    std::string usage = usage_text(report_);
    if (!report_.fa2_version.empty()) usage += " · " + say(language_, Phrase::kProducedBy, name(report_.fa2_version));
    page_.paragraph(2, usage, Ink::kFaint);
    page_.blank();
    page_.paragraph(0, then(language_, word(Phrase::kNotice), times_notice(language_, zone_)), Ink::kStrong);
  }

  [[nodiscard]] std::string signs() const {
    std::string out = fmt::format("✓ {} · ✗ {} · ○ {}", say(language_, CheckStatus::kPassed),
                                  say(language_, CheckStatus::kFailed), say(language_, CheckStatus::kUnchecked));
    if (onset_marked_) out += fmt::format(" · {} {}", kSparklineMark, word(Phrase::kOnset));
    return out;
  }

  const Report& report_;
  Language language_;
  TimeZone zone_;
  TextPage page_;
  std::vector<const Evidence*> shown_;  // In the order shown.
  bool onset_marked_ = false;
};

}  // namespace

std::string render_text(const Report& report, const TextOptions& options) {
  return TextReport(report, options).render();
}

std::string render_answer_text(const Report& report, const TextOptions& options) {
  Report cited;
  cited.language = report.language;
  cited.incident = report.incident;
  cited.narrative = report.narrative;
  const std::set<std::string> ids = report.narrative ? cited_ids(*report.narrative) : std::set<std::string>();
  const auto take = [&](const auto& from, auto& to) {
    std::copy_if(from.begin(), from.end(), std::back_inserter(to), [&](const auto& x) { return ids.contains(x.id); });
  };
  take(report.evidence, cited.evidence);
  take(report.similar, cited.similar);
  take(report.passages, cited.passages);
  return TextReport(cited, options).render_answer();
}

}  // namespace fa
