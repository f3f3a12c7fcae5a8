#include "insight/name_match.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "insight/question_words.h"
#include "sources/aws/metrics_rules.h"
#include "store/words.h"

namespace fa::insight {
namespace {

constexpr double kGenericWeight = 0.2;
constexpr double kNumberWeight = 0.1;
constexpr double kTypingErrorFit = 0.9;
constexpr double kPrefixFit = 0.8;
constexpr std::size_t kLeastPrefix = 4;

/// `50dc6c495c0c9188`, `0a1b2c3d4e`: nobody asks by it in part.
bool is_random_id(std::string_view part) {
  const bool hex = std::all_of(part.begin(), part.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  const bool digit = std::any_of(part.begin(), part.end(), [](char c) { return is_digit(c); });
  return part.size() >= 8 && hex && digit;
}

double weight_of(std::string_view part) {
  if (stage_of_word(part) != Stage::kNone) return 0;
  if (std::all_of(part.begin(), part.end(), [](char c) { return is_digit(c); })) return kNumberWeight;
  return is_generic_name_part(part) ? kGenericWeight : 1;
}

/// Damerau-Levenshtein distance (optimal string alignment), up to `most`; above that `most` + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return std::min(d[a.size()][b.size()], most + 1);
}

/// Typing errors a word of this length may have.
std::size_t errors_allowed(std::size_t length) { return length >= 8 ? 2 : length >= 5 ? 1 : 0; }

/// How well a word of a question is a part of a name.
double part_fit(std::string_view word, std::string_view part) {
  if (word == part || singular(word) == singular(part)) return 1;
  if (word.size() >= kLeastPrefix && part.size() > word.size() && part.starts_with(word)) return kPrefixFit;
  return 0;
}

struct Resource {
  ResourceName name;
  std::string called;  ///< In lower case.
  std::vector<std::string> parts;
  double weight = 0;
};

std::vector<Resource> resources_of(const Catalogue& catalogue) {
  std::set<ResourceName> names;
  for (const CatalogueMetric& metric : catalogue.metrics()) {
    for (const auto& [dimension, value] : metric.dimensions) {
      if (names_a_resource(dimension)) names.emplace(dimension, value);
    }
    if (!metric.metric_namespace.empty() && !service_of_namespace(metric.metric_namespace) &&
        !metric.metric_namespace.starts_with("AWS/")) {
      names.emplace(std::string(), metric.metric_namespace);
    }
  }
  std::vector<Resource> resources;
  for (const ResourceName& name : names) {
    Resource one{name, to_lower(fold_width(called_name(name.second))), name_parts(name.second), 0};
    for (const std::string& part : one.parts) one.weight += weight_of(part);
    resources.push_back(std::move(one));
  }
  return resources;
}

/// Where `name` stands in the text as a word of its own.
bool stands_alone(std::string_view text, std::string_view name) {
  const auto joins = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !joins(text[at - 1]) || !joins(name.front());
    const std::size_t end = at + name.size();
    if (begins && (end == text.size() || !joins(text[end]) || !joins(name.back()))) return true;
  }
  return false;
}

class Matcher {
 public:
  Matcher(const Catalogue& catalogue, std::string_view folded, const WordMeaning& words)
      : resources_(resources_of(catalogue)), folded_(folded), words_(question_words(folded, words)) {
    for (const Resource& resource : resources_) all_parts_.insert(resource.parts.begin(), resource.parts.end());
    for (const CatalogueMetric& metric : catalogue.metrics()) {
      for (const auto& [dimension, value] : metric.dimensions) {
        if (!names_a_resource(dimension)) divisions_.insert(to_lower(value.substr(value.starts_with('/') ? 1 : 0)));
      }
    }
    japanese_ = !cjk_runs(folded).empty();
    add_japanese_words();
  }

  NameMatches run() {
    NameMatches matches;
    std::vector<std::string> plain;
    for (const QuestionWord& word : words_) {
      if (word.parts.size() > 1 && !word.known) {
        match_compound(word, matches);
      } else {
        add_plain(word, matches);
      }
    }
    for (const Resource& resource : resources_) {
      const double fit = std::max(fit_of(resource), fit_of_script(resource));
      if (fit > 0) keep(matches, resource, fit);
    }
    return matches;
  }

