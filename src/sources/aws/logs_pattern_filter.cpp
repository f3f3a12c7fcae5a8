#include "sources/aws/logs_pattern_filter.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace fa::logs {
namespace {

/// Longer expressions say hardly more and leave no room in a query for others.
constexpr std::size_t kMostRegexBytes = 400;
constexpr std::size_t kFewestLiterals = 4;
constexpr char kAny = '\x01';  ///< Any characters, or none.
constexpr char kOne = '\x02';  ///< Any one character, several bytes long maybe.

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Length of the UTF-8 sequence that begins here; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  return length > 0 && length <= text.size() && is_valid_utf8(text.substr(0, length)) ? length : 0;
}

/// Whether any string fits both globs: which positions of `a` can be reached after each symbol of `b`.
bool globs_overlap(std::string_view a, std::string_view b) {
  // Most pairs differ in the literal characters at an end, which is seen at once.
  const auto is_literal = [](char c) { return c != kAny && c != kOne; };
  while (!a.empty() && !b.empty() && is_literal(a.front()) && is_literal(b.front())) {
    if (a.front() != b.front()) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && is_literal(a.back()) && is_literal(b.back())) {
    if (a.back() != b.back()) return false;
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  std::vector<char> at(a.size() + 1);
  std::vector<char> next(a.size() + 1);
  const auto pass_any = [&](std::vector<char>& state) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (state[i] != 0 && a[i] == kAny) state[i + 1] = 1;
    }
  };
  at[0] = 1;
  pass_any(at);
  for (const char c : b) {
    std::fill(next.begin(), next.end(), 0);
    if (c == kAny) {
      const auto first = std::find(at.begin(), at.end(), 1);
      std::fill(next.begin() + (first - at.begin()), next.end(), 1);
    } else {
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (at[i] == 0) continue;
        if (a[i] == kAny) {
          next[i] = 1;
        } else if (a[i] == c || a[i] == kOne || c == kOne) {
          next[i + 1] = 1;
        }
        // One unknown character may be several bytes: it may stay where it is while the other side goes on.
        if (a[i] == kOne) next[i] = 1;
        if (c == kOne) next[i] = 1;
      }
      if (at[a.size()] != 0 && c == kOne) next[a.size()] = 1;
      if (c == kOne) {
        for (std::size_t i = 0; i < a.size(); ++i) {
          if (next[i] != 0) next[i + 1] = 1;
        }
      }
    }
    pass_any(next);
    std::swap(at, next);
    if (std::find(at.begin(), at.end(), 1) == at.end()) return false;
  }
  return at[a.size()] != 0;
}

/// Whether the glob matches the text, in which kAny is a character like any other that only kAny of the glob takes.
bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == kAny) {
      star = g++;
      resume = t;
    } else if (g < glob.size() && text[t] != kAny && (glob[g] == text[t] || glob[g] == kOne)) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == kAny) ++g;
  return g == glob.size();
}

/// Writes regex and glob of a pattern side by side.
class FilterWriter {
 public:
  void any() {
    if (glob_.ends_with(kAny)) return;
    regex_ += ".*";
    glob_ += kAny;
  }
  void blank() {
    if (glob_.ends_with(' ')) return;
    regex_ += "\\s+";
    glob_ += ' ';
  }
  void literal(std::string_view sequence) {
    const char c = sequence.front();
    if (sequence.size() > 1) {
      regex_ += sequence;
      ++literals_;
    } else if (is_word(c)) {
      regex_ += c;
      ++literals_;
    } else if (std::string_view(".*+?()[]{}^$|/").find(c) != std::string_view::npos) {
      regex_ += '\\';
      regex_ += c;
    } else if (std::string_view("_-:,=@%&;!~<>").find(c) != std::string_view::npos) {
      regex_ += c;
    } else {
      return one(c);
    }
    glob_ += sequence;
  }
  /// A character that is better not spelled in a query.
  void one(char c) {
    regex_ += '.';
    const bool ascii = static_cast<unsigned char>(c) < 0x80 && c != kAny && c != kOne;
    glob_ += ascii ? c : kOne;
  }

  std::string regex_;
  std::string glob_;
  std::size_t literals_ = 0;
};

FilterWriter write_filter(std::string_view pattern) {
  FilterWriter out;
  std::size_t i = 0;
  while (i < pattern.size() && is_blank(pattern[i])) ++i;
  while (i < pattern.size()) {
    if (out.regex_.size() > kMostRegexBytes) {
      out.any();
      break;
    }
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with(kVariable)) {
      out.any();
      i += kVariable.size();
    } else if (is_blank(rest.front())) {
      out.blank();
      ++i;
    } else if (const std::size_t length = sequence_length(rest); length > 0) {
      out.literal(rest.substr(0, length));
      i += length;
    } else {
      out.one(rest.front());
      ++i;
    }
  }
  return out;
}

}  // namespace

bool PatternFilter::covers(const PatternFilter& other) const {
  const char last = glob_.back();
  if (last != kAny && last != kOne && last != other.glob_.back()) return false;  // most are told apart by this alone
  return glob_matches(glob_, other.glob_);
}

bool PatternFilter::may_overlap(const PatternFilter& other) const { return globs_overlap(glob_, other.glob_); }

std::optional<PatternFilter> pattern_filter(std::string_view pattern) {
  while (!pattern.empty() && is_blank(pattern.back())) pattern.remove_suffix(1);
  FilterWriter written = write_filter(pattern);
  if (written.literals_ < kFewestLiterals) return std::nullopt;
  PatternFilter filter;
  // (?s): a variable may hold line breaks. The ends are anchored, so that a pattern that begins like another one does
  // not count its lines too; blanks around a message are no part of a pattern.
  filter.regex_ = "(?s)";
  std::string_view body = written.regex_;
  if (body.starts_with(".*")) {
    body.remove_prefix(2);
  } else {
    filter.regex_ += "^\\s*";
  }
  const bool open_end = written.glob_.ends_with(kAny);
  if (open_end) body.remove_suffix(2);
  filter.regex_ += body;
  if (!open_end) filter.regex_ += "\\s*$";
  filter.glob_ = std::move(written.glob_);
  filter.literals_ = written.literals_;
  return filter;
}

}  // namespace fa::logs
