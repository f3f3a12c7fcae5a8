#include "insight/catalogue.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace fa::insight {
namespace {

std::vector<std::string> names_of(const Dimensions& dimensions) {
  std::vector<std::string> names;
  names.reserve(dimensions.size());
  for (const auto& [name, value] : dimensions) names.push_back(name);
  return names;
}

template <class T>
void sort_unique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

Catalogue::Catalogue(std::vector<CatalogueMetric> metrics) : metrics_(std::move(metrics)) {
  for (CatalogueMetric& metric : metrics_) std::sort(metric.dimensions.begin(), metric.dimensions.end());
  sort_unique(metrics_);
  std::map<std::tuple<std::string, std::string, std::vector<std::string>>, CatalogueGroup> groups;
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    const CatalogueMetric& metric = metrics_[i];
    CatalogueGroup& group = groups[{metric.region, metric.metric_namespace, names_of(metric.dimensions)}];
    group.metric_names.push_back(metric.name);
    group.resources.push_back(metric.dimensions);
    group.metrics.push_back(i);
  }
  groups_.reserve(groups.size());
  for (auto& [key, group] : groups) {
    std::tie(group.region, group.metric_namespace, group.dimension_names) = key;
    sort_unique(group.metric_names);
    sort_unique(group.resources);
    groups_.push_back(std::move(group));
  }
}

std::optional<std::size_t> Catalogue::find(const CatalogueMetric& metric) const {
  const auto at = std::lower_bound(metrics_.begin(), metrics_.end(), metric);
  if (at == metrics_.end() || *at != metric) return std::nullopt;
  return static_cast<std::size_t>(at - metrics_.begin());
}

}  // namespace fa::insight
