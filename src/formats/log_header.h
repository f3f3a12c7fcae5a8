#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "model/telemetry.h"

namespace fa {

/// Memory of parse_log_message: owns the text that is not a verbatim part of its input (unescaped JSON strings,
/// `key=value` messages) and what was learned from earlier records (timestamp shape, day-first dates). One per file or
/// stream of records; not thread-safe.
class LogScratch {
 public:
  /// `reference_time` places timestamps that lack a year or a date when the envelope gives no time either.
  explicit LogScratch(std::optional<TimePoint> reference_time = std::nullopt);
  ~LogScratch();
  LogScratch(LogScratch&&) noexcept;
  LogScratch& operator=(LogScratch&&) noexcept;

  /// Frees the text behind all records parsed since the last call. Call after each sink call, once the batch is gone.
  void clear();

  /// Bytes held; flush the batch and clear() once this passes a few MiB.
  [[nodiscard]] std::size_t bytes() const;

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Takes apart the text of one log record whose envelope (OTLP log record, CloudWatch Logs event, container runtime)
/// is already known: strips the header (timestamp, level, thread, logger, trace ids) and sets `message` to what
/// remains; a body that is a JSON object or logfmt is read by its keys. `text` may have several lines and any bytes.
///
/// Fields of `record` that are already set (severity, service, instance, logger, trace_id, span_id, exception_type)
/// keep their value; `time` and `message` are always set: the text's own time when it has a date (a time without zone
/// takes the zone that brings it next to `outer_time`, if there is one), else `outer_time` (which may be kNoTime).
/// `position` is read, not written. Views point into `text` or into `scratch`: valid until either ends or
/// scratch.clear(). With `sink`, metrics in CloudWatch Embedded Metric Format go to on_metric at once.
void parse_log_message(std::string_view text, LogRecord& record, TimePoint outer_time, LogScratch& scratch,
                       TelemetrySink* sink = nullptr);

}  // namespace fa
