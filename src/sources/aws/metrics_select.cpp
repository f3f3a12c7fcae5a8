#include "sources/aws/metrics_select.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "formats/aws_values.h"
#include "sources/aws/metrics_rules.h"

namespace fa {
namespace {

using aws::cloudwatch::Metric;

constexpr std::size_t kShortestName = 3;
/// Subsets of dimensions are looked up one by one; beyond this many dimensions only those that lack one.
constexpr std::size_t kMostDimensions = 6;

/// Words of descriptions that name no entity, though dimensions may contain them (`prod-orders`, `AlarmTopic`).
constexpr std::array kCommonWords = std::to_array<std::string_view>(
    {"alarm",    "alarms", "alert",      "and",    "api",       "app",      "application", "are",      "aws",
     "because",  "been",   "cluster",    "cpu",    "customers", "database", "default",     "down",     "elb",
     "error",    "errors", "fail",       "failed", "failing",   "fails",    "for",         "from",     "function",
     "had",      "has",    "have",       "high",   "http",      "increase", "incident",    "instance", "into",
     "issue",    "its",    "latency",    "load",   "low",       "memory",   "more",        "not",      "our",
     "prd",      "prod",   "production", "queue",  "rate",      "requests", "response",    "server",   "service",
     "services", "since",  "slow",       "some",   "stage",     "staging",  "started",     "state",    "table",
     "than",     "that",   "the",        "then",   "there",     "this",     "threshold",   "time",     "timeout",
     "timeouts", "too",    "users",      "was",    "were",      "when",     "with",        "www"});

bool is_common(std::string_view word) {
  return std::find(kCommonWords.begin(), kCommonWords.end(), word) != kCommonWords.end();
}

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Whether `part` stands in `whole` between two borders of words.
bool holds_word(std::string_view whole, std::string_view part) {
  for (std::size_t at = whole.find(part); at != std::string_view::npos; at = whole.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if ((at == 0 || !is_word_char(whole[at - 1])) && (end == whole.size() || !is_word_char(whole[end]))) return true;
  }
  return false;
}

/// What stands between slashes and colons of a value: `app/web/50dc6c495c0c9188`, parts of an ARN.
std::vector<std::string_view> components(std::string_view value) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] != '/' && value[i] != ':') continue;
    if (i > begin) parts.push_back(value.substr(begin, i - begin));
    begin = i + 1;
  }
  return parts;
}

/// Kinds of resources inside ARNs and load balancer names; they name nothing by themselves.
bool is_kind(std::string_view component) {
  return component == "app" || component == "net" || component == "targetgroup" || component == "loadbalancer" ||
         component == "service" || component == "function" || component == "table" || component == "log-group" ||
         component == "aws" || component == "ecs" || component == "eks" || component == "lambda" ||
         component == "rds" || component == "instance" || component == "cluster" || component == "containerinsights" ||
         component == "performance" || component == "application" || component == "*" || component == "arn";
}

/// The names inside what a user gave: itself, and of log groups, paths and ARNs the parts that name something.
void add_names(std::string_view given, std::set<std::string>& names) {
  const Arn arn = parse_arn(given);
  const std::string lower = to_lower(arn.resource.empty() ? given : arn.resource);
  std::string_view whole = lower;
  if (whole.size() >= kShortestName) names.emplace(whole);
  for (const std::string_view part : components(whole)) {
    if (part.size() >= kShortestName && !is_kind(part)) names.emplace(part);
  }
}

std::set<std::string> words_of_description(std::string_view text) {
  std::set<std::string> words;
  const std::string lower = to_lower(text);
  std::size_t begin = 0;
  const auto part_of_name = [](char c) { return is_word_char(c) || c == '-' || c == '_' || c == '.'; };
  for (std::size_t i = 0; i <= lower.size(); ++i) {
    if (i < lower.size() && part_of_name(lower[i])) continue;
    std::string_view word = std::string_view(lower).substr(begin, i - begin);
    begin = i + 1;
    while (!word.empty() && !is_word_char(word.back())) word.remove_suffix(1);
    while (!word.empty() && !is_word_char(word.front())) word.remove_prefix(1);
    const bool number = std::all_of(
        word.begin(), word.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; });
    if (word.size() >= kShortestName && !number && !is_common(word)) words.emplace(word);
  }
  return words;
}

using Dimensions = std::vector<std::pair<std::string, std::string>>;
/// Region, namespace, name, dimensions by name: what tells metrics apart, in the order of everything below.
using Key = std::tuple<std::string, std::string, std::string, Dimensions>;
using Keys = std::vector<Key>;  ///< Sorted, each once.

