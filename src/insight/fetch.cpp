#include "insight/fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "insight/insight_notes.h"
#include "insight/queries.h"
#include "insight/query_math.h"
#include "sources/aws/metrics_fetch.h"
#include "sources/aws/metrics_listing.h"

namespace fa::insight {
namespace {

constexpr const char* kListingMissing = "Metrics that were not listed could not be chosen.";

std::string source_name(const AwsScope& scope) { return fmt::format("CloudWatch metrics in {}", scope.region); }

/// From the first to the last moment that is asked for.
TimeRange whole_time(const Question& question) {
  if (question.previous.empty()) return question.window;
  return {std::min(question.window.begin, question.previous.begin),
          std::max(question.window.end, question.previous.end)};
}

CatalogueMetric catalogue_metric(ListedMetric listed) {
  CatalogueMetric metric{std::move(listed.region), std::move(listed.metric.metric_namespace),
                         std::move(listed.metric.name), std::move(listed.metric.dimensions)};
  std::sort(metric.dimensions.begin(), metric.dimensions.end());
  return metric;
}

}  // namespace

Result<std::unique_ptr<MetricAccounts>> MetricAccounts::open(const AwsRequest& request, const Question& question,
                                                             const AwsWorldAccess& world, const Context& context) {
  auto run = AwsRun::open(request, question.window, question.previous, world, context);
  if (!run) return tl::unexpected(run.error());
  return std::unique_ptr<MetricAccounts>(new MetricAccounts(std::move(*run), request, question));
}

Catalogue MetricAccounts::list(const Context& context) {
  std::vector<CatalogueMetric> all;
  std::vector<std::string> accounts;
  for (const auto& scope : run_.scopes) {
    const bool first_of_account = std::find(accounts.begin(), accounts.end(), scope->account) == accounts.end();
    accounts.push_back(scope->account);
    MetricsListing listing = list_all_metrics(*scope, settings_, first_of_account, source_name(*scope), context);
    for (Gap& gap : listing.gaps) {
      gap.range = question_.window;
      gap.impact = kListingMissing;
      gaps_.push_back(std::move(gap));
    }
    std::vector<CatalogueMetric>& of_scope = listed_.emplace_back();
    for (ListedMetric& metric : listing.metrics) of_scope.push_back(catalogue_metric(std::move(metric)));
    std::sort(of_scope.begin(), of_scope.end());
    all.insert(all.end(), of_scope.begin(), of_scope.end());
  }
  return Catalogue(std::move(all));
}

Result<void> MetricAccounts::fetch(const Catalogue& catalogue, const Selection& selection,
                                   const std::vector<Note>& notes, Language language,
                                   const std::filesystem::path& folder, const Context& context) {
  auto collected = CollectedFolder::create(folder);
  if (!collected) return tl::unexpected(collected.error());
  for (const Gap& gap : run_.gaps) (*collected)->add_gap(gap);
  for (const Gap& gap : gaps_) (*collected)->add_gap(gap);
  for (const Note& note : notes) (*collected)->add_note(note.source, note.text);
  std::map<std::size_t, std::vector<std::size_t>> by_scope;
  for (const std::size_t index : selection.metrics) {
    for (std::size_t s = 0; s < listed_.size(); ++s) {
      if (!std::binary_search(listed_[s].begin(), listed_[s].end(), catalogue.metrics()[index])) continue;
      by_scope[s].push_back(index);
      break;
    }
  }
  for (const auto& [s, of_scope] : by_scope) {
    const AwsScope& scope = *run_.scopes[s];
    const InsightQueries queries =
        insight_queries(catalogue, of_scope, question_, scope.clock.now(), selection.searches);
    for (const MetricSearch& search : queries.searches) {
      const Note note = note_on_search(catalogue.metrics()[search.like].name, search.metrics, language);
      (*collected)->add_note(note.source, note.text);
    }
    if (queries.times.expired) {
      (*collected)
          ->add_gap({source_name(scope), *queries.times.expired,
                     "CloudWatch keeps metrics for 455 days; these are older.", "The answer covers only the rest."});
    }
    fetch_metric_batches(scope, queries.batches, whole_time(question_), source_name(scope), **collected, context);
  }
  IncidentInfo incident;
  incident.description = question_.text;
  incident.window = question_.window;
  incident.baseline = question_.previous;
  incident.window_given = incident.baseline_given = true;
  return (*collected)->finish(incident, run_.usage(), run_.identity);
}

}  // namespace fa::insight
