#include "sources/aws/logs_volume.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "aws/services/cloudwatch.h"
#include "aws/services/json_answer.h"
#include "aws/services/pages.h"
#include "base/text.h"

namespace fa::logs {
namespace {

/// Logs are stored with gzip level 6 (CloudWatch Logs API, storedBytes): repetitive ones shrink up to about this much.
constexpr double kMostCompression = 30;
/// storedBytes lags behind what was ingested; older data is surely in it.
constexpr auto kStoredLag = std::chrono::hours(48);
constexpr std::size_t kMostQueries = 500;  ///< Of one GetMetricData call.
constexpr std::size_t kMostMetricPages = 100;
constexpr std::size_t kSampleThreads = 4;
constexpr std::size_t kMostEmptyPages = 5;

/// Metrics are kept for 15 days by the minute, 63 days by five minutes, 455 days by the hour.
int metric_period(TimePoint begin, TimePoint now) {
  const auto age = now - begin;
  if (age <= std::chrono::hours(24 * 15)) return 60;
  return age <= std::chrono::hours(24 * 63) ? 300 : 3600;
}

class VolumeStudy {
 public:
  VolumeStudy(const AwsScope& scope, const std::vector<Group>& groups, const std::vector<Period>& periods,
              const Context& context)
      : scope_(scope), groups_(groups), periods_(periods), context_(context) {
    volumes_.groups.resize(groups.size());
    for (GroupVolume& volume : volumes_.groups) volume.bytes.assign(periods.size(), 0.0);
  }

  Volumes run(double limit, bool may_fetch) {
    if (settled_by_stored_bytes(limit)) return std::move(volumes_);
    for (std::size_t begin = 0; begin < groups_.size(); begin += kMostQueries) {
      const std::size_t end = std::min(groups_.size(), begin + kMostQueries);
      for (std::size_t p = 0; p < periods_.size(); ++p) ask_metric(begin, end, p);
    }
    if (may_fetch) {
      for_each_parallel(groups_.size(), kSampleThreads, [&](std::size_t g) {
        if (volumes_.groups[g].source == VolumeSource::kUnknown) sample(g);
      });
    }
    bound_unknown();
    describe();
    return std::move(volumes_);
  }

 private:
  bool settled_by_stored_bytes(double limit) {
    TimePoint last = kNoTime;
    for (const Period& period : periods_) last = std::max(last, period.range.end);
    const double bound = std::accumulate(groups_.begin(), groups_.end(), 0.0, [](double sum, const Group& group) {
      return sum + kMostCompression * static_cast<double>(group.info.stored_bytes);
    });
    if (bound > limit || last > scope_.clock.now() - kStoredLag) return false;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      volumes_.groups[g].source = VolumeSource::kStoredBytes;
      // Which part of it belongs to which period is not known: either may have it all.
      std::fill(volumes_.groups[g].bytes.begin(), volumes_.groups[g].bytes.end(),
                kMostCompression * static_cast<double>(groups_[g].info.stored_bytes) /
                    static_cast<double>(std::max<std::size_t>(periods_.size(), 1)));
    }
    volumes_.how = fmt::format(
        "all that the groups store (StoredBytes, compressed, of the whole retention) is at most "
        "{} of text",
        format_bytes(static_cast<std::uint64_t>(bound)));
    return true;
  }

  /// Sum of IncomingBytes of the groups [begin, end) over a period.
  void ask_metric(std::size_t begin, std::size_t end, std::size_t p) {
    const TimeRange range = periods_[p].range;
    aws::cloudwatch::GetMetricData request;
    request.range = range;
    const int period = metric_period(range.begin, scope_.clock.now());
    for (std::size_t g = begin; g < end; ++g) {
      aws::cloudwatch::DataQuery query;
      query.id = fmt::format("g{}", g);
      query.metric = {"AWS/Logs", "IncomingBytes", {{"LogGroupName", groups_[g].info.name}}};
      query.statistic = "Sum";
      query.period_seconds = period;
      request.queries.push_back(std::move(query));
    }
    const std::string source(kSourceName);
    if (!scope_.cost.reserve(CostItem::kMetricsRequested, static_cast<double>(end - begin), scope_.region, source)) {
      return;
    }
    aws::PageGuard guard(kMostMetricPages);
    while (true) {
      auto page = aws::cloudwatch::get_metric_data(scope_.client, request, context_);
      if (!page || !add_page(page->raw, p)) return;  // the first page of events decides then
      if (page->next_token.empty() || guard.refuse(page->next_token)) return;
      request.next_token = std::move(page->next_token);
    }
  }

