#pragma once

#include <span>
#include <string_view>

namespace fa::insight {

/// What facts have to show before a rule says anything.
enum class AdviceNeed {
  kNearLimit,  ///< Saturation, or a limit that will be reached.
  kWorse,      ///< A trend, a shift or a comparison, the bad way, by a fifth or more.
  kHappens,    ///< The value is above 0 at all: throttles, evictions, dead letters.
  kIdle,       ///< A share in percent that stays below a fifth; said only where the question asks for tuning.
};

/// A rule for some metrics. The texts may hold `{0}`, which becomes the names of the resources. Sources: the services'
/// user guides on AWS ("Best practices", "Troubleshooting", "Quotas").
struct AdviceRule {
  std::string_view metric_namespace;
  std::string_view names;  ///< Of metrics, separated by spaces.
  AdviceNeed need;
  struct Words {
    std::string_view change;
    std::string_view effect;
    std::string_view risk;
  };
  Words english;
  Words japanese;
};

/// Computing, load balancing, networks.
[[nodiscard]] std::span<const AdviceRule> compute_advice_rules();
/// Databases, caches, queues, streams, storage.
[[nodiscard]] std::span<const AdviceRule> data_advice_rules();

}  // namespace fa::insight
