#include "insight/select.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "insight/query_math.h"
#include "insight/select_candidates.h"

namespace fa::insight {
namespace {

/// Names that fit at most so much worse than the best one are meant as well.
constexpr double kFitTolerance = 0.25;
/// Of a resource's name at least so much must be said.
constexpr double kLeastFit = 0.3;

/// Fewer can be shown all.
constexpr std::size_t kLeastSearched = 12;
constexpr std::size_t kMostSearches = 6;
/// Whether there is a query for a search does not depend on its period.
constexpr int kAnyPeriod = 60;

/// What one SEARCH by schema and name looks for.
using SearchedFigure = std::tuple<std::string, std::string, std::string, std::vector<std::string>>;

SearchedFigure searched_figure(const CatalogueMetric& metric) {
  std::vector<std::string> dimensions;
  for (const auto& [name, value] : metric.dimensions) dimensions.push_back(name);
  return {metric.region, metric.metric_namespace, metric.name, std::move(dimensions)};
}

class Selector {
 public:
  Selector(const Catalogue& catalogue, std::string_view folded)
      : catalogue_(catalogue), folded_(folded), wanted_(read_wanted(catalogue, folded)) {}

  Selection run(std::size_t most, bool may_search) {
    Selection selection;
    selection.wants_advice = wanted_.wants_advice;
    selection.unknown = wanted_.names.unknown;
    if (wanted_.is_small_talk()) {
      selection.nothing = NothingChosen::kSmallTalk;
      return selection;
    }
    if (wanted_.names.fit.empty() && wanted_.metric_names.empty() && !wanted_.names.unknown.empty()) {
      selection.nothing = NothingChosen::kUnknownName;
      return selection;
    }
    std::vector<Candidate> found = find_candidates(catalogue_, wanted_, folded_);
    if (found.empty() && fall_back_to_overview()) found = find_candidates(catalogue_, wanted_, folded_);
    narrow_to_namespaces(found);
    include_balancers(found);
    narrow_to_names(found);
    narrow_to_named_targets(found);
    narrow_to_stage(found);
    narrow_dead_letters(found);
    narrow_to_what_is_said(found);
    narrow_dimensions(found);
    rank(found);
    for (const Candidate& one : found) {
      if (selection.metrics.size() < most) selection.metrics.push_back(one.index);
    }
    if (may_search && found.size() > most) selection.searches = find_searches(found);
    for (std::size_t i = selection.metrics.size(); i < found.size(); ++i) {
      const bool searched =
          std::any_of(selection.searches.begin(), selection.searches.end(),
                      [&](const MetricSearch& s) { return is_covered(catalogue_, s, found[i].index); });
      selection.left_out += searched ? 0 : 1;
    }
    if (found.empty()) selection.nothing = NothingChosen::kNoMetric;
    return selection;
  }

 private:
  [[nodiscard]] const CatalogueMetric& metric(const Candidate& one) const { return catalogue_.metrics()[one.index]; }
  /// A figure, wherever it is published.
  using Figure = std::tuple<std::string, std::string, std::string>;
  [[nodiscard]] Figure figure(const Candidate& one) const {
    return {metric(one).region, metric(one).metric_namespace, metric(one).name};
  }
  static std::string dimension_value(const CatalogueMetric& metric, std::string_view name) {
    for (const auto& [dimension, value] : metric.dimensions) {
      if (dimension == name) return value;
    }
    return {};
  }

  /// The figure asked for does not exist there: what does is shown instead, where a service or resource is named.
  bool fall_back_to_overview() {
    if (wanted_.names.fit.empty() && !wanted_.names_service()) return false;
    wanted_.signals = 0;
    wanted_.symptoms = symptom::kOverview;
    return true;
  }

