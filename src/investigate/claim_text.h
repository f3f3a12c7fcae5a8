#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/report.h"

/// Takes a sentence apart mechanically, in English or Japanese: what in it can be held against data. Pure.
namespace fa {

enum class UnitClass { kNone, kTime, kPercent, kRatio, kCount, kOther };

/// A number as it stands in a sentence.
struct SpokenNumber {
  double value = 0;  ///< Times in seconds.
  /// Largest difference that the way it is written allows: half of the last digit, more after words such as "about".
  double tolerance = 0;
  bool at_least = false;  ///< "more than", "over"
  bool at_most = false;   ///< "less than", "nearly"
  UnitClass unit = UnitClass::kNone;
  std::string unit_text;
  bool change = false;  ///< How much something moved: "by 3 s", "40 % higher".
  enum class Role { kAny, kBaseline, kWindow } role = Role::kAny;
};

/// A time of day, or more of a date, as it stands in a sentence; UTC.
struct SpokenTime {
  std::string text;
  std::optional<int> year, month, day;
  int hour = 0;
  int minute = 0;
  std::optional<double> second;
  int second_decimals = 0;
};

enum class TokenKind { kWord, kIdentifier, kNumber, kTime, kJapanese, kPunctuation, kQuote, kEntity, kEvidence };

struct Token {
  TokenKind kind = TokenKind::kWord;
  std::string text;    ///< Words in lower case; entities as the data writes them; quotations without their marks.
  std::string raw;     ///< As written.
  bool first = false;  ///< First word of a sentence.
};

struct SpokenSentence {
  std::vector<Token> tokens;
  std::vector<SpokenNumber> numbers;
  std::vector<SpokenTime> times;
  /// The sentence in lower case without quotations, entities and ids (a space each), full-width ASCII folded: for
  /// looking for words.
  std::string plain;
};

/// A name that may stand in a sentence, and what it stands for.
struct KnownName {
  std::string name;    ///< As it may be written.
  std::string entity;  ///< As the data writes it.
};

/// `names`: longest first. Evidence ids are recognised by their form alone, existing or not.
SpokenSentence read_sentence(std::string_view sentence, const std::vector<KnownName>& names);

/// True for what looks like an evidence id: `L3`, `M12`, `K1`, `P2`.
bool looks_like_evidence_id(std::string_view word);

/// Japanese letters in it (kana or kanji).
bool has_japanese(std::string_view text);

}  // namespace fa