  bool add_page(std::string body, std::size_t p) {
    const auto read = aws::JsonAnswer::read(body, [&](std::string_view key, aws::JsonValue& value) {
      if (key != "MetricDataResults") return key == "Messages" || key == "NextToken";
      value.each_item([&](aws::JsonValue& item) {
        std::string id;
        double sum = 0;
        bool any = false;
        item.each_field([&](std::string_view name, aws::JsonValue& field) {
          if (name == "Id") field.read(id);
          if (name != "Values") return;
          field.each_item([&](aws::JsonValue& number) {
            double bytes = 0;
            number.read(bytes);
            sum += bytes;
            any = true;
          });
        });
        if (any) count(id, sum, p);
      });
      return true;
    });
    return read.has_value();
  }

  void count(std::string_view id, double bytes, std::size_t p) {
    std::size_t g = 0;
    if (!id.starts_with('g')) return;
    const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), g);
    if (error != std::errc{} || end != id.data() + id.size() || g >= groups_.size()) return;
    // The metric of a linked account's group is not in this account; the same name here is another group.
    if (groups_[g].linked) return;
    volumes_.groups[g].bytes[p] += bytes;
    volumes_.groups[g].source = VolumeSource::kMetric;
  }

  void sample(std::size_t g) {
    if (groups_[g].info.log_class == "INFREQUENT_ACCESS" || groups_[g].info.log_class == "DELIVERY") return;
    GroupVolume& volume = volumes_.groups[g];
    for (std::size_t p = 0; p < periods_.size(); ++p) {
      aws::logs::FilterLogEvents request;
      request.group = groups_[g].identifier();
      request.range = periods_[p].range;
      double bytes = 0;
      for (std::size_t pages = 0; pages < kMostEmptyPages; ++pages) {
        if (!take_call(scope_)) return;
        auto page = aws::logs::filter_log_events(scope_.client, request, context_);
        if (!page) return;  // fetching will meet the same trouble and tell it
        if (page->events > 0) bytes += static_cast<double>(page->raw.size());
        if (page->next_token.empty()) break;
        if (page->last && page->events > 0) {
          const Nanoseconds seen =
              std::max<Nanoseconds>(*page->last - request.range.begin, std::chrono::milliseconds(1));
          bytes *=
              std::max(1.0, static_cast<double>(request.range.length().count()) / static_cast<double>(seen.count()));
          break;
        }
        request.next_token = std::move(page->next_token);
      }
      volume.bytes[p] = bytes;
    }
    volume.source = VolumeSource::kFirstPage;
  }

  /// What nothing else is known of cannot be more than all that is stored; of that, by time, the share of the period.
  void bound_unknown() {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      GroupVolume& volume = volumes_.groups[g];
      if (volume.source != VolumeSource::kUnknown) continue;
      const auto& info = groups_[g].info;
      const auto now = scope_.clock.now();
      Nanoseconds held = info.created ? now - *info.created : std::chrono::hours(24);
      if (info.retention_days) held = std::min<Nanoseconds>(held, std::chrono::hours(24) * *info.retention_days);
      held = std::max<Nanoseconds>(held, std::chrono::hours(1));
      for (std::size_t p = 0; p < periods_.size(); ++p) {
        const double share =
            std::min(1.0, static_cast<double>(periods_[p].range.length().count()) / static_cast<double>(held.count()));
        volume.bytes[p] = kMostCompression * static_cast<double>(info.stored_bytes) * share;
      }
    }
  }

  void describe() {
    std::size_t metric = 0;
    std::size_t page = 0;
    std::size_t unknown = 0;
    for (const GroupVolume& volume : volumes_.groups) {
      metric += volume.source == VolumeSource::kMetric ? 1U : 0U;
      page += volume.source == VolumeSource::kFirstPage ? 1U : 0U;
      unknown += volume.source == VolumeSource::kUnknown ? 1U : 0U;
    }
    std::string& how = volumes_.how;
    how = fmt::format("window and baseline hold about {} of text",
                      format_bytes(static_cast<std::uint64_t>(volumes_.total())));
    const auto add = [&](std::size_t groups, std::string_view what) {
      if (groups > 0)
        how += fmt::format("{} {} of {} log groups", how.ends_with("text") ? " by" : ", by", what, groups);
    };
    add(metric, "the metric IncomingBytes");
    add(page, "the first page of events");
    add(unknown, "StoredBytes, spread evenly over the retention,");
  }

  const AwsScope& scope_;
  const std::vector<Group>& groups_;
  const std::vector<Period>& periods_;
  const Context& context_;
  Volumes volumes_;
};

}  // namespace

double GroupVolume::total() const { return std::accumulate(bytes.begin(), bytes.end(), 0.0); }

double Volumes::total() const {
  return std::accumulate(groups.begin(), groups.end(), 0.0,
                         [](double sum, const GroupVolume& volume) { return sum + volume.total(); });
}

Volumes estimate_volumes(const AwsScope& scope, const LogsSettings& settings, const std::vector<Group>& groups,
                         const std::vector<Period>& periods, bool may_fetch, const Context& context) {
  return VolumeStudy(scope, groups, periods, context).run(static_cast<double>(settings.fetch_all_bytes), may_fetch);
}

}  // namespace fa::logs
