#include "redact/redact.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "redact/secret_span.h"
#include "redact/text_view.h"

namespace fa {
namespace {

constexpr std::string_view kLiteral = ":literal";

/// A text that looks like a placeholder of ours.
struct Placeholder {
  std::size_t end = 0;
  bool literal = false;  ///< Says that the text was there before.
};

/// `[KIND_1]`, `[KIND_1.2]`, each with any number of `:literal`; `begin` is at the bracket.
std::optional<Placeholder> placeholder_at(std::string_view text, std::size_t begin) {
  constexpr std::size_t kMostDigits = 20;
  std::size_t at = begin + 1;
  while (at < text.size() && at - begin < 32 && ((text[at] >= 'A' && text[at] <= 'Z') || text[at] == '_')) ++at;
  const std::string_view name = text.substr(begin + 1, at - begin - 1);
  if (name.size() < 2 || name.back() != '_' || !secret_kind_of(name.substr(0, name.size() - 1))) return std::nullopt;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && at - from < kMostDigits && is_digit(text[at])) ++at;
    return at > from;
  };
  if (!digits()) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return std::nullopt;
  }
  Placeholder found;
  while (text.substr(at).starts_with(kLiteral)) {
    found.literal = true;
    at += kLiteral.size();
  }
  if (at >= text.size() || text[at] != ']') return std::nullopt;
  found.end = at + 1;
  return found;
}

/// Copies text of the input: what looks like a placeholder is marked, so that it is not taken for one.
void append_marking_literals(std::string_view text, std::string& out) {
  std::size_t copied = 0;
  for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const auto found = placeholder_at(text, at);
    if (!found) continue;
    out.append(text.substr(copied, found->end - 1 - copied));
    out.append(kLiteral);
    copied = found->end - 1;
  }
  out.append(text.substr(copied));
}

/// What a secret is however it is spelled.
std::string without_encoding(std::string_view spelling) {
  std::string meaning(spelling);
  for (int level = 0; level < 3 && may_hold_escapes(meaning); ++level) meaning = DecodedText::unescape(meaning).text();
  return meaning;
}

}  // namespace

namespace {

/// Replaces every occurrence of the values, longest first. Placeholders, which are all capitals, hold none of them.
void replace_known(std::string& text, const std::vector<std::pair<std::string_view, std::string_view>>& known) {
  for (const auto& [value, placeholder] : known) {
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + placeholder.size())) {
      text.replace(at, value.size(), placeholder);
    }
  }
}

bool looks_like_a_placeholder(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' || c == '[' || c == ']';
  });
}

}  // namespace

struct Redactor::State {
  struct Identity {
    SecretKind kind = SecretKind::kSecret;
    std::uint64_t number = 0;
    std::uint64_t spellings = 0;
  };

  const RedactionPolicy policy;
  mutable std::mutex mutex;
  std::unordered_map<std::string, std::string> placeholder_of;  ///< By the bytes that were replaced.
  std::unordered_map<std::string, std::string> bytes_of;        ///< By placeholder.
  std::unordered_map<std::string, Identity> identities;         ///< By meaning.
  std::map<SecretKind, std::uint64_t> numbers;

  explicit State(RedactionPolicy wanted) : policy(wanted) {}

  /// Values long enough to be told from other words, longest first, with their placeholders.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> known(bool addresses) const {
    constexpr std::size_t kShortestKnown = 6;
    std::vector<std::pair<std::string_view, std::string_view>> values;
    for (const auto& [value, placeholder] : placeholder_of) {
      const bool address = placeholder.starts_with("[EMAIL_") || placeholder.starts_with("[IP_");
      if (value.size() >= kShortestKnown && (addresses || !address) && !looks_like_a_placeholder(value)) {
        values.emplace_back(value, placeholder);
      }
    }
    std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
      return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a.first < b.first;
    });
    return values;
  }

  const std::string& placeholder(std::string_view bytes, SecretKind kind) {
    auto [known, added] = placeholder_of.try_emplace(std::string(bytes));
    if (!added) return known->second;
    Identity& identity = identities[without_encoding(bytes)];
    if (identity.number == 0) {
      identity.kind = kind;
      identity.number = ++numbers[kind];
    }
    ++identity.spellings;
    known->second = fmt::format("[{}_{}", secret_kind_name(identity.kind), identity.number);
    if (identity.spellings > 1) known->second += fmt::format(".{}", identity.spellings);
    known->second += ']';
    bytes_of.emplace(known->second, known->first);
    return known->second;
  }
};

Redactor::Redactor(RedactionPolicy policy) : state_(std::make_unique<State>(policy)) {}
Redactor::~Redactor() = default;

std::string Redactor::redact(std::string_view text) {
  const std::vector<SecretSpan> spans = find_secrets(text, state_->policy);
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  const std::lock_guard lock(state_->mutex);
  for (const SecretSpan& span : spans) {
    append_marking_literals(text.substr(copied, span.begin - copied), out);
    out += state_->placeholder(text.substr(span.begin, span.end - span.begin), span.kind);
    copied = span.end;
  }
  append_marking_literals(text.substr(copied), out);
  replace_known(out, state_->known(true));
  return out;
}

std::string Redactor::hide_known(std::string_view text) const {
  std::string out(text);
  const std::lock_guard lock(state_->mutex);
  replace_known(out, state_->known(false));
  return out;
}

std::string Redactor::restore(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  const std::lock_guard lock(state_->mutex);
  for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const auto found = placeholder_at(text, at);
    if (!found) continue;
    if (found->literal) {
      out.append(text.substr(copied, found->end - 1 - kLiteral.size() - copied));
      copied = found->end - 1;
      continue;
    }
    const auto bytes = state_->bytes_of.find(std::string(text.substr(at, found->end - at)));
    if (bytes == state_->bytes_of.end()) continue;
    out.append(text.substr(copied, at - copied));
    out.append(bytes->second);
    copied = found->end;
  }
  out.append(text.substr(copied));
  return out;
}

std::map<std::string, std::uint64_t> Redactor::counts() const {
  std::map<std::string, std::uint64_t> counts;
  const std::lock_guard lock(state_->mutex);
  for (const auto& [kind, number] : state_->numbers) counts.emplace(secret_kind_name(kind), number);
  return counts;
}

}  // namespace fa
