#include "insight/answer.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/time_zone.h"
#include "insight/answer_chart.h"
#include "insight/answer_words.h"
#include "insight/facts.h"
#include "report/words.h"

namespace fa::insight {
namespace {

using document::Align;
using document::Document;
using document::Emphasis;
using document::Line;
using document::Run;
using document::Tone;

constexpr std::size_t kMostCharts = 12;

/// The document while it is written.
class Answer {
 public:
  explicit Answer(const InsightResult& result) : result_(result) {
    document_.language = result.language;
    document_.title = text("Metrics insight", "メトリクスの分析");
    document_.subtitle = range_zone(result.window, TimeZone::find_or_utc(result.time_zone));
    document_.created = result.window.end;
  }

  Document finish() && {
    add_question();
    if (result_.nothing_asked) {
      add_nothing_asked();
    } else {
      add_narrative();
      add_findings();
      add_advice();
      add_charts();
      add_levels();
      add_queries();
    }
    add_gaps();
    add_notes();
    return std::move(document_);
  }

 private:
  [[nodiscard]] std::string text(std::string_view english, std::string_view japanese) const {
    return std::string(in_language(result_.language, english, japanese));
  }
  void heading(std::string_view english, std::string_view japanese) {
    document_.blocks.emplace_back(document::Heading{2, {{text(english, japanese)}}});
  }
  void paragraph(Line line, Tone tone = Tone::kNormal, std::string anchor = {}) {
    document_.blocks.emplace_back(document::Paragraph{std::move(line), tone, std::move(anchor)});
  }
  /// `[M1]`, leading to the fact.
  [[nodiscard]] static Run reference(const std::string& id) { return {"[" + id + "]", Emphasis::kPlain, "#" + id}; }

  void add_question();
  void add_nothing_asked();
  void add_narrative();
  void add_findings();
  void add_advice();
  void add_charts();
  void add_levels();
  void add_queries();
  void add_gaps();
  void add_notes();

