#include "report/phrases.h"

#include <gtest/gtest.h>

#include <set>

#include "base/utf8.h"
#include "report/render.h"
#include "report/sample_report.h"

namespace fa {
namespace {

bool has_japanese(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    if ((c.code >= 0x3000 && c.code <= 0x30ff) || (c.code >= 0x4e00 && c.code <= 0x9fff) || c.code >= 0xff00)
      return true;
    i += c.size;
  }
  return false;
}

/// Three or more words of lower-case English letters in a row (`HTML・Markdown・JSON` and single terms are names).
bool has_english_sentence(std::string_view text) {
  std::size_t words = 0;
  std::size_t letters = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '.';
    if (c >= 'a' && c <= 'z') {
      ++letters;
    } else {
      words += letters > 0 ? 1 : 0;
      letters = 0;
      if (words >= 3) return true;
      if (c != ' ' && c != ',') words = 0;
    }
  }
  return false;
}

/// `{0}`, `{1}` as a set.
std::set<std::string> arguments(std::string_view text) {
  std::set<std::string> found;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    found.emplace(text.substr(at, text.find('}', at) + 1 - at));
  }
  return found;
}

TEST(Phrases, every_one_exists_in_both_languages_with_the_same_arguments) {
  for (const Words& words : all_words()) {
    EXPECT_FALSE(words.english.empty()) << words.japanese;
    EXPECT_FALSE(words.japanese.empty()) << words.english;
    EXPECT_FALSE(has_japanese(words.english)) << words.english;
    EXPECT_TRUE(has_japanese(words.japanese)) << words.japanese;
    EXPECT_FALSE(has_english_sentence(words.japanese)) << words.japanese;
    EXPECT_EQ(arguments(words.english), arguments(words.japanese)) << words.english;
  }
}

TEST(Phrases, english_sentences_are_told_from_names) {
  EXPECT_TRUE(has_english_sentence("ほか no model was used"));
  EXPECT_FALSE(has_english_sentence("ほか {0} 件は HTML・Markdown・JSON のレポート"));
}

TEST(Phrases, arguments_are_put_where_the_language_wants_them) {
  EXPECT_EQ(say(Language::kEnglish, Phrase::kVerified, 14, 15),
            "14 of 15 statements verified against the stored bytes");
  EXPECT_EQ(say(Language::kJapanese, Phrase::kVerified, 14, 15),
            "証拠 15 件のうち 14 件について、保存された元データとの一致を確認しました");
}

/// Fixed words of the other language that stand in the text. Short ones (`log`) may be part of names in the data.
std::set<std::string> foreign_words(const std::string& rendered, Language language) {
  std::set<std::string> found;
  for (const Words& words : all_words()) {
    const std::string_view foreign = language == Language::kJapanese ? words.english : words.japanese;
    const std::string fixed(foreign.substr(0, foreign.find('{')));
    const bool telling =
        language == Language::kJapanese ? fixed.find(' ') != std::string::npos && fixed.size() > 6 : fixed.size() > 6;
    if (telling && rendered.find(fixed) != std::string::npos) found.insert(fixed);
  }
  return found;
}

TEST(Phrases, a_report_in_one_language_has_no_fixed_words_of_the_other) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    for (const Report& report : {sample_report(language), sample_no_incident(language), sample_cannot_tell(language)}) {
      for (const std::string& rendered : {render_text(report), render_markdown(report), render_html(report)}) {
        EXPECT_EQ(foreign_words(rendered, language), std::set<std::string>());
        EXPECT_TRUE(language == Language::kJapanese || !has_japanese(rendered));
      }
    }
  }
}

}  // namespace
}  // namespace fa
