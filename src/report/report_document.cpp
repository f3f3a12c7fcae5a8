#include "report/report_document.h"

#include <fmt/core.h>

#include <array>

#include "base/escape.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "report/chart_drawing.h"
#include "report/diagram.h"
#include "report/narrative_lines.h"
#include "report/phrases.h"
#include "report/report_document_parts.h"
#include "report/words.h"

namespace fa {
namespace {

using document::Bullets;
using document::Emphasis;
using document::Facts;
using document::Heading;
using document::Line;
using document::Paragraph;
using document::Picture;
using document::Table;
using document::Tone;

class ReportDocument {
 public:
  ReportDocument(const Report& report, const RenderOptions& options)
      : report_(report),
        options_(options),
        language_(report.language),
        zone_(TimeZone::find_or_utc(options.time_zone)) {}

  document::Document build() {
    front();
    if (report_.verdict == Verdict::kCannotTell) questions();
    hypotheses();
    diagram();
    timeline();
    actions(Phrase::kActions, report_.actions);
    actions(Phrase::kPrevention, report_.prevention);
    narrative();
    evidence();
    gaps();
    if (report_.verdict != Verdict::kCannotTell) questions();
    add_appendix(out_, report_, zone_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string word(Phrase phrase) const { return std::string(say(language_, phrase)); }
  void add(document::Block block) { out_.blocks.push_back(std::move(block)); }
  void section(std::string title) { add(Heading{1, {{std::move(title)}}}); }

  void front() {
    out_.language = language_;
    out_.contents = true;
    out_.title = short_text(report_.headline);
    out_.subtitle = word(Phrase::kTitle);
    const IncidentInfo& incident = report_.incident;
    if (!incident.id.empty()) out_.subtitle += " · " + short_text(incident.id);
    if (!incident.window.empty()) {
      out_.subtitle += " · " + range_zone(incident.window, zone_);
      // A report has no date of its own, and the clock's would make every copy another file.
      out_.created = incident.window.end;
    }
    verdict();
    facts();
  }

  void verdict() {
    const bool ranked = report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty();
    Line line{{std::string(say(language_, report_.verdict)), Emphasis::kStrong}};
    if (report_.severity != ReportSeverity::kNone) {
      line.push_back({" · " + word(Phrase::kSeverity) + " "});
      line.push_back({std::string(say(language_, report_.severity)), Emphasis::kStrong});
    }
    if (ranked) {
      line.push_back({" · " + word(Phrase::kConfidence) + " "});
      line.push_back({confidence_text(language_, report_.hypotheses.front().confidence), Emphasis::kStrong});
    }
    Tone tone = Tone::kWarn;
    if (report_.verdict == Verdict::kNoIncident) tone = Tone::kGood;
    if (report_.severity >= ReportSeverity::kHigh) tone = Tone::kBad;
    add(Paragraph{std::move(line), tone});
  }

  void facts() {
    const IncidentInfo& incident = report_.incident;
    const Impact& impact = report_.impact;
    Facts facts;
    const auto row = [&](Phrase label, const std::string& text) {
      if (!text.empty()) facts.rows.emplace_back(word(label), Line{{short_text(text)}});
    };
    if (report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty()) {
      const Hypothesis& first = report_.hypotheses.front();
      Line line{{short_text(subject_text(language_, first.subject)), Emphasis::kStrong}, {": "}};
      line.push_back({short_text(first.statement.empty() ? say(language_, first.mechanism) : first.statement)});
      add_ids(line, first.supports);
      facts.rows.emplace_back(word(Phrase::kLikeliestCause), std::move(line));
    }
    row(Phrase::kImpact, impact.summary);
    row(Phrase::kAffected, join(language_, impact.affected));
    if (impact.since) row(Phrase::kSince, date_time_zone(*impact.since, zone_));
    if (incident.onset && incident.onset != impact.since) row(Phrase::kOnset, date_time_zone(*incident.onset, zone_));
    if (!incident.window.empty()) {
      row(Phrase::kWindow, study_range(language_, incident.window, incident.window_given, zone_));
    }
    row(Phrase::kBaseline, incident.baseline.empty()
                               ? word(Phrase::kBaselineNone)
                               : study_range(language_, incident.baseline, incident.baseline_given, zone_));
    if (incident.alarm) row(Phrase::kAlarm, alarm_text(*incident.alarm, zone_));
    row(Phrase::kReported, incident.description);
    add(std::move(facts));
  }

  void add_ids(Line& line, const std::vector<std::string>& ids) const {
    for (const std::string& id : ids) {
      line.push_back({" "});
      line.push_back(id_run(report_, id));
    }
  }

  void hypotheses() {
    if (report_.hypotheses.empty()) return;
    section(word(Phrase::kHypotheses));
    for (const Hypothesis& h : report_.hypotheses) {
      add(Heading{2, {{fmt::format("{}. {}", h.rank, short_text(subject_text(language_, h.subject)))}}});
      add(Paragraph{
          {{word(Phrase::kConfidence) + " ", Emphasis::kMuted},
           {percent(h.confidence), Emphasis::kStrong},
           {fmt::format(" · {} · {}", say(language_, h.mechanism), say(language_, h.status)), Emphasis::kMuted}}});
      if (!h.statement.empty()) add(Paragraph{{{short_text(h.statement)}}});
      Facts location;
      const auto row = [&](Phrase label, const std::string& text) {
        if (!text.empty()) location.rows.emplace_back(word(label), Line{{short_text(text), Emphasis::kCode}});
      };
      row(Phrase::kBreaksAfter, h.location.from);
      row(Phrase::kBreaksBefore, h.location.to);
      if (!location.rows.empty()) add(std::move(location));
      cites(Phrase::kSupports, h.supports);
      cites(Phrase::kContradicts, h.contradicts);
    }
  }

  void cites(Phrase title, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    add(Paragraph{{{word(title), Emphasis::kStrong}}});
    Bullets bullets;
    for (const std::string& id : ids) {
      const Evidence* item = report_.find_evidence(id);
      Line line{id_run(report_, id, Emphasis::kStrong), {"  "}, {item == nullptr ? "–" : short_text(item->claim)}};
      if (item != nullptr && item->check == CheckStatus::kFailed) {
        line.push_back({in_brackets(language_, say(language_, item->check)), Emphasis::kStrong});
      }
      bullets.items.push_back(std::move(line));
    }
    add(std::move(bullets));
  }

  void diagram() {
    const auto& edges = report_.topology.edges;
    if (edges.empty()) return;
    section(word(Phrase::kTopology));
    if (options_.diagram) {
      const Diagram shown = make_diagram(report_);
      return add(Picture{*options_.diagram, diagram_words::remark(shown), diagram_mermaid(shown), "mermaid"});
    }
    if (!options_.diagram_note.empty()) {
      add(Paragraph{{{short_text(options_.diagram_note), Emphasis::kMuted}}});
    }
    Bullets calls;
    for (const TopologyEdgeView& edge : edges) {
      calls.items.push_back(
          {{short_text(edge.caller), Emphasis::kCode}, {" → "}, {short_text(edge.callee), Emphasis::kCode}});
    }
    add(std::move(calls));
  }

  void timeline() {
    if (report_.timeline.empty()) return;
    section(say(language_, Phrase::kTimeline, zone_.name()));
    Table table{{{{{word(Phrase::kTime)}}}, {{{word(Phrase::kEvent)}}}, {{{word(Phrase::kEvidence)}}}}, {}};
    for (const TimelineEntry& entry : report_.timeline) {
      Line id;
      if (!entry.evidence_id.empty()) id.push_back(id_run(report_, entry.evidence_id));
      table.rows.push_back(
          {{{time_near(entry.time, report_.incident.window.begin, zone_)}}, {{short_text(entry.text)}}, std::move(id)});
    }
    add(std::move(table));
  }

  void actions(Phrase title, const std::vector<ActionItem>& items) {
    if (items.empty()) return;
    section(word(title));
    Bullets steps{{}, true};
    for (const ActionItem& item : items) {
      Line line{{short_text(item.text)}};
      add_ids(line, item.evidence);
      steps.items.push_back(std::move(line));
    }
    add(std::move(steps));
  }

  void narrative() {
    for (const NarrativeSection& part : narrative_sections(report_, zone_)) {
      section(short_text(part.title));
      for (const NarrativeLine& said : part.lines) {
        if (said.kind == NarrativeLine::Kind::kHeading) {
          add(Heading{3, {{short_text(said.text)}}});
          continue;
        }
        const bool failed = said.kind == NarrativeLine::Kind::kUnverified;
        Line line{{short_text(said.text), failed ? Emphasis::kMuted : Emphasis::kPlain}};
        add_ids(line, said.evidence);
        if (!said.remark.empty()) {
          line.push_back({" – " + short_text(said.remark), failed ? Emphasis::kPlain : Emphasis::kMuted});
        }
        add(Paragraph{std::move(line), failed ? Tone::kWarn : Tone::kNormal});
      }
    }
  }

  void evidence() {
    if (report_.evidence.empty()) return;
    section(word(Phrase::kEvidence));
    for (std::size_t i = 0; i < report_.evidence.size(); ++i) evidence_item(i);
  }

  void evidence_item(std::size_t index) {
    const Evidence& item = report_.evidence[index];
    std::string title = id_run(report_, item.id).text + " · " + std::string(say(language_, item.kind));
    if (!item.entity.empty()) title += " · " + short_text(item.entity);
    add(Heading{3, {{std::move(title)}}, evidence_anchor(index)});
    add(Paragraph{{{short_text(item.claim)}}});
    std::string where = item.time == kNoTime ? "" : date_time_zone(item.time, zone_);
    const std::string bytes = short_text(place(item.locator));
    for (const std::string& part : {bytes, std::string(say(language_, item.check))}) {
      if (!part.empty()) where += (where.empty() ? "" : " · ") + part;
    }
    Line line{{std::move(where), Emphasis::kMuted}};
    if (!item.reproduce.empty()) {
      line.push_back({" · ", Emphasis::kMuted});
      line.push_back({word(Phrase::kReproduce), Emphasis::kPlain, "#" + check_anchor(index)});
    }
    add(Paragraph{std::move(line)});
    if (item.check == CheckStatus::kFailed && !item.check_reason.empty()) {
      add(Paragraph{{{short_text(item.check_reason)}}, Tone::kBad});
    }
    if (!item.excerpt.empty()) add_block(out_, item.excerpt);
    if (const auto chart = evidence_chart(report_, item)) {
      add(Picture{draw_charts(std::array{*chart}, {language_, zone_})});
    }
  }

  void gaps() {
    section(word(Phrase::kGaps));
    if (report_.gaps.empty()) return add(Paragraph{{{word(Phrase::kNoGaps)}}});
    Bullets bullets;
    for (const Gap& gap : report_.gaps) {
      Line line{{short_text(gap.source), Emphasis::kCode}, {": " + short_text(gap.error)}};
      if (!gap.range.empty()) line.push_back({in_brackets(language_, range_zone(gap.range, zone_))});
      if (!gap.impact.empty()) line.push_back({" – " + short_text(gap.impact), Emphasis::kMuted});
      bullets.items.push_back(std::move(line));
    }
    add(std::move(bullets));
  }

  void questions() {
    if (report_.questions.empty()) return;
    section(word(Phrase::kQuestions));
    Bullets bullets;
    for (const std::string& question : report_.questions) bullets.items.push_back({{short_text(question)}});
    add(std::move(bullets));
  }

  const Report& report_;
  const RenderOptions& options_;
  Language language_;
  TimeZone zone_;
  document::Document out_;
};

}  // namespace

document::Document report_document(const Report& report, const RenderOptions& options) {
  return ReportDocument(report, options).build();
}

}  // namespace fa
