#include "investigate/architecture.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxTextBytes = 64 * 1024;
constexpr std::size_t kMaxCalls = 1000;
constexpr std::size_t kMaxNameBytes = 200;

/// The parts between the arrows of a line.
std::vector<std::string_view> split_at_arrows(std::string_view line) {
  std::vector<std::string_view> parts;
  for (;;) {
    std::size_t at = std::string_view::npos;
    std::size_t length = 0;
    for (const std::string_view arrow : {"->", "→"}) {
      const std::size_t found = line.find(arrow);
      if (found < at) {
        at = found;
        length = arrow.size();
      }
    }
    parts.push_back(trim(line.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    line = line.substr(at + length);
  }
}

/// Without `- `, `* ` or `1. ` in front.
std::string_view without_bullet(std::string_view line) {
  line = trim(line);
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) ++digits;
  if (digits > 0 && line.substr(digits).starts_with(". ")) return trim(line.substr(digits + 2));
  if (line.starts_with("- ") || line.starts_with("* ")) return trim(line.substr(2));
  return line;
}

/// `load balancer` is `load_balancer`.
NodeKind kind_called(std::string_view words) {
  std::string name = to_lower(trim(words));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return node_kind_from_name(name).value_or(NodeKind::kUnknown);
}

/// `orders-db (database)`, or the name alone. Backquotes and quotes around a name belong to the text.
std::optional<DescribedNode> node_called(std::string_view text) {
  DescribedNode node;
  text = trim(text);
  const std::size_t open = text.rfind('(');
  if (open != std::string_view::npos && text.ends_with(')')) {
    node.kind = kind_called(text.substr(open + 1, text.size() - open - 2));
    if (node.kind != NodeKind::kUnknown) text = trim(text.substr(0, open));
  }
  if (text.size() >= 2 && text.front() == text.back() && (text.front() == '`' || text.front() == '"')) {
    text = trim(text.substr(1, text.size() - 2));
  }
  if (text.empty() || text.size() > kMaxNameBytes) return std::nullopt;
  node.name = sanitize_utf8(text);
  return node;
}

/// Cuts `: protocol` off the last part of a line. A colon without a space behind it is part of a name (`db:5432`).
std::string_view take_protocol(std::string_view& last) {
  const std::size_t colon = last.find(": ");
  if (colon == std::string_view::npos) return {};
  const std::string_view protocol = trim(last.substr(colon + 2));
  last = trim(last.substr(0, colon));
  return utf8_prefix(protocol, kMaxNameBytes);
}

}  // namespace

std::vector<DescribedCall> described_calls(std::string_view text) {
  std::vector<DescribedCall> calls;
  std::set<std::pair<std::string, std::string>> known;
  for (const std::string_view line : split(utf8_prefix(text, kMaxTextBytes), '\n')) {
    auto parts = split_at_arrows(without_bullet(line));
    if (parts.size() < 2) continue;
    const std::string protocol = sanitize_utf8(take_protocol(parts.back()));
    std::optional<DescribedNode> caller = node_called(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i) {
      std::optional<DescribedNode> callee = node_called(parts[i]);
      if (caller && callee && caller->name != callee->name && calls.size() < kMaxCalls &&
          known.emplace(caller->name, callee->name).second) {
        calls.push_back({*caller, *callee, i + 1 == parts.size() ? protocol : std::string()});
      }
      caller = std::move(callee);
    }
  }
  return calls;
}

}  // namespace fa
