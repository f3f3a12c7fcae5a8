#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "base/escape.h"
#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_parts.h"
#include "chatops/messages_phrases.h"
#include "chatops/messages_time.h"
#include "report/words.h"
#include "slack/text_length.h"

namespace fa::chatops {
namespace {

// What fits a reader's patience on a phone; the files hold the rest.
constexpr std::size_t kShownHypotheses = 3;
constexpr std::size_t kSupportingOfFirst = 3;
constexpr std::size_t kSupportingOfOthers = 1;
constexpr std::size_t kContradicting = 1;
constexpr std::size_t kShownLower = 5;
constexpr std::size_t kLooseItems = 3;
constexpr std::size_t kShownActions = 5;
constexpr std::size_t kShownCommands = 3;
constexpr std::size_t kShownGaps = 5;
constexpr std::size_t kShownQuestions = 3;
constexpr std::size_t kShownStatements = 8;
constexpr std::size_t kShownPast = 3;
constexpr std::size_t kGapColumns = 220;
constexpr std::size_t kHeaderRoom = 150;

class ReportMessages {
 public:
  ReportMessages(const Report& report, const Reader& reader)
      : report_(report), reader_(reader), language_(report.language) {}

  std::vector<RenderedMessage> render(const std::string& state, std::size_t most) {
    head();
    if (report_.verdict == Verdict::kCannotTell) questions();
    hypotheses();
    if (report_.hypotheses.empty()) loose_evidence();
    actions();
    group(command_parts(shown_, language_, kShownCommands));
    gaps();
    if (report_.verdict != Verdict::kCannotTell) questions();
    model();
    past();
    const std::vector<slack::Block> tail = {small_print(), row_of_buttons(state)};
    return messages_of(std::move(groups_), tail, title(), language_, most);
  }

 private:
  [[nodiscard]] std::string words(Says phrase) const { return std::string(say(language_, phrase)); }

  void group(const Parts& parts) { groups_.push_back(slack::rich_text(parts)); }

  /// `Incident · checkout cannot reach orders-db`
  [[nodiscard]] std::string title() const {
    std::string out(say(language_, report_.verdict));
    if (!trim(report_.headline).empty()) out += " · " + sentence(report_.headline);
    return out;
  }

  void head() {
    const std::string whole = title();
    std::vector<slack::Block> blocks = {slack::header(whole)};
    Parts parts;
    if (slack::text_length(whole) > kHeaderRoom) parts.push_back(title_part(sentence(report_.headline)));
    slack::RichPart line = slack::paragraph({});
    if (report_.severity != ReportSeverity::kNone) {
      line.runs.push_back(slack::bold(say(language_, Says::kSeverity, say(language_, report_.severity))));
    }
    const std::string impact = sentence(report_.impact.summary);
    if (!impact.empty()) line.runs.push_back(slack::plain((line.runs.empty() ? "" : " · ") + impact));
    parts.push_back(std::move(line));
    parts.push_back(slack::paragraph({slack::plain(when())}));
    for (slack::Block& block : slack::rich_text(parts)) blocks.push_back(std::move(block));
    groups_.push_back(std::move(blocks));
  }

  /// Since when, and the time that was studied.
  [[nodiscard]] std::string when() const {
    const TimeRange& window = report_.incident.window;
    std::string out;
    if (report_.impact.since && *report_.impact.since != kNoTime) {
      out = say(language_, Says::kSince, local_time(*report_.impact.since, reader_.time_zone));
    }
    if (!window.empty()) {
      if (!out.empty()) out += " · ";
      out += say(language_, Says::kWindow, window_text(window, reader_.time_zone));
    }
    return out;
  }

  void hypotheses() {
    const std::size_t shown = std::min(kShownHypotheses, report_.hypotheses.size());
    for (std::size_t i = 0; i < shown; ++i) {
      Parts parts;
      if (i == 0) parts.push_back(title_part(say(language_, Phrase::kHypotheses)));
      hypothesis(report_.hypotheses[i], i == 0, parts);
      if (i + 1 == shown && shown < report_.hypotheses.size()) parts.push_back(lower_ranked(shown));
      group(parts);
    }
  }

  void hypothesis(const Hypothesis& h, bool first, Parts& parts) {
    const std::string subject = short_name(subject_text(language_, h.subject));
    parts.push_back(slack::paragraph({slack::bold(fmt::format("{}. {}", h.rank, subject)),
                                      slack::plain(" · " + confidence_text(language_, h.confidence))}));
    slack::TextRun kind = slack::plain(fmt::format("{} · {}", say(language_, h.mechanism), say(language_, h.status)));
    kind.italic = true;
    parts.push_back(slack::paragraph({std::move(kind)}));
    parts.push_back(slack::paragraph({slack::plain(sentence(h.statement))}));
    evidence_of(h.supports, "", first ? kSupportingOfFirst : kSupportingOfOthers, Says::kFor, parts);
    evidence_of(h.contradicts, words(Says::kAgainst), kContradicting, Says::kAgainst, parts);
  }

  /// The first `most` that were not shown before in full, the others by their ids.
  void evidence_of(const std::vector<std::string>& ids, const std::string& lead, std::size_t most, Says label,
                   Parts& parts) {
    std::vector<std::string> others;
    for (const std::string& id : ids) {
      const Evidence* item = report_.find_evidence(id);
      const bool seen = std::find(shown_.begin(), shown_.end(), item) != shown_.end();
      if (item == nullptr || seen || most == 0) {
        others.push_back(id);
        continue;
      }
      --most;
      shown_.push_back(item);
      add_evidence(*item, lead, report_.incident.window.begin, reader_, language_, parts);
    }
    if (others.empty()) return;
    parts.push_back(slack::item({slack::plain(words(label) + cited(language_, others).substr(1))}));
  }

