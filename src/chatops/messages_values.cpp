#include "chatops/messages_values.h"

#include "base/text.h"
#include "base/utf8.h"
#include "report/words.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kLongestTyped = 3000;  // Characters.

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(decode_utf8(text).size);
  return count;
}

}  // namespace

std::string_view raw_value(const slack::FormValues& values, std::string_view block) {
  const auto found = values.find(std::string(block) + "/" + std::string(kInputAction));
  return found == values.end() ? std::string_view() : std::string_view(found->second);
}

std::string typed_value(const slack::FormValues& values, std::string_view block) {
  return sanitize_utf8(trim(raw_value(values, block)));
}

std::optional<FormProblem> read_long_text(const slack::FormValues& values, std::string_view block, Says empty,
                                          Language language, std::string& to) {
  to = typed_value(values, block);
  const std::size_t characters = character_count(to);
  if (characters == 0) return FormProblem{std::string(block), std::string(say(language, empty))};
  if (characters <= kLongestTyped) return std::nullopt;
  return FormProblem{std::string(block),
                     say(language, Says::kLongDescription, format_count(characters), format_count(kLongestTyped))};
}

}  // namespace fa::chatops
