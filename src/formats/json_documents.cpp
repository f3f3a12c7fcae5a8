#include "formats/json_documents.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "formats/byte_blocks.h"

namespace fa {
namespace {

/// Bytes that mean something to the outline scan; all others are passed over in a tight loop.
enum class Mark : std::uint8_t { kNone, kQuote, kBackslash, kOpen, kClose, kNewline };

constexpr std::array<Mark, 256> kMarks = [] {
  std::array<Mark, 256> marks{};
  marks['"'] = Mark::kQuote;
  marks['\\'] = Mark::kBackslash;
  marks['{'] = marks['['] = Mark::kOpen;
  marks['}'] = marks[']'] = Mark::kClose;
  marks['\n'] = Mark::kNewline;
  return marks;
}();

Mark mark_of(char c) { return kMarks[static_cast<unsigned char>(c)]; }

/// What may stand between documents: white space, NULs, commas, the bytes of a BOM, record separators (RFC 7464).
bool is_filler(char c) {
  switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '\0':
    case ',':
    case '\xEF':
    case '\xBB':
    case '\xBF':
    case '\x1E':
      return true;
    default:
      return false;
  }
}

bool opens_document(char c) { return c == '{' || c == '['; }

std::size_t count_newlines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::size_t filler_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_filler) - text.begin());
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

/// A few bytes of what stood there, safe to show.
std::string shown(std::string_view text) { return visible(utf8_prefix(trim(text), 40)); }

}  // namespace

/// Blocks of 64 bytes where they can be taken at once, single bytes at the end and where there are escapes.
JsonDocuments::Step JsonDocuments::scan(std::string_view document, bool stop_at_newline) {
  Scan s = scan_;
  Step result = Step::kNeedMore;
  while (result == Step::kNeedMore && s.done + Bytes64::kSize <= document.size()) {
    const Bytes64 block(document.data() + s.done);
    result = s.escaped || block.equal('\\') != 0
                 ? scan_bytes(document.substr(0, s.done + Bytes64::kSize), stop_at_newline, s)
                 : scan_block(block, stop_at_newline, s);
  }
  if (result == Step::kNeedMore) result = scan_bytes(document, stop_at_newline, s);
  scan_ = s;
  return result;
}

/// 64 bytes without a backslash. `inside` has a bit for every byte of a string, its opening quote included: the parity
/// of the quotes up to there.
JsonDocuments::Step JsonDocuments::scan_block(const Bytes64& bytes, bool stop_at_newline, Scan& s) {
  std::uint64_t inside = bytes.equal('"');
  for (unsigned shift = 1; shift < 64; shift *= 2) inside ^= inside << shift;
  if (s.in_string) inside = ~inside;
  const std::uint64_t opens = bytes.equal_in_either_case('{');  // And `[`, which differs in bit 5 alone.
  std::uint64_t brackets = (opens | bytes.equal_in_either_case('}')) & ~inside;
  const std::uint64_t newlines = stop_at_newline ? bytes.equal('\n') : 0;
  if (newlines != 0) brackets &= (newlines & (~newlines + 1)) - 1;
  for (; brackets != 0; brackets &= brackets - 1) {
    const std::size_t at = lowest_bit(brackets);
    if ((opens >> at & 1U) != 0) {
      ++s.depth;
    } else if (--s.depth == 0) {
      s.done += at + 1;
      s.in_string = false;
      return Step::kComplete;
    }
  }
  const std::size_t used = newlines != 0 ? lowest_bit(newlines) : Bytes64::kSize;
  s.in_string = (inside >> (newlines != 0 ? used : used - 1) & 1U) != 0;
  s.done += used;
  return newlines != 0 ? Step::kNewline : Step::kNeedMore;
}

