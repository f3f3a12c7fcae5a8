#include "investigate/reread.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <string_view>

#include "sources/file/file_reader.h"

namespace fa {
namespace {

/// By the format's name (formats/reader.h); a format that is not listed may hold anything.
bool may_hold(std::string_view format, RereadScope::Records records) {
  constexpr std::string_view kLogs[] = {"otlp", "text", "cloudwatch-logs", "cloudwatch-logs-export"};
  constexpr std::string_view kAccess[] = {"alb", "alb-counts"};
  constexpr std::string_view kNeither[] = {"empty",           "unrecognised",       "cloudtrail",
                                           "cloudtrail-rows", "cloudwatch-metrics", "cloudwatch-metric-queries",
                                           "xray-traces",     "xray-summaries",     "xray-graph",
                                           "prometheus",      "csv-metrics",        "change-events"};
  const auto among = [&](std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), format) != names.end();
  };
  if (among(kNeither)) return false;
  return !among(records == RereadScope::Records::kLogs ? std::span<const std::string_view>(kAccess)
                                                       : std::span<const std::string_view>(kLogs));
}

/// The range of a coverage item includes its end.
bool overlaps(const TimeRange& seen, const std::vector<TimeRange>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const TimeRange& r) { return seen.begin < r.end && seen.end >= r.begin; });
}

std::vector<std::uint32_t> files_in_scope(const Study& study, const RereadScope& scope) {
  std::vector<std::uint32_t> files;
  const std::vector<CoverageItem>& coverage = study.digest.coverage;
  const bool undated = scope.undated && study.digest.logs.undated_records > 0;
  for (std::size_t i = 0; i < study.inputs.files.size(); ++i) {
    if (coverage.size() == study.inputs.files.size()) {
      const CoverageItem& c = coverage[i];
      if (!may_hold(c.format, scope.records)) continue;
      const bool dated = c.range.begin != kNoTime;
      if (dated && !undated && !scope.ranges.empty() && !overlaps(c.range, scope.ranges)) continue;
    }
    files.push_back(static_cast<std::uint32_t>(i));
  }
  return files;
}

/// Gives the sinks back in order, whoever is done first.
class InOrder {
 public:
  explicit InOrder(const TakeSink& take) : take_(take) {}

  void done(std::size_t place, std::uint32_t file, std::unique_ptr<TelemetrySink> sink) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(place, std::pair(file, std::move(sink)));
    for (auto it = waiting_.begin(); it != waiting_.end() && it->first == next_; it = waiting_.begin(), ++next_) {
      take_(it->second.first, *it->second.second);
      waiting_.erase(it);
    }
  }

 private:
  const TakeSink& take_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::pair<std::uint32_t, std::unique_ptr<TelemetrySink>>> waiting_;
};

}  // namespace

RereadAccount reread(const Study& study, const RereadScope& scope, const MakeSink& make, const TakeSink& take,
                     const Context& context) {
  const std::vector<std::uint32_t> files = files_in_scope(study, scope);
  InOrder results(take);
  RereadAccount account;
  std::mutex account_mutex;
  std::atomic<std::size_t> next{0};
  // Files are handed out one after the other, so that few finished ones wait for an earlier one.
  const auto work = [&] {
    for (std::size_t place = next++; place < files.size(); place = next++) {
      const InputFile& file = study.inputs.files[files[place]];
      std::unique_ptr<TelemetrySink> sink = make(files[place]);
      if (context.stopped()) {
        const std::lock_guard lock(account_mutex);
        account.stopped = true;
      } else {
        ReaderOptions options;
        options.path = file.name;
        options.reference_time = study.plan.reference_time;
        const FileOutcome outcome = read_input(file, options, *sink, context);
        const std::lock_guard lock(account_mutex);
        ++account.files;
        if (!outcome.gaps.empty()) {
          account.stopped = account.stopped || context.stopped();
          account.not_read.push_back(file.name);
        }
      }
      results.done(place, files[place], std::move(sink));
    }
  };
  tbb::task_arena arena;
  arena.execute([&] {
    const auto workers = std::min(files.size(), static_cast<std::size_t>(std::max(1, arena.max_concurrency())));
    tbb::parallel_for(std::size_t{0}, workers, [&](std::size_t) { work(); });
  });
  std::sort(account.not_read.begin(), account.not_read.end());
  return account;
}

}  // namespace fa
