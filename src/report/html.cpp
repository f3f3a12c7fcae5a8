#include <fmt/core.h>

#include "base/escape.h"
#include "base/text.h"
#include "report/chart_drawing.h"
#include "report/diagram.h"
#include "report/html_evidence.h"
#include "report/html_style.h"
#include "report/narrative_lines.h"
#include "report/phrases.h"
#include "report/render.h"
#include "report/words.h"

namespace fa {
namespace {

class HtmlReport {
 public:
  HtmlReport(const Report& report, const RenderOptions& options)
      : report_(report),
        options_(options),
        language_(report.language),
        zone_(TimeZone::find_or_utc(options.time_zone)) {}

  std::string render() {
    head();
    header();
    if (report_.verdict == Verdict::kCannotTell) questions();
    hypotheses();
    narrative();
    charts();
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
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  template <class... Args>
  [[nodiscard]] std::string word(Phrase phrase, const Args&... args) const {
    return html_escape(say(language_, phrase, args...));
  }

  template <class... Args>
  void open(Phrase title, const Args&... args) {
    add("<section>\n<h2>{}</h2>\n", word(title, args...));
  }
  void close() { out_ += "</section>\n"; }

  void head() {
    add("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", language_name(language_));
    // Nothing may be loaded, sent or run, even if an escape were ever missed; only the style sheet below applies.
    out_ +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
    add("<title>{} – {}</title>\n", html_escape(clip(one_line(report_.headline), 200)), word(Phrase::kTitle));
    add("<style>{}{}</style>\n</head>\n<body>\n<main>\n", html_style(), draw::ink_style_sheet());
  }

  void header() {
    const bool ranked = report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty();
    add("<header>\n<div class=\"top\"><span class=\"pill {}\">{}</span>", pill(),
        html_escape(say(language_, report_.verdict)));
    if (report_.severity != ReportSeverity::kNone) {
      add("<span class=\"pill {}\">{}: {}</span>", pill(), word(Phrase::kSeverity),
          html_escape(say(language_, report_.severity)));
    }
    if (ranked) {
      add("<span class=\"pill\">{}: {}</span>", word(Phrase::kConfidence),
          html_escape(confidence_text(language_, report_.hypotheses.front().confidence)));
    }
    if (!report_.incident.id.empty())
      add("<span>{} {}</span>", word(Phrase::kCase), html_escape(clip(one_line(report_.incident.id), 120)));
    add("</div>\n<h1>{}</h1>\n", html_escape(clip(one_line(report_.headline), 400)));
    facts();
    out_ += "</header>\n";
  }

  [[nodiscard]] std::string_view pill() const {
    if (report_.verdict == Verdict::kNoIncident) return "good";
    if (report_.severity >= ReportSeverity::kHigh) return "bad";
    return "warn";
  }

  void facts() {
    const IncidentInfo& incident = report_.incident;
    const Impact& impact = report_.impact;
    out_ += "<dl class=\"facts card\">\n";
    const auto row = [&](Phrase label, const std::string& text) {
      if (!text.empty()) add("<dt>{}</dt><dd>{}</dd>\n", word(label), text);
    };
    row(Phrase::kImpact, html_text(impact.summary));
    row(Phrase::kAffected, html_text(join(language_, impact.affected)));
    if (impact.since) row(Phrase::kSince, html_escape(date_time_zone(*impact.since, zone_)));
    if (incident.onset && incident.onset != impact.since)
      row(Phrase::kOnset, html_escape(date_time_zone(*incident.onset, zone_)));
    if (!incident.window.empty())
      row(Phrase::kWindow, html_escape(study_range(language_, incident.window, incident.window_given, zone_)));
    row(Phrase::kBaseline, incident.baseline.empty() ? word(Phrase::kBaselineNone)
                                                     : html_escape(study_range(language_, incident.baseline,
                                                                               incident.baseline_given, zone_)));
    if (incident.alarm) row(Phrase::kAlarm, html_text(alarm_text(*incident.alarm, zone_)));
    row(Phrase::kReported, html_text(incident.description));
    out_ += "</dl>\n";
  }

  void hypotheses() {
    if (report_.hypotheses.empty()) return;
    open(Phrase::kHypotheses);
    for (const Hypothesis& h : report_.hypotheses) hypothesis(h, &h == &report_.hypotheses.front());
    close();
  }

  void hypothesis(const Hypothesis& h, bool first) {
    add("<article class=\"card hypothesis{}\">\n<div class=\"rank\">{}</div>\n<div>\n", first ? " first" : "", h.rank);
    // NaN fails the comparison and draws an empty bar.
    const double width = h.confidence > 0 ? std::min(h.confidence, 1.0) * 100 : 0.0;
    add("<div class=\"title\"><h3>{}</h3><div class=\"confidence\"><svg viewBox=\"0 0 100 8\" "
        "preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"{:.1f}\" "
        "height=\"8\"/></svg>{} <span>{}</span></div></div>\n",
        html_text(subject_text(language_, h.subject)), width, word(Phrase::kConfidence),
        html_escape(percent(h.confidence)));
    add("<p class=\"small soft\">{} · {}</p>\n", html_escape(say(language_, h.mechanism)),
        html_escape(say(language_, h.status)));
    if (!h.statement.empty()) add("<p>{}</p>\n", html_text(h.statement));
    if (h.location.known()) {
      out_ += "<dl class=\"facts small\">\n";
      if (!h.location.from.empty())
        add("<dt>{}</dt><dd><code>{}</code></dd>\n", word(Phrase::kBreaksAfter), html_text(h.location.from));
      if (!h.location.to.empty())
        add("<dt>{}</dt><dd><code>{}</code></dd>\n", word(Phrase::kBreaksBefore), html_text(h.location.to));
      out_ += "</dl>\n";
    }
    cites(Phrase::kSupports, h.supports);
    cites(Phrase::kContradicts, h.contradicts);
    out_ += "</div>\n</article>\n";
  }

  void cites(Phrase title, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    add("<h4>{}</h4>\n<ul class=\"cites\">\n", word(title));
    for (const std::string& id : ids) {
      const Evidence* item = report_.find_evidence(id);
      const bool failed = item != nullptr && item->check == CheckStatus::kFailed;
      add("<li>{}<span>{}{}</span></li>\n", evidence_link(report_, id), item == nullptr ? "–" : html_text(item->claim),
          failed ? " <span class=\"fail small\">✗ " + html_escape(say(language_, item->check)) + "</span>" : "");
    }
    out_ += "</ul>\n";
  }

  void narrative() {
    for (const NarrativeSection& part : narrative_sections(report_, zone_)) {
      add("<section>\n<h2>{}</h2>\n<div class=\"card\">\n", html_text(part.title));
      for (const NarrativeLine& line : part.lines) {
        std::string ids;
        for (const std::string& id : line.evidence) ids += " " + evidence_link(report_, id);
        const std::string remark =
            line.remark.empty() ? std::string() : "<div class=\"small soft\">" + html_text(line.remark) + "</div>";
        switch (line.kind) {
          case NarrativeLine::Kind::kHeading:
            add("<h4>{}</h4>\n", html_text(line.text));
            break;
          case NarrativeLine::Kind::kVerified:
            add("<p><span class=\"ok\">✓</span> {}{}</p>\n", html_text(line.text), ids);
            break;
          case NarrativeLine::Kind::kUnverified:
            add("<p><span class=\"fail\">✗</span> <s class=\"soft\">{}</s>{}</p>\n{}", html_text(line.text), ids,
                remark);
            break;
          case NarrativeLine::Kind::kPlain:
            add("<p>{}{}</p>\n{}", html_text(line.text), ids, remark);
            break;
        }
      }
      out_ += "</div>\n</section>\n";
    }
  }

  /// All of them on one time axis; each stands with its evidence again, larger.
  void charts() {
    const draw::Drawing drawing = draw_report_charts(report_, {language_, zone_});
    if (drawing.shapes.empty()) return;
    open(Phrase::kCharts);
    add("<div class=\"card\"><figure>\n{}</figure></div>\n", draw::to_svg(drawing, {.id = "charts"}));
    close();
  }

  void timeline() {
    if (report_.timeline.empty()) return;
    open(Phrase::kTimeline, zone_.name());
    out_ += "<div class=\"card\"><ol class=\"timeline\">\n";
    for (const TimelineEntry& entry : report_.timeline) {
      add("<li><time>{}</time><span class=\"what\">{}",
          html_escape(time_near(entry.time, report_.incident.window.begin, zone_)), html_text(entry.text));
      if (!entry.evidence_id.empty()) add(" {}", evidence_link(report_, entry.evidence_id));
      out_ += "</span></li>\n";
    }
    out_ += "</ol></div>\n";
    close();
  }

  void actions(Phrase title, const std::vector<ActionItem>& items) {
    if (items.empty()) return;
    open(title);
    out_ += "<div class=\"card\"><ol class=\"steps\">\n";
    for (const ActionItem& item : items) {
      add("<li>{}", html_text(item.text));
      for (const std::string& id : item.evidence) add(" {}", evidence_link(report_, id));
      out_ += "</li>\n";
    }
    out_ += "</ol></div>\n";
    close();
  }

  void evidence() {
    if (report_.evidence.empty()) return;
    open(Phrase::kEvidence);
    for (std::size_t i = 0; i < report_.evidence.size(); ++i) out_ += evidence_card(report_, i, zone_);
    close();
  }

  void topology() {
    const TopologyView& topology = report_.topology;
    if (topology.edges.empty()) return;
    open(Phrase::kTopology);
    if (options_.diagram) {
      add("<div class=\"card scroll\">\n{}</div>\n", draw::to_svg(*options_.diagram, {"diagram", false}));
    } else if (!options_.diagram_note.empty()) {
      add("<p class=\"small soft\">{}</p>\n", html_text(options_.diagram_note));
    }
    // The picture says it all at a glance; every call is there for those who look for one.
    add("<details class=\"card\"{}>\n<summary>{}</summary>\n<ul class=\"plain\">\n", options_.diagram ? "" : " open",
        word(Phrase::kTopologyAll, format_count(topology.edges.size() + topology.left_out)));
    for (const TopologyEdgeView& edge : topology.edges) call(edge);
    out_ += "</ul>\n</details>\n";
    add("<details class=\"card\">\n<summary>{}</summary>\n<pre>{}</pre>\n</details>\n", word(Phrase::kDiagramMermaid),
        html_escape(diagram_mermaid(make_diagram(report_))));
    close();
  }

  void call(const TopologyEdgeView& edge) {
    const bool ranked = report_.verdict != Verdict::kNoIncident && !report_.hypotheses.empty();
    const std::string suspect = ranked ? report_.hypotheses.front().subject.service : std::string();
    const auto node = [&](const std::string& service) {
      const std::string text = html_text(service);
      if (suspect.empty() || service != suspect) return text;
      return fmt::format("<strong>{}</strong> <span class=\"pill warn\">{}</span>", text, word(Phrase::kSuspect));
    };
    const std::string figures = diagram_words::call(language_, edge);
    add("<li>{} → {}{}", node(edge.caller), node(edge.callee),
        figures.empty() ? "" : " <span class=\"small soft\">" + html_escape(figures) + "</span>");
    for (const std::string& id : edge.evidence) add(" {}", evidence_link(report_, id));
    out_ += "</li>\n";
  }

  void coverage() {
    if (report_.coverage.empty()) return;
    open(Phrase::kCoverage);
    add("<div class=\"card scroll\"><table>\n<thead><tr><th>{}</th><th>{}</th><th class=\"number\">{}</th><th "
        "class=\"number\">{}</th><th>{}</th></tr></thead>\n<tbody>\n",
        word(Phrase::kSource), word(Phrase::kFormat), word(Phrase::kRecords), word(Phrase::kSize),
        word(Phrase::kRange, zone_.name()));
    for (const CoverageItem& item : report_.coverage) {
      const std::string range =
          item.range.begin == kNoTime ? std::string(say(language_, Phrase::kUndated)) : range_text(item.range, zone_);
      const std::string notes = coverage_notes(language_, item);
      add("<tr><td><code>{}</code>{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
          "class=\"when\">{}</td></tr>\n",
          html_text(item.source), notes.empty() ? "" : "<div class=\"small soft\">" + html_text(notes) + "</div>",
          html_text(format_text(language_, item)), format_count(item.records), format_bytes(item.bytes),
          html_escape(range));
    }
    out_ += "</tbody></table></div>\n";
    close();
  }

  void collection() {
    const auto lines = collection_lines(report_);
    if (lines.empty()) return;
    open(Phrase::kCollection);
    out_ += "<div class=\"card\"><ul class=\"plain\">\n";
    for (const CollectionLine& line : lines) {
      add("<li>{}{}</li>\n", line.source.empty() ? "" : "<code>" + html_text(line.source) + "</code> ",
          html_text(line.text));
    }
    out_ += "</ul></div>\n";
    close();
  }

  void gaps() {
    open(Phrase::kGaps);
    if (report_.gaps.empty()) {
      add("<p class=\"card\">{}</p>\n", word(Phrase::kNoGaps));
      return close();
    }
    out_ += "<div class=\"card\"><ul class=\"plain\">\n";
    for (const Gap& gap : report_.gaps) {
      add("<li><code>{}</code> {}", html_text(gap.source), html_text(gap.error));
      if (!gap.range.empty()) add(" <span class=\"soft\">({})</span>", html_escape(range_zone(gap.range, zone_)));
      if (!gap.impact.empty()) add("<div class=\"small soft\">{}</div>", html_text(gap.impact));
      out_ += "</li>\n";
    }
    out_ += "</ul></div>\n";
    close();
  }

  void questions() {
    if (report_.questions.empty()) return;
    open(Phrase::kQuestions);
    out_ += "<div class=\"card\"><ul class=\"plain\">\n";
    for (const std::string& question : report_.questions) add("<li>{}</li>\n", html_text(question));
    out_ += "</ul></div>\n";
    close();
  }

  void verification() {
    open(Phrase::kVerification);
    const Verification& v = report_.verification;
    const bool clean = v.checked > 0 && v.passed == v.checked;
    add("<div class=\"card notice\">\n<p class=\"{}\">{}</p>\n", clean ? "ok" : "fail",
        html_escape(verification_text(report_)));
    for (const Evidence& item : report_.evidence) {
      if (item.check != CheckStatus::kFailed) continue;
      add("<p class=\"small\">✗ {} {}</p>\n", evidence_link(report_, item.id),
          html_text(item.check_reason.empty() ? std::string(say(language_, item.check)) : item.check_reason));
    }
    add("<p><strong>{}</strong></p>\n</div>\n", word(Phrase::kNotice));
    close();
    add("<footer><p>{} · {}", html_escape(usage_text(report_)), html_escape(times_notice(language_, zone_)));
    if (!report_.fa2_version.empty())
      add(" · {}", html_text(say(language_, Phrase::kProducedBy, one_line(report_.fa2_version))));
    out_ += "</p></footer>\n";
  }

  const Report& report_;
  const RenderOptions& options_;
  Language language_;
  TimeZone zone_;
  std::string out_;
};

}  // namespace

std::string render_html(const Report& report, const RenderOptions& options) {
  return HtmlReport(report, options).render();
}

}  // namespace fa
