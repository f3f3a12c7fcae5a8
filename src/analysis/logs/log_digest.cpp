/// The digester keeps, per distinct thing and never per record (but for traced events): shapes, their counts by source,
/// samples of their parameters, exceptions. Everything is bounded; where a limit is hit, the rest is counted coarser.
#include "analysis/logs/log_digest.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "analysis/logs/digest_report.h"
#include "analysis/logs/earliest_samples.h"
#include "analysis/logs/exception_table.h"
#include "analysis/logs/traced_events.h"
#include "analysis/logs/value_rules.h"
#include "base/hash.h"

namespace fa {
namespace {

constexpr std::size_t kMaxServices = 10'000;
constexpr std::size_t kMaxInstances = 50'000;
constexpr std::size_t kMaxLoggers = 50'000;
constexpr std::size_t kMaxSources = 100'000;
constexpr std::size_t kMaxActivities = 200'000;

/// True when the message behind a scan may name an exception: its words say so, or more lines follow.
bool may_name_exception(const MessageScanner& scanner) {
  for (const Token& token : scanner.tokens()) {
    if (token.kind != TokenKind::kWord) continue;
    const std::string_view word = scanner.text(token);
    if (rules::names_exception(word) || word == "panic" || word == "panicked") return true;
  }
  return false;
}

}  // namespace

struct LogDigester::Impl {
  explicit Impl(PeriodClock clock) : periods(clock) { loggers.number({}); }

  PeriodClock periods;
  ShapeCounter counter;
  std::vector<bool> exceptional;  ///< Per shape: its words name an exception.
  NameTable services{kMaxServices};
  NameTable instances{kMaxInstances};
  NameTable loggers{kMaxLoggers};
  std::vector<LogSource> sources;
  std::unordered_map<std::uint64_t, std::uint32_t> source_numbers;
  std::uint64_t last_source_key = ~std::uint64_t{0};
  std::uint32_t last_source = 0;
  ActivityTable activities;
  ParameterSamples parameters;
  ExceptionTable exceptions;
  TracedEvents events;
  std::array<std::uint64_t, kPeriodCount> records{};
  std::uint64_t undated = 0;

