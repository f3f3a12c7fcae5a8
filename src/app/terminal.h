#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>

#include "investigate/progress.h"

namespace fa {

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
/// Columns of the terminal behind standard output; 80 when it is none (or does not say).
[[nodiscard]] std::size_t terminal_width();
/// Colours only on a terminal, and never where NO_COLOR is set (no-color.org).
[[nodiscard]] bool wants_color();

/// One line on standard error that is rewritten as work gets on. Erases itself at the end. Thread-safe.
class TerminalProgress final : public Progress {
 public:
  ~TerminalProgress() override;
  void on_files(std::string_view what, std::uint64_t done, std::uint64_t total) override;

 private:
  std::mutex mutex_;
  bool shown_ = false;
};

}  // namespace fa
