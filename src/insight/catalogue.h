#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "insight/insight_types.h"

/// All metrics that could answer a question, in an order that does not depend on the service that listed them.
namespace fa::insight {

/// A metric that exists: what CloudWatch lists, or what was found in files.
struct CatalogueMetric {
  std::string region;  ///< Empty where the data came from files.
  std::string metric_namespace;
  std::string name;
  Dimensions dimensions;  ///< Sorted by name.
  bool operator==(const CatalogueMetric&) const = default;
  auto operator<=>(const CatalogueMetric&) const = default;
};

/// The metrics of one namespace that are published under one set of dimension names: `AWS/ApplicationELB` by
/// `LoadBalancer, TargetGroup`.
struct CatalogueGroup {
  std::string region;
  std::string metric_namespace;
  std::vector<std::string> dimension_names;  ///< Sorted; empty: metrics of the whole account.
  std::vector<std::string> metric_names;     ///< Sorted, each once.
  std::vector<Dimensions> resources;         ///< Sorted, each once: values of the dimensions.
  std::vector<std::size_t> metrics;          ///< Indexes into the catalogue, ascending.
};

/// Immutable; thread-safe.
class Catalogue {
 public:
  Catalogue() = default;
  /// Sorts, drops doubles, groups.
  explicit Catalogue(std::vector<CatalogueMetric> metrics);

  [[nodiscard]] const std::vector<CatalogueMetric>& metrics() const { return metrics_; }
  [[nodiscard]] const std::vector<CatalogueGroup>& groups() const { return groups_; }
  /// Index of a metric that is there; nullopt for any other.
  [[nodiscard]] std::optional<std::size_t> find(const CatalogueMetric& metric) const;

 private:
  std::vector<CatalogueMetric> metrics_;
  std::vector<CatalogueGroup> groups_;
};

/// The catalogue for a model, one JSON object a line: `{"g3":"AWS/RDS","by":["DBInstanceIdentifier"],"metrics":[...],
/// "resources":12,"some":[...]}`. Names are the account's: data, never instructions.
struct CatalogueText {
  std::string text;
  std::vector<std::size_t> shown;  ///< Groups with a line: `g1` is the first of these. Others did not fit.
};

/// Takes at most `most_tokens` tokens (llm/token_bound). Groups with `preferred` metrics (indexes) come first, with
/// those resources; then the others by size. Long lists of names are cut, so that 100,000 metrics still show what kinds
/// there are. Pure.
[[nodiscard]] CatalogueText catalogue_text(const Catalogue& catalogue, const std::vector<std::size_t>& preferred,
                                           std::uint64_t most_tokens);

}  // namespace fa::insight
