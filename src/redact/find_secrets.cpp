// The same text read in several ways; what any of them shows is a secret of the text.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "redact/plain_scan.h"
#include "redact/rules.h"
#include "redact/secret_span.h"
#include "redact/text_view.h"

namespace fa {
namespace {

/// JSON in JSON in a URL: three levels, and no more.
constexpr int kMaxDecodings = 3;

constexpr std::array<std::string_view, 28> kKindNames{
    "API_KEY",      "AUTHORIZATION", "AWS_KEY",    "AWS_SECRET",       "AZURE_KEY",
    "CARD",         "COOKIE",        "CREDENTIAL", "DATABRICKS_TOKEN", "EMAIL",
    "GITHUB_TOKEN", "GITLAB_TOKEN",  "GOOGLE_KEY", "HF_TOKEN",         "IP",
    "JWT",          "NPM_TOKEN",     "PASSWORD",   "PRIVATE_KEY",      "PYPI_TOKEN",
    "SECRET",       "SENDGRID_KEY",  "SIGNATURE",  "SLACK_TOKEN",      "STRIPE_KEY",
    "TOKEN",        "TWILIO_KEY",    "WEBHOOK"};

bool looks_random(std::string_view text) {
  bool digit = false;
  bool letter = false;
  for (const char c : text) {
    digit = digit || is_digit(c);
    letter = letter || is_alpha(c);
  }
  return digit && letter;
}

constexpr bool in_token(char c) { return is_base64url(c) || c == '+' || c == '/' || c == '=' || c == '.' || c == '~'; }

/// A value that was broken over a line goes on in the next one: a long random part before the break, and a word of the
/// same sort alone behind it.
std::size_t beyond_line_break(std::string_view text, const SecretSpan& span) {
  std::size_t end = span.end;
  std::string_view part = text.substr(span.begin, span.end - span.begin);
  while (end < text.size() && text[end] == '\n' && part.size() >= 12 && looks_random(part)) {
    const std::size_t from = end + 1;
    std::size_t to = from;
    while (to < text.size() && in_token(text[to])) ++to;
    part = text.substr(from, to - from);
    const bool alone = to >= text.size() || is_white(text[to]) || is_quote(text[to]) || text[to] == ',';
    const bool date = part.size() > 4 && part[4] == '-' && is_digit(part[0]) && is_digit(part[3]);
    if (part.size() < 6 || !alone || !looks_random(part) || date) break;
    end = to;
  }
  return end;
}

class SecretFinder {
 public:
  SecretFinder(const RedactionPolicy& policy, int depth) : policy_(policy), depth_(depth) {}

  /// Everything in `text`, which begins at `offset` of the whole.
  void all_of(std::string_view text) {
    scan_plain(text, {policy_, false, depth_}, spans_);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = text.substr(at, end - at);
      if (may_hold_escapes(line)) escaped(line, at);
      at = end + 1;
    }
  }

  std::vector<SecretSpan> take() { return std::move(spans_); }

 private:
  void escaped(std::string_view line, std::size_t offset) {
    std::vector<DecodedText> chain;
    chain.reserve(kMaxDecodings);
    std::string_view source = line;
    for (int level = 0; level < kMaxDecodings && may_hold_escapes(source); ++level) {
      chain.push_back(DecodedText::unescape(source));
      if (!chain.back().changed()) {
        chain.pop_back();
        break;
      }
      source = chain.back().text();
      std::vector<SecretSpan> found;
      scan_plain(source, {policy_, false, depth_}, found);
      for (SecretSpan& span : found) span.end = beyond_line_break(source, span);
      if (source.find('\n') != std::string_view::npos) joined(source, found);
      for (const SecretSpan& span : found) {
        std::size_t begin = span.begin;
        std::size_t end = span.end;
        for (std::size_t i = chain.size(); i-- > 0;) {
          begin = chain[i].begin_of(begin);
          end = chain[i].end_of(end);
        }
        if (end > begin) spans_.push_back({offset + begin, offset + end, span.kind, span.by_shape});
      }
    }
  }

  /// Tokens that a line break was put into.
  void joined(std::string_view text, std::vector<SecretSpan>& found) const {
    const DecodedText whole = DecodedText::without(text, "\r\n");
    std::vector<SecretSpan> across;
    scan_plain(whole.text(), {policy_, true, depth_}, across);
    for (const SecretSpan& span : across) {
      const std::size_t begin = whole.begin_of(span.begin);
      std::size_t end = whole.end_of(span.end);
      // What follows the last break must look like more of it, or it is the next line's first word.
      for (;;) {
        const std::string_view bytes = text.substr(begin, end - begin);
        const std::size_t last = bytes.rfind('\n');
        if (last == std::string_view::npos) break;
        if (looks_random(bytes.substr(last + 1)) || span.end - span.begin <= 44) {
          found.push_back({begin, end, span.kind, true});
          break;
        }
        end = begin + last;
      }
    }
  }

  const RedactionPolicy& policy_;
  int depth_;
  std::vector<SecretSpan> spans_;
};

/// Spans that overlap become one: nothing of any of them may stay.
std::vector<SecretSpan> merged(std::vector<SecretSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const SecretSpan& a, const SecretSpan& b) {
    if (a.begin != b.begin) return a.begin < b.begin;
    if (a.end != b.end) return a.end > b.end;
    if (a.by_shape != b.by_shape) return a.by_shape;
    return a.kind < b.kind;
  });
  std::vector<SecretSpan> out;
  for (const SecretSpan& span : spans) {
    if (out.empty() || span.begin >= out.back().end) {
      out.push_back(span);
      continue;
    }
    SecretSpan& last = out.back();
    if (span.end > last.end) last.end = span.end;
  }
  return out;
}

}  // namespace

std::string_view secret_kind_name(SecretKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<SecretKind> secret_kind_of(std::string_view name) {
  const auto found = std::lower_bound(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end() || *found != name) return std::nullopt;
  return static_cast<SecretKind>(found - kKindNames.begin());
}

std::vector<SecretSpan> find_secrets_at(std::string_view text, const RedactionPolicy& policy, int depth) {
  SecretFinder finder(policy, depth);
  finder.all_of(text);
  std::vector<SecretSpan> spans = finder.take();
  if (!text.empty() && std::memchr(text.data(), '\0', text.size()) != nullptr) {
    // UTF-16, or something like it: every other byte is NUL.
    const DecodedText dense = DecodedText::without(text, std::string_view("\0", 1));
    SecretFinder in_dense(policy, depth);
    in_dense.all_of(dense.text());
    for (const SecretSpan& span : in_dense.take()) {
      spans.push_back({dense.begin_of(span.begin), dense.end_of(span.end), span.kind, span.by_shape});
    }
  }
  return merged(std::move(spans));
}

std::vector<SecretSpan> find_secrets(std::string_view text, const RedactionPolicy& policy) {
  return find_secrets_at(text, policy, 0);
}

}  // namespace fa