 private:
  static void keep(NameMatches& matches, const Resource& resource, double fit) {
    double& best = matches.fit[resource.name];
    best = std::max(best, fit);
  }

  void add_japanese_words() {
    for (const auto& [japanese, english] : japanese_name_words()) {
      if (folded_.find(japanese) == std::string_view::npos) continue;
      for (const std::string_view word : english) translated_.emplace_back(word);
    }
  }

  /// `orders-api`: a name must have all its parts, in that order, without others between.
  void match_compound(const QuestionWord& word, NameMatches& matches) {
    bool found = false;
    for (int round = 0; round < 2 && !found; ++round) {
      for (const Resource& resource : resources_) {
        if (resource.called == word.text || to_lower(resource.name.second) == word.text) {
          keep(matches, resource, 1);
          found = true;
        } else if (const double fit = compound_fit(word, resource, round == 1); fit > 0) {
          keep(matches, resource, fit);
          found = true;
        }
      }
    }
    if (!found && !divisions_.contains(word.text)) matches.unknown.push_back(word.text);
  }

  static double compound_fit(const QuestionWord& word, const Resource& resource, bool with_errors) {
    // As many errors as a word of the whole length may have, in whichever parts.
    const std::size_t most = with_errors ? errors_allowed(word.text.size()) : 0;
    auto at = resource.parts.end();
    for (std::size_t i = 0; i + word.parts.size() <= resource.parts.size(); ++i) {
      std::size_t errors = 0;
      for (std::size_t k = 0; k < word.parts.size() && errors <= most; ++k) {
        const std::string& part = resource.parts[i + k];
        if (singular(part) != singular(word.parts[k])) errors += edit_distance(word.parts[k], part, most + 1);
      }
      if (errors > most) continue;
      at = resource.parts.begin() + static_cast<std::ptrdiff_t>(i);
      break;
    }
    if (at == resource.parts.end() || resource.weight <= 0) return 0;
    double said = 0;
    for (auto part = at; part != at + static_cast<std::ptrdiff_t>(word.parts.size()); ++part) said += weight_of(*part);
    return said / resource.weight * (with_errors ? kTypingErrorFit : 1);
  }

  void add_plain(const QuestionWord& word, NameMatches& matches) {
    const bool in_names = std::any_of(all_parts_.begin(), all_parts_.end(),
                                      [&](const std::string& part) { return part_fit(word.text, part) > 0; });
    if (is_common_word(word.text)) return;
    if (in_names) {
      (word.known ? weak_ : strong_).push_back(word.text);
      return;
    }
    const bool whole =
        std::any_of(resources_.begin(), resources_.end(), [&](const Resource& one) { return one.called == word.text; });
    if (word.known || whole || divisions_.contains(word.text)) return;
    if (std::string corrected = corrected_word(word.text); !corrected.empty()) {
      misspelt_.push_back(std::move(corrected));
      return;
    }
    const bool foreign = japanese_ && word.text.size() >= 3;
    if (word.looks_like_name || word.beside_kind || foreign) matches.unknown.push_back(word.text);
  }

  /// The only part of a name that is nearest to it; empty where several are, or none is near.
  [[nodiscard]] std::string corrected_word(const std::string& word) const {
    const std::size_t most = errors_allowed(word.size());
    std::size_t nearest = most + 1;
    std::string found;
    for (const std::string& part : all_parts_) {
      if (weight_of(part) < 1 || part.size() < kLeastPrefix) continue;
      const std::size_t distance = edit_distance(word, part, most);
      if (distance < nearest) {
        nearest = distance;
        found = part;
      } else if (distance == nearest && singular(found) != singular(part)) {
        found.clear();
      }
    }
    return found;
  }

