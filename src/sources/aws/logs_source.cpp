#include "sources/aws/logs_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "base/text.h"
#include "sources/aws/logs_filter.h"
#include "sources/aws/logs_groups.h"
#include "sources/aws/logs_mining.h"
#include "sources/aws/logs_slices.h"

namespace fa {
namespace {

using logs::Group;
using logs::GroupVolume;
using logs::Period;

constexpr std::size_t kNamedGroups = 5;
/// Text of one FilterLogEvents page, by experience somewhat below the API's 1 MB.
constexpr double kPageBytes = 7e5;
/// Queries that mining takes over all bytes: patterns, failures over time, and some three for what stands out.
constexpr double kScansOfMining = 5;

/// Which group is read in which way.
struct Ways {
  std::vector<std::size_t> fetched;     ///< FilterLogEvents.
  std::vector<std::size_t> queried;     ///< All lines through Logs Insights (class INFREQUENT_ACCESS).
  std::vector<std::size_t> mined;       ///< By Logs Insights.
  std::vector<std::size_t> failures;    ///< Failing lines only: too much to query, and the class cannot be mined.
  std::vector<std::size_t> unreadable;  ///< Class DELIVERY holds nothing that can be asked for.
};

bool is_class(const Group& group, std::string_view log_class) { return group.info.log_class == log_class; }

class LogsSource final : public AwsSource {
 public:
  LogsSource(const AwsScope& scope, LogsSettings settings)
      : scope_(scope), settings_(std::move(settings)), periods_(logs::study_periods(scope.window, scope.baseline)) {}

  [[nodiscard]] std::string name() const override { return std::string(logs::kSourceName); }

  Result<CostEstimate> estimate(const Context& context) override {
    const logs::GroupChoice& choice = chosen(context);
    const logs::Volumes volumes = logs::estimate_volumes(scope_, settings_, choice.groups, periods_, false, context);
    const Ways ways = ways_of(choice.groups, volumes);
    const auto bytes_of = [&](const std::vector<std::size_t>& groups) {
      return std::accumulate(groups.begin(), groups.end(), 0.0,
                             [&](double sum, std::size_t g) { return sum + volumes.groups[g].total(); });
    };
    const double fetched = bytes_of(ways.fetched);
    const double scanned = bytes_of(ways.queried) + kScansOfMining * bytes_of(ways.mined) + 2 * bytes_of(ways.failures);
    const auto periods = static_cast<double>(periods_.size());
    const double calls = std::ceil(fetched / kPageBytes) +
                         periods * static_cast<double>(ways.fetched.size() + 20 * ways.mined.size()) +
                         10 * periods * static_cast<double>(ways.queried.size() + ways.failures.size());
    CostEstimate estimate;
    estimate.source = name();
    estimate.units[CostItem::kLogsApiCall] = calls;
    if (scanned > 0) estimate.units[CostItem::kLogsInsightsBytes] = scanned;
    estimate.bytes = static_cast<std::uint64_t>(fetched + scanned);
    estimate.calls = static_cast<std::uint64_t>(calls);
    for (const auto& [item, units] : estimate.units) {
      estimate.usd += units * scope_.cost.prices().price(item, scope_.region);
    }
    estimate.how = fmt::format("{} log groups; {}", choice.groups.size(), volumes.how);
    if (scanned > 0) {
      estimate.how +=
          fmt::format("; Logs Insights would scan about {}", format_bytes(static_cast<std::uint64_t>(scanned)));
    }
    return estimate;
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    const logs::GroupChoice& choice = chosen(context);
    for (const Gap& gap : choice.gaps) folder.add_gap(gap);
    if (choice.groups.empty()) return;
    const logs::Volumes volumes = logs::estimate_volumes(scope_, settings_, choice.groups, periods_, true, context);
    const Ways ways = ways_of(choice.groups, volumes);
    tell_ways(folder, choice.groups, volumes, ways);
    const logs::Work work{scope_, settings_, folder};
    logs::Hydrator hydrator(work);
    const auto run = [&](const std::vector<std::size_t>& which, const auto& how) {
      std::vector<const Group*> groups;
      std::vector<const GroupVolume*> bytes;
      for (const std::size_t g : which) {
        groups.push_back(&choice.groups[g]);
        bytes.push_back(&volumes.groups[g]);
      }
      if (!groups.empty()) how(groups, bytes);
    };
    run(ways.unreadable, [&](const auto& groups, const auto&) {
      for (const Group* group : groups) {
        folder.add_gap(
            {group->shown(), scope_.window,
             "The log group is of the class DELIVERY: its lines go on to where they are delivered and cannot "
             "be asked for in CloudWatch Logs.",
             "Read them at their destination (S3, Firehose)."});
      }
    });
    run(ways.fetched,
        [&](const auto& groups, const auto& bytes) { logs::fetch_all_events(work, groups, bytes, periods_, context); });
    run(ways.queried, [&](const auto& groups, const auto& bytes) {
      logs::fetch_rows(work, groups, bytes, periods_, false, hydrator, context);
    });
    run(ways.mined, [&](const auto& groups, const auto& bytes) {
      logs::mine_groups(work, groups, bytes, periods_, hydrator, context);
      logs::fetch_failure_counts(work, groups, bytes, periods_, "cloudwatch_logs/insights", context);
    });
    run(ways.failures, [&](const auto& groups, const auto& bytes) {
      logs::fetch_rows(work, groups, bytes, periods_, true, hydrator, context);
      logs::fetch_failure_counts(work, groups, bytes, periods_, "cloudwatch_logs/infrequent-access", context);
    });
    hydrator.finish();
  }

