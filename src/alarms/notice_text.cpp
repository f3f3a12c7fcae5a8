#include "alarms/notice_text.h"

#include "base/text.h"

namespace fa::alarms {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

std::string fit_text(std::string_view text, std::size_t most_bytes, std::string_view kept) {
  // Before it is cleaned, so that huge texts cost nothing; each byte may become three.
  std::string out = sanitize_utf8(utf8_prefix(trim(text), most_bytes));
  for (char& c : out) {
    if (is_control(c) && kept.find(c) == std::string_view::npos) c = ' ';
  }
  return std::string(trim(utf8_prefix(out, most_bytes)));
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string line_of(std::string_view text, std::size_t most_bytes) { return fit_text(text, most_bytes, ""); }

std::string paragraph_of(std::string_view text, std::size_t most_bytes) { return fit_text(text, most_bytes, "\n\t"); }

std::string collapsed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool space = c == ' ' || is_control(c);
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool take_prefix(std::string_view& text, std::string_view begin) {
  if (!iequals(text.substr(0, begin.size()), begin)) return false;
  text.remove_prefix(begin.size());
  return true;
}

std::string query_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace fa::alarms
