// What an attacker can write into a log must not act in any rendering.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/report_json.h"
#include "report/render.h"
#include "report/sample_report.h"

namespace fa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Every rendering of the hostile report in both languages, with its name.
std::vector<std::pair<std::string, std::string>> renderings() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const Report report = hostile_report(language);
    all.emplace_back("text", render_text(report, {false, 80}));
    all.emplace_back("narrow text", render_text(report, {false, 1}));
    all.emplace_back("markdown", render_markdown(report));
    all.emplace_back("html", render_html(report));
    all.emplace_back("json", render_json(report));
  }
  return all;
}

/// A Markdown line without its code spans (CommonMark: closed by a run of just as many backticks).
std::string without_code_spans(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '\\' || line[i] != '`') {
      const std::size_t size = line[i] == '\\' ? 2 : 1;
      out += line.substr(i, size);
      i += size;
      continue;
    }
    const auto run_at = [&](std::size_t at) { return std::min(line.find_first_not_of('`', at), line.size()) - at; };
    const std::size_t ticks = run_at(i);
    std::size_t end = i + ticks;
    while ((end = line.find('`', end)) != std::string_view::npos && run_at(end) != ticks) end += run_at(end);
    if (end == std::string_view::npos) return out + std::string(line.substr(i));
    i = end + ticks;
  }
  return out;
}

/// True for `</name>` and `<name a="..." b="...">` whose attributes are those that the renderer writes.
bool is_own_tag(std::string_view tag) {
  static const std::set<std::string_view> kKnown = {"id",
                                                    "class",
                                                    "href",
                                                    "lang",
                                                    "charset",
                                                    "http-equiv",
                                                    "content",
                                                    "name",
                                                    "viewBox",
                                                    "role",
                                                    "aria-labelledby",
                                                    "aria-hidden",
                                                    "width",
                                                    "height",
                                                    "x",
                                                    "y",
                                                    "cx",
                                                    "cy",
                                                    "r",
                                                    "rx",
                                                    "d",
                                                    "text-anchor",
                                                    "fill",
                                                    "stroke",
                                                    "font-family",
                                                    "font-size",
                                                    "font-weight",
                                                    "stroke-width",
                                                    "stroke-linecap",
                                                    "stroke-linejoin",
                                                    "xml:space",
                                                    "stroke-dasharray",
                                                    "preserveAspectRatio"};
  const auto name_size = [&](std::string_view text) {
    return std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:"),
                    text.size());
  };
  if (!tag.starts_with('<') || !tag.ends_with('>')) return false;
  tag = tag.substr(1, tag.size() - 2);
  const bool closing = tag.starts_with('/');
  if (closing) tag.remove_prefix(1);
  const std::size_t size = name_size(tag);
  if (size == 0) return false;
  tag.remove_prefix(size);
  while (!closing && tag.starts_with(' ')) {
    tag.remove_prefix(1);
    const std::string_view attribute = tag.substr(0, name_size(tag));
    tag.remove_prefix(attribute.size());
    if (attribute == "open") continue;
    if (!kKnown.contains(attribute) || !tag.starts_with("=\"")) return false;
    const std::size_t end = tag.find('"', 2);
    if (end == std::string_view::npos) return false;
    tag.remove_prefix(end + 1);
  }
  return tag.empty() || tag == "/";
}

/// The text without ANSI colour sequences.
std::string without_colours(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text.substr(i, 2) == "\x1b[" ? text.find_first_not_of("0123456789;", i + 2) : i;
    const bool colour = end != i && end != std::string_view::npos && text[end] == 'm';
    if (!colour) out += text[i];
    i = colour ? end + 1 : i + 1;
  }
  return out;
}

TEST(HostileReport, no_rendering_holds_control_or_bidirectional_characters_or_broken_utf8) {
  for (const auto& [name, text] : renderings()) {
    EXPECT_TRUE(is_valid_utf8(text)) << name;
    // visible() names what acts on a terminal; nothing of it may be left to change.
    EXPECT_TRUE(visible(text) == text) << name;
    EXPECT_EQ(text.find('\t'), std::string::npos) << name;
  }
}

TEST(HostileReport, colours_are_the_only_escape_sequences_of_a_coloured_text) {
  const std::string text = render_text(hostile_report(Language::kEnglish), {true, 80});
  const std::string plain = without_colours(text);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_TRUE(plain == render_text(hostile_report(Language::kEnglish), {false, 80}));
}

TEST(HostileReport, html_has_no_element_attribute_or_address_from_the_log) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const std::string html = render_html(hostile_report(language));
    for (const char* raw : {"<script", "</script", "<img", "<!channel", "<@U123", "--><", "onload='", "{{x}}</"}) {
      EXPECT_THAT(html, Not(HasSubstr(raw)));
    }
    // Elements are closed as often as in the page's own structure: no stray end of an SVG, style or title.
    const auto count = [&](const std::string& needle) {
      std::size_t n = 0;
      for (std::size_t at = html.find(needle); at != std::string::npos; at = html.find(needle, at + 1)) ++n;
      return n;
    };
    EXPECT_EQ(count("<svg"), count("</svg>"));
    EXPECT_EQ(count("<title"), count("</title>"));
    EXPECT_EQ(count("<style>"), 1U);
    EXPECT_EQ(count("</style>"), 1U);
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
      const std::string_view tag = std::string_view(html).substr(at, html.find('>', at) + 1 - at);
      EXPECT_TRUE(tag == "<!DOCTYPE html>" || is_own_tag(tag)) << tag.substr(0, 300);
    }
    EXPECT_THAT(html, Not(HasSubstr("href=\"h")));
    EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  }
}

TEST(HostileReport, markdown_has_no_markup_link_mention_or_html_from_the_log) {
  const std::string markdown = render_markdown(hostile_report(Language::kEnglish));
  std::string fence;
  for (const std::string_view line : split(markdown, '\n')) {
    const std::size_t ticks = std::min(line.find_first_not_of('`'), line.size());
    if (!fence.empty()) {
      if (ticks >= fence.size() && ticks == line.size()) fence.clear();
      continue;  // Nothing acts inside a fence that the log cannot close.
    }
    if (ticks >= 3) {
      fence = line.substr(0, ticks);
      continue;
    }
    // Outside code spans, every character of markup is escaped and addresses are broken up.
    const std::string plain = without_code_spans(line);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      if (plain[i] == '\\') {
        ++i;
      } else {
        EXPECT_TRUE(plain[i] != '<' && plain[i] != '[' && plain[i] != '`') << plain.substr(i, 100);
      }
    }
    for (const char* acting : {"@e", "@U", "://", "www.", "#1", "GH-7"}) EXPECT_THAT(plain, Not(HasSubstr(acting)));
  }
  EXPECT_EQ(fence, "");
}

TEST(HostileReport, json_parses_and_keeps_the_text) {
  const std::string json = render_json(hostile_report(Language::kEnglish));
  const auto parsed = parse_json(json);
  EXPECT_EQ(parsed["headline"].get<std::string>(), sanitize_utf8(hostile_text()));
  EXPECT_THAT(json, Not(HasSubstr("</script")));
  EXPECT_THAT(json, Not(HasSubstr("<!channel")));
  const auto back = report_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(render_json(*back), json);
}

TEST(HostileReport, long_names_do_not_flood_the_terminal) {
  const std::string text = render_text(hostile_report(Language::kEnglish), {false, 80});
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 620);
}

}  // namespace
}  // namespace fa
