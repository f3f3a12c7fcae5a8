#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "investigate/claim_text.h"

/// What read_sentence is made of. Only for claim_text*.cpp.
namespace fa::spoken {

/// The code point at `at` and its length.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view s, std::size_t at);
bool is_japanese_letter(std::uint32_t c);

// --- cutting: claim_text_cut.cpp ----------------------------------------------------------------------------------

/// The words, names, quotations, numbers and marks of a sentence, left to right.
std::vector<Token> cut_sentence(std::string_view sentence, const std::vector<KnownName>& names);
/// nullptr behind the end.
inline const Token* token_at(const std::vector<Token>& tokens, std::size_t i) {
  return i < tokens.size() ? &tokens[i] : nullptr;
}

// --- digits, units and number words: claim_text_units.cpp -----------------------------------------------------------

struct UnitWord {
  std::string_view word;
  UnitClass unit;
  double seconds;
};
/// nullptr for what is no unit.
const UnitWord* unit_of(std::string_view word);
/// Of a text that begins with the unit.
const UnitWord* japanese_unit_of(std::string_view text);

/// `1,234.5`: value, digits after the point and bytes used; 0 used when the text does not begin with a digit.
struct Digits {
  double value = 0;
  int decimals = 0;
  std::size_t used = 0;
};
Digits digits_of(std::string_view s);
bool all_digits(std::string_view s);
/// Of at most four digits.
std::optional<int> small_int(std::string_view s);

/// two, three, ..., million.
const std::map<std::string, double, std::less<>>& number_words();

// --- times: claim_text_times.cpp ----------------------------------------------------------------------------------

/// `08:30`, `8:30:05.123`, `08:30:05Z`.
std::optional<SpokenTime> time_of_day(std::string_view s);

struct SpokenDate {
  std::optional<int> year;
  int month = 0;
  int day = 0;
};
/// `2026-03-14`, `2026/03/14`.
std::optional<SpokenDate> date_of(std::string_view s);

/// Reads the times of a cut sentence, left to right: a date holds for the times behind it.
class TimeReader {
 public:
  /// Both borrowed.
  TimeReader(const std::vector<Token>& tokens, std::vector<SpokenTime>& times) : tokens_(tokens), times_(times) {}

  void read_time(std::string_view text);
  /// `3月14日`, `8時30分15秒`: tokens used, 0 for what is no such time.
  std::size_t read_japanese_time(std::size_t i);

 private:
  const std::vector<Token>& tokens_;
  std::vector<SpokenTime>& times_;
  std::optional<SpokenDate> date_;
};

// --- numbers: claim_text_numbers.cpp ------------------------------------------------------------------------------

/// Reads the numbers of a cut sentence, in digits or in words.
class NumberReader {
 public:
  /// Both borrowed.
  NumberReader(const std::vector<Token>& tokens, std::vector<SpokenNumber>& numbers)
      : tokens_(tokens), numbers_(numbers) {}

  void read_number(std::size_t i);
  void read_number_word(std::size_t i);
  void read_japanese_number_words(std::string_view s);

 private:
  /// "about", "more than", 約, 以上: how exact the number is meant to be.
  void hedge(SpokenNumber& n, std::size_t i, std::string_view following) const;
  void add_word(double value, double tolerance, UnitClass unit, std::size_t i);

  const std::vector<Token>& tokens_;
  std::vector<SpokenNumber>& numbers_;
};

// --- periods: claim_text_periods.cpp ------------------------------------------------------------------------------

/// Which period the words around the number give it.
SpokenNumber::Role role_at(const std::vector<Token>& tokens, std::size_t i);

}  // namespace fa::spoken