  /// A namespace that is named is meant as a whole, unless the question also names something in it.
  static void narrow_to_namespaces(std::vector<Candidate>& found) {
    double best = 0;
    for (const Candidate& one : found) {
      if (one.namespace_fit > 0) best = std::max(best, one.fit);
    }
    if (best >= kLeastFit) return;
    for (Candidate& one : found) one.fit = std::max(one.fit, one.namespace_fit);
  }

  /// A load balancer's own figures belong to those of the target groups behind it that are named.
  void include_balancers(std::vector<Candidate>& found) const {
    std::map<std::string, double> fit_of_balancer;
    std::set<std::pair<std::string, std::string>> by_target;
    for (const Candidate& one : found) {
      const std::string balancer = dimension_value(metric(one), "LoadBalancer");
      if (balancer.empty() || dimension_value(metric(one), "TargetGroup").empty()) continue;
      by_target.emplace(balancer, metric(one).name);
      if (one.identity_dimension == "TargetGroup") {
        double& fit = fit_of_balancer[balancer];
        fit = std::max(fit, one.fit);
      }
    }
    for (Candidate& one : found) {
      const auto fit = fit_of_balancer.find(one.identity);
      if (one.identity_dimension != "LoadBalancer" || fit == fit_of_balancer.end()) continue;
      if (!by_target.contains({one.identity, metric(one).name})) one.fit = std::max(one.fit, fit->second);
    }
  }

  void narrow_to_names(std::vector<Candidate>& found) const {
    if (wanted_.names.fit.empty()) return;
    double best = 0;
    for (const Candidate& one : found) best = std::max(best, one.fit);
    if (best < kLeastFit) {
      // The names are of something else than the service that is asked for: its context, or nothing that is here.
      if (!wanted_.metric_names.empty()) return;
      if (!wanted_.names_service()) found.clear();
      std::erase_if(found, [](const Candidate& one) { return !one.service; });
      return;
    }
    std::erase_if(found, [&](const Candidate& one) { return one.fit < best - kFitTolerance; });
  }

  /// Where a target group is named, the others of its load balancer are not meant.
  void narrow_to_named_targets(std::vector<Candidate>& found) const {
    std::set<Figure> named;
    for (const Candidate& one : found) {
      if (one.identity_dimension == "TargetGroup" && one.fit > 0) named.insert(figure(one));
    }
    std::erase_if(found, [&](const Candidate& one) {
      return one.identity_dimension != "TargetGroup" && named.contains(figure(one)) &&
             !dimension_value(metric(one), "TargetGroup").empty();
    });
  }

  void narrow_to_stage(std::vector<Candidate>& found) const {
    const bool other = wanted_.stage == Stage::kOther;
    keep_where_any(found, [&](const Candidate& one) { return (one.stage == Stage::kOther) == other; });
  }

  void narrow_dead_letters(std::vector<Candidate>& found) const {
    const bool wanted = (wanted_.signals & signal::kDeadLetters) != 0;
    const bool any = std::any_of(found.begin(), found.end(), [&](const Candidate& one) {
      return one.identity_dimension == "QueueName" && one.dead_letters == wanted;
    });
    if (!any) return;
    std::erase_if(found, [&](const Candidate& one) {
      return one.identity_dimension == "QueueName" && one.dead_letters != wanted;
    });
  }

  /// A path or a zone that is named: others are not meant.
  static void narrow_to_what_is_said(std::vector<Candidate>& found) {
    keep_where_any(found, [](const Candidate& one) { return one.said; });
  }

  template <class Predicate>
  static void keep_where_any(std::vector<Candidate>& found, const Predicate& keep) {
    if (std::any_of(found.begin(), found.end(), keep)) {
      std::erase_if(found, [&](const Candidate& one) { return !keep(one); });
    }
  }

