// cut_document: passages of Markdown (CommonMark's headings and fences, front matter) and of plain text.
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "store/document.h"

namespace fa {
namespace {

constexpr std::size_t kPassageBytes = 1200;

struct DocumentLine {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< Without the line break.
};

std::vector<DocumentLine> lines_of(std::string_view text) {
  std::vector<DocumentLine> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('\n', at), text.size());
    std::size_t end = next;
    while (end > at && text[end - 1] == '\r') --end;
    lines.push_back({at, end});
    at = next + 1;
  }
  return lines;
}

/// Spaces before the first other character, or nothing where it is code by being indented.
std::optional<std::string_view> unindented(std::string_view line) {
  std::size_t spaces = 0;
  while (spaces < line.size() && line[spaces] == ' ') ++spaces;
  if (spaces > 3 || (spaces < line.size() && line[spaces] == '\t')) return std::nullopt;
  return line.substr(spaces);
}

struct Heading {
  std::size_t level = 0;
  std::string title;
};

std::optional<Heading> atx_heading(std::string_view line) {
  const auto plain = unindented(line);
  if (!plain) return std::nullopt;
  std::size_t level = 0;
  while (level < plain->size() && (*plain)[level] == '#') ++level;
  if (level == 0 || level > 6) return std::nullopt;
  if (level < plain->size() && (*plain)[level] != ' ' && (*plain)[level] != '\t') return std::nullopt;
  std::string_view title = trim(plain->substr(level));
  std::string_view open = title;
  while (!open.empty() && open.back() == '#') open.remove_suffix(1);
  if (open.empty() || open.back() == ' ' || open.back() == '\t') title = trim(open);  // closing marks
  if (title.empty()) return std::nullopt;
  return Heading{level, std::string(title)};
}

/// 1 under `===`, 2 under `---`, 0 elsewhere.
std::size_t underline_level(std::string_view line) {
  const auto plain = unindented(line);
  if (!plain) return 0;
  const std::string_view marks = trim(*plain);
  if (marks.size() < 2 || (marks[0] != '=' && marks[0] != '-')) return 0;
  if (marks.find_first_not_of(marks[0]) != std::string_view::npos) return 0;
  return marks[0] == '=' ? 1 : 2;
}

/// What may be underlined to be a heading: the only line of a paragraph.
bool is_paragraph_line(std::string_view line) {
  const std::string_view plain = trim(line);
  if (plain.empty() || plain.size() > 200 || !unindented(line)) return false;
  static constexpr std::array<std::string_view, 7> kOthers{"- ", "* ", "+ ", ">", "|", "```", "~~~"};
  return std::none_of(kOthers.begin(), kOthers.end(),
                      [plain](std::string_view mark) { return plain.starts_with(mark); });
}

/// "```" or longer: how long, and of which character.
struct Fence {
  char mark = '\0';
  std::size_t size = 0;
};

Fence fence_of(std::string_view line) {
  const std::string_view plain = trim(line);
  if (plain.empty() || (plain[0] != '`' && plain[0] != '~')) return {};
  const std::size_t size = std::min(plain.find_first_not_of(plain[0]), plain.size());
  if (size < 3) return {};
  if (plain[0] == '`' && plain.find('`', size) != std::string_view::npos) return {};  // `code` in a line
  return {plain[0], size};
}

bool closes(std::string_view line, const Fence& open) {
  const std::string_view plain = trim(line);
  return plain.size() >= open.size && plain.find_first_not_of(open.mark) == std::string_view::npos;
}

/// How far a piece of at most `most` bytes goes: to the end of a sentence or word where there is one in its second
/// half.
std::size_t piece_size(std::string_view text, std::size_t most) {
  const std::string_view piece = utf8_prefix(text, most);
  if (piece.size() == text.size()) return piece.size();
  std::size_t sentence = 0;
  std::size_t word = 0;
  for (std::size_t at = piece.size() / 2; at < piece.size(); ++at) {
    const std::string_view rest = piece.substr(at);
    for (const std::string_view stop :
         {std::string_view("。"), std::string_view("！"), std::string_view("？"), std::string_view(". ")}) {
      if (rest.starts_with(stop)) sentence = at + stop.size();
    }
    if (rest[0] == ' ' || rest[0] == '\t') word = at + 1;
    if (rest.starts_with("、")) word = at + std::string_view("、").size();
  }
  const std::size_t size = sentence > 0 ? sentence : word > 0 ? word : piece.size();
  return std::max<std::size_t>(size, 1);
}

class DocumentCutter {
 public:
  DocumentCutter(std::string_view text, const std::string& path) : text_(text), path_(path), lines_(lines_of(text)) {}

