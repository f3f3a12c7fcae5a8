// SystemEnvironment::run_command: a child process with a deadline.
#include <fmt/core.h>

#include <system_error>
#include <utility>

#include "aws/environment.h"
#include "base/child_process.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::size_t kMaxOutput = std::size_t{1} << 20;  ///< A credentials document has some hundred bytes.
constexpr std::size_t kMaxErrorText = 1000;

}  // namespace

Result<std::string> SystemEnvironment::run_command(const std::string& command, const Context& context) const {
  ChildOutcome outcome = run_child({"/bin/sh", {"sh", "-c", command}, kMaxOutput, kMaxErrorText}, context);
  std::string how_it_ended;
  switch (outcome.end) {
    case ChildEnd::kCannotRun:
      return fail(ErrorCode::kInternal,
                  fmt::format("cannot run a command: {}", std::generic_category().message(outcome.code)));
    case ChildEnd::kTimedOut:
    case ChildEnd::kStopped:
      return fail(ErrorCode::kCancelled, "the command was ended: its time was up, or it was stopped");
    case ChildEnd::kOverLimit:
      return fail(ErrorCode::kLimit, "the command wrote more than 1 MiB");
    case ChildEnd::kExited:
      if (outcome.code == 0) return std::move(outcome.output);
      how_it_ended = fmt::format("ended with exit code {}", outcome.code);
      break;
    case ChildEnd::kKilled:
      how_it_ended = fmt::format("was ended by signal {}", outcome.code);
      break;
  }
  const std::string said(trim(visible(utf8_prefix(outcome.error_text, kMaxErrorText))));
  return fail(ErrorCode::kDenied, fmt::format("the command {}{}{}", how_it_ended, said.empty() ? "" : ": ", said));
}

}  // namespace fa::aws
