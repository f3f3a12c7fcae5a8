#include "sources/file/read_tasks.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string>

#include "formats/part_border.h"
#include "sources/file/decompress.h"

namespace fa {
namespace {

/// How far behind the wanted border a line that may begin a part is looked for.
constexpr std::size_t kBorderWindow = std::size_t{2} << 20;
constexpr std::size_t kCountBlock = std::size_t{256} << 10;  ///< Stays in the cache of its core.

/// Puts bytes of a file from `offset` on into `into` and returns how many: fewer at its end, and where it cannot be
/// read.
std::size_t read_at(int fd, std::uint64_t offset, std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string read_at(int fd, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(read_at(fd, offset, std::span<char>(bytes)));
  return bytes;
}

/// Where the first part behind `wanted` may begin; nothing if no line in reach may begin one.
std::optional<std::uint64_t> find_border(int fd, std::uint64_t wanted, Format format, bool message_only) {
  const std::string window = read_at(fd, wanted, kBorderWindow);
  const std::string_view text = window;
  std::string_view previous;
  bool have_previous = false;  // The first line began before the window.
  std::size_t begin = text.find('\n');
  while (begin != std::string_view::npos) {
    ++begin;
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(begin, end - begin);
    if (have_previous && part_may_begin(format, previous, line, message_only)) return wanted + begin;
    previous = line;
    have_previous = true;
    begin = end;
  }
  return std::nullopt;
}

std::uint64_t count_lines(int fd, std::uint64_t begin, std::uint64_t end) {
  std::uint64_t lines = 0;
  std::vector<char> buffer(kCountBlock);
  while (begin < end) {
    const std::size_t size =
        read_at(fd, begin,
                std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(kCountBlock, end - begin))));
    if (size == 0) break;  // Cut short meanwhile: whoever reads it will see the same.
    const char* at = buffer.data();
    const char* const behind = at + size;
    while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(behind - at)))) != nullptr) {
      ++lines;
      ++at;
    }
    begin += size;
  }
  return lines;
}

}  // namespace

std::vector<ReadTask> read_tasks(const InputFile& file, std::size_t index, bool message_only,
                                 const FormatFunctions& formats, std::uint64_t part_bytes) {
  const std::vector<ReadTask> whole{{index, {}}};
  if (file.size < 2 * part_bytes) return whole;
  const auto fd = open_regular_file(file.path);
  if (!fd) return whole;
  const std::string head = read_at(fd->get(), 0, kDetectBytes);
  if (detect_compression(head) != Compression::kNone) return whole;
  const Format format = formats.detect(head, false).format;
  if (!may_be_cut(format, head)) return whole;

  std::vector<ReadTask> tasks;
  std::uint64_t begin = 0;
  for (std::uint64_t wanted = part_bytes; wanted < file.size; wanted += part_bytes) {
    if (wanted <= begin) continue;
    const auto border = find_border(fd->get(), wanted, format, message_only);
    if (!border) continue;
    tasks.push_back({index, {format, begin, *border, 1}});
    begin = *border;
  }
  if (tasks.empty()) return whole;
  tasks.push_back({index, {format, begin, FilePart::kToTheEnd, 1}});
  std::vector<std::uint64_t> lines(tasks.size() - 1);
  // Whoever waits here must not take up the reading of a file meanwhile.
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::size_t{0}, lines.size(), [&](std::size_t i) {
      lines[i] = count_lines(fd->get(), tasks[i].part.begin, tasks[i].part.end);
    });
  });
  for (std::size_t i = 0; i < lines.size(); ++i) {
    tasks[i + 1].part.first_line = tasks[i].part.first_line + lines[i];
  }
  return tasks;
}

void join_outcomes(FileOutcome& file, FileOutcome&& part) {
  CoverageItem& to = file.coverage;
  const CoverageItem& from = part.coverage;
  to.records += from.records;
  to.bytes += from.bytes;
  to.skipped += from.skipped;
  to.truncated += from.truncated;
  if (to.note.empty()) to.note = from.note;
  if (to.range.begin == kNoTime || (from.range.begin != kNoTime && from.range.begin < to.range.begin)) {
    to.range.begin = from.range.begin;
  }
  to.range.end = std::max(to.range.end, from.range.end);
  std::move(part.gaps.begin(), part.gaps.end(), std::back_inserter(file.gaps));
}

}  // namespace fa
