#include <fmt/core.h>

#include "base/escape.h"
#include "base/text.h"
#include "report/chart.h"
#include "report/diagram.h"
#include "report/narrative_lines.h"
#include "report/phrases.h"
#include "report/render.h"
#include "report/sparkline.h"
#include "report/words.h"

namespace fa {
namespace {

constexpr std::size_t kLongestLine = 2000;  // Columns of a name or sentence.
constexpr std::size_t kLongestBlock = 20000;
constexpr std::size_t kSparklineColumns = 60;

std::string text(std::string_view value) { return markdown_text(clip(one_line(value), kLongestLine)); }
std::string code(std::string_view value) { return markdown_code(clip(one_line(value), kLongestLine)); }
std::string cell_code(std::string_view value) { return markdown_cell_code(clip(one_line(value), kLongestLine)); }
std::string id_text(std::string_view id) { return markdown_text(clip(one_line(id), 24)); }

class MarkdownReport {
 public:
  MarkdownReport(const Report& report, const RenderOptions& options)
      : report_(report), language_(report.language), zone_(TimeZone::find_or_utc(options.time_zone)) {}

  std::string render() {
    header();
    if (report_.verdict == Verdict::kCannotTell) questions();
    hypotheses();
    narrative();
    timeline();
    actions(Phrase::kActions, report_.actions);
    actions(Phrase::kPrevention, report_.prevention);
    evidence();
    topology();
    coverage();
    collection();
    gaps();
    if (report_.verdict != Verdict::kCannotTell) questions();
    verification();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  template <class... Args>
  [[nodiscard]] std::string word(Phrase phrase, const Args&... args) const {
    return markdown_text(say(language_, phrase, args...));
  }
  template <class... Args>
  void section(Phrase title, const Args&... args) {
    add("\n## {}\n\n", word(title, args...));
  }

  void header() {
    add("# {}\n\n**{}**", text(report_.headline), markdown_text(say(language_, report_.verdict)));
    if (report_.severity != ReportSeverity::kNone) {
      add(" · {} **{}**", word(Phrase::kSeverity), markdown_text(say(language_, report_.severity)));
    }
    if (report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty()) {
      add(" · {} **{}**", word(Phrase::kConfidence),
          text(confidence_text(language_, report_.hypotheses.front().confidence)));
    }
    out_ += "\n\n";
    const IncidentInfo& incident = report_.incident;
    const Impact& impact = report_.impact;
    const auto row = [&](Phrase label, const std::string& value) {
      if (!value.empty()) add("- {}: {}\n", word(label), value);
    };
    row(Phrase::kImpact, text(impact.summary));
    row(Phrase::kAffected, text(join(language_, impact.affected)));
    if (impact.since) row(Phrase::kSince, date_time_zone(*impact.since, zone_));
    if (incident.onset && incident.onset != impact.since) row(Phrase::kOnset, date_time_zone(*incident.onset, zone_));
    if (!incident.window.empty())
      row(Phrase::kWindow, study_range(language_, incident.window, incident.window_given, zone_));
    row(Phrase::kBaseline, incident.baseline.empty()
                               ? word(Phrase::kBaselineNone)
                               : study_range(language_, incident.baseline, incident.baseline_given, zone_));
    if (incident.alarm) row(Phrase::kAlarm, text(alarm_text(*incident.alarm, zone_)));
    row(Phrase::kReported, text(incident.description));
    row(Phrase::kCase, text(incident.id));
  }

  void hypotheses() {
    if (report_.hypotheses.empty()) return;
    section(Phrase::kHypotheses);
    bool first = true;
    for (const Hypothesis& h : report_.hypotheses) {
      add("{}### {}. {}\n\n", first ? "" : "\n", h.rank, text(subject_text(language_, h.subject)));
      first = false;
      add("{} **{}** · {} · {}\n\n", word(Phrase::kConfidence), text(percent(h.confidence)),
          markdown_text(say(language_, h.mechanism)), markdown_text(say(language_, h.status)));
      if (!h.statement.empty()) add("{}\n\n", text(h.statement));
      if (!h.location.from.empty()) add("- {}: {}\n", word(Phrase::kBreaksAfter), code(h.location.from));
      if (!h.location.to.empty()) add("- {}: {}\n", word(Phrase::kBreaksBefore), code(h.location.to));
      cites(Phrase::kSupports, h.supports);
      cites(Phrase::kContradicts, h.contradicts);
    }
  }

  void cites(Phrase title, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    add("- {}:\n", word(title));
    for (const std::string& id : ids) {
      const Evidence* item = report_.find_evidence(id);
      add("  - **{}** {}", id_text(id), item == nullptr ? "–" : text(item->claim));
      if (item != nullptr && item->check == CheckStatus::kFailed)
        add(" **✗ {}**", markdown_text(say(language_, item->check)));
      out_ += '\n';
    }
  }

  void narrative() {
    for (const NarrativeSection& part : narrative_sections(report_, zone_)) {
      add("\n## {}\n\n", text(part.title));
      for (const NarrativeLine& line : part.lines) {
        std::string ids;
        for (const std::string& id : line.evidence) ids += (ids.empty() ? " (" : ", ") + id_text(id);
        if (!ids.empty()) ids += ")";
        switch (line.kind) {
          case NarrativeLine::Kind::kHeading:
            add("\n**{}**\n\n", text(line.text));
            break;
          case NarrativeLine::Kind::kVerified:
            add("- ✓ {}{}\n", text(line.text), ids);
            break;
          case NarrativeLine::Kind::kUnverified:
            add("- ✗ ~~{}~~{} – {}\n", text(line.text), ids, text(line.remark));
            break;
          case NarrativeLine::Kind::kPlain:
            add("- {}{}{}\n", text(line.text), ids, line.remark.empty() ? "" : " – " + text(line.remark));
            break;
        }
      }
    }
  }

  void timeline() {
    if (report_.timeline.empty()) return;
    section(Phrase::kTimeline, zone_.name());
    for (const TimelineEntry& entry : report_.timeline) {
      add("- {} {}", time_near(entry.time, report_.incident.window.begin, zone_), text(entry.text));
      if (!entry.evidence_id.empty()) add(" ({})", id_text(entry.evidence_id));
      out_ += '\n';
    }
  }

  void actions(Phrase title, const std::vector<ActionItem>& items) {
    if (items.empty()) return;
    section(title);
    for (std::size_t i = 0; i < items.size(); ++i) {
      add("{}. {}", i + 1, text(items[i].text));
      if (!items[i].evidence.empty()) out_ += " (";
      for (std::size_t k = 0; k < items[i].evidence.size(); ++k)
        add("{}{}", k > 0 ? ", " : "", id_text(items[i].evidence[k]));
      if (!items[i].evidence.empty()) out_ += ")";
      out_ += '\n';
    }
  }

  void evidence() {
    if (report_.evidence.empty()) return;
    section(Phrase::kEvidence);
    add("{}\n", word(Phrase::kReproduceHint));
    for (const Evidence& item : report_.evidence) {
      add("\n### {}\n\n{}\n\n", id_text(item.id), text(item.claim));
      const auto row = [&](Phrase label, const std::string& value) {
        if (!value.empty()) add("- {}: {}\n", word(label), value);
      };
      row(Phrase::kKind, markdown_text(say(language_, item.kind)));
      row(Phrase::kSubject, code(item.entity));
      if (item.time != kNoTime) row(Phrase::kTime, date_time_zone(item.time, zone_));
      row(Phrase::kWhere, code(place(item.locator)));
      std::string check(say(language_, item.check));
      if (item.check == CheckStatus::kFailed)
        check = "✗ " + check + (item.check_reason.empty() ? "" : ": " + item.check_reason);
      row(Phrase::kStatus, text(check));
      for (const Fact& fact : item.facts) add("- {}: {}\n", code(fact.name), text(quantity(fact.value, fact.unit)));
      row(Phrase::kKey, code(item.key));
      row(Phrase::kHash, code(item.sha256));
      if (!item.excerpt.empty()) {
        const std::string excerpt = visible(item.excerpt);
        const std::string shown = clip(excerpt, kLongestBlock);
        add("\n{}", markdown_block(shown));
        if (shown != excerpt) add("\n{}\n", word(Phrase::kCut));
      }
      charts(item);
      if (!item.reproduce.empty()) {
        add("\n{}:\n\n{}", word(Phrase::kReproduce), markdown_block(clip(visible(item.reproduce), kLongestBlock)));
      }
    }
  }

  void charts(const Evidence& item) {
    const ChartScale scale = chart_scale(item);
    if (scale.empty) return;
    std::string lines;
    const auto row = [&](Phrase label, const std::optional<ChartSeries>& series) {
      if (!series) return;
      const std::string line = sparkline(*series, scale, kSparklineColumns, report_.incident.onset);
      lines += fmt::format("{}  {}  {}", line, say(language_, label), clip(chart_range(language_, *series), 80));
      if (line.find(kSparklineMark) != std::string::npos) {
        lines += fmt::format("  ({} {})", kSparklineMark, say(language_, Phrase::kOnset));
      }
      lines += '\n';
    };
    row(Phrase::kChartBaseline, item.baseline_chart);
    row(Phrase::kChartWindow, item.window_chart);
    add("\n{}", markdown_block(lines));
  }

  void topology() {
    if (report_.topology.edges.empty()) return;
    section(Phrase::kTopology);
    add("{}\n", markdown_block(diagram_mermaid(make_diagram(report_)), "mermaid"));
    for (const TopologyEdgeView& edge : report_.topology.edges) {
      const std::string figures = diagram_words::call(language_, edge);
      add("- {} → {}{}\n", code(edge.caller), code(edge.callee), figures.empty() ? "" : ": " + markdown_text(figures));
    }
  }

  void coverage() {
    if (report_.coverage.empty()) return;
    section(Phrase::kCoverage);
    add("| {} | {} | {} | {} | {} | {} |\n|---|---|--:|--:|---|---|\n", word(Phrase::kSource), word(Phrase::kFormat),
        word(Phrase::kRecords), word(Phrase::kSize), word(Phrase::kRange, zone_.name()), word(Phrase::kNotes));
    for (const CoverageItem& item : report_.coverage) {
      const std::string range =
          item.range.begin == kNoTime ? std::string(say(language_, Phrase::kUndated)) : range_text(item.range, zone_);
      add("| {} | {} | {} | {} | {} | {} |\n", cell_code(item.source), text(format_text(language_, item)),
          format_count(item.records), format_bytes(item.bytes), text(range), text(coverage_notes(language_, item)));
    }
  }

  void collection() {
    const auto lines = collection_lines(report_);
    if (lines.empty()) return;
    section(Phrase::kCollection);
    for (const CollectionLine& line : lines) {
      add("- {}{}\n", line.source.empty() ? std::string() : code(line.source) + ": ", text(line.text));
    }
  }

  void gaps() {
    section(Phrase::kGaps);
    if (report_.gaps.empty()) add("{}\n", word(Phrase::kNoGaps));
    for (const Gap& gap : report_.gaps) {
      add("- {}: {}", code(gap.source), text(gap.error));
      if (!gap.range.empty()) add(" ({})", range_zone(gap.range, zone_));
      if (!gap.impact.empty()) add(" – {}", text(gap.impact));
      out_ += '\n';
    }
  }

  void questions() {
    if (report_.questions.empty()) return;
    section(Phrase::kQuestions);
    for (const std::string& question : report_.questions) add("- {}\n", text(question));
  }

  void verification() {
    section(Phrase::kVerification);
    add("{}\n", text(verification_text(report_)));
    for (const Evidence& item : report_.evidence) {
      if (item.check != CheckStatus::kFailed) continue;
      add("\n- ✗ **{}** {}", id_text(item.id),
          text(item.check_reason.empty() ? std::string(say(language_, item.check)) : item.check_reason));
    }
    add("\n\n> {}\n\n{}", then(language_, word(Phrase::kNotice), times_notice(language_, zone_)),
        text(usage_text(report_)));
    if (!report_.fa2_version.empty())
      add(" · {}", text(say(language_, Phrase::kProducedBy, one_line(report_.fa2_version))));
    out_ += '\n';
  }

  const Report& report_;
  Language language_;
  TimeZone zone_;
  std::string out_;
};

}  // namespace

std::string render_markdown(const Report& report, const RenderOptions& options) {
  return MarkdownReport(report, options).render();
}

}  // namespace fa
