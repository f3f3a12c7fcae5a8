#include "findings/findings_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "findings/by_hand.h"
#include "findings/document_words.h"

namespace fa::findings {
namespace {

using document::Align;
using document::Block;
using document::Emphasis;
using document::Line;
using document::Run;
using document::Tone;

constexpr std::size_t kTopRisks = 5;
constexpr std::size_t kGroupsInFull = 200;
constexpr std::size_t kShownChanges = 20;

Tone tone_of(Severity severity) {
  if (severity >= Severity::kHigh) return Tone::kBad;
  return severity == Severity::kMedium ? Tone::kWarn : Tone::kNormal;
}

/// Makes the document of one report; every function adds a section.
class Writer {
 public:
  explicit Writer(const FindingsReport& report) : r_(report), w_(report) {
    doc_.language = w_.language();
    doc_.title = w_.word(Phrase::kTitle);
    const std::string now = w_.time(r_.now);
    doc_.subtitle = r_.live ? w_.words(Phrase::kSubtitleLive, r_.asked_regions.size(), now)
                            : w_.words(Phrase::kSubtitleFiles, r_.sources.size(), now);
    doc_.created = r_.now;
    doc_.contents = r_.groups.size() > kTopRisks;
  }

  document::Document write() {
    summary();
    top_risks();
    changes();
    causes();
    further_causes();
    gaps();
    by_hand();
    ranking();
    return std::move(doc_);
  }

 private:
  void add(Block block) { doc_.blocks.push_back(std::move(block)); }
  void heading(int level, std::string text, std::string anchor = {}) {
    add(document::Heading{level, plain(std::move(text)), std::move(anchor)});
  }
  void summary() {
    heading(1, w_.word(Phrase::kSummary), "summary");
    if (r_.groups.empty()) {
      add(document::Paragraph{plain(w_.word(Phrase::kSummaryNone)), Tone::kGood, {}});
    } else {
      const ExplainedGroup& worst = r_.groups.front();
      const std::string findings = format_count(r_.findings);
      const std::string resources = format_count(r_.resources);
      Line line = plain(w_.words(Phrase::kSummaryLine, findings, r_.groups.size(), resources));
      line.push_back({" ", Emphasis::kPlain, {}});
      line.push_back({w_.words(Phrase::kWorstLine, w_.name(worst)), Emphasis::kStrong, {}});
      add(document::Paragraph{std::move(line), tone_of(worst.group.worst), {}});
      severity_table();
    }
    summary_facts();
  }

  void severity_table() {
    document::Table table;
    table.columns.push_back({plain(w_.word(Phrase::kService)), Align::kLeft});
    for (std::size_t s = kSeverityCount; s-- > 0;) {
      table.columns.push_back({plain(w_.severity(static_cast<Severity>(s))), Align::kRight});
    }
    table.columns.push_back({plain(w_.word(Phrase::kTotal)), Align::kRight});
    for (const auto& [product, counts] : r_.by_product) {
      std::vector<Line> row = {plain(product)};
      std::uint64_t total = 0;
      for (std::size_t s = kSeverityCount; s-- > 0;) {
        row.push_back(plain(format_count(counts.at(s))));
        total += counts.at(s);
      }
      row.push_back(strong(format_count(total)));
      table.rows.push_back(std::move(row));
    }
    add(std::move(table));
  }

  void summary_facts() {
    document::Facts facts;
    facts.rows.emplace_back(w_.word(Phrase::kAccounts), plain(w_.list(r_.accounts)));
    facts.rows.emplace_back(w_.word(Phrase::kRegions), plain(w_.list(r_.regions)));
    if (r_.first_seen && r_.last_seen) {
      facts.rows.emplace_back(w_.word(Phrase::kPeriod),
                              plain(w_.words(Phrase::kPeriodText, w_.time(r_.first_seen), w_.time(r_.last_seen))));
    }
    facts.rows.emplace_back(w_.word(Phrase::kCriteria), plain(criteria_text(r_.filter, w_.language())));
    std::vector<std::string> left_out;
    for (std::size_t i = 0; i < kLeftOutCount; ++i) {
      if (r_.left_out.at(i) == 0) continue;
      const std::string count = format_count(r_.left_out.at(i));
      left_out.push_back(w_.words(Phrase::kLeftOutItem, count, left_out_words(static_cast<LeftOut>(i), w_.language())));
    }
    if (!left_out.empty()) facts.rows.emplace_back(w_.word(Phrase::kLeftOut), plain(w_.list(left_out)));
    if (r_.merged > 0) facts.rows.emplace_back(w_.word(Phrase::kMerged), plain(format_count(r_.merged)));
    add(std::move(facts));
  }

  void top_risks() {
    if (r_.groups.empty()) return;
    heading(1, w_.word(Phrase::kTopRisks), "first");
    document::Bullets bullets;
    bullets.numbered = true;
    for (std::size_t i = 0; i < std::min(kTopRisks, r_.groups.size()); ++i) {
      const ExplainedGroup& explained = r_.groups[i];
      const Group& group = explained.group;
      Line line = {Run{w_.words(Phrase::kTopRisk, w_.name(explained), w_.severity(group.worst), resource_count(group)),
                       Emphasis::kStrong, "#" + anchor_of_cause(i)}};
      if (const std::string said = w_.marks(explained); !said.empty()) line.push_back({" [" + said + "]", {}, {}});
      if (!explained.explanation.risk.empty()) line.push_back({" " + explained.explanation.risk, {}, {}});
      bullets.items.push_back(std::move(line));
    }
    add(std::move(bullets));
  }

