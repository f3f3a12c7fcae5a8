#include "report/narrative_lines.h"

#include "base/escape.h"
#include "base/text.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa {
namespace {

using Kind = NarrativeLine::Kind;

class Sections {
 public:
  Sections(const Report& report, const TimeZone& zone) : report_(report), language_(report.language), zone_(zone) {}

  std::vector<NarrativeSection> run() {
    if (report_.narrative) {
      model(*report_.narrative);
      steps(*report_.narrative);
    }
    similar();
    passages();
    return std::move(out_);
  }

 private:
  void finish(Phrase title, std::vector<NarrativeLine> lines) {
    if (!lines.empty()) out_.push_back({std::string(say(language_, title)), std::move(lines)});
  }

  void add_statements(const std::vector<Statement>& statements, std::vector<NarrativeLine>& lines,
                      bool advice = false) const {
    for (const Statement& s : statements) {
      // Ids that stand in the sentence need not stand behind it.
      std::vector<std::string> further;
      for (const std::string& id : s.evidence) {
        const std::size_t at = s.text.find(id);
        const bool there =
            at != std::string::npos && (at + id.size() == s.text.size() || !is_digit(s.text[at + id.size()]));
        if (!there) further.push_back(id);
      }
      // Advice is no fact: nothing in it was compared with data but its names and times.
      const Kind holds = advice ? Kind::kPlain : Kind::kVerified;
      lines.push_back({s.verified ? holds : Kind::kUnverified, one_line(s.text), std::move(further),
                       s.verified ? "" : say(language_, Phrase::kUnverified, one_line(s.reason))});
    }
  }

  void model(const Narrative& n) {
    std::vector<NarrativeLine> lines;
    const auto plain = [&](std::string text) { lines.push_back({Kind::kPlain, std::move(text), {}, {}}); };
    if (n.checked > 0) {
      plain(
          say(language_, Phrase::kModelVerified, one_line(n.model), format_count(n.verified), format_count(n.checked)));
    }
    if (!n.note.empty()) plain(one_line(n.note));
    if (n.contradicts) plain(std::string(say(language_, Phrase::kModelContradicts)));
    add_statements(n.summary, lines);
    for (const NarrativeHypothesis& h : n.hypotheses) {
      if (h.statements.empty()) continue;
      Subject subject;
      subject.service = h.service;
      subject.component = h.component;
      std::string title = subject_text(language_, subject);
      title += in_brackets(language_, say(language_, h.mechanism));
      lines.push_back({Kind::kHeading, std::move(title), {}, {}});
      add_statements(h.statements, lines);
    }
    const auto group = [&](Phrase title, const std::vector<Statement>& statements, bool advice = false) {
      if (statements.empty()) return;
      lines.push_back({Kind::kHeading, std::string(say(language_, title)), {}, {}});
      add_statements(statements, lines, advice);
    };
    group(Phrase::kImpact, n.impact);
    group(Phrase::kActions, n.actions, true);
    group(Phrase::kPrevention, n.prevention, true);
    if (!n.missing.empty()) {
      lines.push_back({Kind::kHeading, std::string(say(language_, Phrase::kModelMissing)), {}, {}});
      for (const std::string& m : n.missing) plain(one_line(m));
    }
    finish(Phrase::kModelReading, std::move(lines));
  }

  void steps(const Narrative& n) {
    std::vector<NarrativeLine> lines;
    for (const NarrativeStep& s : n.steps) {
      const std::string asked = one_line(s.query.empty() ? s.input : s.query);
      // What was asked begins with the tool's name.
      std::string text = s.query.starts_with(s.tool)
                             ? fmt::format("{}. {}", s.cycle, clip(asked, 300))
                             : fmt::format("{}. {} {}", s.cycle, one_line(s.tool), clip(asked, 300));
      std::string remark;
      if (s.status == "ok") {
        remark = say(language_, Phrase::kCountRecords, format_count(s.rows));
      } else if (s.status == "no_data") {
        remark = say(language_, Phrase::kStepNoData);
      } else {
        remark = say(language_, s.status == "refused" ? Phrase::kStepRefused : Phrase::kStepError);
      }
      if (s.truncated) remark += " · " + std::string(say(language_, Phrase::kShownInPart));
      lines.push_back({Kind::kPlain, std::move(text), {}, std::move(remark)});
    }
    finish(Phrase::kModelSteps, std::move(lines));
  }

  void similar() {
    std::vector<NarrativeLine> lines;
    for (const SimilarView& s : report_.similar) {
      std::string text = one_line(s.id) + " " +
                         say(language_, Phrase::kSeenOn, date_and_time(s.time, zone_).substr(0, 10),
                             one_line(s.headline), percent(s.similarity));
      if (!s.cause.empty()) text = then(language_, text, say(language_, Phrase::kCauseWas, one_line(s.cause)));
      if (!s.fix.empty()) text = then(language_, text, say(language_, Phrase::kFixedBy, one_line(s.fix)));
      lines.push_back({Kind::kPlain, std::move(text), {}, join(language_, s.shared)});
    }
    finish(Phrase::kSimilar, std::move(lines));
  }

  void passages() {
    std::vector<NarrativeLine> lines;
    for (const PassageView& p : report_.passages) {
      std::string where = fmt::format("{} {}:{}", one_line(p.id), one_line(p.document), p.line);
      if (!p.heading.empty()) where += " · " + one_line(p.heading);
      lines.push_back({Kind::kPlain, std::move(where), {}, clip(one_line(p.text), 300)});
    }
    finish(Phrase::kPassages, std::move(lines));
  }

  const Report& report_;
  Language language_;
  const TimeZone& zone_;
  std::vector<NarrativeSection> out_;
};

}  // namespace

std::vector<NarrativeSection> narrative_sections(const Report& report, const TimeZone& zone) {
  return Sections(report, zone).run();
}

}  // namespace fa