  [[nodiscard]] double fit_of(const Resource& resource) const {
    if (resource.called.size() >= 2 && weight_of(resource.called) >= 1 && resource.parts.size() > 1 &&
        stands_alone(folded_, resource.called)) {
      return 1;
    }
    if (resource.weight <= 0) return 0;
    double said = 0;
    bool strong = false;
    std::size_t weak = 0;
    for (const std::string& part : resource.parts) {
      const double weight = weight_of(part);
      double fit = 0;
      const auto offer = [&](const std::vector<std::string>& words, double factor) {
        double best = 0;
        for (const std::string& word : words) best = std::max(best, part_fit(word, part) * factor);
        fit = std::max(fit, best);
        return best > 0;
      };
      const bool by_name = offer(strong_, 1) || offer(translated_, 1) || offer(misspelt_, kTypingErrorFit);
      if (by_name && weight >= 1) strong = true;
      if (offer(weak_, 1) && !by_name) ++weak;
      said += weight * fit;
    }
    // Words that mean something else too (`session`, `delivery`) name a resource only together with its kind.
    const bool by_weak_words = weak >= 2 && said >= resource.weight - kNumberWeight;
    return strong || by_weak_words ? said / resource.weight : 0;
  }

  /// Names in Japanese have no spaces around them.
  [[nodiscard]] double fit_of_script(const Resource& resource) const {
    double said = 0;
    for (const std::string& part : resource.parts) {
      if (static_cast<unsigned char>(part.front()) < 0x80 || part.size() < 6) continue;
      if (folded_.find(part) != std::string_view::npos) said += 1;
    }
    return resource.weight > 0 ? std::min(1.0, said / resource.weight) : 0;
  }

  std::vector<Resource> resources_;
  std::string_view folded_;
  std::vector<QuestionWord> words_;
  std::set<std::string> all_parts_;
  std::set<std::string> divisions_;  ///< Values of dimensions that only divide: zones, paths, operations.
  bool japanese_ = false;
  std::vector<std::string> strong_;      ///< Words that are names and nothing else.
  std::vector<std::string> weak_;        ///< Words of the lexicon that are parts of names too.
  std::vector<std::string> translated_;  ///< English for Japanese words.
  std::vector<std::string> misspelt_;    ///< As they should have been.
};

}  // namespace

bool names_a_resource(std::string_view dimension) {
  static constexpr std::array kDividing = std::to_array<std::string_view>({"AvailabilityZone",
                                                                           "Operation",
                                                                           "Stage",
                                                                           "Method",
                                                                           "Resource",
                                                                           "Rule",
                                                                           "Region",
                                                                           "StorageType",
                                                                           "FilterId",
                                                                           "Type",
                                                                           "Class",
                                                                           "Role",
                                                                           "DatabaseClass",
                                                                           "EngineName",
                                                                           "SourceRegion",
                                                                           "CacheNodeId",
                                                                           "ShardId",
                                                                           "InstanceType",
                                                                           "ImageId",
                                                                           "device",
                                                                           "fstype",
                                                                           "path",
                                                                           "cpu",
                                                                           "interface",
                                                                           "Currency",
                                                                           "ExecutedVersion",
                                                                           "StreamLabel",
                                                                           "Country",
                                                                           "Device",
                                                                           "ClientId",
                                                                           "Tier",
                                                                           "LogicalName"});
  return std::find(kDividing.begin(), kDividing.end(), dimension) == kDividing.end();
}

std::string called_name(std::string_view value) {
  if (value.starts_with("arn:")) {
    const std::size_t cut = value.find_last_of(":/");
    return std::string(value.substr(cut + 1));
  }
  for (const std::string_view kind : {"app/", "net/", "gwy/", "targetgroup/"}) {
    if (!value.starts_with(kind)) continue;
    const std::size_t slash = value.find('/', kind.size());
    return std::string(value.substr(kind.size(), slash == std::string_view::npos ? slash : slash - kind.size()));
  }
  return std::string(value);
}

std::vector<std::string> name_parts(std::string_view value) {
  const std::string folded = fold_width(called_name(value));
  std::vector<std::string> parts;
  for (std::string& word : metric_name_words(folded)) {
    if (!is_random_id(word)) parts.push_back(std::move(word));
  }
  const bool only_kind = parts.empty() || (parts.size() == 1 && parts.front().size() <= 4 && folded.size() > 10);
  if (only_kind) return {to_lower(folded)};
  return parts;
}

NameMatches match_names(const Catalogue& catalogue, std::string_view folded, const WordMeaning& words) {
  return Matcher(catalogue, folded, words).run();
}

}  // namespace fa::insight
