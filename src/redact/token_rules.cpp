// Secrets that are known by their shape: prefixes of the services that issue them, JWTs, PEM.
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

enum class Alphabet : std::uint8_t { kAlnum, kUpperAlnum, kHex, kWord, kBase64Url, kPypi };

struct TokenShape {
  std::string_view prefix;
  Alphabet alphabet;
  std::size_t least;  ///< Characters behind the prefix.
  std::size_t most;
  SecretKind kind;
};

constexpr std::size_t kAny = 4096;

/// Formats as their issuers document them; lower bounds are kept short, so that new lengths are seen as well.
constexpr std::array kShapes{
    TokenShape{"AKIA", Alphabet::kUpperAlnum, 16, 16, SecretKind::kAwsKey},
    TokenShape{"ASIA", Alphabet::kUpperAlnum, 16, 16, SecretKind::kAwsKey},
    TokenShape{"ABIA", Alphabet::kUpperAlnum, 16, 16, SecretKind::kAwsKey},
    TokenShape{"ACCA", Alphabet::kUpperAlnum, 16, 16, SecretKind::kAwsKey},
    TokenShape{"AIza", Alphabet::kBase64Url, 35, 35, SecretKind::kGoogleKey},
    TokenShape{"GOCSPX-", Alphabet::kBase64Url, 20, 60, SecretKind::kGoogleKey},
    TokenShape{"ghp_", Alphabet::kAlnum, 30, kAny, SecretKind::kGithubToken},
    TokenShape{"gho_", Alphabet::kAlnum, 30, kAny, SecretKind::kGithubToken},
    TokenShape{"ghu_", Alphabet::kAlnum, 30, kAny, SecretKind::kGithubToken},
    TokenShape{"ghs_", Alphabet::kAlnum, 30, kAny, SecretKind::kGithubToken},
    TokenShape{"ghr_", Alphabet::kAlnum, 30, kAny, SecretKind::kGithubToken},
    TokenShape{"github_pat_", Alphabet::kWord, 22, kAny, SecretKind::kGithubToken},
    TokenShape{"glpat-", Alphabet::kBase64Url, 16, kAny, SecretKind::kGitlabToken},
    TokenShape{"glptt-", Alphabet::kBase64Url, 16, kAny, SecretKind::kGitlabToken},
    TokenShape{"gldt-", Alphabet::kBase64Url, 16, kAny, SecretKind::kGitlabToken},
    TokenShape{"glrt-", Alphabet::kBase64Url, 16, kAny, SecretKind::kGitlabToken},
    TokenShape{"xoxb-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxp-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxa-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxr-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxs-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxo-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxe-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xoxe.xoxp-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"xapp-", Alphabet::kBase64Url, 10, kAny, SecretKind::kSlackToken},
    TokenShape{"sk_live_", Alphabet::kAlnum, 10, kAny, SecretKind::kStripeKey},
    TokenShape{"sk_test_", Alphabet::kAlnum, 10, kAny, SecretKind::kStripeKey},
    TokenShape{"rk_live_", Alphabet::kAlnum, 10, kAny, SecretKind::kStripeKey},
    TokenShape{"rk_test_", Alphabet::kAlnum, 10, kAny, SecretKind::kStripeKey},
    TokenShape{"whsec_", Alphabet::kAlnum, 20, kAny, SecretKind::kStripeKey},
    TokenShape{"sk-", Alphabet::kBase64Url, 20, kAny, SecretKind::kApiKey},
    TokenShape{"npm_", Alphabet::kAlnum, 30, 60, SecretKind::kNpmToken},
    TokenShape{"pypi-", Alphabet::kPypi, 16, kAny, SecretKind::kPypiToken},
    TokenShape{"hf_", Alphabet::kAlnum, 30, 60, SecretKind::kHuggingFaceToken},
    TokenShape{"dapi", Alphabet::kHex, 32, 32, SecretKind::kDatabricksToken},
    TokenShape{"SK", Alphabet::kHex, 32, 32, SecretKind::kTwilioKey},
    TokenShape{"hvs.", Alphabet::kBase64Url, 24, kAny, SecretKind::kToken},
    TokenShape{"hvb.", Alphabet::kBase64Url, 24, kAny, SecretKind::kToken},
    TokenShape{"dop_v1_", Alphabet::kHex, 64, 64, SecretKind::kToken},
    TokenShape{"dckr_pat_", Alphabet::kBase64Url, 20, 60, SecretKind::kToken},
    TokenShape{"shpat_", Alphabet::kHex, 32, 32, SecretKind::kToken},
};

constexpr bool in_alphabet(char c, Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::kAlnum:
      return is_alnum(c);
    case Alphabet::kUpperAlnum:
      return is_digit(c) || (c >= 'A' && c <= 'Z');
    case Alphabet::kHex:
      return is_hex(c);
    case Alphabet::kWord:
      return is_word(c);
    case Alphabet::kBase64Url:
    case Alphabet::kPypi:
      return is_base64url(c);
  }
  return false;
}

