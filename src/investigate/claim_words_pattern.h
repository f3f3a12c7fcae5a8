#pragma once

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

/// How the lists of words are looked for. Only for claim_words*.cpp.
namespace fa::claim_words {

/// A pattern over lower-case text, English words and Japanese ones together.
std::unique_ptr<re2::RE2> pattern(std::string_view text);

bool found(const re2::RE2& p, std::string_view text);

}  // namespace fa::claim_words
