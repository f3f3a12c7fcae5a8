#include "sources/aws/logs_filter.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>

#include "aws/services/pages.h"
#include "base/json.h"
#include "base/text.h"
#include "sources/aws/logs_origin.h"
#include "sources/aws/logs_slices.h"

namespace fa::logs {
namespace {

/// FilterLogEvents may be called 5 to 25 times a second, by region; a call takes some 200 ms.
constexpr std::size_t kThreads = 5;
/// Text of a slice: about ten pages of at most 1 MB.
constexpr double kSliceBytes = 8e6;
constexpr std::size_t kMostSlices = 64;
constexpr std::size_t kMostPages = 1'000;

struct Slice {
  std::size_t group = 0;
  std::size_t period = 0;
  TimeRange range;
  // What became of it:
  std::optional<Error> broken;
  TimePoint complete_until = kNoTime;  ///< Where `broken`: everything before was fetched.
};

class Fetch {
 public:
  Fetch(const Work& work, const std::vector<const Group*>& groups, const std::vector<Period>& periods,
        const Context& context)
      : work_(work), groups_(groups), periods_(periods), context_(context), closed_(groups.size()) {}

  void plan(const std::vector<const GroupVolume*>& volumes) {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t p = 0; p < periods_.size(); ++p) {
        const double wanted = std::clamp(volumes[g]->bytes[p] / kSliceBytes, 1.0, static_cast<double>(kMostSlices));
        for (const TimeRange& range : cut_slices(periods_[p].range, static_cast<std::size_t>(wanted))) {
          slices_.push_back({g, p, range, std::nullopt, range.begin});
        }
      }
    }
  }

  void run() {
    for_each_parallel(slices_.size(), kThreads, [&](std::size_t i) {
      Slice& slice = slices_[i];
      if (closed_[slice.group].load()) {
        slice.broken = Error{ErrorCode::kDenied, {}};  // said by the slice that found out
        return;
      }
      fetch(slice);
      // What no other slice of the group can mend needs no second refusal.
      if (slice.broken && (slice.broken->code == ErrorCode::kDenied || slice.broken->code == ErrorCode::kNotFound)) {
        closed_[slice.group].store(true);
      }
    });
    report();
  }

 private:
  void fetch(Slice& slice) {
    const Group& group = *groups_[slice.group];
    auto file = work_.folder.open(fmt::format("cloudwatch_logs/{}/{}.json", group.directory, range_name(slice.range)),
                                  CollectedFolder::Storage::kZstd);
    if (!file) {
      slice.broken = file.error();
      return;
    }
    bool any = false;
    auto ok = fetch_pages(slice, **file, any);
    if (!ok) slice.broken = ok.error();
    if (!any) return;
    if (auto committed = (*file)->commit(events_origin(work_.scope, group, slice.range)); !committed) {
      slice.broken = committed.error();
      slice.complete_until = slice.range.begin;
    }
  }

  Result<void> fetch_pages(Slice& slice, CollectedFile& file, bool& any) {
    const Group& group = *groups_[slice.group];
    aws::logs::FilterLogEvents request;
    request.group = group.identifier();
    request.range = slice.range;
    aws::PageGuard guard(kMostPages);
    while (true) {
      if (auto may = take_call(work_.scope); !may) return may;
      if (bytes_.load() > work_.scope.cost.limits().max_fetch_bytes) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{}: more than {} were fetched (aws.limits.max_fetch_bytes in the configuration)",
                                group.shown(), format_bytes(work_.scope.cost.limits().max_fetch_bytes)));
      }
      auto page = aws::logs::filter_log_events(work_.scope.client, request, context_);
      if (!page) return tl::unexpected(page.error());
      bytes_ += page->raw.size();
      const bool last = page->next_token.empty();
      if (page->events > 0 || (last && any)) {
        // Answers do not say which group they are of; readers take it from a document in front (inputs.md).
        if (!any) {
          const Json head{{"logGroupIdentifier", sanitize_utf8(group.info.arn)}, {"events", Json::array()}};
          if (auto ok = file.write(json_text(head) + "\n"); !ok) return ok;
        }
        any = true;
        if (auto ok = file.write(page->raw); !ok) return ok;
        if (auto ok = file.write("\n"); !ok) return ok;
      }
      // Events come in the order of their time; some of the last one's millisecond may be on the next page.
      if (page->last) slice.complete_until = std::max(slice.complete_until, *page->last);
      if (last) return {};
      if (const auto why = guard.refuse(page->next_token)) {
        return fail(
            ErrorCode::kUnavailable,
            fmt::format("CloudWatch Logs FilterLogEvents (log group {}) was ended: {}.", group.info.name, *why));
      }
      request.next_token = std::move(page->next_token);
      if (context_.stopped()) return fail(ErrorCode::kCancelled, "The time for collecting was over.");
    }
  }

  /// One gap for what is missing of a period for the same reason.
  void report() const {
    for (std::size_t i = 0; i < slices_.size();) {
      const Slice& first = slices_[i];
      std::optional<Error> why;
      TimeRange missing;
      std::size_t parts = 0;
      for (; i < slices_.size() && slices_[i].group == first.group && slices_[i].period == first.period; ++i) {
        const Slice& slice = slices_[i];
        if (!slice.broken) continue;
        if (!slice.broken->message.empty() && !why) why = slice.broken;
        if (parts++ == 0) missing.begin = slice.complete_until;
        missing.end = slice.range.end;
      }
      if (parts == 0) continue;
      if (!why) why = refusal_of(first.group);
      std::string text = why->message;
      if (parts > 1) text += fmt::format(" ({} parts of this time are missing)", parts);
      work_.folder.add_gap(
          {groups_[first.group]->shown(), missing, std::move(text), impact_of_missing(periods_[first.period])});
    }
  }

  /// What closed the group, where another slice found it out.
  [[nodiscard]] Error refusal_of(std::size_t group) const {
    for (const Slice& slice : slices_) {
      if (slice.group == group && slice.broken && !slice.broken->message.empty()) return *slice.broken;
    }
    return {};
  }

  const Work& work_;
  const std::vector<const Group*>& groups_;
  const std::vector<Period>& periods_;
  const Context& context_;
  std::vector<Slice> slices_;
  std::vector<std::atomic<bool>> closed_;
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace

void fetch_all_events(const Work& work, const std::vector<const Group*>& groups,
                      const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods,
                      const Context& context) {
  Fetch fetch(work, groups, periods, context);
  fetch.plan(volumes);
  fetch.run();
}

}  // namespace fa::logs
