#include "investigate/claim_words_pattern.h"

#include <re2/re2.h>

namespace fa::claim_words {

std::unique_ptr<RE2> pattern(std::string_view text) {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return std::make_unique<RE2>(re2::StringPiece(text.data(), text.size()), options);
}

bool found(const RE2& p, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), p);
}

}  // namespace fa::claim_words
