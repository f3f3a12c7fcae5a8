// Card numbers, and addresses of machines and people.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

bool luhn_holds(std::string_view digits) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const unsigned digit = static_cast<unsigned>(digits[i] - '0');
    const unsigned doubled = digit * 2;
    sum += !twice ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 == 0;
}

/// Prefixes and lengths of the networks that issue cards (ISO/IEC 7812).
bool is_issued(std::string_view digits) {
  const auto prefix = [digits](std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (digits[i] - '0');
    return value;
  };
  const std::size_t size = digits.size();
  const int two = prefix(2);
  const int three = prefix(3);
  const int four = prefix(4);
  if (digits[0] == '4') return size == 13 || size == 16 || size == 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return size == 16;
  if (two == 34 || two == 37) return size == 15;
  if (four == 6011 || two == 65 || (three >= 644 && three <= 649)) return size >= 16;
  if (four >= 3528 && four <= 3589) return size >= 16;
  if ((three >= 300 && three <= 305) || two == 36 || two == 38 || two == 39) return size == 14 || size == 16;
  if (two == 62) return size >= 16;
  return false;
}

/// Groups in which cards print their numbers.
bool is_card_grouping(const std::array<std::size_t, 8>& groups, std::size_t count) {
  if (count == 1) return true;
  if (count == 3) return groups[0] == 4 && groups[1] == 6 && (groups[2] == 5 || groups[2] == 4);
  if (count < 4 || count > 5) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (groups[i] != 4) return false;
  }
  return count == 4 ? groups[3] >= 1 && groups[3] <= 4 : groups[3] == 4 && groups[4] <= 3;
}

/// `trace_id=`, `"requestId":`: what follows is a number of theirs.
bool names_an_id(std::string_view before) {
  while (!before.empty() && (is_blank(before.back()) || is_quote(before.back()) || before.back() == '=' ||
                             before.back() == ':' || before.back() == '#' || before.back() == '\\')) {
    before.remove_suffix(1);
  }
  return before.size() >= 2 && iequals(before.substr(before.size() - 2), "id");
}

struct Ipv4 {
  std::array<unsigned, 4> octets{};
  std::size_t end = 0;
};

std::optional<Ipv4> read_ipv4(std::string_view text, std::size_t at) {
  Ipv4 address;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t from = at;
    unsigned value = 0;
    while (at < text.size() && at - from < 4 && is_digit(text[at])) {
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      ++at;
    }
    if (at == from || at - from > 3 || value > 255 || (at - from > 1 && text[from] == '0')) return std::nullopt;
    address.octets.at(i) = value;
    if (i == 3) break;
    if (at >= text.size() || text[at] != '.') return std::nullopt;
    ++at;
  }
  address.end = at;
  return address;
}

/// Ranges of RFC 6890 and multicast: they say nothing outside the network they are used in.
bool is_public_ipv4(const std::array<unsigned, 4>& o) {
  if (o[0] == 0 || o[0] == 10 || o[0] == 127 || o[0] >= 224) return false;
  if (o[0] == 100 && o[1] >= 64 && o[1] < 128) return false;
  if (o[0] == 169 && o[1] == 254) return false;
  if (o[0] == 172 && o[1] >= 16 && o[1] < 32) return false;
  if (o[0] == 192 && (o[1] == 168 || (o[1] == 0 && (o[2] == 0 || o[2] == 2)))) return false;
  if (o[0] == 198 && (o[1] == 18 || o[1] == 19 || (o[1] == 51 && o[2] == 100))) return false;
  return !(o[0] == 203 && o[1] == 0 && o[2] == 113);
}

/// `Chrome/120.0.0.0`, `v1.2.3.4`, `version 1.2.3.4`: four numbers that are no address.
bool is_version(std::string_view text, std::size_t begin, const Ipv4& address) {
  static constexpr std::array<std::string_view, 14> kProducts{
      "chrome",  "safari", "edg",     "edge",           "opr",      "opera",          "firefox",
      "version", "crios",  "webview", "headlesschrome", "chromium", "samsungbrowser", "yabrowser"};
  std::size_t at = begin;
  if (at > 0 && (text[at - 1] == 'v' || text[at - 1] == 'V')) return true;
  while (at > 0 && begin - at < 3 &&
         (is_blank(text[at - 1]) || text[at - 1] == '/' || text[at - 1] == '=' || text[at - 1] == ':' ||
          text[at - 1] == '-')) {
    --at;
  }
  const std::size_t word_end = at;
  while (at > 0 && word_end - at < 32 && is_alpha(text[at - 1])) --at;
  const std::string_view word = text.substr(at, word_end - at);
  if (word.empty()) return false;
  if (std::any_of(kProducts.begin(), kProducts.end(), [word](std::string_view p) { return iequals(word, p); })) {
    return true;
  }
  return begin > 0 && text[begin - 1] == '/' && address.octets[2] == 0 && address.octets[3] == 0;
}

