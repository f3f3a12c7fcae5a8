#include "insight/select_candidates.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace fa::insight {
namespace {

/// What a name counts for a metric that it only contains: a cluster for its services.
constexpr double kContainerShare = 0.5;
/// A name that is said as a whole.
constexpr double kWholeName = 0.99;

class CandidateFinder {
 public:
  CandidateFinder(const Catalogue& catalogue, const Wanted& wanted, std::string_view folded)
      : catalogue_(catalogue), wanted_(wanted), folded_(folded), named_elsewhere_(is_named_elsewhere()) {}

  std::vector<Candidate> run() {
    std::vector<Candidate> found;
    for (const CatalogueGroup& group : catalogue_.groups()) {
      const auto service = service_of_namespace(group.metric_namespace);
      if (!service_wanted(service)) continue;
      std::map<std::string_view, int> answer_of;
      for (const std::string& name : group.metric_names) {
        answer_of[name] = answers(wanted_, group.metric_namespace, name);
      }
      for (const std::size_t index : group.metrics) {
        const int answer = answer_of[catalogue_.metrics()[index].name];
        if (answer > 0) found.push_back(describe(index, answer, service));
      }
    }
    return found;
  }

 private:
  [[nodiscard]] bool in(ServiceSet set, std::optional<std::size_t> service) const {
    return service && (set >> *service & 1U) != 0;
  }

  /// `queue length of vol-0a1b...`: a whole name says more than a word that also names a service, if it has none such.
  [[nodiscard]] bool is_named_elsewhere() const {
    if (wanted_.words.services == 0 || wanted_.names.fit.empty()) return false;
    bool elsewhere = false;
    for (const CatalogueGroup& group : catalogue_.groups()) {
      const bool meant = in(wanted_.words.services, service_of_namespace(group.metric_namespace));
      for (const Dimensions& resource : group.resources) {
        for (const auto& [dimension, value] : resource) {
          if (fit_of(dimension, value) < kWholeName) continue;
          if (meant) return false;
          elsewhere = true;
        }
      }
    }
    return elsewhere;
  }

  [[nodiscard]] bool service_wanted(std::optional<std::size_t> service) const {
    const bool names_resource = !wanted_.names.fit.empty();
    if (!wanted_.metric_names.empty() && !wanted_.names_service()) return true;
    if (wanted_.names_service() && !named_elsewhere_) {
      return in(wanted_.words.services, service) || (!service && names_resource);
    }
    if (names_resource) return true;
    if (wanted_.words.weak_services != 0) return in(wanted_.words.weak_services, service);
    if (asks_for_front()) return service && services()[*service].front > 0;
    return true;
  }

  /// Nothing is named, and what is asked for exists everywhere: what users meet is meant.
  [[nodiscard]] bool asks_for_front() const {
    using namespace signal;
    constexpr Signals kEverywhere =
        kLatency | kErrors | kServerErrors | kClientErrors | kTraffic | kTimeouts | kReads | kWrites;
    return wanted_.words.user_facing || (wanted_.signals & ~kEverywhere) == 0;
  }

  [[nodiscard]] double fit_of(std::string_view dimension, std::string_view value) const {
    const auto found = wanted_.names.fit.find(ResourceNameOrder::View(dimension, value));
    return found == wanted_.names.fit.end() ? 0.0 : found->second;
  }

  [[nodiscard]] Candidate describe(std::size_t index, int answer, std::optional<std::size_t> service) const {
    const CatalogueMetric& metric = catalogue_.metrics()[index];
    Candidate one;
    one.index = index;
    one.answer = answer;
    one.service = service;
    if (!service) one.namespace_fit = fit_of({}, metric.metric_namespace);
    set_identity(metric, one);
    for (const auto& [dimension, value] : metric.dimensions) {
      for (const std::string& part : name_parts(value)) {
        const Stage stage = stage_of_word(part);
        if (one.stage == Stage::kNone) one.stage = stage;
        if (dimension == "QueueName" && is_one_of(part, {"dlq", "deadletter", "dead"})) one.dead_letters = true;
      }
      if (dimension == one.identity_dimension) continue;
      one.division += division_by(dimension, value);
      if (!names_a_resource(dimension) && is_telling(value) && says(value)) one.said = true;
    }
    return one;
  }

  /// The resource it is of: the one the question names, else the main dimension of its service.
  void set_identity(const CatalogueMetric& metric, Candidate& one) const {
    std::vector<std::string_view> main;
    if (one.service) main = services()[*one.service].main_dimensions;
    one.place = static_cast<int>(main.size()) + 1;
    for (const auto& [dimension, value] : metric.dimensions) {
      if (!names_a_resource(dimension)) continue;
      const int place = static_cast<int>(std::find(main.begin(), main.end(), dimension) - main.begin());
      if (place < one.place) {
        one.place = place;
        one.identity_dimension = dimension;
        one.identity = value;
      }
    }
    one.fit = fit_of(one.identity_dimension, one.identity);
    for (const auto& [dimension, value] : metric.dimensions) {
      if (dimension == one.identity_dimension) continue;
      // A target group that is named is meant itself; a cluster is where its services are.
      const bool divides = dimension == "TargetGroup";
      const double fit = fit_of(dimension, value) * (divides ? 1 : kContainerShare);
      if (fit < one.fit || fit == 0 || (fit == one.fit && !divides)) continue;
      one.fit = fit;
      if (!divides) continue;
      one.identity_dimension = dimension;
      one.identity = value;
    }
  }

  [[nodiscard]] bool says(const std::string& value) const {
    return value.size() >= 3 && folded_.find(to_lower(value)) != std::string_view::npos;
  }
  /// A path, a zone, an id: no word that may stand there by chance.
  static bool is_telling(const std::string& value) {
    return value.size() >= 4 && value.find_first_of("/-0123456789") != std::string::npos;
  }

  /// What a further dimension costs: nothing where it belongs to the resource, less than nothing where it is asked for.
  [[nodiscard]] int division_by(const std::string& dimension, const std::string& value) const {
    const WordMeaning& words = wanted_.words;
    const bool said = says(value) && !words.by_contrast;
    if (dimension == "AvailabilityZone") return words.by_zone || said ? -4 : 8;
    if (is_one_of(dimension, {"LoadBalancer", "ClusterName", "Region"})) return 0;
    if (dimension == "TargetGroup") return words.by_target ? -2 : 2;
    if (dimension == "ExecutedVersion") return words.by_version ? -2 : 4;
    if (dimension == "Resource") return words.by_version || words.by_operation || said ? -2 : 4;
    if (is_one_of(dimension, {"Operation", "Method"})) return words.by_operation || said ? -2 : 2;
    if (dimension == "Stage") return said ? -1 : 1;
    if (is_one_of(dimension, {"ImageId", "InstanceType", "DatabaseClass", "EngineName", "SourceRegion"})) return 6;
    // Why a firewall blocks more is told by which of its rules do.
    if (dimension == "Rule" && words.why) return 0;
    // A value that stands for all others adds up rightly.
    if (is_one_of(value, {"ALL", "All", "AllStorageTypes", "EntireBucket", "Global", "*"})) return 0;
    return said ? -1 : 1;
  }

  const Catalogue& catalogue_;
  const Wanted& wanted_;
  std::string_view folded_;
  bool named_elsewhere_;
};

}  // namespace

std::vector<Candidate> find_candidates(const Catalogue& catalogue, const Wanted& wanted, std::string_view folded) {
  return CandidateFinder(catalogue, wanted, folded).run();
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace fa::insight
