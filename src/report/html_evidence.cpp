#include "report/html_evidence.h"

#include <fmt/core.h>

#include <span>

#include "base/escape.h"
#include "base/text.h"
#include "draw/drawing.h"
#include "report/chart.h"
#include "report/chart_drawing.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa {
namespace {

constexpr std::size_t kLongestText = 2000;  // Columns of a name or sentence.
constexpr std::size_t kLongestId = 24;
constexpr std::size_t kLongestExcerpt = 20000;

std::string check_text(Language language, CheckStatus check) {
  const std::string_view look = check == CheckStatus::kPassed   ? " class=\"ok\""
                                : check == CheckStatus::kFailed ? " class=\"fail\""
                                                                : "";
  return fmt::format("<span{}>{} {}</span>", look, check_mark(check), html_escape(say(language, check)));
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

/// What is always seen of a card.
std::string card_head(Language language, const Evidence& item, const TimeZone& zone) {
  std::string out = fmt::format("<span class=\"head\"><span class=\"id\">{}</span>",
                                html_escape(clip(one_line(item.id), kLongestId)));
  out += fmt::format("<span>{}</span>", html_escape(say(language, item.kind)));
  if (!item.entity.empty()) out += fmt::format("<span>{}</span>", html_text(item.entity));
  if (item.time != kNoTime) out += fmt::format("<span>{}</span>", html_escape(date_time_zone(item.time, zone)));
  out += check_text(language, item.check);
  return out + fmt::format("</span>\n<span class=\"claim\">{}</span>", html_text(item.claim));
}

std::string excerpt(Language language, const Evidence& item) {
  if (item.excerpt.empty()) return {};
  const std::string whole = visible(item.excerpt);
  const std::string shown = clip(whole, kLongestExcerpt);
  std::string out = fmt::format("<pre>{}</pre>\n", html_escape(shown));
  if (shown != whole) out += fmt::format("<p class=\"small soft\">{}</p>\n", html_escape(say(language, Phrase::kCut)));
  return out;
}

/// Where the bytes are, and how to see them.
std::string sources(Language language, const Evidence& item) {
  std::string out;
  const std::string where = clip(place(item.locator), kLongestText);
  if (!where.empty()) {
    out += fmt::format("<p class=\"small soft\">{}: <code>{}</code></p>\n", html_escape(say(language, Phrase::kWhere)),
                       html_escape(where));
  }
  if (!item.reproduce.empty()) {
    out += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n",
                       html_escape(say(language, Phrase::kReproduce)),
                       html_escape(clip(visible(item.reproduce), kLongestExcerpt)));
  }
  return out;
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

std::string evidence_card(const Report& report, std::size_t index, const TimeZone& zone) {
  const Evidence& item = report.evidence[index];
  std::string out;
  out += "<details class=\"card evidence\">\n<summary>" + card_head(report.language, item, zone) + "</summary>\n";
  // A link to what is inside makes browsers open the card; one to the card itself would not.
  out += fmt::format("<div class=\"inside\" id=\"e{}\">\n", index + 1);
  if (item.check == CheckStatus::kFailed && !item.check_reason.empty()) {
    out += fmt::format("<p class=\"fail small\">{}</p>\n", html_text(item.check_reason));
  }
  out += excerpt(report.language, item);
  if (const auto chart = evidence_chart(report, item)) {
    const draw::Drawing drawing = draw_charts(std::span(&*chart, 1), {report.language, zone});
    out += fmt::format("<figure>\n{}</figure>\n", draw::to_svg(drawing, {.id = fmt::format("chart-{}", index + 1)}));
  }
  out += sources(report.language, item);
  out += figures(report.language, item);
  return out + "</div>\n</details>\n";
}

}  // namespace fa
