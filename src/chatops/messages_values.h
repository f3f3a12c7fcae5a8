#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chatops/messages.h"
#include "chatops/messages_phrases.h"

/// What people filled in, read the same way in all forms.
namespace fa::chatops {

/// As it came back from an input; empty where it was left empty.
[[nodiscard]] std::string_view raw_value(const slack::FormValues& values, std::string_view block);
/// The same as valid text without blank ends.
[[nodiscard]] std::string typed_value(const slack::FormValues& values, std::string_view block);

/// A text that must be there, of at most 3,000 characters, into `to`; the problem where it is not (`empty` says so).
[[nodiscard]] std::optional<FormProblem> read_long_text(const slack::FormValues& values, std::string_view block,
                                                        Says empty, Language language, std::string& to);

}  // namespace fa::chatops