  /// Of one figure of one resource the set of dimensions that divides it least; of one figure the best kind of
  /// resource.
  void narrow_dimensions(std::vector<Candidate>& found) const {
    std::map<Figure, int> best_place;
    std::set<Figure> of_account;
    for (const Candidate& one : found) {
      const auto [at, fresh] = best_place.emplace(figure(one), one.place);
      if (!fresh) at->second = std::min(at->second, one.place);
      if (one.identity.empty() && is_account_limit(one)) of_account.insert(figure(one));
    }
    std::erase_if(found, [&](const Candidate& one) {
      // A limit of the account is looked at for the account.
      if (of_account.contains(figure(one))) return !one.identity.empty();
      return one.place > best_place[figure(one)] && !(one.identity.empty() && counts_for_account(one));
    });
    using FigureOfResource = std::tuple<Figure, std::string, std::string>;
    const auto resource = [&](const Candidate& one) {
      return FigureOfResource{figure(one), one.identity_dimension, one.identity};
    };
    std::map<FigureOfResource, int> least;
    for (const Candidate& one : found) {
      const auto [at, fresh] = least.emplace(resource(one), one.division);
      if (!fresh) at->second = std::min(at->second, one.division);
    }
    std::erase_if(found, [&](const Candidate& one) { return one.division > least[resource(one)]; });
  }

  [[nodiscard]] bool measures_concurrency(const Candidate& one) const {
    return (wanted_.signals & signal::kConcurrency) != 0 &&
           (meaning_of_metric(metric(one).metric_namespace, metric(one).name).signals & signal::kConcurrency) != 0;
  }
  [[nodiscard]] bool counts_for_account(const Candidate& one) const {
    return wanted_.words.whole_account || measures_concurrency(one);
  }
  [[nodiscard]] bool is_account_limit(const Candidate& one) const {
    return measures_concurrency(one) && wanted_.names.fit.empty() && !wanted_.words.each;
  }

  /// Those that answer best first; of equals one figure after the other, so that a limit cuts the least telling ones.
  static void rank(std::vector<Candidate>& found) {
    const auto front = [](const Candidate& one) { return one.service ? services()[*one.service].front : 0; };
    std::stable_sort(found.begin(), found.end(), [&](const Candidate& a, const Candidate& b) {
      return std::tuple(-a.answer, -front(a), -a.fit, a.index) < std::tuple(-b.answer, -front(b), -b.fit, b.index);
    });
  }

  /// Figures of many resources, all of which fit: a search finds neither more nor fewer.
  [[nodiscard]] std::vector<MetricSearch> find_searches(const std::vector<Candidate>& found) const {
    std::vector<MetricSearch> searches;
    std::map<SearchedFigure, std::size_t> fitting;
    for (const Candidate& one : found) ++fitting[searched_figure(metric(one))];
    std::map<SearchedFigure, std::size_t> listed;
    for (const CatalogueMetric& one : catalogue_.metrics()) {
      const SearchedFigure figure = searched_figure(one);
      if (fitting.contains(figure)) ++listed[figure];
    }
    for (const Candidate& one : found) {
      const auto at = fitting.find(searched_figure(metric(one)));
      if (at == fitting.end() || searches.size() == kMostSearches) continue;
      const MetricSearch search{one.index, at->second};
      const bool whole = at->second >= kLeastSearched && at->second == listed[at->first];
      // Names that the syntax cannot quote are not searched for: their metrics are left out, and said to be.
      if (whole && !metric(one).dimensions.empty() && search_query(catalogue_, search, kAnyPeriod)) {
        searches.push_back(search);
      }
      fitting.erase(at);  // Each figure once.
    }
    return searches;
  }

  const Catalogue& catalogue_;
  std::string_view folded_;
  Wanted wanted_;
};

}  // namespace

bool is_covered(const Catalogue& catalogue, const MetricSearch& search, std::size_t metric) {
  return searched_figure(catalogue.metrics()[metric]) == searched_figure(catalogue.metrics()[search.like]);
}

Selection select_metrics(const Catalogue& catalogue, std::string_view folded, std::size_t most, bool may_search) {
  return Selector(catalogue, folded).run(most, may_search);
}

}  // namespace fa::insight
