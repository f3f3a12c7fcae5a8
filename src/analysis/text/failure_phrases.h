#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/report.h"

namespace fa {

/// How much words say about why something failed.
enum class Telling : std::uint8_t {
  kNothing,  ///< They speak of no failure.
  kFailure,  ///< That something failed, not what.
  kEffect,   ///< What was felt of a failure whose reason lies elsewhere: refused, timed out, exited, unavailable.
  kCause,    ///< A reason: what ran out, expired, is missing, wrong or forbidden.
};

/// Words that name a failure. Lower case; `*` stands for up to kPhraseGap bytes within the line; `<` before and `>`
/// behind a piece want the edge of a word there.
struct FailurePhrase {
  std::string_view words;
  Mechanism mechanism;
  Telling telling;
};

/// Most bytes between two pieces of a phrase.
inline constexpr std::size_t kPhraseGap = 100;

/// All phrases, the specific before the general: the first that matches is meant. How runtimes, kernels, shells,
/// clients, databases, proxies and orchestrators put it, by the things that fail and what is said of them.
std::span<const FailurePhrase> failure_phrases();

/// True when the phrase stands in a text of lower case.
bool phrase_matches(std::string_view words, std::string_view lower);

}  // namespace fa
