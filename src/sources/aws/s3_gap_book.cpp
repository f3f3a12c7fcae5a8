#include "sources/aws/s3_gap_book.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace fa {

void S3GapBook::add(const std::string& what, const Error& error, TimeRange range) {
  const bool key_refused = error.message.find("kms:") != std::string::npos;
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[{error.code, error.reason, key_refused && error.reason == "AccessDenied"}];
  if (entry.count++ == 0) {
    entry.range = range;
  } else {
    entry.range = {std::min(entry.range.begin, range.begin), std::max(entry.range.end, range.end)};
  }
  if (entry.first.empty() || what < entry.first) {
    entry.first = what;
    entry.message = error.message;
  }
}

std::size_t S3GapBook::failures() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [cause, entry] : entries_) sum += entry.count;
  return sum;
}

void S3GapBook::write(CollectedFolder& folder, const std::string& source, const std::string& noun, std::size_t total,
                      const std::string& impact) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [cause, entry] : entries_) {
    std::string text;
    if (std::get<ErrorCode>(cause) == ErrorCode::kCancelled) {
      text = fmt::format(
          "{} of {} {}{} not read: the time for collecting was over (aws.deadline_seconds) or it was stopped",
          format_count(entry.count), format_count(total), noun, total == 1 ? " was" : "s were");
    } else if (entry.count == 1) {
      text = fmt::format("1 of {} {}{} could not be read: {}", format_count(total), noun, total == 1 ? "" : "s",
                         entry.message);
    } else {
      text = fmt::format("{} of {} {}s could not be read, all for the same reason; the first: {}",
                         format_count(entry.count), format_count(total), noun, entry.message);
    }
    if (text.find(entry.first) == std::string::npos) text += fmt::format(" ({})", entry.first);
    if (std::get<std::string>(cause) == "InvalidObjectState") {
      text += " Restore them (aws s3api restore-object) and collect again.";
    }
    folder.add_gap({source, entry.range, std::move(text), impact});
  }
}

}  // namespace fa
