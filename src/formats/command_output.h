#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

/// How the lines behind one that begins a piece of command output are to be read.
struct CommandOutputPart {
  enum class Kind {
    kLog,    ///< Whatever the command printed: read as a log.
    kTable,  ///< Rows below titles: each is about what its name column says.
    kSheet,  ///< `Key:  value` lines about one object (`kubectl describe`).
  };
  Kind kind = Kind::kLog;
  std::string subject;           ///< Whom it is about; empty in tables, whose rows say it.
  std::string host;              ///< The machine of the prompt, if any.
  std::size_t name_column = 0;   ///< Of a table: byte where the names begin.
  bool line_is_content = false;  ///< The line that begins the part is content itself.
};

/// The part that a line begins: a shell prompt, the titles of a table as kubectl and docker print them, the first line
/// of `kubectl describe` or of `systemctl status`. nullopt for lines in the midst.
std::optional<CommandOutputPart> begins_command_output(std::string_view line);

/// The name in a row of a table: `cart` of `shop  cart-6c7f9d8b54-8xkvz  1/1  Running`. Empty when there is none.
std::string_view name_in_row(std::string_view row, std::size_t name_column);

/// True for a text whose first line with content begins a part.
bool is_command_output(const std::vector<std::string_view>& first_lines);

}  // namespace fa
