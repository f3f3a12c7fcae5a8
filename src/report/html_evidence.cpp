#include "report/html_evidence.h"

#include <fmt/core.h>

#include <iterator>

#include "base/text.h"
#include "report/chart.h"
#include "report/escape.h"
#include "report/phrases.h"
#include "report/svg.h"
#include "report/words.h"

namespace fa {
namespace {

constexpr std::size_t kLongestText = 2000;  // Columns of a name or sentence.
constexpr std::size_t kLongestId = 24;
constexpr std::size_t kLongestExcerpt = 20000;

std::string check_text(Language language, CheckStatus check) {
  const std::string text = html_escape(say(language, check));
  switch (check) {
    case CheckStatus::kPassed:
      return "<span class=\"ok\">✓ " + text + "</span>";
    case CheckStatus::kFailed:
      return "<span class=\"fail\">✗ " + text + "</span>";
    case CheckStatus::kUnchecked:
      break;
  }
  return "<span>○ " + text + "</span>";
}

std::string legend(Language language, const Evidence& item, bool onset_shown) {
  std::string out = "<figcaption>";
  const auto add = [&](std::string_view shape, Phrase label, const std::string& more) {
    out += fmt::format("<span><svg viewBox=\"0 0 26 11\" aria-hidden=\"true\">{}</svg>{}{}</span>", shape,
                       html_escape(say(language, label)), html_escape(more.empty() ? "" : ": " + clip(more, 80)));
  };
  if (item.window_chart) {
    add("<path class=\"line\" d=\"M1 9L9 3L17 7L25 2\"/>", Phrase::kChartWindow,
        chart_range(language, *item.window_chart));
  }
  if (const auto summary = item.baseline_chart ? chart_summary(*item.baseline_chart) : std::nullopt) {
    const std::string& unit = item.baseline_chart->unit;
    const std::string usual = summary->usual_low == summary->usual_high
                                  ? quantity(summary->usual_low, unit)
                                  : format_number(summary->usual_low) + " – " + quantity(summary->usual_high, unit);
    add("<rect class=\"band\" width=\"26\" height=\"11\"/>", Phrase::kChartUsual, usual);
    add("<line class=\"median\" x1=\"0\" y1=\"5.5\" x2=\"26\" y2=\"5.5\"/>", Phrase::kChartMedian,
        quantity(summary->median, unit));
  }
  if (onset_shown) add("<line class=\"onset\" x1=\"13\" y1=\"0\" x2=\"13\" y2=\"11\"/>", Phrase::kOnset, "");
  return out + "</figcaption>";
}

std::string figures(Language language, const Evidence& item) {
  std::string out;
  const auto row = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value);
  };
  for (const Fact& fact : item.facts)
    row("<code>" + html_text(fact.name) + "</code>", html_text(quantity(fact.value, fact.unit)));
  if (!item.key.empty()) row(html_escape(say(language, Phrase::kKey)), "<code>" + html_text(item.key) + "</code>");
  if (!item.sha256.empty())
    row(html_escape(say(language, Phrase::kHash)), "<code>" + html_text(item.sha256) + "</code>");
  if (out.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n<dl class=\"facts small\">\n{}</dl></details>\n",
                     html_escape(say(language, Phrase::kFigures)), out);
}

}  // namespace

std::string html_text(std::string_view text) { return html_escape(clip(one_line(text), kLongestText)); }

std::string evidence_link(const Report& report, std::string_view id) {
  const std::string shown = html_escape(clip(one_line(id), kLongestId));
  const Evidence* item = report.find_evidence(id);
  if (item == nullptr) return "<span class=\"id\">" + shown + "</span>";
  // Targets are numbers: ids come from outside and may hold anything.
  return fmt::format("<a class=\"id\" href=\"#e{}\">{}</a>", item - report.evidence.data() + 1, shown);
}

std::string evidence_card(const Report& report, std::size_t index) {
  const Evidence& item = report.evidence[index];
  const Language language = report.language;
  std::string out;
  const auto add = [&](std::string_view text) { out += text; };
  add(fmt::format("<article class=\"card evidence\" id=\"e{}\">\n<div class=\"head\"><span class=\"id\">{}</span>",
                  index + 1, html_escape(clip(one_line(item.id), kLongestId))));
  add(fmt::format("<span>{}</span>", html_escape(say(language, item.kind))));
  if (!item.entity.empty()) add(fmt::format("<span>{}</span>", html_text(item.entity)));
  if (item.time != kNoTime) add(fmt::format("<span>{} UTC</span>", html_escape(date_and_time(item.time))));
  add(check_text(language, item.check));
  add(fmt::format("</div>\n<h3 class=\"claim\">{}</h3>\n", html_text(item.claim)));
  if (item.check == CheckStatus::kFailed && !item.check_reason.empty()) {
    add(fmt::format("<p class=\"fail small\">{}</p>\n", html_text(item.check_reason)));
  }
  if (!item.excerpt.empty()) {
    const std::string excerpt = visible(item.excerpt);
    const std::string shown = clip(excerpt, kLongestExcerpt);
    add(fmt::format("<pre>{}</pre>\n", html_escape(shown)));
    if (shown != excerpt)
      add(fmt::format("<p class=\"small soft\">{}</p>\n", html_escape(say(language, Phrase::kCut))));
  }
  const std::string chart_id = fmt::format("chart-{}", index + 1);
  const std::string chart = svg_chart(item, {language, report.incident.onset, chart_id});
  if (!chart.empty()) {
    const bool onset_shown = chart.find("class=\"onset\"") != std::string::npos;
    add(fmt::format("<figure>\n{}{}</figure>\n", chart, legend(language, item, onset_shown)));
  }
  const std::string where = clip(place(item.locator), kLongestText);
  if (!where.empty()) {
    add(fmt::format("<p class=\"small soft\">{}: <code>{}</code></p>\n", html_escape(say(language, Phrase::kWhere)),
                    html_escape(where)));
  }
  if (!item.reproduce.empty()) {
    add(fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n",
                    html_escape(say(language, Phrase::kReproduce)),
                    html_escape(clip(visible(item.reproduce), kLongestExcerpt))));
  }
  add(figures(language, item));
  add("</article>\n");
  return out;
}

}  // namespace fa
