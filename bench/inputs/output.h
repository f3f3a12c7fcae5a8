#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "inputs/random.h"

namespace fa::bench {

/// One file that is written; gzip-compressed where its name ends in `.gz`. Whatever fails throws std::runtime_error.
/// One thread per file.
class Output {
 public:
  explicit Output(const std::filesystem::path& path);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void append(std::string_view text) {
    text_.append(text.data(), text.data() + text.size());
    end_piece();
  }
  /// Bytes so far, before compression.
  [[nodiscard]] std::uint64_t bytes() const { return flushed_ + text_.size(); }
  /// Writes what is left. Must be called: the destructor cannot report failure.
  void close();

 private:
  friend struct Line;
  struct File;
  void end_piece() {
    if (text_.size() >= kFlushBytes) flush();
  }
  void flush();

  static constexpr std::size_t kFlushBytes = std::size_t{1} << 20;
  std::unique_ptr<File> file_;
  fmt::memory_buffer text_;
  std::uint64_t flushed_ = 0;
};

/// Writes formatted text: `Line{out, "{} of {}\n", random.below(7), 7}`. Braces, unlike a call, evaluate their values
/// from left to right: else compilers differ in which value gets which random number.
struct Line {
  template <class... Args>
  Line(Output& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(fmt::appender(out.text_), format, std::forward<Args>(args)...);
    out.end_piece();
  }
};

}  // namespace fa::bench
