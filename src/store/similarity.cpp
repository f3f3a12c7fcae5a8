#include "store/similarity.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fa {

FeatureWeights weights_of(const std::vector<IncidentFeature>& features) {
  FeatureWeights weights;
  for (const IncidentFeature& feature : features) {
    if (!std::isfinite(feature.weight) || feature.weight <= 0) continue;
    double& weight = weights[feature.name];
    weight = std::max(weight, feature.weight);
  }
  return weights;
}

std::vector<SimilarIncident> most_similar(const std::vector<IncidentFeature>& features, std::vector<PastIncident> past,
                                          std::size_t limit, double least) {
  std::map<std::string, double> having;
  for (const PastIncident& incident : past) {
    for (const IncidentFeature& feature : incident.features) having[feature.name] += 1;
  }
  const double count = static_cast<double>(past.size());
  const auto rarity = [&](const std::string& name) {
    const auto known = having.find(name);
    return std::log1p(count / (known == having.end() ? 1.0 : known->second));
  };
  const auto weighed = [&](const FeatureWeights& weights) {
    FeatureWeights vector;
    double square = 0;
    for (const auto& [name, weight] : weights) {
      const double value = weight * rarity(name);
      vector.emplace(name, value);
      square += value * value;
    }
    for (auto& [name, value] : vector) value = square > 0 ? value / std::sqrt(square) : 0;
    return vector;
  };

  const FeatureWeights wanted = weighed(weights_of(features));
  std::vector<SimilarIncident> found;
  for (PastIncident& incident : past) {
    std::vector<std::pair<double, std::string>> common;
    double cosine = 0;
    for (const auto& [name, value] : weighed(weights_of(incident.features))) {
      const auto same = wanted.find(name);
      if (same == wanted.end()) continue;
      cosine += value * same->second;
      common.emplace_back(value * same->second, name);
    }
    if (common.empty() || cosine < least) continue;
    std::sort(common.begin(), common.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    SimilarIncident alike;
    alike.similarity = std::min(cosine, 1.0);
    for (std::size_t i = 0; i < std::min<std::size_t>(common.size(), 5); ++i) alike.shared.push_back(common[i].second);
    alike.incident = std::move(incident);
    found.push_back(std::move(alike));
  }
  std::sort(found.begin(), found.end(), [](const SimilarIncident& a, const SimilarIncident& b) {
    if (a.similarity != b.similarity) return a.similarity > b.similarity;
    if (a.incident.window_begin != b.incident.window_begin) return a.incident.window_begin > b.incident.window_begin;
    return a.incident.id < b.incident.id;
  });
  if (found.size() > limit) found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
  return found;
}

}  // namespace fa