struct Ipv6 {
  std::array<unsigned, 8> groups{};
  std::size_t end = 0;
  std::size_t written = 0;  ///< Groups that are spelled out.
  bool shortened = false;
};

std::optional<Ipv6> read_ipv6(std::string_view text, std::size_t at) {
  Ipv6 address;
  std::array<unsigned, 8> head{};
  std::array<unsigned, 8> tail{};
  std::size_t heads = 0;
  std::size_t tails = 0;
  if (text.substr(at).starts_with("::")) {
    address.shortened = true;
    at += 2;
  }
  std::size_t end = at;
  while (at < text.size() && heads + tails < 8) {
    if (const auto inner = is_digit(text[at]) ? read_ipv4(text, at) : std::nullopt; inner && heads + tails <= 6) {
      const std::array<unsigned, 2> both{inner->octets[0] * 256 + inner->octets[1],
                                         inner->octets[2] * 256 + inner->octets[3]};
      for (const unsigned group : both) {
        (address.shortened ? tail.at(tails++) : head.at(heads++)) = group;
      }
      end = inner->end;
      break;
    }
    const std::size_t from = at;
    unsigned value = 0;
    while (at < text.size() && at - from < 5 && is_hex(text[at])) {
      const char c = text[at];
      const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
      value = value * 16 + static_cast<unsigned>(digit);
      ++at;
    }
    if (at == from) break;
    if (at - from > 4) return std::nullopt;
    (address.shortened ? tail.at(tails++) : head.at(heads++)) = value;
    end = at;
    if (at >= text.size() || text[at] != ':') break;
    if (text.substr(at).starts_with("::")) {
      if (address.shortened) return std::nullopt;
      address.shortened = true;
      at += 2;
      end = at;
    } else {
      ++at;
    }
  }
  address.written = heads + tails;
  if (address.shortened ? address.written > 7 : address.written != 8) return std::nullopt;
  for (std::size_t i = 0; i < heads; ++i) address.groups.at(i) = head.at(i);
  for (std::size_t i = 0; i < tails; ++i) address.groups.at(8 - tails + i) = tail.at(i);
  address.end = end;
  return address;
}

bool is_public_ipv6(const std::array<unsigned, 8>& g) {
  if (g[0] == 0 && g[1] == 0 && g[2] == 0 && g[3] == 0 && g[4] == 0 && g[5] == 0xFFFF) {
    return is_public_ipv4({g[6] / 256, g[6] % 256, g[7] / 256, g[7] % 256});
  }
  return (g[0] & 0xE000U) == 0x2000U && !(g[0] == 0x2001 && g[1] == 0xDB8);  // global unicast but for documentation
}

constexpr bool in_local_part(char c) { return is_word(c) || c == '.' || c == '%' || c == '+' || c == '-'; }

/// Endings that look like a top-level domain behind an `@` and are none.
bool is_no_domain(std::string_view ending) {
  static constexpr std::array<std::string_view, 22> kOthers{
      "png", "jpg",  "jpeg", "gif",   "svg", "webp", "js",   "mjs", "cjs",      "ts",       "css",
      "map", "json", "html", "local", "lan", "svc",  "java", "jar", "internal", "instance", "tgz"};
  return std::any_of(kOthers.begin(), kOthers.end(), [ending](std::string_view o) { return iequals(ending, o); });
}

}  // namespace

bool card_at(std::string_view text, std::size_t begin, SecretSpan& span) {
  if (begin > 0) {
    const char before = text[begin - 1];
    if (is_word(before) || before == '.' || before == '%') return false;
    if (begin > 1 && (before == '-' || before == '+') && is_word(text[begin - 2])) return false;
  }
  std::array<char, 20> digits{};
  std::array<std::size_t, 8> groups{};
  std::size_t count = 0;
  std::size_t group = 0;
  char joint = '\0';
  std::size_t found = 0;  // Where a card ends; a year or an amount may follow behind a blank.
  std::size_t found_groups = 0;
  for (std::size_t at = begin;;) {
    while (at < text.size() && is_digit(text[at]) && count < digits.size()) {
      digits.at(count++) = text[at++];
      ++groups.at(group);
    }
    if (count > 19 || groups.at(group) > 19) break;
    const bool glued = (at < text.size() && (is_word(text[at]) || text[at] == '%')) ||
                       (at + 1 < text.size() && (text[at] == '.' || text[at] == '-') && is_alnum(text[at + 1]));
    const std::string_view number(digits.data(), count);
    if (!glued && count >= 13 && is_card_grouping(groups, group + 1) && is_issued(number) && luhn_holds(number) &&
        number.find_first_not_of(number[0]) != std::string_view::npos) {
      found = at;
      found_groups = group + 1;
    }
    // Groups must be joined the same way all through.
    const bool joins = at + 1 < text.size() && (text[at] == ' ' || text[at] == '-' || text[at] == '+') &&
                       (joint == '\0' || joint == text[at]) && is_digit(text[at + 1]);
    if (!joins || group + 1 >= groups.size() || groups.at(group) > 6 || groups.at(group) < 4 || count >= 19) break;
    joint = text[at++];
    ++group;
  }
  if (found == 0) return false;
  if (found_groups == 1 &&
      names_an_id(text.substr(begin - std::min<std::size_t>(begin, 16), std::min<std::size_t>(begin, 16)))) {
    return false;
  }
  span = {begin, found, SecretKind::kCard, true};
  return true;
}

