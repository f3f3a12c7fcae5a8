#include "support/aws/log_filter.h"

#include <algorithm>

namespace fa::test {

tl::expected<LogFilter, std::string> LogFilter::parse(std::string_view pattern) {
  LogFilter filter;
  const std::size_t first = pattern.find_first_not_of(' ');
  if (first == std::string_view::npos) return filter;
  if (pattern[first] == '{' || pattern[first] == '[' || pattern.find('%') != std::string_view::npos) {
    return tl::unexpected<std::string>("Invalid filter pattern");
  }
  while (!pattern.empty()) {
    if (pattern.front() == ' ') {
      pattern.remove_prefix(1);
      continue;
    }
    std::vector<std::string>* list = &filter.all_;
    if (pattern.front() == '?' || pattern.front() == '-') {
      list = pattern.front() == '?' ? &filter.any_ : &filter.none_;
      pattern.remove_prefix(1);
    }
    std::string term;
    if (pattern.starts_with('"')) {
      std::size_t i = 1;
      for (; i < pattern.size() && pattern[i] != '"'; ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
        term += pattern[i];
      }
      if (i >= pattern.size()) return tl::unexpected<std::string>("Invalid filter pattern");
      pattern.remove_prefix(i + 1);
    } else {
      term = pattern.substr(0, pattern.find(' '));
      // Terms with other than word characters must stand in quotes.
      const bool plain = std::all_of(term.begin(), term.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
               c == '*' || static_cast<unsigned char>(c) >= 0x80;
      });
      if (!plain || term.empty()) return tl::unexpected<std::string>("Invalid character(s) in term '" + term + "'");
      pattern.remove_prefix(term.size());
    }
    list->push_back(std::move(term));
  }
  return filter;
}

bool LogFilter::matches(std::string_view message) const {
  const auto within = [&](const std::string& term) { return message.find(term) != std::string_view::npos; };
  if (!std::all_of(all_.begin(), all_.end(), within)) return false;
  if (std::any_of(none_.begin(), none_.end(), within)) return false;
  return any_.empty() || std::any_of(any_.begin(), any_.end(), within);
}

}  // namespace fa::test