const std::string& space_of(const Key& key) { return std::get<1>(key); }
const std::string& name_of(const Key& key) { return std::get<2>(key); }
const Dimensions& dimensions_of(const Key& key) { return std::get<3>(key); }

Key key_of(std::string region, Metric metric) {
  std::sort(metric.dimensions.begin(), metric.dimensions.end());
  return {std::move(region), std::move(metric.metric_namespace), std::move(metric.name), std::move(metric.dimensions)};
}

Metric metric_of(const Key& key) { return {space_of(key), name_of(key), dimensions_of(key)}; }

bool contains(const Keys& keys, const Key& key) { return std::binary_search(keys.begin(), keys.end(), key); }

bool is_zone(std::string_view dimension) { return dimension == "AvailabilityZone" || dimension == "Availability Zone"; }

/// How many dimensions a metric has beyond the smallest set (of at least one) under which the same metric is listed.
std::size_t detail_of(const Key& whole, const Keys& all) {
  const Dimensions& dimensions = dimensions_of(whole);
  const std::size_t n = dimensions.size();
  if (n < 2) return 0;
  Key key = whole;
  Dimensions& subset = std::get<3>(key);
  std::size_t smallest = n;
  if (n > kMostDimensions) {
    for (std::size_t left_out = 0; left_out < n; ++left_out) {
      subset = dimensions;
      subset.erase(subset.begin() + static_cast<std::ptrdiff_t>(left_out));
      if (contains(all, key)) return 1;
    }
    return 0;
  }
  for (std::size_t mask = 1; mask + 1 < (std::size_t{1} << n); ++mask) {
    subset.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if ((mask >> i & 1U) != 0) subset.push_back(dimensions[i]);
    }
    if (subset.size() < smallest && contains(all, key)) smallest = subset.size();
  }
  return n - smallest;
}

/// Whether the metric is one zone's part of another that is listed too.
bool is_zone_of_whole(const Key& part, const Keys& all) {
  const Dimensions& dimensions = dimensions_of(part);
  if (std::none_of(dimensions.begin(), dimensions.end(), [](const auto& d) { return is_zone(d.first); })) return false;
  Key key = part;
  auto& rest = std::get<3>(key);
  std::erase_if(rest, [](const auto& dimension) { return is_zone(dimension.first); });
  return contains(all, key);
}

struct Candidate {
  const Key* key = nullptr;
  MetricRule rule;
  bool alarm = false;
  bool first = false;  ///< The alarm's own metric, before the others of metric math.
  int score = 0;
  int tier = 0;
  std::size_t detail = 0;
  int namespace_place = 0;
  std::size_t turn = 0;  ///< Place among the candidates of its namespace with equal score and tier.
};

auto standing(const Candidate& c) { return std::tuple(!c.first, !c.alarm, -c.score, c.tier); }

}  // namespace

EntityMatcher::EntityMatcher(const MetricsFocus& focus) {
  std::set<std::string> names;
  for (const std::string& entity : focus.entities) add_names(entity, names);
  if (focus.alarm) {
    for (const auto& [name, value] : focus.alarm->dimensions) {
      if (!is_zone(name)) add_names(value, names);
    }
  }
  for (const Metric& metric : focus.alarm_metrics) {
    for (const auto& [name, value] : metric.dimensions) {
      if (!is_zone(name)) add_names(value, names);
    }
  }
  names_.assign(names.begin(), names.end());
  const std::set<std::string> words = words_of_description(focus.description);
  words_.assign(words.begin(), words.end());
}

int EntityMatcher::score(const Metric& metric) const {
  int best = 0;
  for (const auto& [dimension, value] : metric.dimensions) {
    const std::string lower = to_lower(value);
    std::vector<std::string_view> parts = components(lower);
    parts.push_back(lower);
    const auto one_of = [](const std::vector<std::string>& sorted, std::string_view part) {
      return std::binary_search(sorted.begin(), sorted.end(), part);
    };
    for (const std::string_view part : parts) {
      if (one_of(names_, part)) return 3;
      if (one_of(words_, part)) best = std::max(best, 2);
    }
    for (const std::string& name : names_) {
      if (best < 2 && holds_word(lower, name)) best = 2;
    }
    for (const std::string& word : words_) {
      if (best < 1 && holds_word(lower, word)) best = 1;
    }
  }
  return best;
}

