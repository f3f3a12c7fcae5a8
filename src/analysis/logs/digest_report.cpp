#include "analysis/logs/digest_report.h"

#include <algorithm>
#include <tuple>

#include "analysis/logs/byte_class.h"
#include "analysis/logs/earliest_samples.h"
#include "analysis/logs/parameter_shift.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxShifts = 5;

/// An entry of the activity table under the names it is reported by.
struct Place {
  TemplateId template_id;
  std::string_view service;
  std::string_view instance;
  const ActivityTable::Entry* entry;

  [[nodiscard]] auto row() const { return std::tie(template_id, service); }
};

TemplateActivity report_row(const Place& place, std::string_view instance, ActivityCounts&& counts,
                            std::size_t sample_bytes) {
  TemplateActivity row;
  row.template_id = place.template_id;
  row.service = place.service;
  row.instance = instance;
  row.severity = counts.severity();
  row.counts = counts.counts;
  row.first_in_window = counts.first_in_window;
  row.last_in_window = counts.last_in_window;
  row.window_buckets = std::move(counts.window_buckets);
  row.baseline_buckets = std::move(counts.baseline_buckets);
  row.window_buckets.resize(PeriodClock::kBuckets);
  row.baseline_buckets.resize(PeriodClock::kBuckets);
  row.window_samples = std::move(counts.window_samples);
  row.baseline_samples = std::move(counts.baseline_samples);
  for (auto* samples : {&row.window_samples, &row.baseline_samples}) {
    for (LogSample& sample : *samples) sample.text.resize(utf8_prefix(sample.text, sample_bytes).size());
  }
  return row;
}

/// The words around the `slot`-th `<*>` of a pattern.
void find_words(std::string_view pattern, SlotValues& values) {
  std::size_t at = pattern.find("<*>");
  for (std::size_t i = 0; i < values.slot && at != std::string_view::npos; ++i) at = pattern.find("<*>", at + 3);
  if (at == std::string_view::npos) return;
  std::size_t end = at;
  while (end > 0 && !bytes::is_letter(pattern[end - 1]) && pattern[end - 1] != '>') --end;
  std::size_t begin = end;
  while (begin > 0 && (bytes::is_alnum(pattern[begin - 1]) || pattern[begin - 1] == '_')) --begin;
  values.word_before = pattern.substr(begin, end - begin);
  at += 3;
  if (at < pattern.size() && pattern[at] == ' ') ++at;
  end = at;
  while (end < pattern.size() && bytes::is_letter(pattern[end])) ++end;
  values.word_after = pattern.substr(at, end - at);
}

/// Which of the shape's values a token is; kNone for words.
constexpr std::size_t kNone = ~std::size_t{0};
std::size_t value_index(const std::vector<ShapeToken>& tokens, std::uint32_t token) {
  if (token >= tokens.size() || tokens[token].kind != TokenKind::kValue) return kNone;
  return static_cast<std::size_t>(std::count_if(tokens.begin(), tokens.begin() + token,
                                                [](const ShapeToken& t) { return t.kind == TokenKind::kValue; }));
}

/// One shape's part in a template: its samples and where its values go.
struct Part {
  std::vector<std::size_t> value_of_slot;  ///< kNone: the shape has a word there.
  const std::vector<SlotOrigin>* origins;
  std::array<const SampleList*, 2> samples;
};

