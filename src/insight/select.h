#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "insight/catalogue.h"

namespace fa::insight {

/// Why a question chose no metric.
enum class NothingChosen {
  kNo,           ///< It did choose.
  kSmallTalk,    ///< It asks for nothing that is measured.
  kUnknownName,  ///< It names something that is not here.
  kNoMetric,     ///< It names a service or a figure of which there are no metrics.
};

/// A figure that more resources have than an answer shows: CloudWatch can look for those that stand out itself.
struct MetricSearch {
  std::size_t like = 0;     ///< Index of one: all have its region, namespace, name and dimension names.
  std::size_t metrics = 0;  ///< How many there are; all of them fit the question.
  bool operator==(const MetricSearch&) const = default;
};

struct Selection {
  std::vector<std::size_t> metrics;  ///< Indexes into the catalogue, what answers best first; at most `most`.
  std::size_t left_out = 0;          ///< That fitted too, beyond `most`, and that no search covers.
  /// Where more fit than `most`: what may be searched for instead of its metrics one by one; best first.
  std::vector<MetricSearch> searches = {};
  NothingChosen nothing = NothingChosen::kNo;
  std::vector<std::string> unknown;  ///< Names of the question that nothing here has.
  bool wants_advice = false;         ///< It asks what to change.
};

[[nodiscard]] bool is_covered(const Catalogue& catalogue, const MetricSearch& search, std::size_t metric);

/// Metrics of an answer, at most.
inline constexpr std::size_t kMostSelected = 24;

/// Chooses the metrics an engineer would open for a question, by words alone: what it names (resources, services,
/// figures, symptoms) against what there is, under the set of dimensions that adds up rightly (a load balancer, not its
/// zones, unless they are asked for). `folded` is a question's text in lower case with usual widths. Without
/// `may_search` nothing is searched for, and what does not fit is left out. Deterministic and pure; docs/insight.md
/// says by which rules.
[[nodiscard]] Selection select_metrics(const Catalogue& catalogue, std::string_view folded,
                                       std::size_t most = kMostSelected, bool may_search = true);

}  // namespace fa::insight
