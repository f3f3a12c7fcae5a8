#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "insight/catalogue.h"
#include "llm/data_fence.h"
#include "llm/token_bound.h"

namespace fa::insight {
namespace {

constexpr std::size_t kMostNameBytes = 120;
constexpr std::size_t kMostMetricNames = 40;
constexpr std::size_t kMostResources = 8;
constexpr std::size_t kMostPreferredResources = 24;

std::string short_name(std::string_view text) { return sanitize_utf8(utf8_prefix(text, kMostNameBytes)); }

/// Values in the order of the group's dimension names, `a|b`.
std::string resource_text(const Dimensions& dimensions) {
  std::string text;
  for (const auto& [name, value] : dimensions) text += (text.empty() ? "" : "|") + short_name(value);
  return text;
}

std::string group_line(const CatalogueGroup& group, const std::set<std::string>& preferred, const std::string& id,
                       std::size_t most_names, std::size_t most_resources) {
  Json line = Json::object();
  line[id] = short_name(group.metric_namespace);
  if (!group.region.empty()) line["region"] = short_name(group.region);
  Json by = Json::array();
  for (const std::string& name : group.dimension_names) by.push_back(short_name(name));
  line["by"] = std::move(by);
  Json names = Json::array();
  for (const std::string& name : group.metric_names) {
    if (names.size() == most_names) break;
    names.push_back(short_name(name));
  }
  line["metrics"] = std::move(names);
  if (group.metric_names.size() > most_names) line["further_metrics"] = group.metric_names.size() - most_names;
  if (group.dimension_names.empty()) return llm::fenced_line(json_text(line));
  Json some = Json::array();
  for (const std::string& text : preferred) {
    if (some.size() < kMostPreferredResources) some.push_back(text);
  }
  for (const Dimensions& resource : group.resources) {
    if (some.size() >= most_resources) break;
    std::string text = resource_text(resource);
    if (!preferred.contains(text)) some.push_back(std::move(text));
  }
  const std::size_t shown = some.size();
  if (shown > 0) line["resources"] = std::move(some);
  if (group.resources.size() > shown) line["further_resources"] = group.resources.size() - shown;
  return llm::fenced_line(json_text(line));
}

}  // namespace

CatalogueText catalogue_text(const Catalogue& catalogue, const std::vector<std::size_t>& preferred,
                             std::uint64_t most_tokens) {
  const auto& groups = catalogue.groups();
  std::vector<std::set<std::string>> resources(groups.size());
  std::vector<std::size_t> order;
  const std::set<std::size_t> wanted(preferred.begin(), preferred.end());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t metric : groups[g].metrics) {
      if (!wanted.empty() && wanted.contains(metric))
        resources[g].insert(resource_text(catalogue.metrics()[metric].dimensions));
    }
    order.push_back(g);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (resources[a].empty() != resources[b].empty()) return resources[b].empty();
    return groups[a].metrics.size() > groups[b].metrics.size();
  });
  // All groups as short as need be, before any of them at length.
  struct Brevity {
    std::size_t names;
    std::size_t resources;
  };
  CatalogueText out;
  for (const Brevity& brevity : {Brevity{kMostMetricNames, kMostResources}, Brevity{kMostMetricNames, 2},
                                 Brevity{kMostMetricNames / 2, 0}, Brevity{kMostMetricNames / 5, 0}, Brevity{3, 0}}) {
    out = {};
    std::uint64_t tokens = 0;
    for (const std::size_t g : order) {
      const std::string line = group_line(groups[g], resources[g], "g" + std::to_string(out.shown.size() + 1),
                                          brevity.names, brevity.resources);
      tokens += llm::token_bound(line);
      if (tokens > most_tokens) break;
      out.text += line;
      out.shown.push_back(g);
    }
    if (out.shown.size() == groups.size()) break;
  }
  return out;
}

}  // namespace fa::insight