bool ipv4_at(std::string_view text, std::size_t begin, const RedactionPolicy& policy, SecretSpan& span) {
  if (policy.ip_addresses == RedactionPolicy::Addresses::kKeep) return false;
  if (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '.')) return false;
  const auto address = read_ipv4(text, begin);
  if (!address) return false;
  const std::size_t end = address->end;
  if (end < text.size() && is_word(text[end]) && text[end] != '_') return false;
  if (end + 1 < text.size() && (text[end] == '.' || text[end] == '-') && is_digit(text[end + 1])) return false;
  if (policy.ip_addresses == RedactionPolicy::Addresses::kPublic && !is_public_ipv4(address->octets)) return false;
  if (is_version(text, begin, *address)) return false;
  span = {begin, end, SecretKind::kIp, true};
  return true;
}

bool ipv6_at(std::string_view text, std::size_t begin, const RedactionPolicy& policy, SecretSpan& span) {
  if (policy.ip_addresses == RedactionPolicy::Addresses::kKeep) return false;
  if (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == ':' || text[begin - 1] == '.')) return false;
  const auto address = read_ipv6(text, begin);
  if (!address) return false;
  const std::size_t end = address->end;
  if (end < text.size() && (is_word(text[end]) || text[end] == ':')) return false;
  // `a::b` is C++ as well.
  const std::string_view spelling = text.substr(begin, end - begin);
  if (address->shortened && !std::any_of(spelling.begin(), spelling.end(), is_digit)) return false;
  if (address->shortened && address->written == 0) return false;
  if (policy.ip_addresses == RedactionPolicy::Addresses::kPublic && !is_public_ipv6(address->groups)) return false;
  span = {begin, end, SecretKind::kIp, true};
  return true;
}

bool email_at(std::string_view text, std::size_t at, SecretSpan& span) {
  constexpr std::size_t kLongestLocal = 64;
  constexpr std::size_t kLongestDomain = 255;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongestLocal && in_local_part(text[begin - 1])) --begin;
  while (begin < at && (text[begin] == '.' || text[begin] == '-' || text[begin] == '%' || text[begin] == '+')) ++begin;
  if (begin == at || text[at - 1] == '.') return false;
  if (iequals(text.substr(begin, at - begin), "git")) return false;  // git@host:path names a repository

  std::size_t end = at + 1;
  std::size_t label = end;
  std::string_view ending;
  std::size_t ending_end = 0;
  while (end < text.size() && end - at <= kLongestDomain) {
    if (is_alnum(text[end]) || text[end] == '-') {
      ++end;
      continue;
    }
    if (text[end] != '.' || end == label || end + 1 >= text.size() || !is_alnum(text[end + 1])) break;
    label = ++end;
    std::size_t label_end = label;
    while (label_end < text.size() && (is_alnum(text[label_end]) || text[label_end] == '-')) ++label_end;
    ending = text.substr(label, label_end - label);
    ending_end = label_end;
    end = label_end;
  }
  if (ending.size() < 2 || ending.size() > 24 || !std::all_of(ending.begin(), ending.end(), is_alpha)) return false;
  if (is_no_domain(ending) || (ending_end < text.size() && text[ending_end] == '_')) return false;
  // `database@host` of X-Ray and of drivers names a part of the system.
  const std::string_view domain = text.substr(at + 1, ending_end - at - 1);
  for (const std::string_view cloud : {".amazonaws.com", ".windows.net", ".azure.com", ".googleapis.com"}) {
    if (domain.ends_with(cloud)) return false;
  }
  // The user of a URL, `ssh://deploy@host.example.com`, is part of the address of a machine.
  if (begin >= 3 && text.substr(begin - 3, 3) == "://") return false;
  span = {begin, ending_end, SecretKind::kEmail, true};
  return true;
}

}  // namespace fa
