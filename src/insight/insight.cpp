#include "insight/insight.h"

#include <fmt/core.h>

#include <algorithm>

#include "insight/advice.h"
#include "insight/facts.h"
#include "insight/fetch.h"
#include "insight/insight_notes.h"
#include "insight/metric_files.h"
#include "insight/queries.h"
#include "insight/refine.h"
#include "insight/select.h"
#include "insight/wording.h"
#include "investigate/live.h"

namespace fa::insight {
namespace {

/// What is chosen, and how that came about.
struct Choice {
  Selection selection;
  std::vector<Note> notes;
};

Choice choose(const Catalogue& catalogue, const Question& question, bool may_search,
              const std::optional<InsightModel>& model, Language language, const Context& context) {
  Choice choice{select_metrics(catalogue, question.folded, kMostSelected, may_search), {}};
  Selection& selection = choice.selection;
  std::optional<Refinement> refined;
  if (model && !selection.metrics.empty()) {
    refined = refine_selection(model->model, model->prompts, catalogue, question, selection, context);
  }
  // What the model chose one by one is what is asked for: a search would bring back what it dropped.
  if (refined && refined->metrics != selection.metrics) {
    for (const MetricSearch& search : selection.searches) {
      const auto shown = std::count_if(selection.metrics.begin(), selection.metrics.end(),
                                       [&](std::size_t metric) { return is_covered(catalogue, search, metric); });
      selection.left_out += search.metrics - static_cast<std::size_t>(shown);
    }
    selection.searches.clear();
  }
  choice.notes.push_back(note_on_selection(selection, catalogue.metrics().size(), language));
  if (!refined) return choice;
  choice.notes.push_back(note_on_refinement(*refined, language));
  selection.metrics = std::move(refined->metrics);
  return choice;
}

CatalogueMetric catalogue_metric(const InsightMetric& metric) {
  return {metric.region, metric.metric_namespace, metric.name, metric.dimensions};
}

Catalogue catalogue_of(const std::vector<InsightSeries>& series) {
  std::vector<CatalogueMetric> metrics;
  for (const InsightSeries& one : series) metrics.push_back(catalogue_metric(one.metric));
  return Catalogue(std::move(metrics));
}

/// The series of the chosen metrics, in the order of the choice.
std::vector<InsightSeries> chosen_series(std::vector<InsightSeries> series, const Catalogue& catalogue,
                                         const std::vector<std::size_t>& chosen) {
  std::vector<InsightSeries> out;
  for (const std::size_t index : chosen) {
    for (InsightSeries& one : series) {
      if (catalogue_metric(one.metric) == catalogue.metrics()[index]) out.push_back(std::move(one));
    }
  }
  return out;
}

/// Ids and ranges; points outside both ranges are left out.
void place_in_time(std::vector<InsightSeries>& series, const Question& question) {
  for (std::size_t i = 0; i < series.size(); ++i) {
    InsightSeries& one = series[i];
    one.metric.id = fmt::format("m{}", i + 1);
    one.window = question.window;
    one.previous = question.previous;
    std::size_t kept = 0;
    for (std::size_t p = 0; p < one.times.size(); ++p) {
      if (!question.window.contains(one.times[p]) && !question.previous.contains(one.times[p])) continue;
      one.times[kept] = one.times[p];
      one.values[kept] = one.values[p];
      ++kept;
    }
    one.times.resize(kept);
    one.values.resize(kept);
  }
}

/// Nobody named a time: that of the incident is meant where the folder has one, else all that was recorded, as far as
/// it is less than one would look at of a live account.
void default_to_recorded_time(Question& question, const MetricFiles& files) {
  if (files.window && !files.window->empty()) {
    question.window = *files.window;
    question.previous = files.previous.value_or(TimeRange{});
  } else if (!files.data.empty() && files.data.begin > question.window.begin) {
    question.window = files.data;
    question.previous = {};
  }
}

}  // namespace

Result<void> collect_insight(const InsightRequest& request, const AwsRequest& aws, const AwsWorldAccess& world,
                             const std::optional<InsightModel>& model, const std::filesystem::path& folder,
                             const Context& context) {
  const Context limited = context.within(aws.deadline);
  const auto question = read_question(request.question, request.options, world.clock.now());
  if (!question) return tl::unexpected(question.error());
  auto accounts = MetricAccounts::open(aws, *question, world, limited);
  if (!accounts) return tl::unexpected(accounts.error());
  // Small talk is answered without a call.
  const Selection nothing = select_metrics(Catalogue(), question->folded);
  Catalogue catalogue;
  if (nothing.nothing != NothingChosen::kSmallTalk) catalogue = (*accounts)->list(limited);
  const bool may_search = (*accounts)->is_one() && can_search(*question, world.clock.now());
  const Choice choice = choose(catalogue, *question, may_search, model, request.language, limited);
  return (*accounts)->fetch(catalogue, choice.selection, choice.notes, request.language, folder, limited);
}

Result<InsightResult> answer_insight(const InsightRequest& request, const std::vector<std::string>& paths,
                                     const std::optional<InsightModel>& model, const Context& context) {
  MetricFiles files = read_metric_files(paths, context);
  if (files.series.empty() && !files.collected) {
    return fail(ErrorCode::kNotFound,
                files.gaps.empty()
                    ? "No metrics were found there: give a folder with GetMetricData answers, Prometheus "
                      "answers, OTLP or CSV tables."
                    : files.gaps.front().source + ": " + files.gaps.front().error);
  }
  QuestionOptions options = request.options;
  const bool incident_meant = files.window && !files.window->empty();
  if (files.collected && incident_meant) options.window = files.window;
  const TimePoint now = files.data.empty() && files.window ? files.window->end : files.data.end;
  auto question = read_question(request.question, options, now);
  if (!question) return tl::unexpected(question.error());
  if (!question->window_given) default_to_recorded_time(*question, files);
  if (files.collected && files.previous) question->previous = *files.previous;

  InsightResult result;
  result.language = request.language;
  result.question = question->text;
  result.time_zone = question->time_zone;
  result.window = question->window;
  result.previous = question->previous;
  result.gaps = std::move(files.gaps);
  result.usage = std::move(files.usage);
  result.queries = std::move(files.queries);
  if (files.collected) {
    const Selection asked = select_metrics(Catalogue(), question->folded);
    result.nothing_asked = asked.nothing == NothingChosen::kSmallTalk;
    result.wants_advice = asked.wants_advice;
    result.notes = std::move(files.notes);
    result.series = std::move(files.series);
  } else {
    const Catalogue catalogue = catalogue_of(files.series);
    Choice choice = choose(catalogue, *question, false, model, request.language, context);
    result.nothing_asked = choice.selection.nothing == NothingChosen::kSmallTalk;
    result.wants_advice = choice.selection.wants_advice;
    result.notes = std::move(choice.notes);
    result.series = chosen_series(std::move(files.series), catalogue, choice.selection.metrics);
  }
  result.series = best_statistics(std::move(result.series));
  place_in_time(result.series, *question);
  const auto zone = LocalTime::of_zone(question->time_zone);
  if (!zone) return tl::unexpected(zone.error());
  result.facts = find_facts(result.series, *zone);
  result.advice = find_advice(result.series, result.facts, result.language, result.wants_advice);
  return model ? with_narrative(std::move(result), model->model, model->prompts, context) : result;
}

Result<InsightResult> run_insight(const InsightRequest& request, const AwsRequest& aws, const AwsWorldAccess& world,
                                  const std::optional<InsightModel>& model, const Context& context) {
  const auto folder = TemporaryFolder::make();
  if (!folder) return tl::unexpected(folder.error());
  if (auto ok = collect_insight(request, aws, world, model, folder->path(), context); !ok) {
    return tl::unexpected(ok.error());
  }
  return answer_insight(request, {folder->path().string()}, model, context);
}

}  // namespace fa::insight
