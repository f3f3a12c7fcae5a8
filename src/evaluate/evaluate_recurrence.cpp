#include "evaluate/evaluate_recurrence.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "evaluate/each_incident.h"
#include "investigate/live.h"
#include "investigate/memory.h"
#include "store/store.h"

namespace fa {
namespace {

/// The least similarity at which an incident counts as found.
constexpr double kLeastSimilarity = 0.05;

struct KeptIncident {
  std::string fault;
  std::vector<IncidentFeature> features;
};

/// The incidents of one set, in a memory of their own.
struct IncidentSet {
  std::unique_ptr<Store> store;
  std::map<std::string, KeptIncident> incidents;  ///< By name, which is their id in the store.
};

Result<void> find_again(const std::string& name, const IncidentSet& set, std::vector<RecurrenceResult::Case>& out) {
  for (const auto& [id, kept] : set.incidents) {
    const std::string& fault = kept.fault;
    const auto same = std::count_if(set.incidents.begin(), set.incidents.end(),
                                    [&](const auto& other) { return other.second.fault == fault; });
    if (same < 2) continue;
    RecurrenceResult::Case c{name, id, fault, "", 0};
    const auto similar = set.store->similar(kept.features, id, 1, kLeastSimilarity);
    if (!similar) return tl::unexpected(similar.error());
    if (!similar->empty()) {
      c.found = set.incidents.at(similar->front().incident.id).fault;
      c.similarity = similar->front().similarity;
    }
    out.push_back(std::move(c));
  }
  return {};
}

}  // namespace

Result<RecurrenceResult> evaluate_recurrence(const std::filesystem::path& root, const Clock& clock,
                                             const Context& context) {
  auto temporary = TemporaryFolder::make();
  if (!temporary) return tl::unexpected(temporary.error());
  std::map<std::string, IncidentSet> sets;
  auto left_out = for_each_incident(
      root, clock, context,
      [&](const IncidentFolder& folder, const InvestigateRequest& request, const Study& study) -> Result<void> {
        IncidentSet& set = sets[folder.set];
        if (!set.store) {
          auto store = Store::open(temporary->path() / (folder.set + ".db"));
          if (!store) return tl::unexpected(store.error());
          set.store = std::move(*store);
        }
        Report report = report_of(study, Language::kEnglish);
        report.incident.id = folder.name;
        const PastIncident past = to_past_incident(report, study, request, from_unix_nanos(0));
        set.incidents[folder.name] = {folder.subject + (folder.type.empty() ? "" : " " + folder.type), past.features};
        return set.store->put_incident(past);
      });
  if (!left_out) return tl::unexpected(left_out.error());
  RecurrenceResult out;
  out.left_out = std::move(*left_out);
  for (const auto& [name, set] : sets) {
    if (auto ok = find_again(name, set, out.cases); !ok) return tl::unexpected(ok.error());
  }
  return out;
}

std::string render_recurrence_text(const RecurrenceResult& result) {
  std::string out = "Past incidents of the same fault, found by the most similar other incident of the set\n\n";
  std::map<std::string, std::pair<std::size_t, std::size_t>> sets;
  for (const auto& c : result.cases) {
    const bool right = c.found == c.fault;
    sets[c.set].first += right ? 1U : 0U;
    ++sets[c.set].second;
    out += fmt::format("  {} {}/{}: {}{} ({:.2f})\n", right ? "ok  " : "miss", c.set, c.incident, c.fault,
                       right ? "" : "; found " + (c.found.empty() ? "nothing" : c.found), c.similarity);
  }
  out += fmt::format("\n{:<24}{:>8}{:>8}{:>9}\n", "set", "cases", "top-1", "rate");
  std::size_t good = 0;
  for (const auto& [set, n] : sets) {
    out += fmt::format("{:<24}{:>8}{:>8}{:>8.1f}%\n", set, n.second, n.first, percentage(n.first, n.second));
    good += n.first;
  }
  out += fmt::format("{:<24}{:>8}{:>8}{:>8.1f}%\n", "together", result.cases.size(), good,
                     percentage(good, result.cases.size()));
  return out + render_left_out(result.left_out);
}

}  // namespace fa
