#include "slack/markup.h"

#include <algorithm>

#include "base/text.h"
#include "slack/inbound.h"

namespace fa::slack {
namespace {

/// `https:`, `mailto:`: what makes a reference an address.
bool has_scheme(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.';
  });
}

/// A label with its sign, which some labels have and others lack.
std::string with_sign(char sign, std::string_view name) {
  std::string out = without_entities(name);
  return out.starts_with(sign) ? out : sign + out;
}

/// `!here`, `!subteam^S1|@team`, `!date^1392734382^{date}|2014-02-18`.
std::string special_mention(std::string_view target, std::string_view label) {
  target.remove_prefix(1);
  const std::size_t caret = std::min(target.find('^'), target.size());
  const std::string_view command = target.substr(0, caret);
  if (command == "date") return without_entities(label.empty() ? target : label);
  if (!label.empty()) return with_sign('@', label);
  if (command == "subteam" && caret < target.size()) return with_sign('@', target.substr(caret + 1));
  return with_sign('@', command);
}

/// What stands for `<inside>`.
std::string undo_reference(std::string_view inside, std::vector<std::string>& links) {
  const std::size_t bar = std::min(inside.find('|'), inside.size());
  const std::string_view target = inside.substr(0, bar);
  const std::string_view label = bar < inside.size() ? inside.substr(bar + 1) : std::string_view();
  if (target.starts_with('!')) return special_mention(target, label);
  if (target.starts_with('@') || target.starts_with('#')) {
    return with_sign(target.front(), label.empty() ? target : label);
  }
  // Apps that do not escape what they quote send things such as `<init>`.
  if (!has_scheme(target)) return '<' + without_entities(inside) + '>';
  std::string address = without_entities(target);
  if (is_web_address(address)) links.push_back(address);
  return label.empty() ? address : without_entities(label);
}

}  // namespace

bool is_web_address(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

std::string without_entities(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t ampersand = std::min(text.find('&'), text.size());
    out.append(text.substr(0, ampersand));
    text.remove_prefix(ampersand);
    if (text.empty()) break;
    const auto* const entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                            [&](const auto& e) { return text.starts_with(e.first); });
    const bool known = entity != std::end(kEntities);
    out += known ? entity->second : '&';
    text.remove_prefix(known ? entity->first.size() : 1);
  }
  return out;
}

std::string without_markup(std::string_view text, std::vector<std::string>& links) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('<'), text.size());
    out.append(without_entities(text.substr(0, open)));
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t end = text.find_first_of("<>", 1);
    if (end == std::string_view::npos || text[end] == '<' || end == 1) {
      out += '<';
      text.remove_prefix(1);
      continue;
    }
    out.append(undo_reference(text.substr(1, end - 1), links));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string without_markup(std::string_view text) {
  std::vector<std::string> links;
  return without_markup(text, links);
}

}  // namespace fa::slack
