#include "analysis/text/failure_words.h"

#include <string>

#include "analysis/text/failure_phrases.h"
#include "analysis/text/failure_reading.h"
#include "base/text.h"

namespace fa {

Mechanism mechanism_in_words(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, 8192));
  for (const FailurePhrase& p : failure_phrases()) {
    if (phrase_matches(p.words, lower)) return p.mechanism;
  }
  return Mechanism::kUnknown;
}

bool speaks_of_failure(std::string_view text) { return read_failure(text).telling != Telling::kNothing; }

}  // namespace fa
