#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "investigate/claim_backing.h"
#include "investigate/claim_check.h"
#include "investigate/claim_text.h"
#include "investigate/claim_words.h"

/// The rules of the checker, one member each, in claim_rules_*.cpp by what they are about. Only for claim_check.cpp and
/// these.
namespace fa {

/// Whether a number in a sentence is what a fact says.
bool number_is(const SpokenNumber& n, const BackedNumber& f);
/// The same of a time.
bool time_is(const SpokenTime& spoken, TimePoint t);

/// A rule answers with the reason why the sentence does not hold, in the report's language, or with nothing.
class ClaimChecker::Impl {
 public:
  explicit Impl(const ClaimContext& context)
      : c_(context), japanese_(context.report.language == Language::kJapanese), backings_(context), names_(context) {}

  // The order of the rules: claim_check.cpp.
  std::string check(const Claim& claim, std::string_view implied);
  [[nodiscard]] bool is_inert(const Claim& claim) const;
  std::string check_advice(const Claim& claim);

 private:
  using Cited = std::vector<const Backing*>;

  template <class... Args>
  [[nodiscard]] std::string say(std::string_view english, std::string_view japanese, const Args&... args) const {
    return fmt::format(fmt::runtime(japanese_ ? japanese : english), args...);
  }
  [[nodiscard]] std::string in_quotes(std::string_view words) const;

  [[nodiscard]] std::string readable(std::string_view text) const;
  /// Sentences of the report are in the report's language; quotations and names may be in any.
  [[nodiscard]] std::string language(const SpokenSentence& said) const;
  /// A sentence is words: no markup, links or mentions, which somebody's log line may have asked for.
  [[nodiscard]] std::string inert(const Claim& claim, const SpokenSentence& said) const;

  // The fields beside the text: claim_rules_fields.cpp.
  std::string fields(const Claim& claim, const SpokenSentence& said, const Cited& backing);
  [[nodiscard]] std::string not_its_time(std::string_view time, const std::string& id) const;

  // Quotations, names, and who it is about: claim_rules_names.cpp.
  [[nodiscard]] std::string not_verbatim(std::string_view words, const std::string& id) const;
  bool stands(std::string_view words, const Backing& b);
  std::string quotes(const Claim& claim, const SpokenSentence& said, const Cited& backing);
  bool backed(std::string_view word, const Cited& backing);
  [[nodiscard]] std::string invented(std::string_view word) const;
  /// Names that the data does not hold.
  std::string identifiers(const Claim& claim, const SpokenSentence& said, const Cited& backing);
  std::string japanese_names(std::string_view text, const std::function<bool(std::string_view)>& known) const;
  std::string entities(const Claim& claim, const SpokenSentence& said, const Cited& backing, const Cited& all,
                       std::string_view implied);

  // Numbers and times: claim_rules_numbers.cpp.
  std::string numbers(const SpokenSentence& said, const MeaningWords& meaning, const Cited& backing);
  /// "Two minutes before": the time between two of the cited items, or to the first sign of trouble.
  [[nodiscard]] bool apart_in_time(const SpokenNumber& n, const Cited& backing) const;
  std::string times(const SpokenSentence& said, const Cited& backing);

  // What is said of it, change and comparison among it: claim_rules_meaning.cpp.
  std::string kinds_and_topics(const Claim& claim, const SpokenSentence& said, const Cited& backing);
  std::string meanings(const Claim& claim, const SpokenSentence& said, const MeaningWords& m, const Cited& backing);
  std::string absence(const Claim& claim, const SpokenSentence& said, const MeaningWords& m);
  /// Something in the sentence must have been compared with data. What only repeats the words of a record, without
  /// saying that they are its words, proves nothing: records may say anything.
  std::string anchored(const Claim& claim, const SpokenSentence& said, const MeaningWords& m,
                       const Cited& backing) const;

  // How things hang together: claim_rules_causes.cpp.
  /// "A calls B" where only B calls A.
  [[nodiscard]] std::string calls(const SpokenSentence& said) const;
  std::string causes(const Claim& claim, const SpokenSentence& said, std::string_view implied);
  /// Whether one thing can have brought about the other: not later, and along calls.
  std::string possible(const std::string& cause, const std::string& effect, std::string_view implied);
  /// "A before B", "A after B" with an id on either side.
  std::string order_in_time(const std::string& line, const std::vector<std::pair<std::size_t, std::string>>& ids);

  const ClaimContext& c_;
  bool japanese_;
  std::size_t numbers_held_ = 0;  ///< Of the sentence checked last.
  Backings backings_;
  StudyNames names_;
};

}  // namespace fa