std::size_t run_of_base64url(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && is_base64url(text[at])) ++at;
  return at - begin;
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

/// Three parts (five where it is encrypted) joined by dots; the last may be missing, as in a line that was cut.
bool jwt_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  if (begin > 0 && text[begin - 1] == '-') return false;  // within a longer run, which was looked at
  std::size_t at = begin + run_of_base64url(text, begin);
  if (at - begin < 10 || at >= text.size() || text[at] != '.') return false;
  const std::size_t second = run_of_base64url(text, at + 1);
  const bool encrypted = second == 0 && at + 1 < text.size() && text[at + 1] == '.';  // `dir` has no key part
  if (!encrypted && second < 10) return false;
  at += 1 + second;
  for (int part = 0; part < 3 && at < text.size() && text[at] == '.'; ++part) {
    const std::size_t length = run_of_base64url(text, at + 1);
    // A sentence goes on with a dot and a word as well, but a third part has at least the 32 bytes of its hash, cut or
    // not; what is shorter holds a digit almost surely.
    if (length < 8 && !has_digit(text.substr(at + 1, length)) && !encrypted) break;
    at += 1 + length;
  }
  span = {begin, at, SecretKind::kJwt, true};
  return true;
}

/// `SG.` 22 characters `.` 43 characters.
bool sendgrid_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  std::size_t at = begin + 3;
  const std::size_t first = run_of_base64url(text.substr(0, std::min(text.size(), at + 60)), at);
  if (first < 16 || first > 32 || at + first >= text.size() || text[at + first] != '.') return false;
  at += first + 1;
  const std::size_t second = run_of_base64url(text.substr(0, std::min(text.size(), at + 200)), at);
  if (second < 16) return false;
  span = {begin, at + second, SecretKind::kSendgridKey, true};
  return true;
}

/// The part of an incoming web hook's URL that lets anybody post.
bool webhook_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  static constexpr std::array<std::string_view, 6> kHooks{
      "hooks.slack.com/services/", "hooks.slack.com/workflows/",   "hooks.slack.com/triggers/",
      "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "webhook.office.com/webhookb2/"};
  const std::string_view rest = text.substr(begin, 64);
  for (const std::string_view hook : kHooks) {
    if (!rest.starts_with(hook)) continue;
    std::size_t at = begin + hook.size();
    const std::size_t from = at;
    while (at < text.size() && (is_base64url(text[at]) || text[at] == '/' || text[at] == '@')) ++at;
    if (at - from < 16) return false;
    span = {from, at, SecretKind::kWebhook, true};
    return true;
  }
  return false;
}

