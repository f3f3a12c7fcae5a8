#include "redact/plain_scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

enum class Trigger : std::uint8_t { kNone, kWord, kSeparator, kAt, kDash, kWide };

constexpr std::array<Trigger, 256> make_triggers() {
  std::array<Trigger, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (is_word(static_cast<char>(static_cast<unsigned char>(i)))) table[i] = Trigger::kWord;
  }
  table['='] = Trigger::kSeparator;
  table[':'] = Trigger::kSeparator;
  table['@'] = Trigger::kAt;
  table['-'] = Trigger::kDash;
  table[0xEF] = Trigger::kWide;
  table[0xE3] = Trigger::kWide;
  return table;
}
constexpr std::array<Trigger, 256> kTriggers = make_triggers();

constexpr int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

constexpr std::size_t kShortestBase64 = 16;

/// Base64 of text begins so: its first byte is a printable ASCII character, a line break, or the lead of a kana or han.
constexpr bool may_start_base64(char c) {
  return (c >= 'I' && c <= 'Z') || (c >= 'a' && c <= 'f') || c == 'C' || (c >= '4' && c <= '7');
}

/// Whether bytes are text, in UTF-8 or with a NUL beside each character.
bool is_readable(std::string_view bytes) {
  std::size_t nuls = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) {
      ++nuls;
    } else if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F) {
      return false;
    }
  }
  return nuls == 0 || nuls * 2 + 2 >= bytes.size();
}

/// The bytes that base64 (either alphabet, padding or not) spells; an incomplete last group gives what it can.
std::string decode_base64(std::string_view word) {
  std::string out;
  out.reserve(word.size() / 4 * 3 + 3);
  unsigned bits = 0;
  int count = 0;
  for (const char c : word) {
    const int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    if (++count % 4 == 0) {
      out += static_cast<char>(static_cast<unsigned char>((bits >> 16U) & 0xFFU));
      out += static_cast<char>(static_cast<unsigned char>((bits >> 8U) & 0xFFU));
      out += static_cast<char>(static_cast<unsigned char>(bits & 0xFFU));
      bits = 0;
    }
  }
  if (count % 4 >= 2)
    out += static_cast<char>(static_cast<unsigned char>((bits >> (count % 4 == 2 ? 4U : 10U)) & 0xFFU));
  if (count % 4 == 3) out += static_cast<char>(static_cast<unsigned char>((bits >> 2U) & 0xFFU));
  return out;
}

/// A second line of base64 that was cut to a width: only such characters, to the end of its line.
std::size_t next_base64_line(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from < text.size() && (text[from] == '\r' || is_blank(text[from]))) ++from;
  if (from >= text.size() || text[from] != '\n') return at;
  ++from;
  while (from < text.size() && is_blank(text[from])) ++from;
  std::size_t end = from;
  while (end < text.size() && base64_value(text[end]) >= 0) ++end;
  while (end < text.size() && text[end] == '=') ++end;
  const bool whole = end >= text.size() || text[end] == '\n' || text[end] == '\r' || is_quote(text[end]);
  return whole && end > from ? end : at;
}

class PlainScanner {
 public:
  PlainScanner(std::string_view text, const PlainScan& scan, std::vector<SecretSpan>& spans)
      : text_(text), scan_(scan), spans_(spans) {}

  void run() {
    for (std::size_t at = 0; at < text_.size();) {
      const Trigger trigger = kTriggers[static_cast<unsigned char>(text_[at])];
      if (trigger == Trigger::kNone) {
        ++at;
        continue;
      }
      const std::size_t next = trigger == Trigger::kWord ? word(at) : mark(at, trigger);
      at = std::max(next, at + 1);
    }
  }

 private:
  /// Each of these returns where to go on.
  std::size_t keep(const SecretSpan& span) {
    spans_.push_back(span);
    return span.end;
  }

