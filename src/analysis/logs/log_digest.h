#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/logs/template_miner.h"
#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// A record kept verbatim, with where its bytes are.
struct LogSample {
  std::uint32_t file = 0;  ///< Index given to LogDigester.
  BytePosition position;
  TimePoint time = kNoTime;
  std::string text;  ///< The message, verbatim, at most 4 KiB.
};

/// A variable part of a template whose values moved between baseline and window.
struct ParameterShift {
  enum class Kind { kNumber, kDuration, kStatusCode, kHost, kAddress, kIdentifier };
  std::size_t slot = 0;  ///< The how-manieth `<*>`, from 0.
  Kind kind = Kind::kIdentifier;
  std::string value;    ///< For values: the one that took over; empty for distributions.
  double baseline = 0;  ///< Share of the value, or median of the number, in the baseline.
  double window = 0;    ///< The same in the window.
  double strength = 0;  ///< Evidence for a move, as -log10 of a p-value, capped at 300.
};

/// What one service (and instance) wrote of one template.
struct TemplateActivity {
  TemplateId template_id = 0;
  std::string service;
  std::string instance;  ///< Empty: all instances of the service together (one such row per template and service);
                         ///< rows of single instances follow only where a service has several.
  Severity severity = Severity::kUnknown;            ///< The most frequent stated in the window; kUnknown when none.
  std::array<std::uint64_t, kPeriodCount> counts{};  ///< Indexed by Period.
  TimePoint first_in_window = kNoTime;
  TimePoint last_in_window = kNoTime;
  std::vector<std::uint32_t> window_buckets;  ///< Counts over PeriodClock's window buckets.
  std::vector<std::uint32_t> baseline_buckets;
  std::vector<LogSample> window_samples;    ///< Earliest three by (time, file, offset).
  std::vector<LogSample> baseline_samples;  ///< Earliest one.
  std::vector<ParameterShift> shifts;       ///< Strongest first, at most five.
};

/// A kind of exception or error chain found in messages (multi-line stack traces, `Caused by:`, Python tracebacks, Go
/// panics, Node errors) or in structured fields.
struct ExceptionActivity {
  std::string service;
  std::string type;          ///< Outermost type.
  std::string root_type;     ///< Innermost cause; equal to `type` when there is no chain.
  std::string root_message;  ///< Its message with variables masked.
  std::string root_frame;    ///< First frame of the innermost cause, if any.
  std::array<std::uint64_t, kPeriodCount> counts{};
  TimePoint first_in_window = kNoTime;
  std::vector<LogSample> window_samples;  ///< Earliest two.
};

/// One record of a trace, for the study of event order. Kept for records that carry a trace id.
struct TracedLogEvent {
  std::uint64_t trace = 0;  ///< stable_hash of the trace id.
  std::uint64_t span = 0;   ///< stable_hash of the span id; 0 when none.
  TimePoint time = kNoTime;
  ShapeId shape = 0;
  std::uint32_t service = 0;  ///< Index into LogDigest::services.
  std::uint32_t logger = 0;   ///< Index into LogDigest::loggers (LogRecord::logger; "" is one of them).
  std::uint32_t file = 0;
  BytePosition position;
  Period period = Period::kOther;
};

struct LogDigest {
  TemplateSet templates;
  std::vector<std::string> services;          ///< Sorted; TracedLogEvent::service indexes it.
  std::vector<std::string> loggers;           ///< Sorted; TracedLogEvent::logger indexes it.
  std::vector<TemplateActivity> activities;   ///< Sorted by (template, service, instance).
  std::vector<ExceptionActivity> exceptions;  ///< Sorted by (service, type, root_type, root_message).
  std::vector<TracedLogEvent> events;         ///< Sorted by (trace, time, file, offset).
  std::uint64_t events_dropped = 0;           ///< Beyond the limit of kept events; said in the report.
  std::array<std::uint64_t, kPeriodCount> records{};
  std::uint64_t undated_records = 0;  ///< Records without a time; counted in the window (they are all that is known).
};

/// Counts log records into a LogDigest: each as often as its `occurrences` say, with one sample and one set of
/// parameters. One thread per digester; `merge` in file order gives the same digest whatever
/// the number of digesters.
class LogDigester {
 public:
  explicit LogDigester(PeriodClock periods);
  ~LogDigester();
  LogDigester(LogDigester&&) noexcept;
  LogDigester& operator=(LogDigester&&) noexcept;

  void add(std::uint32_t file, std::span<const LogRecord> records);
  void merge(LogDigester&& other);
  [[nodiscard]] LogDigest finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa
