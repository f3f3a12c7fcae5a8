#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "insight/catalogue.h"
#include "insight/lexicon.h"

namespace fa::insight {

/// A value of a dimension, or a namespace of the user's own (then `dimension` is empty).
using ResourceName = std::pair<std::string, std::string>;

/// Orders names and finds them without copies.
struct ResourceNameOrder {
  using is_transparent = void;
  using View = std::pair<std::string_view, std::string_view>;
  bool operator()(const ResourceName& a, const ResourceName& b) const { return a < b; }
  bool operator()(const ResourceName& a, const View& b) const { return View(a.first, a.second) < b; }
  bool operator()(const View& a, const ResourceName& b) const { return a < View(b.first, b.second); }
};

/// Which resources a question names.
struct NameMatches {
  /// How well each one named fits, 0 to 1: the share of its name that the question says. Words that many names have
  /// count little, a stage not at all.
  std::map<ResourceName, double, ResourceNameOrder> fit;
  std::vector<std::string> unknown;  ///< Looks like a name, but nothing here has it.
};

/// What people call it: without the kind and the random id of a load balancer, and the rest of an ARN.
[[nodiscard]] std::string called_name(std::string_view value);

/// The parts of a resource's name in lower case: of `app/Web-Prod/50dc6c495c0c9188` web and prod. Random ids are left
/// out, and stay whole where nothing else is there (`i-0abc...`).
[[nodiscard]] std::vector<std::string> name_parts(std::string_view value);

/// Values of a resource's own dimensions; false for what only divides it (zone, operation, instance type, ...).
[[nodiscard]] bool names_a_resource(std::string_view dimension);

/// Finds the names of the catalogue's resources in a question: whole names, words of them in any order, singular for
/// plural, with a typing error, Japanese words of business. `folded` is lower case with usual widths. Pure; the result
/// does not depend on the catalogue's order.
[[nodiscard]] NameMatches match_names(const Catalogue& catalogue, std::string_view folded, const WordMeaning& words);

}  // namespace fa::insight
