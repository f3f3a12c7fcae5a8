#include "report/report_document_parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa {
namespace {

using document::Bullets;
using document::Emphasis;
using document::Heading;
using document::Line;
using document::Paragraph;
using document::Table;
using document::Tone;

class ReportAppendix {
 public:
  ReportAppendix(document::Document& document, const Report& report, const TimeZone& zone)
      : out_(document), report_(report), language_(report.language), zone_(zone) {}

  void write() {
    coverage();
    collection();
    reproduce();
    verification();
  }

 private:
  [[nodiscard]] std::string word(Phrase phrase) const { return std::string(say(language_, phrase)); }
  void add(document::Block block) { out_.blocks.push_back(std::move(block)); }
  void section(std::string title) { add(Heading{1, {{std::move(title)}}}); }

  void coverage() {
    if (report_.coverage.empty()) return;
    section(word(Phrase::kCoverage));
    Table table;
    const auto column = [&](std::string title, document::Align align = document::Align::kLeft) {
      table.columns.push_back({{{std::move(title)}}, align});
    };
    column(word(Phrase::kSource));
    column(word(Phrase::kFormat));
    column(word(Phrase::kRecords), document::Align::kRight);
    column(word(Phrase::kSize), document::Align::kRight);
    column(say(language_, Phrase::kRange, zone_.name()));
    column(word(Phrase::kNotes));
    for (const CoverageItem& item : report_.coverage) {
      const std::string range = item.range.begin == kNoTime ? word(Phrase::kUndated) : range_text(item.range, zone_);
      table.rows.push_back({{{short_text(item.source), Emphasis::kCode}},
                            {{short_text(format_text(language_, item))}},
                            {{format_count(item.records)}},
                            {{format_bytes(item.bytes)}},
                            {{range}},
                            {{short_text(coverage_notes(language_, item))}}});
    }
    add(std::move(table));
  }

  void collection() {
    const auto lines = collection_lines(report_);
    if (lines.empty()) return;
    section(word(Phrase::kCollection));
    Bullets bullets;
    for (const CollectionLine& said : lines) {
      Line line;
      if (!said.source.empty()) line = {{short_text(said.source), Emphasis::kStrong}, {": "}};
      line.push_back({short_text(said.text)});
      bullets.items.push_back(std::move(line));
    }
    add(std::move(bullets));
  }

  /// The appendix: how to get the same bytes without this program.
  void reproduce() {
    const auto& items = report_.evidence;
    if (std::all_of(items.begin(), items.end(), [](const Evidence& e) { return e.reproduce.empty(); })) return;
    section(word(Phrase::kReproduce));
    add(Paragraph{{{word(Phrase::kReproduceHint)}}});
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].reproduce.empty()) continue;
      Line title{id_run(report_, items[i].id)};
      if (const std::string where = place(items[i].locator); !where.empty())
        title.push_back({" · " + short_text(where)});
      add(Heading{3, std::move(title), check_anchor(i)});
      add_block(out_, items[i].reproduce, "sh");
      if (!items[i].sha256.empty()) {
        add(Paragraph{
            {{word(Phrase::kHash) + ": ", Emphasis::kMuted}, {short_text(items[i].sha256), Emphasis::kCode}}});
      }
    }
  }

  void verification() {
    section(word(Phrase::kVerification));
    const Verification& v = report_.verification;
    const bool clean = v.checked > 0 && v.passed == v.checked;
    add(Paragraph{{{verification_text(report_)}}, clean ? Tone::kGood : Tone::kWarn});
    Bullets failed;
    for (const Evidence& item : report_.evidence) {
      if (item.check != CheckStatus::kFailed) continue;
      const std::string reason =
          item.check_reason.empty() ? std::string(say(language_, item.check)) : item.check_reason;
      failed.items.push_back({id_run(report_, item.id, Emphasis::kStrong), {"  "}, {short_text(reason)}});
    }
    if (!failed.items.empty()) add(std::move(failed));
    add(Paragraph{{{then(language_, word(Phrase::kNotice), times_notice(language_, zone_)), Emphasis::kStrong}}});
    std::string usage = usage_text(report_);
    if (!report_.fa2_version.empty()) {
      usage += " · " + say(language_, Phrase::kProducedBy, short_text(report_.fa2_version));
    }
    add(Paragraph{{{std::move(usage), Emphasis::kMuted}}});
  }

  document::Document& out_;
  const Report& report_;
  Language language_;
  const TimeZone& zone_;
};

}  // namespace

std::string short_text(std::string_view text) {
  constexpr std::size_t kLongestSentence = 2000;  // Columns.
  return clip(one_line(text), kLongestSentence);
}

std::string evidence_anchor(std::size_t index) { return fmt::format("e{}", index + 1); }
std::string check_anchor(std::size_t index) { return fmt::format("check-{}", index + 1); }

document::Run id_run(const Report& report, std::string_view id, document::Emphasis emphasis) {
  constexpr std::size_t kLongestIdShown = 24;
  const Evidence* item = report.find_evidence(id);
  std::string link;
  if (item != nullptr) link = "#" + evidence_anchor(static_cast<std::size_t>(item - report.evidence.data()));
  return {clip(one_line(id), kLongestIdShown), emphasis, std::move(link)};
}

void add_block(document::Document& document, std::string_view text, std::string language) {
  constexpr std::size_t kLongestCode = 20000;
  const std::string shown = visible(text);
  std::string cut = clip(shown, kLongestCode);
  const bool whole = cut == shown;
  document.blocks.emplace_back(document::Code{std::move(cut), std::move(language)});
  if (whole) return;
  document.blocks.emplace_back(Paragraph{{{std::string(say(document.language, Phrase::kCut)), Emphasis::kMuted}}});
}

void add_appendix(document::Document& document, const Report& report, const TimeZone& zone) {
  ReportAppendix(document, report, zone).write();
}

}  // namespace fa
