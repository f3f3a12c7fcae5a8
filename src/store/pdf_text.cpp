#include "store/pdf_text.h"

#include <fmt/core.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/child_process.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMostErrorBytes = 1000;

}  // namespace

Result<std::string> pdf_text(const std::filesystem::path& path, std::size_t most_bytes, const Context& context) {
  const std::string shown = path.string();
  const auto cannot = [&shown](int error) {
    if (error == ENOENT) {
      return fail(
          ErrorCode::kUnreadable,
          fmt::format("cannot read {}: pdftotext is not installed; install poppler-utils, or add the text itself",
                      shown));
    }
    return fail(ErrorCode::kUnreadable, fmt::format("cannot read {}: pdftotext does not start: {}", shown,
                                                    std::generic_category().message(error)));
  };
  std::error_code error;
  // An absolute path never begins with a dash, so it is no option.
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return cannot(error.value());
  ChildOutcome outcome = run_child(
      {"pdftotext", {"pdftotext", "-layout", "-enc", "UTF-8", absolute.string(), "-"}, most_bytes, kMostErrorBytes},
      context);
  switch (outcome.end) {
    case ChildEnd::kCannotRun:
      return cannot(outcome.code);
    case ChildEnd::kTimedOut:
    case ChildEnd::kStopped:
      return fail(ErrorCode::kCancelled, fmt::format("reading {} was stopped, or its time was up", shown));
    case ChildEnd::kOverLimit:
      return fail(ErrorCode::kLimit,
                  fmt::format("{} has more than {} of text; split it", shown, format_bytes(most_bytes)));
    case ChildEnd::kExited:
    case ChildEnd::kKilled:
      break;
  }
  if (outcome.succeeded()) return std::move(outcome.output);
  const std::string why(trim(visible(outcome.error_text)));
  return fail(ErrorCode::kUnreadable,
              fmt::format("cannot read {}: pdftotext says: {}; save it again as PDF, or add its text", shown,
                          why.empty() ? "nothing" : why));
}

}  // namespace fa
