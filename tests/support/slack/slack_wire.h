#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

/// What the parts of the Slack stand-in share. Nothing of src/slack: the stand-in must not share code with the client
/// that is tried against it.
namespace fa::test::slack_wire {

/// A refusal in Slack's words.
struct Refusal {
  std::string word;                  ///< `invalid_blocks`
  std::vector<std::string> details;  ///< `response_metadata.messages`
};

/// Names and values of a form, in order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> decode_form(std::string_view body);
[[nodiscard]] std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields);

/// The string member; empty where it is missing or none.
[[nodiscard]] std::string text_of(const Json& object, const char* member);
/// The member; null where it is missing.
[[nodiscard]] const Json& member_of(const Json& object, const char* member);
/// `true`, `"true"`, `1`, `"1"`
[[nodiscard]] bool is_true(const Json& object, const char* member);
/// A count that JSON has as a number and a form as a text; `otherwise` where there is none.
[[nodiscard]] std::size_t size_of(const Json& object, const char* member, std::size_t otherwise);

/// UTF-16 code units of UTF-8.
[[nodiscard]] std::size_t length_of(std::string_view text);

}  // namespace fa::test::slack_wire