  [[nodiscard]] slack::RichPart lower_ranked(std::size_t from) const {
    std::vector<std::string> names;
    const std::size_t end = std::min(report_.hypotheses.size(), from + kShownLower);
    for (std::size_t i = from; i < end; ++i) {
      const Hypothesis& h = report_.hypotheses[i];
      names.push_back(
          fmt::format("{}. {} {}", h.rank, short_name(subject_text(language_, h.subject)), percent(h.confidence)));
    }
    if (end < report_.hypotheses.size()) {
      names.push_back(say(language_, Says::kMore, format_count(report_.hypotheses.size() - end)));
    }
    slack::TextRun run = slack::plain(say(language_, Says::kLowerRanked, join(language_, names)));
    run.italic = true;
    return slack::paragraph({std::move(run)});
  }

  void loose_evidence() {
    if (report_.evidence.empty()) return;
    Parts parts = {title_part(say(language_, Phrase::kEvidence))};
    const std::size_t shown = std::min(kLooseItems, report_.evidence.size());
    for (std::size_t i = 0; i < shown; ++i) {
      shown_.push_back(&report_.evidence[i]);
      add_evidence(report_.evidence[i], "", report_.incident.window.begin, reader_, language_, parts);
    }
    if (shown < report_.evidence.size()) parts.push_back(more_part(language_, report_.evidence.size() - shown));
    group(parts);
  }

  void actions() {
    if (report_.actions.empty()) return;
    Parts parts = {title_part(say(language_, Phrase::kActions))};
    const std::size_t shown = std::min(kShownActions, report_.actions.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const ActionItem& action = report_.actions[i];
      slack::RichPart part = slack::item({slack::plain(sentence(action.text) + cited(language_, action.evidence))});
      part.ordered = true;
      part.number = i + 1;
      parts.push_back(std::move(part));
    }
    if (shown < report_.actions.size()) parts.push_back(more_part(language_, report_.actions.size() - shown));
    group(parts);
  }

  void gaps() {
    Parts parts = {title_part(say(language_, Phrase::kGaps))};
    if (report_.gaps.empty())
      parts.push_back(slack::paragraph({slack::plain(std::string(say(language_, Phrase::kNoGaps)))}));
    const std::size_t shown = std::min(kShownGaps, report_.gaps.size());
    for (std::size_t i = 0; i < shown; ++i) parts.push_back(slack::item({slack::plain(gap_text(report_.gaps[i]))}));
    if (shown < report_.gaps.size()) parts.push_back(more_part(language_, report_.gaps.size() - shown));
    group(parts);
  }

  /// What could not be seen and what that means, on one line.
  [[nodiscard]] std::string gap_text(const Gap& gap) const {
    std::string out = short_name(gap.source);
    if (!gap.error.empty()) out += (out.empty() ? "" : ": ") + one_line(gap.error);
    if (!gap.impact.empty()) out += " – " + one_line(gap.impact);
    return clip(out, kGapColumns);
  }

  void questions() {
    if (report_.questions.empty()) return;
    Parts parts = {title_part(say(language_, Phrase::kQuestions))};
    const std::size_t shown = std::min(kShownQuestions, report_.questions.size());
    for (std::size_t i = 0; i < shown; ++i) {
      parts.push_back(slack::item({slack::plain(sentence(report_.questions[i]))}));
    }
    if (shown < report_.questions.size()) parts.push_back(more_part(language_, report_.questions.size() - shown));
    group(parts);
  }

  void model() {
    if (!report_.narrative) return;
    Report part;
    part.language = language_;
    part.narrative = report_.narrative;
    part.narrative->steps.clear();
    for (const NarrativeSection& section : narrative_sections(part)) {
      group(narrative_parts(section, Wording::kMarkdown, language_, kShownStatements));
    }
  }

  void past() {
    Report part;
    part.language = language_;
    part.similar = report_.similar;
    for (const NarrativeSection& section : narrative_sections(part)) {
      group(narrative_parts(section, Wording::kPlain, language_, kShownPast));
    }
  }

  [[nodiscard]] slack::Block small_print() const {
    const std::string zone = zone_shown(reader_.time_zone);
    return slack::context(
        {words(Says::kHypothesesOnly), verification_text(report_),
         zone == "UTC" ? std::string(say(language_, Phrase::kTimesInUtc)) : say(language_, Says::kTimesLocal, zone)});
  }

  [[nodiscard]] slack::Block row_of_buttons(const std::string& state) const {
    std::vector<slack::Button> row;
    const auto add = [&](std::string_view action, Says text, bool primary = false) {
      row.push_back({std::string(action), words(text), state, primary});
    };
    const bool named = !report_.hypotheses.empty();
    if (named) add(kConfirmAction, Says::kConfirmButton, true);
    // Where no cause was named there is nothing to confirm, but the right one can be told.
    add(kWrongAction, named ? Says::kWrongButton : Says::kTellButton);
    add(kAskAction, Says::kAskButton);
    add(kWiderAction, Says::kWiderButton);
    return slack::buttons(row);
  }

  const Report& report_;
  const Reader& reader_;
  Language language_;
  std::vector<std::vector<slack::Block>> groups_;
  std::vector<const Evidence*> shown_;  // In the order shown.
};

}  // namespace

std::vector<RenderedMessage> report_messages(const Report& report, const std::string& state, const Reader& reader,
                                             std::size_t most) {
  return ReportMessages(report, reader).render(state, most);
}

}  // namespace fa::chatops
