#include "sources/aws/cloudtrail_source.h"

#include <fmt/core.h>

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "sources/aws/cloudtrail_lookup.h"
#include "sources/aws/cloudtrail_plan.h"
#include "sources/aws/s3_collector.h"

namespace fa {
namespace {

S3LogKind trail_kind() {
  S3LogKind kind;
  kind.service_folder = "CloudTrail";
  kind.noun = "CloudTrail log";
  kind.impact = kCloudTrailImpact;
  kind.target_folder = "cloudtrail";
  kind.format = Format::kCloudTrail;
  kind.parse = parse_cloudtrail_key;
  kind.organizations = true;
  kind.one_series = true;
  kind.interval = kDeliverySlack;
  kind.empty_reasons =
      "The trail may be stopped, cover other regions or accounts, or write under another prefix; files come some "
      "minutes "
      "late.";
  return kind;
}

std::vector<std::string> regions_of(const AwsScope& scope, const CloudTrailSettings& settings,
                                    const S3LogsSettings& bucket) {
  const std::string named = region_named(bucket);
  return change_regions(named.empty() ? scope.region : named, settings.regions);
}

class CloudTrailSource final : public AwsSource {
 public:
  CloudTrailSource(const AwsScope& scope, CloudTrailSettings settings) : scope_(scope), settings_(std::move(settings)) {
    ranges_ = change_ranges(scope.window, scope.baseline);
    for (const S3LogsSettings& bucket : settings_.buckets) {
      trails_.push_back(std::make_unique<S3LogCollector>(
          scope, bucket, trail_kind(), regions_of(scope, settings_, bucket), ranges_, "CloudTrail " + bucket.url));
    }
  }

  [[nodiscard]] std::string name() const override {
    if (trails_.empty()) return fmt::format("CloudTrail event history in {}", scope_.region);
    std::vector<std::string> urls;
    for (const S3LogsSettings& bucket : settings_.buckets) urls.push_back(bucket.url);
    return "CloudTrail " + listed(urls);
  }

  Result<CostEstimate> estimate(const Context& context) override {
    try {
      CostEstimate whole;
      whole.source = name();
      for (const auto& trail : trails_) {
        auto part = trail->estimate(context);
        if (!part) return part;
        for (const auto& [item, units] : part->units) whole.units[item] += units;
        whole.bytes += part->bytes;
        whole.calls += part->calls;
        whole.usd += part->usd;
        whole.how += (whole.how.empty() ? "" : "; ") + part->how;
      }
      if (trails_.empty()) {
        whole.calls = history_regions().size();
        whole.units[CostItem::kCloudTrailCall] = static_cast<double>(whole.calls);
        whole.how = "a call for each 50 changes of a region, at least one each; free of charge";
      }
      return whole;
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", name(), error.what()));
    }
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    try {
      collect_all(folder, context);
    } catch (const std::exception& error) {
      folder.add_gap(
          {name(), scope_.window, fmt::format("ended by an internal error: {}", error.what()), kCloudTrailImpact});
    }
  }

 private:
  [[nodiscard]] std::vector<std::string> history_regions() const {
    return change_regions(scope_.region, settings_.regions);
  }

  void collect_all(CollectedFolder& folder, const Context& context) {
    bool unreadable = true;
    for (const auto& trail : trails_) unreadable = trail->collect(folder, context).unreadable && unreadable;
    if (!unreadable || !settings_.event_history || context.stopped()) return;
    if (!trails_.empty()) {
      folder.add_note(name(), "No trail could be read: the event history was asked instead.");
    }
    collect_event_history(scope_, history_regions(), ranges_,
                          fmt::format("CloudTrail event history in {}", scope_.region), folder, context);
  }

  const AwsScope& scope_;
  CloudTrailSettings settings_;
  std::vector<TimeRange> ranges_;
  std::vector<std::unique_ptr<S3LogCollector>> trails_;
};

}  // namespace

std::unique_ptr<AwsSource> make_cloudtrail_source(const AwsScope& scope, CloudTrailSettings settings) {
  return std::make_unique<CloudTrailSource>(scope, std::move(settings));
}

}  // namespace fa
