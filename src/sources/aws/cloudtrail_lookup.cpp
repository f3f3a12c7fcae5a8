#include "sources/aws/cloudtrail_lookup.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "aws/services/cloudtrail.h"
#include "aws/services/pages.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "sources/aws/cloudtrail_plan.h"

namespace fa {
namespace {

/// 10,000 events; at two calls a second nobody waits for more.
constexpr std::size_t kMostLookupPages = 200;
constexpr auto kBetweenCalls = std::chrono::milliseconds(500);
constexpr auto kKept = std::chrono::days(90);

class RegionHistory {
 public:
  RegionHistory(const AwsScope& scope, std::string region, std::string source, CollectedFolder& folder)
      : scope_(scope), region_(std::move(region)), source_(std::move(source)), folder_(folder) {}

  /// `ranges`: latest first. Returns how many events were had.
  std::uint64_t run(const std::vector<TimeRange>& ranges, const Context& context) {
    aws::PageGuard guard(kMostLookupPages);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      if (auto ok = read(ranges[i], guard, context); !ok) {
        tell(ok.error(), ranges, i);
        break;
      }
    }
    if (file_) {
      const TimeRange all{ranges.back().begin, ranges.front().end};
      if (auto ok = file_->commit(
              {"cloudtrail", scope_.account, region_, "event history", "ReadOnly=false", all, reproduce(all)});
          !ok) {
        folder_.add_gap({source_, all, ok.error().message, kCloudTrailImpact});
        return 0;
      }
    }
    return events_;
  }

 private:
  Result<void> read(const TimeRange& range, aws::PageGuard& guard, const Context& context) {
    oldest_ = range.end;
    std::string token;
    for (;;) {
      if (auto ok = pace(context); !ok) return ok;
      if (auto ok = scope_.cost.reserve(CostItem::kCloudTrailCall, 1, region_, source_); !ok) return ok;
      const auto page = aws::cloudtrail::lookup_events(scope_.client, region_, range, token, context);
      if (!page) return tl::unexpected(page.error());
      if (page->events > 0) {
        if (auto ok = store(page->raw); !ok) return ok;
        events_ += page->events;
        if (const TimePoint time = oldest_event_time(page->raw); time != kNoTime) oldest_ = std::min(oldest_, time);
      }
      token = page->next_token;
      if (token.empty()) return {};
      if (const auto why = guard.refuse(token)) {
        return fail(ErrorCode::kLimit, fmt::format("the list of events was not read to its end: {}", *why));
      }
    }
  }

  /// Two calls a second is what the service takes of an account in a region.
  Result<void> pace(const Context& context) {
    const TimePoint now = scope_.clock.now();
    const Nanoseconds since = called_ == kNoTime ? Nanoseconds(kBetweenCalls) : now - called_;
    const bool going =
        since >= kBetweenCalls || scope_.sleeper.sleep(kBetweenCalls - std::max(since, Nanoseconds(0)), context);
    if (!going || context.stopped()) {
      return fail(ErrorCode::kCancelled, "the time for collecting was over (aws.deadline_seconds) or it was stopped");
    }
    called_ = scope_.clock.now();
    return {};
  }

  Result<void> store(const std::string& answer) {
    if (!file_) {
      const std::string name = fmt::format("cloudtrail/event-history-{}{}{}.json", scope_.account,
                                           scope_.account.empty() ? "" : "-", region_);
      auto file = folder_.open(name, CollectedFolder::Storage::kZstd);
      if (!file) return tl::unexpected(file.error());
      file_ = std::move(*file);
    } else if (auto ok = file_->write("\n"); !ok) {
      return ok;
    }
    return file_->write(answer);
  }

  void tell(const Error& error, const std::vector<TimeRange>& ranges, std::size_t reached) {
    // Newest first: what lies before the oldest event that came is missing.
    const TimeRange missing{ranges.back().begin, std::max(oldest_, ranges[reached].begin)};
    folder_.add_gap({source_, missing, fmt::format("{}: {}", region_, error.message), kCloudTrailImpact});
  }

  [[nodiscard]] std::string reproduce(const TimeRange& range) const {
    return fmt::format(
        "aws cloudtrail lookup-events --region {} --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false "
        "--start-time {} --end-time {}",
        shell_word(region_), format_rfc3339(range.begin), format_rfc3339(range.end));
  }

  const AwsScope& scope_;
  std::string region_;
  std::string source_;
  CollectedFolder& folder_;
  std::unique_ptr<CollectedFile> file_;
  std::uint64_t events_ = 0;
  TimePoint oldest_ = kNoTime;
  TimePoint called_ = kNoTime;
};

}  // namespace

void collect_event_history(const AwsScope& scope, const std::vector<std::string>& regions,
                           const std::vector<TimeRange>& ranges, const std::string& source, CollectedFolder& folder,
                           const Context& context) {
  const TimePoint kept_from = scope.clock.now() - kKept;
  std::vector<TimeRange> kept;
  for (TimeRange range : ranges) {
    if (range.begin < kept_from) {
      const TimeRange lost{range.begin, std::min(range.end, kept_from)};
      folder.add_gap({source, lost,
                      "The event history of CloudTrail holds 90 days; this is older. A trail in S3 may hold it.",
                      kCloudTrailImpact});
      range.begin = std::min(range.end, kept_from);
    }
    if (!range.empty()) kept.push_back(range);
  }
  if (kept.empty()) return;
  std::reverse(kept.begin(), kept.end());
  std::vector<std::uint64_t> events(regions.size());
  for_each_parallel(regions.size(), regions.size(), [&](std::size_t i) {
    events[i] = RegionHistory(scope, regions[i], source, folder).run(kept, context);
  });
  std::string counts;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    counts += fmt::format("{}{} in {}", i == 0 ? "" : ", ", format_count(events[i]), regions[i]);
  }
  folder.add_note(source, fmt::format("Changes from the event history of management events that write, back to {}: {}.",
                                      format_rfc3339(kept.back().begin), counts));
}

}  // namespace fa