void find_shifts(const CountedLogs& logs, std::uint32_t service, const std::vector<ShapeId>& shapes,
                 TemplateActivity& row) {
  std::vector<Part> parts;
  // A full list holds only the lowest ranks: below the lowest such border, all lists together are a fair sample.
  std::array<std::uint64_t, 2> border = {~std::uint64_t{0}, ~std::uint64_t{0}};
  for (const ShapeId shape : shapes) {
    Part part{{}, &logs.mined.slots_of_shape[shape], {}};
    for (const Period period : {Period::kBaseline, Period::kWindow}) {
      const auto p = static_cast<std::size_t>(period);
      part.samples[p] = logs.parameters.find(shape, service, period);
      if (part.samples[p] == nullptr || part.samples[p]->size() < ParameterSamples::kPerList) continue;
      border[p] = std::min(border[p], part.samples[p]->front().rank);
    }
    if (part.samples[0] == nullptr && part.samples[1] == nullptr) continue;
    const std::vector<ShapeToken> tokens = logs.shapes.tokens(shape);
    for (const SlotOrigin& origin : *part.origins) part.value_of_slot.push_back(value_index(tokens, origin.token));
    parts.push_back(std::move(part));
  }
  std::size_t slots = 0;
  for (const Part& part : parts) slots = std::max(slots, part.value_of_slot.size());
  for (std::size_t slot = 0; slot < std::min(slots, ParameterSamples::kMaxValues); ++slot) {
    SlotValues values;
    values.slot = slot;
    for (const Part& part : parts) {
      if (slot >= part.value_of_slot.size()) continue;
      for (std::size_t p = 0; p < 2; ++p) {
        if (part.samples[p] == nullptr) continue;
        for (const ParameterSample& sample : *part.samples[p]) {
          if (sample.rank > border[p]) continue;
          const std::size_t value = part.value_of_slot[slot];
          auto& side = p == static_cast<std::size_t>(Period::kWindow) ? values.window : values.baseline;
          if (value == kNone) {
            side.push_back({(*part.origins)[slot].constant, sample.time});
          } else if (value < sample.values.size()) {
            side.push_back({sample.values[value], sample.time});
          }
        }
      }
    }
    find_words(logs.mined.set.templates[row.template_id].pattern, values);
    if (auto shift = find_shift(values)) row.shifts.push_back(std::move(*shift));
  }
  std::stable_sort(row.shifts.begin(), row.shifts.end(),
                   [](const ParameterShift& a, const ParameterShift& b) { return a.strength > b.strength; });
  if (row.shifts.size() > kMaxShifts) row.shifts.resize(kMaxShifts);
}

}  // namespace

std::vector<TemplateActivity> report_activities(const CountedLogs& logs) {
  std::vector<Place> places;
  places.reserve(logs.activities.entries().size());
  for (const ActivityTable::Entry& entry : logs.activities.entries()) {
    const LogSource& source = logs.sources[entry.source];
    places.push_back({logs.mined.set.template_of_shape[entry.shape], logs.services[source.service],
                      logs.instances[source.instance], &entry});
  }
  // Entries of one row are merged in any order: all of ActivityCounts is commutative.
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::tie(a.template_id, a.service, a.instance) < std::tie(b.template_id, b.service, b.instance);
  });
  // Samples kept before there were many are cut as well: the result must not depend on which these were.
  const std::size_t sample_bytes = places.size() > kManyActivities ? kShortSampleBytes : kMaxSampleBytes;
  std::vector<TemplateActivity> rows;
  for (std::size_t begin = 0, end = 0; begin < places.size(); begin = end) {
    ActivityCounts all;
    std::vector<ShapeId> shapes;
    for (; end < places.size() && places[end].row() == places[begin].row(); ++end) {
      all.merge(places[end].entry->counts);
      shapes.push_back(places[end].entry->shape);
    }
    std::sort(shapes.begin(), shapes.end());
    shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
    rows.push_back(report_row(places[begin], {}, std::move(all), sample_bytes));
    find_shifts(logs, logs.sources[places[begin].entry->source].service, shapes, rows.back());
    if (places[begin].instance == places[end - 1].instance) continue;
    for (std::size_t i = begin, next = begin; i < end; i = next) {
      ActivityCounts one;
      for (; next < end && places[next].instance == places[i].instance; ++next) one.merge(places[next].entry->counts);
      if (!places[i].instance.empty())
        rows.push_back(report_row(places[i], places[i].instance, std::move(one), sample_bytes));
    }
  }
  return rows;
}

}  // namespace fa