/// Byte by byte: what scan_block must agree with.
JsonDocuments::Step JsonDocuments::scan_bytes(std::string_view document, bool stop_at_newline, Scan& s) {
  while (s.done < document.size()) {
    const Mark mark = mark_of(document[s.done]);
    if (mark == Mark::kNewline && stop_at_newline) return Step::kNewline;
    ++s.done;
    if (s.in_string) {
      if (s.escaped) {
        s.escaped = false;
      } else if (mark == Mark::kBackslash) {
        s.escaped = true;
      } else if (mark == Mark::kQuote) {
        s.in_string = false;
      }
      continue;
    }
    if (mark == Mark::kNone) continue;
    if (mark == Mark::kQuote) {
      s.in_string = true;
    } else if (mark == Mark::kOpen) {
      ++s.depth;
    } else if (mark == Mark::kClose && --s.depth == 0) {
      return Step::kComplete;
    }
  }
  return Step::kNeedMore;
}

/// The first document did not end on its line: is it spread over lines, or is it a broken JSON line? `rest` begins
/// with that document; scan_ stands at the end of its line.
JsonDocuments::Framing JsonDocuments::decide(std::string_view rest, bool last) const {
  const std::string_view line = trim(rest.substr(0, scan_.done));
  // Pretty-printed text breaks its lines behind these; text that was cut hardly ever ends so.
  if (!scan_.in_string && std::string_view("[{,:").find(line.back()) != std::string_view::npos) {
    return Framing::kDocuments;
  }
  constexpr int kLinesToTry = 4;
  std::string_view following = rest.substr(scan_.done);
  for (int i = 0; i < kLinesToTry; ++i) {
    following.remove_prefix(filler_length(following));
    if (following.empty()) return last ? Framing::kDocuments : Framing::kUndecided;
    const std::string_view next = first_line(following);
    const bool whole_line = next.size() < following.size() || last;
    if (!whole_line) return Framing::kUndecided;
    if (opens_document(next.front())) {
      JsonDocuments probe;
      if (probe.scan(next, true) == Step::kComplete && trim(next.substr(probe.scan_.done)).empty()) {
        return Framing::kLines;
      }
    }
    following.remove_prefix(next.size());
  }
  return Framing::kDocuments;
}

std::size_t JsonDocuments::read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink,
                                const Consumer& consume) {
  std::size_t used = 0;
  const auto advance_over = [&](std::size_t bytes, std::size_t newlines) {
    line_ += newlines;
    used += bytes;
    scan_ = {};
    multi_line_ = false;
  };
  const auto advance = [&](std::size_t bytes) { advance_over(bytes, count_newlines(data.substr(used, bytes))); };
  while (used < data.size()) {
    if (skipping_large_) {
      used += skip_large(data.substr(used));
      continue;
    }
    if (scan_.done == 0) advance(filler_length(data.substr(used)));
    const std::string_view rest = data.substr(used);
    if (rest.empty()) break;
    const std::uint64_t at = offset + used;

    if (!opens_document(rest.front())) {
      const std::string_view line = first_line(rest);
      if (line.size() == rest.size() && !last && rest.size() <= max_document_bytes_) break;
      skip(sink, at, line.size(), fmt::format("expected a JSON document, found \"{}\"", shown(line)));
      advance(line.size());
      continue;
    }

    const bool by_line = framing_ != Framing::kDocuments && !multi_line_;
    const Step step = scan(rest, by_line);
    if (step == Step::kComplete) {
      const std::string_view text = rest.substr(0, scan_.done);
      const std::size_t newlines = by_line ? 0 : count_newlines(text);
      if (framing_ == Framing::kUndecided) framing_ = multi_line_ ? Framing::kDocuments : Framing::kLines;
      if (text.size() > max_document_bytes_) {
        skip(sink, at, text.size(), too_large());
      } else {
        JsonDocument document;
        document.text = text;
        document.position = {at, text.size(), line_, static_cast<std::uint32_t>(1 + newlines)};
        consume(document);
      }
      advance_over(text.size(), newlines);
      continue;
    }

    if (step == Step::kNewline) {
      if (trim(rest.substr(0, scan_.done)).size() == 1) {
        multi_line_ = true;
        continue;
      }
      if (framing_ == Framing::kUndecided) {
        Framing decided = decide(rest, last);
        if (decided == Framing::kUndecided && rest.size() > max_document_bytes_) decided = Framing::kDocuments;
        if (decided == Framing::kUndecided) break;
        framing_ = decided;
        if (decided == Framing::kDocuments) continue;
      }
      const std::size_t length = scan_.done;
      skip(sink, at, length,
           fmt::format("line {} (byte {}): the line ends in the middle of a JSON document", line_, at));
      salvage(rest.substr(0, length), at, consume);
      advance(length);
      continue;
    }

    if (rest.size() > max_document_bytes_) {
      skip(sink, at, rest.size(), too_large());
      skipping_large_ = !last;
      line_ += count_newlines(rest);
      used = data.size();
      if (last) scan_ = {};
    } else if (last) {
      skip(sink, at, rest.size(),
           fmt::format("line {} (byte {}): the file ends in the middle of a JSON document", line_, at));
      salvage(rest, at, consume);
      advance(rest.size());
    } else {
      break;
    }
  }
  return used;
}