MetricsSelection select_metrics(std::vector<ListedMetric> listed, const MetricsFocus& focus,
                                const MetricsSettings& settings, const std::string& home) {
  Keys all;
  all.reserve(listed.size() + 1 + focus.alarm_metrics.size());
  // A metric is asked for with its dimensions in the order it was listed with: to AWS that is all one, but not to every
  // service that plays it.
  std::map<Key, Dimensions> as_listed;
  const auto keep_order = [&](const Key& key, Dimensions dimensions) {
    if (dimensions == dimensions_of(key)) return;
    const auto [known, is_new] = as_listed.try_emplace(key, dimensions);
    if (!is_new && dimensions < known->second) known->second = std::move(dimensions);
  };
  for (ListedMetric& one : listed) {
    Dimensions dimensions = one.metric.dimensions;
    all.push_back(key_of(std::move(one.region), std::move(one.metric)));
    keep_order(all.back(), std::move(dimensions));
  }
  const std::string& alarm_region = focus.alarm_region.empty() ? home : focus.alarm_region;
  std::set<Key> alarms;
  Key own_alarm;
  if (focus.alarm) {
    own_alarm = key_of(alarm_region, *focus.alarm);
    alarms.insert(own_alarm);
  }
  for (const Metric& metric : focus.alarm_metrics) alarms.insert(key_of(alarm_region, metric));
  all.insert(all.end(), alarms.begin(), alarms.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());

  MetricsSelection selection;
  selection.listed = all.size();
  const EntityMatcher matcher(focus);
  std::set<std::string> wanted;
  for (const std::string& name : settings.namespaces) wanted.insert(full_namespace(name));

  std::vector<Candidate> candidates;
  for (const Key& key : all) {
    Candidate c;
    c.key = &key;
    const Metric metric = metric_of(key);
    c.alarm = alarms.contains(key);
    c.first = focus.alarm && key == own_alarm;
    if (!c.alarm) {
      if (is_pointless(metric) || (!wanted.empty() && !wanted.contains(metric.metric_namespace))) continue;
      if (is_zone_of_whole(key, all)) continue;
    }
    c.rule = rule_for_metric(metric.metric_namespace, metric.name);
    c.namespace_place = namespace_rank(metric.metric_namespace);
    if (c.alarm && !focus.alarm_statistic.empty()) {
      std::erase(c.rule.statistics, focus.alarm_statistic);
      c.rule.statistics.insert(c.rule.statistics.begin(), focus.alarm_statistic);
    }
    c.score = matcher.score(metric);
    c.detail = detail_of(key, all);
    // A part comes after its whole; the sum over everything in the account says least of all.
    const bool account_wide = metric.dimensions.empty() && metric.metric_namespace.starts_with("AWS/");
    c.tier = c.rule.tier + (c.detail > 0 || account_wide ? 1 : 0);
    candidates.push_back(std::move(c));
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    const auto key = [](const Candidate& c) {
      return std::tuple_cat(standing(c), std::tuple(c.detail), std::tie(space_of(*c.key)), std::tuple(c.rule.place),
                            std::tie(*c.key));
    };
    return key(a) < key(b);
  });
  std::map<std::tuple<bool, bool, int, int, std::string>, std::size_t> turns;
  for (Candidate& c : candidates) c.turn = turns[std::tuple_cat(standing(c), std::tuple(space_of(*c.key)))]++;
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    const auto key = [](const Candidate& c) {
      return std::tuple_cat(standing(c), std::tuple(c.turn, c.namespace_place));
    };
    return key(a) < key(b);
  });

  std::map<std::string, std::uint64_t> left;
  for (const Candidate& c : candidates) {
    Metric metric = metric_of(*c.key);
    if (const auto found = as_listed.find(*c.key); found != as_listed.end()) metric.dimensions = found->second;
    for (const std::string& statistic : c.rule.statistics) {
      if (selection.series.size() >= settings.max_metrics) {
        ++selection.left_out;
        ++left[space_of(*c.key)];
        continue;
      }
      selection.series.push_back({std::get<0>(*c.key), metric, statistic});
      if (c.alarm || c.score > 0) ++selection.of_incident;
    }
  }
  selection.left_by_namespace.assign(left.begin(), left.end());
  std::stable_sort(selection.left_by_namespace.begin(), selection.left_by_namespace.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return selection;
}

std::size_t put_first(std::vector<ChosenSeries>& series, const std::vector<std::size_t>& chosen, std::size_t shown) {
  std::vector<bool> taken(series.size(), false);
  std::vector<ChosenSeries> order;
  order.reserve(series.size());
  for (const std::size_t index : chosen) {
    if (index >= std::min(shown, series.size()) || taken[index]) continue;
    taken[index] = true;
    order.push_back(series[index]);
  }
  const std::size_t ignored = chosen.size() - order.size();
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!taken[i]) order.push_back(std::move(series[i]));
  }
  series = std::move(order);
  return ignored;
}

}  // namespace fa