  void change_list(Phrase title, const std::vector<Change>& changes, bool with_before) {
    if (changes.empty()) return;
    heading(2, fmt::format("{} ({})", w_.word(title), changes.size()));
    document::Bullets bullets;
    for (std::size_t i = 0; i < std::min(kShownChanges, changes.size()); ++i) {
      const Change& change = changes[i];
      std::string degree = w_.severity(change.severity);
      if (with_before) degree = w_.words(Phrase::kWorseItem, degree, w_.severity(change.before));
      bullets.items.push_back({Run{degree + " ", Emphasis::kStrong, {}}, Run{change.title, Emphasis::kPlain, {}},
                               Run{" " + change.id, Emphasis::kMuted, {}}});
    }
    if (changes.size() > kShownChanges) {
      bullets.items.push_back(muted(w_.words(Phrase::kMoreItems, changes.size() - kShownChanges)));
    }
    add(std::move(bullets));
  }

  void changes() {
    if (!r_.compared) return;
    heading(1, w_.word(Phrase::kSinceLast), "changes");
    if (!r_.changes) {
      const bool broken = !r_.state_problem.empty();
      add(document::Paragraph{
          plain(broken ? w_.words(Phrase::kSinceLastBroken, r_.state_problem) : w_.word(Phrase::kSinceLastFirst)),
          broken ? Tone::kWarn : Tone::kNormal,
          {}});
      return;
    }
    const Changes& c = *r_.changes;
    add(document::Paragraph{
        plain(w_.words(Phrase::kSinceLastLine, w_.time(c.since), c.appeared.size(), c.gone.size(), c.worse.size())),
        Tone::kNormal,
        {}});
    if (!c.other_criteria.empty()) {
      add(document::Paragraph{plain(w_.words(Phrase::kSinceLastOther, c.other_criteria)), Tone::kWarn, {}});
    }
    if (c.unseen > 0) {
      add(document::Paragraph{plain(w_.words(Phrase::kSinceLastUnseen, c.unseen)), Tone::kWarn, {}});
    }
    change_list(Phrase::kAppeared, c.appeared, false);
    change_list(Phrase::kWorse, c.worse, true);
    change_list(Phrase::kGone, c.gone, false);
  }

  void causes() {
    if (r_.groups.empty()) return;
    heading(1, w_.word(Phrase::kCauses), "causes");
    for (std::size_t i = 0; i < std::min(kGroupsInFull, r_.groups.size()); ++i) add_cause(r_, i, w_, doc_);
  }

  void further_causes() {
    if (r_.groups.size() <= kGroupsInFull) return;
    heading(1, w_.word(Phrase::kFurtherCauses), "further");
    add(document::Paragraph{plain(w_.word(Phrase::kFurtherCausesText)), Tone::kNormal, {}});
    document::Table table;
    table.columns = {{plain(w_.word(Phrase::kCause)), Align::kLeft},
                     {plain(w_.word(Phrase::kSeverity)), Align::kLeft},
                     {plain(w_.word(Phrase::kResources)), Align::kRight},
                     {plain(w_.word(Phrase::kRisk)), Align::kRight}};
    for (std::size_t i = kGroupsInFull; i < r_.groups.size(); ++i) {
      const Group& g = r_.groups[i].group;
      table.rows.push_back({plain(w_.name(r_.groups[i])), plain(w_.severity(g.worst)),
                            plain(format_count(resource_count(g))), plain(format_number(g.risk))});
    }
    add(std::move(table));
  }

  void gaps() {
    if (r_.gaps.empty()) return;
    heading(1, w_.word(Phrase::kGaps), "gaps");
    document::Table table;
    for (const Phrase title : {Phrase::kSource, Phrase::kProblem, Phrase::kMeaning}) {
      table.columns.push_back({plain(w_.word(title)), Align::kLeft});
    }
    for (const Gap& gap : r_.gaps) table.rows.push_back({plain(gap.source), plain(gap.error), plain(gap.impact)});
    add(std::move(table));
  }

  void by_hand() {
    heading(1, w_.word(Phrase::kByHand), "by-hand");
    add(document::Paragraph{plain(w_.word(r_.live ? Phrase::kByHandText : Phrase::kByHandFiles)), Tone::kNormal, {}});
    add(document::Code{commands_by_hand(r_), "sh"});
  }

  void ranking() {
    if (r_.groups.empty()) return;
    heading(1, w_.word(Phrase::kRanking), "ranking");
    add(document::Paragraph{muted(w_.word(Phrase::kRankingText)), Tone::kNormal, {}});
  }

  const FindingsReport& r_;
  DocumentWords w_;
  document::Document doc_;
};

}  // namespace

document::Document findings_document(const FindingsReport& report) { return Writer(report).write(); }

}  // namespace fa::findings