  std::uint32_t source_of(std::uint32_t service, std::uint32_t instance);
  ActivityCounts& activity_of(ShapeId shape, std::uint32_t source);
  void add(std::uint32_t file, const LogRecord& record);
};

std::uint32_t LogDigester::Impl::source_of(std::uint32_t service, std::uint32_t instance) {
  const std::uint64_t key = std::uint64_t{service} << 32 | instance;
  if (key == last_source_key) return last_source;
  auto it = source_numbers.find(key);
  if (it == source_numbers.end()) {
    if (sources.size() >= kMaxSources && !instances.names()[instance].empty()) {
      return source_of(service, instances.number({}));
    }
    it = source_numbers.emplace(key, static_cast<std::uint32_t>(sources.size())).first;
    sources.push_back({service, instance});
  }
  last_source_key = key;
  return last_source = it->second;
}

ActivityCounts& LogDigester::Impl::activity_of(ShapeId shape, std::uint32_t source) {
  if (ActivityCounts* counts = activities.find_or_add(shape, source, kMaxActivities)) return *counts;
  // Too many: first the instances are given up, then the services.
  const std::uint32_t nameless = instances.number({});
  const std::uint32_t service = source_of(sources[source].service, nameless);
  if (ActivityCounts* counts = activities.find_or_add(shape, service, 2 * kMaxActivities)) return *counts;
  return *activities.find_or_add(shape, source_of(services.number({}), nameless), ~std::size_t{0});
}

void LogDigester::Impl::add(std::uint32_t file, const LogRecord& record) {
  const Period period = periods.period(record.time);
  records[static_cast<std::size_t>(period)] += record.occurrences;
  undated += record.time == kNoTime ? record.occurrences : 0U;
  const ShapeId shape = counter.add(record.message, record.occurrences, record.form);
  if (shape >= exceptional.size()) {
    exceptional.resize(shape + 1);
    exceptional[shape] = may_name_exception(counter.scan_of(record.message));
  }
  const std::uint32_t service = services.number(record.service);
  const std::uint32_t source = source_of(service, instances.number(record.instance));
  ActivityCounts& activity = activity_of(shape, source);
  const bool many = activities.entries().size() > kManyActivities;
  activity.add(periods, file, record, period, many ? kShortSampleBytes : kMaxSampleBytes);
  const bool names_one = exceptional[shape] || counter.more_lines();
  if (parameters.wants(shape, service, period, file, record)) {
    parameters.add(shape, service, period, file, record, counter.scan_of(record.message));
  }
  if (names_one || !record.exception_type.empty()) exceptions.add(file, record, service, period, names_one);
  if (!record.trace_id.empty()) {
    const std::uint64_t span = record.span_id.empty() ? 0 : stable_hash(record.span_id);
    events.add(TracedLogEvent{stable_hash(record.trace_id), span, record.time, shape, service,
                              loggers.number(record.logger), file, record.position, period});
  }
}

LogDigester::LogDigester(PeriodClock periods) : impl_(std::make_unique<Impl>(periods)) {}
LogDigester::~LogDigester() = default;
LogDigester::LogDigester(LogDigester&&) noexcept = default;
LogDigester& LogDigester::operator=(LogDigester&&) noexcept = default;

void LogDigester::add(std::uint32_t file, std::span<const LogRecord> records) {
  for (const LogRecord& record : records) impl_->add(file, record);
}

void LogDigester::merge(LogDigester&& other) {
  Impl& mine = *impl_;
  Impl& theirs = *other.impl_;
  EventNumbers numbers{mine.counter.shapes.merge(theirs.counter.shapes), mine.services.take_over(theirs.services),
                       mine.loggers.take_over(theirs.loggers)};
  const std::vector<ShapeId>& shapes = numbers.shapes;
  mine.exceptional.resize(mine.counter.shapes.size());
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    if (theirs.exceptional[s]) mine.exceptional[shapes[s]] = true;
  }
  const std::vector<std::uint32_t> instances = mine.instances.take_over(theirs.instances);
  std::vector<std::uint32_t> sources;
  for (const LogSource& source : theirs.sources) {
    sources.push_back(mine.source_of(numbers.services[source.service], instances[source.instance]));
  }
  for (const ActivityTable::Entry& entry : theirs.activities.entries()) {
    mine.activity_of(shapes[entry.shape], sources[entry.source]).merge(entry.counts);
  }
  mine.parameters.merge(theirs.parameters, shapes, numbers.services);
  mine.exceptions.merge(std::move(theirs.exceptions), numbers.services);
  mine.events.merge(std::move(theirs.events), numbers);
  for (std::size_t p = 0; p < kPeriodCount; ++p) mine.records[p] += theirs.records[p];
  mine.undated += theirs.undated;
  theirs = Impl(theirs.periods);
}

LogDigest LogDigester::finish() {
  Impl& impl = *impl_;
  MinedTemplates mined = build_templates(impl.counter.shapes);
  LogDigest digest;
  digest.activities = report_activities({mined, impl.counter.shapes, impl.activities, impl.parameters, impl.sources,
                                         impl.services.names(), impl.instances.names()});
  digest.exceptions = impl.exceptions.take(impl.services.names());
  digest.records = impl.records;
  digest.undated_records = impl.undated;

  // Everything gets numbers that do not depend on what came first.
  std::vector<ShapeId> order(impl.counter.shapes.size());
  std::iota(order.begin(), order.end(), ShapeId{0});
  std::sort(order.begin(), order.end(),
            [&](ShapeId a, ShapeId b) { return impl.counter.shapes.encoded(a) < impl.counter.shapes.encoded(b); });
  EventNumbers numbers;
  numbers.shapes.resize(order.size());
  digest.templates = std::move(mined.set);
  std::vector<TemplateId> template_of_shape(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    numbers.shapes[order[i]] = static_cast<ShapeId>(i);
    template_of_shape[i] = digest.templates.template_of_shape[order[i]];
  }
  digest.templates.template_of_shape = std::move(template_of_shape);
  digest.services = impl.services.sorted(numbers.services);
  digest.loggers = impl.loggers.sorted(numbers.loggers);
  digest.events_dropped = impl.events.dropped();
  digest.events = impl.events.take(numbers);
  return digest;
}

}  // namespace fa
