#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "investigate/tool_series.h"
#include "investigate/tool_support.h"
#include "investigate/tool_templates.h"

namespace fa::tools {
namespace {

constexpr std::size_t kMaxCompared = 10;
constexpr std::size_t kMaxCountedEntities = 2'000;  ///< Beyond these, entities are counted together.
constexpr std::size_t kMaxPattern = 300;

/// The two ranges of a comparison and what facts about them are called.
struct TwoRanges {
  TimeRange a;
  TimeRange b;
  bool usual = false;  ///< Baseline and window.

  [[nodiscard]] std::string fact(std::string_view name, bool second) const {
    return fmt::format("{}_{}", name, usual ? (second ? "window" : "baseline") : (second ? "b" : "a"));
  }
};

Result<TwoRanges> two_ranges(const Call& call) {
  const PeriodClock& periods = call.world.study.digest.periods;
  const auto given = [&](std::string_view name) { return call.arguments.has(name); };
  const bool a_given = given("from_a") || given("to_a");
  if (!a_given && periods.baseline().empty()) {
    return fail(ErrorCode::kInvalidInput, "this incident has no baseline: give from_a and to_a");
  }
  const auto a = range_of(call, periods.baseline(), "from_a", "to_a");
  if (!a) return tl::unexpected(a.error());
  const auto b = range_of(call, periods.window(), "from_b", "to_b");
  if (!b) return tl::unexpected(b.error());
  return TwoRanges{*a, *b, *a == periods.baseline() && *b == periods.window()};
}

double minutes_of(const TimeRange& range) {
  if (range.begin == kNoTime || range.end == kEndless) return 0;
  return static_cast<double>(range.length().count()) / 60e9;
}

/// Records of a template of one entity, and an example.
struct TemplateCount {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::optional<LogSample> from_a;
  std::optional<LogSample> from_b;
};

bool sample_before(const LogSample& x, const LogSample& y) {
  return std::tuple(x.time, x.file, x.position.offset) < std::tuple(y.time, y.file, y.position.offset);
}

void keep_earlier(std::optional<LogSample>& kept, const LogSample& other) {
  if (!kept || sample_before(other, *kept)) kept = other;
}

class TemplateCounts final : public TelemetrySink {
 public:
  TemplateCounts(std::uint32_t file, const TemplateMatcher& matcher, const TwoRanges& ranges, const std::string& entity)
      : file_(file), matcher_(matcher), ranges_(ranges), entity_(entity) {}

  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records) {
      const bool in_a = r.time != kNoTime && ranges_.a.contains(r.time);
      const bool in_b = r.time != kNoTime && ranges_.b.contains(r.time);
      if ((!in_a && !in_b) || (!entity_.empty() && r.service != entity_) || !matcher_.matches(r.message)) continue;
      TemplateCount& count = of(std::string(r.service));
      LogSample sample{file_, r.position, r.time, std::string(r.message.substr(0, kMaxTextBytes + 1))};
      if (in_a) {
        count.a += r.occurrences;
        keep_earlier(count.from_a, sample);
      }
      if (in_b) {
        count.b += r.occurrences;
        keep_earlier(count.from_b, sample);
      }
    }
  }

  void merge(const TemplateCounts& other) {
    for (const auto& [entity, from] : other.counts) {
      TemplateCount& to = of(entity);
      to.a += from.a;
      to.b += from.b;
      if (from.from_a) keep_earlier(to.from_a, *from.from_a);
      if (from.from_b) keep_earlier(to.from_b, *from.from_b);
    }
  }

  std::map<std::string, TemplateCount> counts;

 private:
  TemplateCount& of(const std::string& entity) {
    const auto it = counts.find(entity);
    if (it != counts.end()) return it->second;
    return counts[counts.size() < kMaxCountedEntities ? entity : std::string()];
  }

  std::uint32_t file_;
  const TemplateMatcher& matcher_;
  const TwoRanges& ranges_;
  const std::string& entity_;
};