std::string JsonDocuments::too_large() const {
  return fmt::format("line {}: JSON document above the limit of {}", line_, format_bytes(max_document_bytes_));
}

/// Goes on behind what was counted as one skipped document already. Returns how much of `data` belongs to it.
std::size_t JsonDocuments::skip_large(std::string_view data) {
  const bool by_line = framing_ != Framing::kDocuments && !multi_line_;
  scan_.done = 0;
  const Step step = scan(data, by_line);
  const std::size_t length = scan_.done;
  line_ += count_newlines(data.substr(0, length));
  if (step != Step::kNeedMore) {
    skipping_large_ = false;
    multi_line_ = false;
    scan_ = {};
  }
  return length;
}

void JsonDocuments::skip(TelemetrySink& sink, std::uint64_t offset, std::size_t length, std::string reason) const {
  Skipped skipped;
  skipped.position = {offset, length, line_, 1};
  skipped.reason = std::move(reason);
  sink.on_skipped(std::move(skipped));
}

/// Hands over what stands whole before the cut: everything up to the last bracket that closed, closed again.
void JsonDocuments::salvage(std::string_view broken, std::uint64_t offset, const Consumer& consume) {
  constexpr std::size_t kDeepest = 64;  // Records of all known formats stand far above this.
  std::string open;
  std::string closers;
  std::size_t cut = 0;
  bool in_string = false;
  std::size_t deeper = 0;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    const Mark mark = mark_of(broken[i]);
    if (in_string) {
      if (mark == Mark::kBackslash) {
        ++i;
      } else if (mark == Mark::kQuote) {
        in_string = false;
      }
    } else if (mark == Mark::kQuote) {
      in_string = true;
    } else if (mark == Mark::kOpen) {
      if (open.size() < kDeepest) {
        open.push_back(broken[i] == '{' ? '}' : ']');
      } else {
        ++deeper;
      }
    } else if (mark == Mark::kClose) {
      if (deeper > 0) {
        --deeper;
      } else if (!open.empty()) {
        open.pop_back();
        cut = i + 1;
        closers = open;
      }
    }
  }
  if (cut == 0) return;
  std::reverse(closers.begin(), closers.end());
  salvaged_.reserve(cut + kDeepest + kReadPadding);
  salvaged_.assign(broken.substr(0, cut));
  salvaged_ += closers;
  const std::size_t size = salvaged_.size();
  salvaged_.append(kReadPadding, ' ');

  JsonDocument document;
  document.text = std::string_view(salvaged_).substr(0, size);
  document.position = {offset, cut, line_, static_cast<std::uint32_t>(1 + count_newlines(broken.substr(0, cut)))};
  document.truncated = true;
  consume(document);
  if (salvaged_.capacity() > (std::size_t{1} << 20)) std::string().swap(salvaged_);
}

}  // namespace fa