/// `bot123456:` and 35 characters: what lets one speak for a bot of Telegram.
bool telegram_at(std::string_view text, std::size_t begin, std::size_t word_end, SecretSpan& span) {
  if (word_end - begin < 9 || word_end >= text.size() || text[word_end] != ':') return false;
  const std::string_view number = text.substr(begin + 3, word_end - begin - 3);
  if (!std::all_of(number.begin(), number.end(), is_digit)) return false;
  const std::size_t length = run_of_base64url(text.substr(0, std::min(text.size(), word_end + 64)), word_end + 1);
  if (length < 30 || length > 45) return false;
  span = {word_end + 1, word_end + 1 + length, SecretKind::kToken, true};
  return true;
}

constexpr bool may_start_token(char c) {
  return c == 'A' || c == 'b' || c == 'G' || c == 'S' || c == 'd' || c == 'e' || c == 'g' || c == 'h' || c == 'n' ||
         c == 'p' || c == 'r' || c == 's' || c == 'w' || c == 'x';
}

bool shape_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  const std::string_view rest = text.substr(begin);
  for (const TokenShape& shape : kShapes) {
    if (rest[0] != shape.prefix[0] || !rest.starts_with(shape.prefix)) continue;
    std::size_t at = begin + shape.prefix.size();
    const std::size_t from = at;
    // `sk-` begins words with dashes, too: those have no digits soon.
    if (shape.prefix == "sk-" && !has_digit(text.substr(from, 40))) continue;
    const std::size_t limit = std::min(text.size(), from + kAny + 1);
    while (at < limit && in_alphabet(text[at], shape.alphabet)) ++at;
    const std::size_t length = at - from;
    if (length < shape.least || length > shape.most) continue;
    const bool ends = at >= text.size() || !is_alnum(text[at]) || shape.most == kAny;
    if (!ends) continue;
    const std::string_view body = text.substr(from, length);
    if (shape.prefix == "sk-" && std::none_of(body.begin(), body.end(), is_digit)) continue;
    if (shape.alphabet == Alphabet::kUpperAlnum && !has_digit(body)) continue;
    span = {begin, at, shape.kind, true};
    return true;
  }
  return false;
}

/// What a PEM body is made of, once or twice escaped: base64, line breaks and their escapes, header lines.
constexpr bool in_pem_body(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '\\' || c == '\n' || c == '\r' || is_blank(c);
}

constexpr std::size_t kLongestPemLine = 16384;

/// Where the body of a key without its END line stops: behind the last line of it.
std::size_t end_of_cut_pem(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (at < text.size()) {
    const std::string_view near = text.substr(at, kLongestPemLine);
    const std::size_t line_end = at + std::min(near.find_first_of("\n\"'"), near.size());
    const std::string_view line = trim(text.substr(at, line_end - at));
    const bool header = line.starts_with("Proc-Type:") || line.starts_with("DEK-Info:") || line.starts_with("Comment:");
    const bool body = std::all_of(line.begin(), line.end(), [](char c) { return in_pem_body(c) && !is_blank(c); });
    if (!header && !body) {
      // On one line with other words: the runs that are long enough to be lines of it; behind a full line also the
      // short one that ends it. (Log pipelines turn line ends into blanks.)
      constexpr std::size_t kShortestRun = 16;
      constexpr std::size_t kFullLine = 64;
      std::size_t stop = at + static_cast<std::size_t>(line.data() - (text.data() + at));
      std::size_t before = 0;
      while (stop < line_end) {
        std::size_t run_end = stop;
        while (run_end < line_end && in_pem_body(text[run_end]) && !is_blank(text[run_end])) ++run_end;
        if (run_end - stop < kShortestRun && (before < kFullLine || run_end == stop)) break;
        before = run_end - stop;
        end = run_end;
        stop = run_end;
        while (stop < line_end && is_blank(text[stop])) ++stop;
        if (stop == run_end) break;
      }
      return end;
    }
    if (!line.empty()) end = at + static_cast<std::size_t>(line.data() + line.size() - (text.data() + at));
    if (line_end >= text.size() || (text[line_end] != '\n' && near.size() < kLongestPemLine)) break;
    at = text[line_end] == '\n' ? line_end + 1 : line_end;
    if (at < text.size() && is_quote(text[at])) break;
  }
  return end;
}

}  // namespace