/// Counts of baseline and window are in the digest already: exactly those that findings give.
std::map<std::string, TemplateCount> counted_before(const Study& study, TemplateId id, const std::string& entity) {
  std::map<std::string, TemplateCount> counts;
  for (const TemplateActivity& a : study.digest.logs.activities) {
    if (a.template_id != id || !a.instance.empty() || (!entity.empty() && a.service != entity)) continue;
    TemplateCount& count = counts[a.service];
    count.a += a.counts[static_cast<std::size_t>(Period::kBaseline)];
    count.b += a.counts[static_cast<std::size_t>(Period::kWindow)];
    if (!a.baseline_samples.empty()) keep_earlier(count.from_a, a.baseline_samples.front());
    if (!a.window_samples.empty()) keep_earlier(count.from_b, a.window_samples.front());
  }
  return counts;
}

JsonWriter count_members(std::uint64_t count, const TimeRange& range) {
  JsonWriter out;
  out.count("count", count);
  if (minutes_of(range) > 0) out.number("per_minute", static_cast<double>(count) / minutes_of(range));
  return out;
}

Result<Answer> compare_template(const Call& call, TemplateId id, const std::string& entity) {
  const Study& study = call.world.study;
  const auto ranges = two_ranges(call);
  if (!ranges) return tl::unexpected(ranges.error());
  const LogTemplate& of = study.digest.logs.templates.templates[id];
  Answer answer(call);
  answer.extra.raw("a", range_json(ranges->a)).raw("b", range_json(ranges->b));
  answer.extra.text("template", of.id).text("pattern", whole_words_prefix(of.pattern, kMaxPattern));
  std::map<std::string, TemplateCount> counts;
  bool partial = false;
  if (ranges->usual) {
    counts = counted_before(study, id, entity);
  } else {
    const TemplateMatcher matcher(study.digest.logs.templates, id);
    TemplateCounts all(0, matcher, *ranges, entity);
    RereadScope scope;
    scope.ranges = {ranges->a, ranges->b};
    const RereadAccount account = reread(
        study, scope,
        [&](std::uint32_t file) { return std::make_unique<TemplateCounts>(file, matcher, *ranges, entity); },
        [&](std::uint32_t, TelemetrySink& sink) { all.merge(static_cast<TemplateCounts&>(sink)); }, call.context);
    counts = std::move(all.counts);
    answer.total = counts.size();
    partial = account.stopped;
    if (auto told = tell_account(account, answer); !told) return tl::unexpected(told.error());
  }
  std::erase_if(counts, [](const auto& c) { return c.second.a == 0 && c.second.b == 0; });
  answer.total = counts.size();
  std::vector<std::pair<std::string, TemplateCount>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& x, const auto& y) {
    return std::max(x.second.a, x.second.b) > std::max(y.second.a, y.second.b);
  });
  std::vector<EvidenceRow> rows;
  for (const auto& [service, count] : order) {
    if (rows.size() == kMaxCompared) break;
    const std::optional<LogSample>& sample = count.from_b ? count.from_b : count.from_a;
    EvidenceRow row;
    if (sample) {
      row.evidence = evidence_at(call.world, EvidenceKind::kLog, sample->file, sample->position, sample->time, service,
                                 "tool:compare:" + call.arguments.asked() + (partial ? ":partial" : ""));
      row.evidence.excerpt = shown_text(sample->text, row.text_cut);
    }
    if (!partial) {
      row.evidence.facts = {{ranges->fact("count", false), static_cast<double>(count.a), "lines"},
                            {ranges->fact("count", true), static_cast<double>(count.b), "lines"}};
      for (const bool second : {false, true}) {
        const double minutes = minutes_of(second ? ranges->b : ranges->a);
        if (minutes <= 0) continue;
        row.evidence.facts.push_back({ranges->fact("per_minute", second),
                                      static_cast<double>(second ? count.b : count.a) / minutes, "lines per minute"});
      }
    }
    row.sameness = EvidenceBook::Sameness::kNumbers;
    row.members.text("entity", service);
    row.members.raw("in_a", count_members(count.a, ranges->a).object());
    row.members.raw("in_b", count_members(count.b, ranges->b).object());
    row.show_text = true;
    rows.push_back(std::move(row));
  }
  answer.truncated = answer.truncated || answer.total > rows.size();
  show_rows(call, rows, answer);
  return answer;
}

JsonWriter summary_members(const SeriesSummary& s) {
  JsonWriter out;
  out.count("n", s.points);
  if (s.points > 0) {
    out.number("mean", s.mean).number("median", s.median).number("p95", s.p95).number("max", s.max);
    out.time("max_time", s.max_time);
  }
  return out;
}

