#include "sources/aws/metrics_listing.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "aws/endpoint.h"
#include "aws/services/pages.h"
#include "base/hash.h"
#include "sources/aws/metrics_rules.h"

namespace fa {
namespace {

using std::chrono::hours;

constexpr std::size_t kMostListPages = 400;           ///< 200,000 metrics of all namespaces together.
constexpr std::size_t kMostPagesOfOneNamespace = 60;  ///< Where all together were too many.
constexpr int kMostRepeatedLists = 3;                 ///< In a row, with nothing that was not listed before.
constexpr std::size_t kListThreads = 6;               ///< ListMetrics allows 25 calls a second.

/// One listing to be made.
struct Request {
  std::string region;
  std::string metric_namespace;  ///< Empty: all.
  std::size_t most_pages = kMostListPages;
  bool cloudfront_scope = false;  ///< Only what is not tied to a region.
};

struct Answer {
  std::vector<ListedMetric> metrics;
  std::optional<Gap> gap;
  bool too_many = false;
};

/// Web ACLs of CloudFront are the only ones without a Region dimension.
bool has_region(const aws::cloudwatch::Metric& metric) {
  return std::any_of(metric.dimensions.begin(), metric.dimensions.end(),
                     [](const auto& dimension) { return dimension.first == "Region"; });
}

std::uint64_t hash_of(const aws::cloudwatch::Metric& metric) {
  std::uint64_t hash = stable_hash(metric.name, stable_hash(metric.metric_namespace));
  for (const auto& [name, value] : metric.dimensions) hash = stable_hash(value, stable_hash(name, hash));
  return hash;
}

std::string shown(const Request& request) {
  return request.metric_namespace.empty() ? "all namespaces" : request.metric_namespace;
}

Answer list_one(const AwsScope& scope, const Request& request, bool recently_active, const std::string& source,
                const Context& context) {
  Answer answer;
  aws::PageGuard guard(request.most_pages);
  aws::cloudwatch::ListMetrics call;
  call.region = request.region;
  call.metric_namespace = request.metric_namespace;
  call.recently_active = recently_active;
  const auto give_up = [&](const std::string& why) {
    answer.gap = Gap{source,
                     {},
                     fmt::format("{} in {}: {}", shown(request), request.region, why),
                     answer.metrics.empty() ? "Which metrics there are is not known, so none of these were fetched."
                                            : "Metrics that were not listed were not fetched."};
  };
  std::set<std::uint64_t> seen;
  int repeated = 0;
  while (true) {
    if (auto ok = scope.cost.reserve(CostItem::kCloudWatchApiCall, 1, request.region, source); !ok) {
      give_up(ok.error().message);
      return answer;
    }
    auto page = aws::cloudwatch::list_metrics(scope.client, call, context);
    if (!page) {
      give_up(page.error().message);
      return answer;
    }
    bool fresh = page->metrics.empty();
    for (auto& metric : page->metrics) {
      if (!seen.insert(hash_of(metric)).second) continue;
      fresh = true;
      if (request.cloudfront_scope && has_region(metric)) continue;
      answer.metrics.push_back({request.region, std::move(metric)});
    }
    if (page->next_token.empty()) return answer;
    repeated = fresh ? 0 : repeated + 1;
    if (repeated == kMostRepeatedLists) {
      give_up("the service repeats its pages");
      return answer;
    }
    if (const auto why = guard.refuse(page->next_token)) {
      answer.too_many = guard.pages() >= request.most_pages;
      give_up(*why);
      return answer;
    }
    call.next_token = page->next_token;
  }
}

/// Global services of the region's partition that report elsewhere.
std::vector<Request> global_requests(const std::string& region) {
  const aws::Partition& partition = aws::partition_of(region);
  std::vector<Request> requests;
  if (partition.name == "aws" && region != "us-east-1") {
    for (const char* name : {"AWS/CloudFront", "AWS/Route53", "AWS/DDoSProtection"}) {
      requests.push_back({"us-east-1", name, kMostPagesOfOneNamespace, false});
    }
    requests.push_back({"us-east-1", "AWS/WAFV2", kMostPagesOfOneNamespace, true});
  }
  if (partition.name == "aws" && region != "us-west-2") {
    requests.push_back({"us-west-2", "AWS/GlobalAccelerator", kMostPagesOfOneNamespace, false});
  }
  if (partition.name == "aws-cn" && region != "cn-northwest-1") {
    requests.push_back({"cn-northwest-1", "AWS/CloudFront", kMostPagesOfOneNamespace, false});
  }
  return requests;
}

std::vector<Request> requests_of(const std::string& region, const MetricsSettings& settings, bool global) {
  std::vector<Request> requests;
  std::set<std::string> wanted;
  for (const std::string& name : settings.namespaces) wanted.insert(full_namespace(name));
  if (wanted.empty()) requests.push_back({region, "", kMostListPages, false});
  for (const std::string& name : wanted) requests.push_back({region, name, kMostListPages, false});
  if (!global) return requests;
  for (Request& request : global_requests(region)) {
    if (wanted.empty() || wanted.contains(request.metric_namespace)) requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace

MetricsListing list_all_metrics(const AwsScope& scope, const MetricsSettings& settings, bool global,
                                const std::string& source, const Context& context) {
  MetricsListing listing;
  const TimePoint oldest =
      scope.baseline.empty() ? scope.window.begin : std::min(scope.window.begin, scope.baseline.begin);
  listing.recently_active = oldest >= scope.clock.now() - hours(3);
  std::vector<Request> requests = requests_of(scope.region, settings, global);
  const auto run = [&] {
    std::vector<Answer> answers(requests.size());
    for_each_parallel(requests.size(), kListThreads, [&](std::size_t i) {
      answers[i] = list_one(scope, requests[i], listing.recently_active, source, context);
    });
    std::vector<Request> again;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      auto& metrics = answers[i].metrics;
      std::move(metrics.begin(), metrics.end(), std::back_inserter(listing.metrics));
      if (answers[i].gap) listing.gaps.push_back(std::move(*answers[i].gap));
      // The order of a listing is the service's affair: what matters most may stand behind the end. It is asked for by
      // name then; doubles are sorted out when choosing.
      if (answers[i].too_many && requests[i].metric_namespace.empty()) {
        for (const std::string& name : known_namespaces()) {
          again.push_back({requests[i].region, name, kMostPagesOfOneNamespace, false});
        }
      }
    }
    requests = std::move(again);
  };
  run();
  if (!requests.empty() && !context.stopped()) {
    listing.gaps.back().impact =
        "Metrics of AWS's own services were listed by namespace instead; of other namespaces only a part is known. "
        "Name "
        "those that matter in aws.metrics.namespaces.";
    run();
  }
  return listing;
}

}  // namespace fa