  std::size_t word(std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text_.size() && is_word(text_[end])) ++end;
    SecretSpan span;
    const char first = text_[begin];
    const std::size_t size = end - begin;
    const bool addresses = !scan_.shapes_only && scan_.policy.ip_addresses != RedactionPolicy::Addresses::kKeep;
    if (is_digit(first)) {
      if (size >= 4 && card_at(text_, begin, span)) return keep(span);
      if (addresses && size <= 3 && end < text_.size() && text_[end] == '.' &&
          ipv4_at(text_, begin, scan_.policy, span)) {
        return keep(span);
      }
    }
    if (addresses && size <= 4 && is_hex(first) && end < text_.size() && text_[end] == ':' &&
        ipv6_at(text_, begin, scan_.policy, span)) {
      return keep(span);
    }
    if (token_at(text_, begin, end, span)) {
      spans_.push_back(span);
      SecretSpan pair;
      if (span.kind == SecretKind::kAwsKey && aws_secret_after(text_, span.end, pair)) return keep(pair);
      return span.end;
    }
    if (!scan_.shapes_only && size >= 2 && end < text_.size()) {
      const char letter = static_cast<char>(first | 0x20);
      const bool tag = text_[end] == '>' && begin > 0 && text_[begin - 1] == '<';
      const bool announces = (is_blank(text_[end]) || text_[end] == '+') && (letter == 'b' || letter == 'p');
      const bool oracle = text_[end] == ':' && letter == 't' && size == 4;
      if ((tag || announces || oracle) && size <= 64 && keyword_at(text_, begin, end, spans_)) return spans_.back().end;
    }
    if (begin >= base64_until_ && may_start_base64(first) && scan_.depth < kMaxSecretDepth &&
        (size >= 8 || (end < text_.size() && (text_[end] == '+' || text_[end] == '/' || text_[end] == '-')))) {
      const std::size_t after = base64(begin);
      if (after > begin) return after;
    }
    return end;
  }

  std::size_t base64(std::size_t begin) {
    std::size_t end = begin;
    while (end < text_.size() && base64_value(text_[end]) >= 0) ++end;
    base64_until_ = end;
    if (end - begin < kShortestBase64) return begin;
    const std::size_t whole = base64_word(begin, end);
    if (whole > begin) return whole;
    // Parts of a path: each by itself.
    if (std::find(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.begin() + static_cast<std::ptrdiff_t>(end),
                  '/') == text_.begin() + static_cast<std::ptrdiff_t>(end)) {
      return begin;
    }
    for (std::size_t from = begin; from < end;) {
      const std::size_t to = std::min(text_.find('/', from), end);
      if (to - from >= kShortestBase64 && may_start_base64(text_[from])) {
        const std::size_t after = base64_word(from, to);
        if (after > from) return after;
      }
      from = to + 1;
    }
    return begin;
  }

  /// Where it ends, with its padding, if what it spells holds a secret; `begin` otherwise.
  std::size_t base64_word(std::size_t begin, std::size_t end) {
    if (!is_readable(decode_base64(text_.substr(begin, std::min<std::size_t>(end - begin, 32))))) return begin;
    std::size_t stop = end;
    while (stop < text_.size() && stop - end < 2 && text_[stop] == '=') ++stop;
    std::string encoded(text_.substr(begin, end - begin));
    if (end - begin >= 48) {
      for (std::size_t next = next_base64_line(text_, stop); next > stop; next = next_base64_line(text_, stop)) {
        for (const char c : text_.substr(stop, next - stop)) {
          if (base64_value(c) >= 0) encoded += c;
        }
        stop = next;
      }
    }
    const std::string decoded = decode_base64(encoded);
    if (!is_readable(decoded)) {
      // The line that followed was none of it.
      stop = end;
      while (stop < text_.size() && stop - end < 2 && text_[stop] == '=') ++stop;
    }
    const auto inside =
        find_secrets_at(is_readable(decoded) ? decoded : decode_base64(text_.substr(begin, end - begin)), scan_.policy,
                        scan_.depth + 1);
    base64_until_ = std::max(base64_until_, stop);
    if (inside.empty()) return begin;
    const auto least = std::min_element(inside.begin(), inside.end(), [](const SecretSpan& a, const SecretSpan& b) {
      const auto address = [](SecretKind kind) { return kind == SecretKind::kEmail || kind == SecretKind::kIp; };
      return address(a.kind) < address(b.kind);
    });
    return keep({begin, stop, least->kind, true});
  }

  std::size_t mark(std::size_t at, Trigger trigger) {
    SecretSpan span;
    const std::string_view rest = text_.substr(at);
    switch (trigger) {
      case Trigger::kDash:
        if (rest.starts_with("----") && private_key_at(text_, at, span)) return keep(span);
        if (rest.size() > 2 && rest[1] == '-') {
          if (rest[2] == '-') {
            const std::size_t dashes = rest.find_first_not_of('-');
            return dashes == std::string_view::npos ? text_.size() : at + dashes;
          }
          if (!scan_.shapes_only && flag_at(text_, at, spans_)) return spans_.back().end;
        }
        if (!scan_.shapes_only && rest.starts_with("-u ") && short_flag_at(text_, at, spans_)) return spans_.back().end;
        return at + 1;
      case Trigger::kAt:
        if (!scan_.shapes_only && scan_.policy.emails && email_at(text_, at, span)) return keep(span);
        return at + 1;
      case Trigger::kSeparator:
        if (scan_.shapes_only) return at + 1;
        if (rest[0] == ':') {
          if (rest.starts_with("://") && url_password_at(text_, at, spans_)) return spans_.back().end;
          if (rest.starts_with("::") && ipv6_at(text_, at, scan_.policy, span)) return keep(span);
        }
        return assignment_at(text_, at, 1, spans_) ? spans_.back().end : at + 1;
      case Trigger::kWide:
        if (scan_.shapes_only) return at + 1;
        if (rest.starts_with("＝") || rest.starts_with("：")) {
          return assignment_at(text_, at, 3, spans_) ? spans_.back().end : at + 3;
        }
        // パスワードは「...」
        if (rest.starts_with("は")) return assignment_at(text_, at, 3, spans_) ? spans_.back().end : at + 3;
        return at + 1;
      default:
        return at + 1;
    }
  }

  std::string_view text_;
  const PlainScan& scan_;
  std::vector<SecretSpan>& spans_;
  std::size_t base64_until_ = 0;
};

}  // namespace

void scan_plain(std::string_view text, const PlainScan& scan, std::vector<SecretSpan>& spans) {
  PlainScanner(text, scan, spans).run();
}

}  // namespace fa