Result<Answer> compare_series_of(const Call& call, const std::vector<const Series*>& series) {
  const auto ranges = two_ranges(call);
  if (!ranges) return tl::unexpected(ranges.error());
  Answer answer(call);
  answer.extra.raw("a", range_json(ranges->a)).raw("b", range_json(ranges->b));
  std::vector<EvidenceRow> rows;
  for (const Series* s : series) {
    const SeriesSummary a = summary_of(*s, ranges->a);
    const SeriesSummary b = summary_of(*s, ranges->b);
    if (a.points + b.points == 0) continue;
    if (++answer.total > kMaxCompared) continue;
    const bool in_b = b.points > 0;
    EvidenceRow row;
    row.series = series_identity(call.world.study, *s);
    row.sameness = EvidenceBook::Sameness::kNumbers;
    const std::size_t shown = points_inside(*s, in_b ? ranges->b : ranges->a).first;
    row.evidence = series_item(call, *s, s->times[shown]);
    row.evidence.facts.push_back({"value_at_time", s->values[shown], s->unit});
    for (const bool second : {false, true}) {
      const SeriesSummary& x = second ? b : a;
      row.evidence.facts.push_back({ranges->fact("points", second), static_cast<double>(x.points), ""});
      if (x.points == 0) continue;
      row.evidence.facts.push_back({ranges->fact("mean", second), x.mean, s->unit});
      row.evidence.facts.push_back({ranges->fact("median", second), x.median, s->unit});
      row.evidence.facts.push_back({ranges->fact("p95", second), x.p95, s->unit});
      row.evidence.facts.push_back({ranges->fact("peak", second), x.max, s->unit});
    }
    row.members = series_members(*s);
    row.members.raw("in_a", summary_members(a).object()).raw("in_b", summary_members(b).object());
    rows.push_back(std::move(row));
  }
  answer.truncated = answer.total > rows.size();
  show_rows(call, rows, answer);
  return answer;
}

Result<Answer> compare(const Call& call) {
  const std::string* evidence = call.arguments.text("evidence");
  const std::string* of_template = call.arguments.text("template");
  const std::string* metric = call.arguments.text("metric");
  if ((evidence != nullptr) + (of_template != nullptr) + (metric != nullptr) != 1) {
    return fail(ErrorCode::kInvalidInput, "give exactly one of evidence, template and metric");
  }
  if (metric != nullptr) {
    const auto series = series_named(call, "metric");
    if (!series) return tl::unexpected(series.error());
    return compare_series_of(call, *series);
  }
  auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  if (evidence != nullptr) {
    const Evidence* item = call.world.book.find(*evidence);
    if (item == nullptr) {
      return fail(ErrorCode::kNotFound, fmt::format("parameter evidence: no item has the id \"{}\"",
                                                    sanitize_utf8(utf8_prefix(*evidence, 60))));
    }
    if (item->kind == EvidenceKind::kMetric) {
      const auto series = series_of_item(call.world.study, *item);
      if (series.empty()) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("the series of {} is not known; give metric and entity", item->id));
      }
      return compare_series_of(call, series);
    }
    if (item->kind != EvidenceKind::kLog) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("parameter evidence: {} is a {} item; logs (L..) and metrics (M..) can be compared",
                              item->id, evidence_kind_name(item->kind)));
    }
    // What the item is about: the counts are then those that its finding states.
    if (entity->empty()) entity = item->entity;
  }
  const auto id = template_named(call.world, evidence != nullptr ? "evidence" : "template",
                                 evidence != nullptr ? *evidence : *of_template);
  if (!id) return tl::unexpected(id.error());
  return compare_template(call, *id, *entity);
}

}  // namespace

Tool compare_tool() {
  return {"compare",
          {{.name = "evidence", .max_bytes = 60},
           {.name = "template", .max_bytes = 100},
           {.name = "metric", .max_bytes = 500},
           {.name = "entity", .max_bytes = 300},
           {.name = "statistic", .max_bytes = 60},
           {.name = "from_a", .type = ParameterType::kTime},
           {.name = "to_a", .type = ParameterType::kTime},
           {.name = "from_b", .type = ParameterType::kTime},
           {.name = "to_b", .type = ParameterType::kTime}},
          &compare};
}

}  // namespace fa::tools
