#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/context.h"

namespace fa {

/// What to run, and how much to keep of what it writes.
struct ChildCommand {
  std::string program;                 ///< A path, or a name without slash that is looked up on the PATH.
  std::vector<std::string> arguments;  ///< All of argv: first the name it is called by, so at least one. No NULs.
  std::size_t most_output = 0;         ///< Bytes of standard output; one more, and the child is ended.
  std::size_t most_error_text = 0;     ///< Bytes of standard error; what comes beyond is read and thrown away.
  std::string input = {};              ///< What it finds on standard input, as a file in memory.
};

/// How a child came to its end.
enum class ChildEnd {
  kCannotRun,  ///< It was not started, or nobody can tell how it ended; `code` is the errno.
  kExited,     ///< By itself; `code` is the exit status.
  kKilled,     ///< By a signal that is not ours; `code` is its number.
  kTimedOut,   ///< By us, at the deadline.
  kStopped,    ///< By us, because a stop was requested (even where the deadline has passed too).
  kOverLimit,  ///< By us, because it wrote more than `most_output`.
};

struct ChildOutcome {
  ChildEnd end = ChildEnd::kCannotRun;
  int code = 0;            ///< As its end says; 0 where that says nothing.
  std::string output;      ///< Standard output, as far as it was read: all of it after kExited and kKilled.
  std::string error_text;  ///< Standard error, likewise.

  [[nodiscard]] bool succeeded() const { return end == ChildEnd::kExited && code == 0; }
};

/// Runs a program, without a shell, and waits for its end, for the context's deadline or for its stop, whichever comes
/// first. The child inherits environment and working folder, finds `input` on its standard input, has no signal blocked
/// and SIGPIPE at its default, and gets no descriptor of ours but its three. Thread-safe: children do not know of each
/// other. Whatever the outcome, the child itself is ended and reaped when this returns, and nothing of it stays open.
///
/// It leads a process group, which is killed as a whole (SIGKILL, no grace) when we end it. When it ends by itself,
/// what it left running in the background is neither waited for nor killed: it may be an agent that is meant to stay.
[[nodiscard]] ChildOutcome run_child(ChildCommand command, const Context& context);

}  // namespace fa