  std::vector<Passage> cut() {
    std::size_t at = skip_front_matter();
    Fence fence;
    std::size_t block = at;  // first line of the block that is being read
    for (; at < lines_.size(); ++at) {
      const std::string_view line = line_text(at);
      if (fence.size > 0) {
        if (closes(line, fence)) {
          fence = {};
          end_block(block, at + 1);
          block = at + 1;
        }
        continue;
      }
      if (const Fence opened = fence_of(line); opened.size > 0) {
        end_block(block, at);
        block = at;
        fence = opened;
        continue;
      }
      if (auto heading = atx_heading(line)) {
        end_block(block, at);
        enter(std::move(*heading));
        block = at + 1;
        continue;
      }
      const std::size_t level = at == block + 1 && is_paragraph_line(line_text(block)) ? underline_level(line) : 0;
      if (level > 0) {
        lines_read_ = block;
        enter({level, std::string(trim(line_text(block)))});
        block = at + 1;
        continue;
      }
      if (trim(line).empty()) {
        end_block(block, at);
        block = at + 1;
      }
    }
    end_block(block, lines_.size());
    end_section();
    return std::move(passages_);
  }

 private:
  [[nodiscard]] std::string_view line_text(std::size_t line) const {
    return text_.substr(lines_[line].begin, lines_[line].end - lines_[line].begin);
  }

  /// `---` on the first line: settings of the page up to the next `---`; a passage by themselves.
  std::size_t skip_front_matter() {
    constexpr std::size_t kMostLines = 200;
    if (lines_.empty() || trim(line_text(0)) != "---") return 0;
    for (std::size_t at = 1; at < std::min(lines_.size(), kMostLines); ++at) {
      const std::string_view line = trim(line_text(at));
      if (line != "---" && line != "...") continue;
      end_block(1, at);
      flush();
      return at + 1;
    }
    return 0;
  }

  void enter(Heading heading) {
    // A heading that another one of its own or a higher rank follows at once has nothing but its words.
    if (!has_text_ && !headings_.empty() && headings_.back().level >= heading.level) keep_bare_heading();
    flush();
    while (!headings_.empty() && headings_.back().level >= heading.level) headings_.pop_back();
    headings_.push_back(std::move(heading));
    has_text_ = false;
    heading_line_ = lines_read_;
  }

  void end_section() {
    if (!has_text_ && !headings_.empty()) keep_bare_heading();
    flush();
  }

  void keep_bare_heading() {
    flush();
    Passage passage;
    passage.document = path_;
    passage.heading = path_of_headings();
    passage.text = headings_.back().title;
    passage.first_line = heading_line_ + 1;
    passages_.push_back(std::move(passage));
  }

  [[nodiscard]] std::string path_of_headings() const {
    std::string path;
    for (const Heading& heading : headings_) {
      if (!path.empty()) path += " > ";
      path += utf8_prefix(heading.title, 200);
    }
    return path;
  }

  /// Lines [from, to): joined with what is open, where both fit into one passage.
  void end_block(std::size_t from, std::size_t to) {
    lines_read_ = to;
    while (from < to && trim(line_text(from)).empty()) ++from;
    while (to > from && trim(line_text(to - 1)).empty()) --to;
    if (from >= to) return;
    has_text_ = true;
    const std::size_t begin = lines_[from].begin;
    const std::size_t end = lines_[to - 1].end;
    if (open_ && end - open_begin_ > kPassageBytes) flush();
    if (end - begin > kPassageBytes) return split_block(from, to);
    if (!open_) {
      open_ = true;
      open_begin_ = begin;
      open_line_ = from;
    }
    open_end_ = end;
  }

  /// A block too long for a passage: by lines, and lines by sentences, words or characters.
  void split_block(std::size_t from, std::size_t to) {
    flush();
    for (std::size_t line = from; line < to; ++line) {
      const std::size_t end = lines_[line].end;
      if (open_ && end - open_begin_ > kPassageBytes) flush();
      std::size_t begin = lines_[line].begin;
      while (end - begin > kPassageBytes) {
        const std::size_t size = piece_size(text_.substr(begin, end - begin), kPassageBytes);
        open_ = true;
        open_begin_ = begin;
        open_line_ = line;
        open_end_ = begin + size;
        flush();
        begin += size;
      }
      if (begin == end) continue;
      if (!open_) {
        open_ = true;
        open_begin_ = begin;
        open_line_ = line;
      }
      open_end_ = end;
    }
    flush();
  }

  void flush() {
    if (!open_) return;
    open_ = false;
    const std::string_view text = text_.substr(open_begin_, open_end_ - open_begin_);
    if (trim(text).empty()) return;
    Passage passage;
    passage.document = path_;
    passage.heading = path_of_headings();
    passage.text = std::string(text);
    passage.first_line = open_line_ + 1;
    passages_.push_back(std::move(passage));
  }

  std::string_view text_;
  const std::string& path_;
  std::vector<DocumentLine> lines_;
  std::vector<Heading> headings_;
  std::vector<Passage> passages_;
  bool has_text_ = false;
  std::size_t lines_read_ = 0;
  std::size_t heading_line_ = 0;
  bool open_ = false;
  std::size_t open_begin_ = 0;
  std::size_t open_end_ = 0;
  std::size_t open_line_ = 0;
};

}  // namespace

std::vector<Passage> cut_document(std::string_view text, const std::string& path) {
  return DocumentCutter(text, path).cut();
}

}  // namespace fa