 private:
  /// Found once, for the estimate and for collecting; anew where something was missing, which may have been a passing
  /// fault or the estimate's own short deadline.
  const logs::GroupChoice& chosen(const Context& context) {
    const std::lock_guard lock(mutex_);
    if (!choice_ || !choice_->gaps.empty()) choice_ = logs::choose_groups(scope_, settings_, context);
    return *choice_;
  }

  /// The smallest groups are read whole until the volume for that is used up, so that one large group does not make
  /// all others coarse.
  [[nodiscard]] Ways ways_of(const std::vector<Group>& groups, const logs::Volumes& volumes) const {
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return volumes.groups[a].total() < volumes.groups[b].total();
    });
    Ways ways;
    double used = 0;
    for (const std::size_t g : order) {
      if (is_class(groups[g], "DELIVERY")) {
        ways.unreadable.push_back(g);
        continue;
      }
      const bool infrequent = is_class(groups[g], "INFREQUENT_ACCESS");
      used += volumes.groups[g].total();
      const bool small = used <= static_cast<double>(settings_.fetch_all_bytes);
      (small ? (infrequent ? ways.queried : ways.fetched) : (infrequent ? ways.failures : ways.mined)).push_back(g);
    }
    for (auto* list : {&ways.fetched, &ways.queried, &ways.mined, &ways.failures, &ways.unreadable}) {
      std::sort(list->begin(), list->end());
    }
    return ways;
  }

  void tell_ways(CollectedFolder& folder, const std::vector<Group>& groups, const logs::Volumes& volumes,
                 const Ways& ways) const {
    const auto names = [&](const std::vector<std::size_t>& which) {
      std::string text;
      for (std::size_t i = 0; i < which.size() && i < kNamedGroups; ++i) {
        text += (i == 0 ? "" : ", ") + visible(groups[which[i]].info.name);
      }
      if (which.size() > kNamedGroups) text += fmt::format(" and {} more", which.size() - kNamedGroups);
      return text;
    };
    std::string text = fmt::format("{} log groups: {}; up to {} are fetched line by line (aws.logs.fetch_all_bytes).",
                                   groups.size(), volumes.how, format_bytes(settings_.fetch_all_bytes));
    const auto add = [&](const std::vector<std::size_t>& which, std::string_view how) {
      if (!which.empty()) text += fmt::format(" {}: {}.", how, names(which));
    };
    add(ways.fetched, "Every line was asked for of");
    add(ways.queried, "Every line was asked for, through Logs Insights because of their class INFREQUENT_ACCESS, of");
    add(ways.mined, "Mined by Logs Insights, with what stands out fetched in full");
    add(ways.failures, "Failing lines only, since the class INFREQUENT_ACCESS cannot be mined, of");
    folder.add_note(name(), std::move(text));
  }

  const AwsScope& scope_;
  LogsSettings settings_;
  std::vector<Period> periods_;
  std::mutex mutex_;
  std::optional<logs::GroupChoice> choice_;
};

}  // namespace

std::unique_ptr<AwsSource> make_logs_source(const AwsScope& scope, LogsSettings settings) {
  return std::make_unique<LogsSource>(scope, std::move(settings));
}

}  // namespace fa
