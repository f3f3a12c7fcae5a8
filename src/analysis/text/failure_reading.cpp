#include "analysis/text/failure_reading.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxBytes = 8192;

constexpr std::array<std::string_view, 36> kFailureWords{
    "error",    "exception", "fail",         "fatal",     "refused",   "denied",      "timeout",  "timed out",
    "killed",   "panic",     "abort",        "crash",     "unable to", "cannot",      "can't",    "could not",
    "couldn't", "reset by",  "unavailable",  "exhausted", "exceeded",  "unreachable", "throttl",  "expired",
    "invalid",  "overflow",  "not found",    "missing",   "rejected",  "corrupt",     "conflict", "err!",
    "too many", "no such",   "unauthorized", "forbidden"};

/// Failures that somebody dealt with, by what is said of them.
constexpr std::array<std::string_view, 18> kHandled{
    "retrying", "will retry",     "retry succeeded", "succeeded on", "succeeded after", "recovered",
    "ignored",  "ignoring",       "falling back",    "fallback to",  "using default",   "reconnected",
    "handled",  "re-established", "skipping",        "deprecated",   "will be retried", "no longer"};

/// How a line begins that reports a check which went well.
constexpr std::array<std::string_view, 9> kPassed{"--- pass", "pass",      "ok ",        "ok:", "[ok]",
                                                  "[pass",    "[  passed", "[       ok", "✓"};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_token(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '%'; }

/// The token that ends right before `end`, over blanks.
std::string_view token_before(std::string_view text, std::size_t end) {
  while (end > 0 && text[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && is_token(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

/// The value behind `=` or `:` at `at`, over blanks and quotes; empty when there is none.
std::string_view value_behind(std::string_view text, std::size_t at) {
  const auto skip = [&](std::string_view kinds) {
    while (at < text.size() && kinds.find(text[at]) != std::string_view::npos) ++at;
  };
  skip("\"'");
  if (at >= text.size() || (text[at] != '=' && text[at] != ':')) return {};
  ++at;
  skip(" \"'");
  std::size_t end = at;
  while (end < text.size() && is_token(text[end])) ++end;
  return text.substr(at, end - at);
}

/// `0 errors`, `no failures`, `errors=0`, `error: none`, `timeout=30s`: what is there in name only.
bool is_denied(std::string_view lower, std::size_t begin, std::size_t end) {
  static constexpr std::array<std::string_view, 4> kNone{"0", "no", "zero", "without"};
  static constexpr std::array<std::string_view, 6> kEmpty{"0", "none", "null", "nil", "false", "undefined"};
  const auto one_of = [](const auto& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  if (one_of(kNone, token_before(lower, begin))) return true;
  while (end < lower.size() && (is_letter(lower[end]) || lower[end] == '_')) ++end;
  if (lower.substr(end, 3) == "(s)") end += 3;
  const std::string_view value = value_behind(lower, end);
  if (one_of(kEmpty, value)) return true;
  return lower.substr(begin, 7) == "timeout" && !value.empty() && is_digit(value.front());
}

/// The line with words of failure blanked where it says that there was none.
std::string without_denied(std::string lower) {
  for (const std::string_view word : {"error", "fail", "exception", "timeout", "timed out", "reject", "crash",
                                      "unreachable", "unavailable", "denied", "refused"}) {
    for (std::size_t at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      if (is_denied(lower, at, at + word.size()))
        std::fill_n(lower.begin() + static_cast<std::ptrdiff_t>(at), word.size(), '.');
    }
  }
  return lower;
}

bool is_frame(std::string_view trimmed) { return trimmed.starts_with("at ") || trimmed.starts_with("file \""); }

bool passed(std::string_view trimmed) {
  return std::any_of(kPassed.begin(), kPassed.end(), [&](std::string_view p) { return trimmed.starts_with(p); }) ||
         trimmed.ends_with("... ok") || trimmed.ends_with(" passed");
}

/// `/dev/sdb1 200G 200G 0 100% /data`, bytes or inodes; images that are mounted are always full.
bool full_file_system(std::string_view line) {
  const std::size_t at = line.find(" 100% /");
  if (at == std::string_view::npos || line.starts_with("/dev/loop") || line.find("/snap/") != std::string_view::npos) {
    return false;
  }
  return token_before(line, at) == "0";
}

Telling one_less(Telling telling) {
  return telling == Telling::kNothing ? telling : static_cast<Telling>(static_cast<int>(telling) - 1);
}

}  // namespace

FailureReading read_failure(std::string_view message) {
  message = message.substr(0, kMaxBytes);
  const std::span<const FailurePhrase> phrases = failure_phrases();
  FailureReading best;
  std::size_t best_phrase = phrases.size();
  bool handled = false;
  for (const std::string_view line : split(message, '\n')) {
    const std::string lower = without_denied(to_lower(line));
    const std::string_view trimmed = trim(lower);
    if (trimmed.empty() || is_frame(trimmed) || passed(trimmed)) continue;
    handled = handled || std::any_of(kHandled.begin(), kHandled.end(),
                                     [&](std::string_view w) { return lower.find(w) != std::string::npos; });
    if (full_file_system(lower)) return {Telling::kCause, Mechanism::kDiskFull, line};
    std::size_t i = 0;
    while (i < best_phrase && !phrase_matches(phrases[i].words, lower)) ++i;
    if (i < best_phrase) {
      best_phrase = i;
      best = {phrases[i].telling, phrases[i].mechanism, line};
    } else if (best.telling == Telling::kNothing &&
               std::any_of(kFailureWords.begin(), kFailureWords.end(),
                           [&](std::string_view w) { return lower.find(w) != std::string::npos; })) {
      best = {Telling::kFailure, Mechanism::kUnknown, line};
    }
  }
  if (handled) best.telling = one_less(best.telling);
  return best;
}

}  // namespace fa