bool token_at(std::string_view text, std::size_t begin, std::size_t word_end, SecretSpan& span) {
  const std::size_t size = word_end - begin;
  if (size < 2) return false;
  // A token glued to a name in front of it: USER_AKIA...
  for (std::size_t at = begin;;) {
    if (may_start_token(text[at])) {
      const std::string_view rest = text.substr(at, 6);
      if (rest.starts_with("eyJ") && jwt_at(text, at, span)) return true;
      if (at == begin && rest.starts_with("bot") && telegram_at(text, begin, word_end, span)) return true;
      if (rest.starts_with("SG.") && sendgrid_at(text, at, span)) return true;
      if ((rest.starts_with("hooks.") || rest.starts_with("discor") || rest.starts_with("webhoo")) &&
          webhook_at(text, at, span)) {
        return true;
      }
      if (shape_at(text, at, span)) return true;
    }
    if (size < 20) return false;
    const std::size_t mark = text.substr(at, word_end - at).find('_');
    if (mark == std::string_view::npos || at + mark + 1 >= word_end) return false;
    at += mark + 1;
  }
}

bool aws_secret_after(std::string_view text, std::size_t at, SecretSpan& span) {
  constexpr std::size_t kLength = 40;
  std::size_t from = at;
  while (from < text.size() && from - at < 5 &&
         (is_white(text[from]) || is_quote(text[from]) || text[from] == ',' || text[from] == ':' || text[from] == '/' ||
          text[from] == '|')) {
    ++from;
  }
  if (from == at) return false;
  std::size_t end = from;
  bool upper = false;
  bool lower = false;
  while (end < text.size() && end - from <= kLength && (is_alnum(text[end]) || text[end] == '/' || text[end] == '+')) {
    upper = upper || (text[end] >= 'A' && text[end] <= 'Z');
    lower = lower || (text[end] >= 'a' && text[end] <= 'z');
    ++end;
  }
  if (end - from != kLength || !upper || !lower) return false;
  span = {from, end, SecretKind::kAwsSecret, true};
  return true;
}

bool private_key_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  std::size_t at = begin;
  while (at < text.size() && text[at] == '-') ++at;
  if (at - begin < 4) return false;
  while (at < text.size() && is_blank(text[at])) ++at;
  if (!text.substr(at).starts_with("BEGIN ")) return false;
  const std::string_view title = text.substr(at, 80);
  const std::size_t title_end = title.find("--");
  if (title_end == std::string_view::npos) return false;
  const std::string_view name = title.substr(0, title_end);
  if (name.find("PRIVATE KEY") == std::string_view::npos && name.find("ENCRYPTED") == std::string_view::npos) {
    return false;
  }
  at += title_end;
  while (at < text.size() && text[at] == '-') ++at;

  // The END line of this key, if nothing but a key stands before it.
  std::size_t stop = at;
  while (stop < text.size() && (in_pem_body(text[stop]) || text[stop] == ':' || text[stop] == ',' ||
                                (text[stop] == '-' && !text.substr(stop).starts_with("----")))) {
    ++stop;
  }
  if (text.substr(stop).starts_with("----")) {
    std::size_t end = stop;
    while (end < text.size() && text[end] == '-') ++end;
    while (end < text.size() && is_blank(text[end])) ++end;
    if (text.substr(end).starts_with("END ")) {
      const std::size_t closing = text.substr(end, 80).find("--");
      end = closing == std::string_view::npos ? std::min(text.size(), end + 4) : end + closing;
      while (end < text.size() && text[end] == '-') ++end;
      span = {begin, end, SecretKind::kPrivateKey, true};
      return true;
    }
  }
  const std::size_t end = end_of_cut_pem(text, at);
  if (end <= at + 4) return false;
  span = {begin, end, SecretKind::kPrivateKey, true};
  return true;
}

}  // namespace fa