  const InsightResult& result_;
  Document document_;
};

/// What runs out comes first; then what changed for the worse.
Tone tone_of(const InsightFact& fact) {
  switch (fact.kind) {
    case InsightFactKind::kSaturation:
    case InsightFactKind::kTimeToLimit:
      return Tone::kBad;
    case InsightFactKind::kLevelShift:
    case InsightFactKind::kTrend:
    case InsightFactKind::kComparison:
    case InsightFactKind::kOutliers:
      return fact.strength >= 0.5 ? Tone::kWarn : Tone::kNormal;
    default:
      return Tone::kNormal;
  }
}

bool is_level(const InsightFact& fact) { return fact.kind == InsightFactKind::kLevel; }

/// Levels stand in a table of their own; those that advice rests on are told as well, so that its links lead somewhere.
bool is_told(const InsightResult& result, const InsightFact& fact) {
  return !is_level(fact) || std::any_of(result.advice.begin(), result.advice.end(), [&](const Advice& advice) {
    return std::find(advice.facts.begin(), advice.facts.end(), fact.id) != advice.facts.end();
  });
}

void Answer::add_question() {
  document::Facts facts;
  facts.rows.emplace_back(text("Question", "質問"), Line{{result_.question}});
  const TimeZone zone = TimeZone::find_or_utc(result_.time_zone);
  facts.rows.emplace_back(text("Window", "対象期間"), Line{{range_zone(result_.window, zone)}});
  if (!result_.nothing_asked && !result_.previous.empty()) {
    facts.rows.emplace_back(text("Compared with", "比較対象の期間"), Line{{range_zone(result_.previous, zone)}});
  }
  document_.blocks.emplace_back(std::move(facts));
}

void Answer::add_nothing_asked() {
  paragraph({{text(
      "No metric fits this question, so none was fetched. Name a service, a resource or what you "
      "noticed, for example: “why is the checkout service slow since yesterday?”",
      "この質問に当てはまるメトリクスがないため、データは取得していません。サービス名、リソース名、または気づいた"
      "ことを書いてください。例:「checkout サービスが昨日から遅いのはなぜ？」")}});
}

void Answer::add_narrative() {
  if (result_.narrative.empty()) return;
  heading("In short", "要約");
  for (const std::string& sentence : result_.narrative) paragraph({{sentence}});
  if (!result_.narrator.empty()) {
    paragraph({{text("Worded by ", "作成: ") + result_.narrator +
                    text("; each sentence was checked against the facts below.", "（各文は以下の事実と照合済み）"),
                Emphasis::kMuted}});
  }
}

void Answer::add_findings() {
  heading("What the data say", "データからわかること");
  const bool any_data = std::any_of(result_.facts.begin(), result_.facts.end(), is_level);
  if (!any_data) {
    paragraph(
        {{result_.series.empty()
              ? text("No metric was chosen.", "メトリクスが選ばれませんでした。")
              : text("The chosen metrics have no data in the window. That alone says nothing about the systems they "
                     "measure.",
                     "選ばれたメトリクスには対象期間のデータがありません。それだけでは、システムの状態については何もわ"
                     "かり"
                     "ません。")}});
    return;
  }
  bool any = false;
  for (const InsightFact& fact : result_.facts) {
    if (!is_told(result_, fact)) continue;
    any = any || !is_level(fact);
    paragraph({{"[" + fact.id + "]", Emphasis::kStrong}, {" " + fact_sentence(result_, fact)}}, tone_of(fact), fact.id);
  }
  if (any) return;
  paragraph({{text(
      "Nothing stands out: no limit is near, and there is no trend, shift, outlier or difference from the time "
      "before that chance would not explain as well. The levels stand below.",
      "目立った点はありません。上限に近いものはなく、偶然では説明できない傾向、水準の変化、外れ値、以前の期間との"
      "差も見つかりませんでした。各メトリクスの水準は以下のとおりです。")}});
}

void Answer::add_advice() {
  if (result_.advice.empty()) {
    if (!result_.wants_advice || result_.series.empty()) return;
    heading("Advice", "改善案");
    paragraph({{text("The data give no reason for a change.", "データからは、変更すべき理由は見当たりません。")}});
    return;
  }
  heading("Advice", "改善案");
  for (const Advice& advice : result_.advice) {
    paragraph({{advice.change, Emphasis::kStrong}});
    Line because;
    for (const std::string& id : advice.facts) {
      if (!because.empty()) because.push_back({" "});
      because.push_back(reference(id));
    }
    document::Facts facts;
    facts.rows = {{text("Expected effect", "期待される効果"), {{advice.effect}}},
                  {text("Risk", "リスク"), {{advice.risk}}},
                  {text("Because of", "根拠"), std::move(because)}};
    document_.blocks.emplace_back(std::move(facts));
  }
}

void Answer::add_charts() {
  std::vector<document::Picture> pictures;
  std::size_t drawable = 0;
  for (std::size_t i = 0; i < result_.series.size(); ++i) {
    auto picture = series_picture(result_, i);
    if (!picture) continue;
    ++drawable;
    if (pictures.size() < kMostCharts) pictures.push_back(*std::move(picture));
  }
  if (pictures.empty()) return;
  heading("Charts", "グラフ");
  for (document::Picture& picture : pictures) document_.blocks.emplace_back(std::move(picture));
  if (drawable > kMostCharts) {
    paragraph({{fmt::format(fmt::runtime(text("{} more series are not drawn; their levels stand below.",
                                              "ほか {} 件の系列は図示していません。水準は以下にあります。")),
                            drawable - kMostCharts),
                Emphasis::kMuted}});
  }
}

void Answer::add_levels() {
  document::Table table;
  table.columns = {{{{"ID"}}},
                   {{{text("Metric", "メトリクス")}}},
                   {{{text("Median", "中央値")}}, Align::kRight},
                   {{{text("Mostly", "おおむね")}}, Align::kRight},
                   {{{text("Highest", "最大")}}, Align::kRight},
                   {{{text("Median before", "以前の中央値")}}, Align::kRight}};
  // By series, so that what belongs together stands together.
  for (std::size_t i = 0; i < result_.series.size(); ++i) {
    for (const InsightFact& fact : result_.facts) {
      if (!is_level(fact) || fact.series.front() != i) continue;
      const std::string& unit = result_.series[i].metric.unit;
      const auto value = [&](std::string_view name) { return amount(number_of(fact, name), unit); };
      const bool before = std::any_of(fact.numbers.begin(), fact.numbers.end(),
                                      [](const Fact& number) { return number.name == "previous_median"; });
      table.rows.push_back({{{fact.id}},
                            {{series_label(result_, i)}},
                            {{value("median")}},
                            {{value("p05") + " – " + value("p95")}},
                            {{value("max")}},
                            {{before ? value("previous_median") : "–"}}});
    }
  }
  if (table.rows.empty()) return;
  heading("Levels", "各メトリクスの水準");
  document_.blocks.emplace_back(std::move(table));
}

void Answer::add_queries() {
  if (result_.queries.empty()) return;
  heading("The same data by hand", "同じデータを手作業で取得するには");
  for (const InsightQuery& query : result_.queries) {
    if (!query.body.empty()) {
      paragraph(
          {{text("Save this as ", "次の内容を ")}, {query.file, Emphasis::kCode}, {text(":", " として保存します。")}});
      document_.blocks.emplace_back(document::Code{query.body, "json"});
    }
    document_.blocks.emplace_back(document::Code{query.command, "sh"});
  }
}

void Answer::add_gaps() {
  if (result_.gaps.empty()) return;
  heading("What could not be seen", "確認できなかったもの");
  document::Bullets bullets;
  for (const Gap& gap : result_.gaps) {
    Line line = {{gap.source, Emphasis::kStrong}, {": " + gap.error}};
    if (!gap.impact.empty()) line.push_back({" " + gap.impact});
    bullets.items.push_back(std::move(line));
  }
  document_.blocks.emplace_back(std::move(bullets));
}

void Answer::add_notes() {
  if (result_.notes.empty()) return;
  heading("How it was done", "調べ方");
  document::Bullets bullets;
  for (const Note& note : result_.notes) bullets.items.push_back({{note.text}});
  document_.blocks.emplace_back(std::move(bullets));
}

}  // namespace

Document answer_document(const InsightResult& result) { return Answer(result).finish(); }

}  // namespace fa::insight
