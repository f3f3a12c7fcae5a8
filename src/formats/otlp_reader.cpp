#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats/json_document_reader.h"
#include "formats/otlp_signals.h"
#include "formats/readers.h"

namespace fa {
namespace {

using namespace otlp;
using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

enum class Signal : std::uint8_t { kLogs, kSpans, kMetrics };

/// Names of the nested arrays of each signal; `old_scopes` as written before OTLP 0.15.
struct SignalNames {
  std::string_view resources;
  std::string_view scopes;
  std::string_view old_scopes;
  std::string_view records;
};

constexpr std::array<SignalNames, 3> kSignals{{
    {"resourceLogs", "scopeLogs", "instrumentationLibraryLogs", "logRecords"},
    {"resourceSpans", "scopeSpans", "instrumentationLibrarySpans", "spans"},
    {"resourceMetrics", "scopeMetrics", "instrumentationLibraryMetrics", "metrics"},
}};

/// OTLP/JSON as the Collector's file exporter writes it (one Export*ServiceRequest per line), or as one document or
/// several, pretty-printed or not. The three signals may be mixed.
class OtlpReader final : public RecordReader {
 public:
  explicit OtlpReader(const ReaderOptions& options)
      : documents_(kMaxDocumentBytes, options.first_line), logs_(options) {}

  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    return documents_.read(data, offset, last, sink,
                           [&](const JsonDocument& document) { read_document(document, sink); });
  }

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink);
  error_code read_request(simdjson::ondemand::document& json, RecordPositions& positions, TelemetrySink& sink);
  error_code read_request_object(object request, RecordPositions& positions, TelemetrySink& sink);
  error_code read_resources(value resources, Signal signal, RecordPositions& positions, TelemetrySink& sink);
  error_code read_resource_object(object fields, Signal signal, RecordPositions& positions, TelemetrySink& sink);
  error_code read_scopes(value scopes, Signal signal, const Scope& outer);
  error_code read_scope(object fields, Signal signal, const Scope& outer);
  error_code read_records(array records, Signal signal, const Scope& scope);

  JsonDocuments documents_;
  JsonParser parser_;
  LogSignal logs_;
  SpanSignal spans_;
  MetricSignal metrics_;
  std::vector<Attribute> scratch_;
  bool known_ = false;  ///< The document had at least one of the three arrays.
};

void OtlpReader::read_document(const JsonDocument& document, TelemetrySink& sink) {
  simdjson::ondemand::document json;
  known_ = false;
  error_code error = parser_.iterate(document.text, json);
  RecordPositions positions(document, parser_.base());
  if (!error) error = read_request(json, positions, sink);
  logs_.flush(sink);
  spans_.flush(sink);
  if (document.truncated) return;  // Counted already.
  if (error) {
    skip_rest(parser_.place(json), error, positions, sink);
  } else if (!known_) {
    sink.on_skipped({document.position,
                     fmt::format("line {}: expected resourceLogs, resourceSpans or resourceMetrics, found other JSON",
                                 document.position.line),
                     1, false});
  }
}

error_code OtlpReader::read_request(simdjson::ondemand::document& json, RecordPositions& positions,
                                    TelemetrySink& sink) {
  json_type type{};
  if (const auto error = json.type().get(type)) return error;
  if (type == json_type::array) {  // Several requests in one array.
    array requests;
    if (const auto error = json.get_array().get(requests)) return error;
    for (auto item : requests) {
      value one;
      if (const auto error = item.get(one)) return error;
      if (const auto error = one.type().get(type)) return error;
      if (type != json_type::object) continue;
      object request;
      if (const auto error = one.get_object().get(request)) return error;
      if (const auto error = read_request_object(request, positions, sink)) return error;
    }
    return SUCCESS;
  }
  object request;
  if (const auto error = json.get_object().get(request)) return error;
  return read_request_object(request, positions, sink);
}

error_code OtlpReader::read_request_object(object request, RecordPositions& positions, TelemetrySink& sink) {
  FieldName names;
  for (auto item : request) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      if (name != kSignals[i].resources) continue;
      known_ = true;
      if (const auto error = read_resources(field.value(), static_cast<Signal>(i), positions, sink)) return error;
      break;
    }
  }
  return SUCCESS;
}

error_code OtlpReader::read_resources(value resources, Signal signal, RecordPositions& positions, TelemetrySink& sink) {
  return for_each_object(resources,
                         [&](object fields) { return read_resource_object(fields, signal, positions, sink); });
}

/// `resource` describes all scopes beside it; JSON leaves open which comes first. Scopes that stand before their
/// resource are read in a second pass (never the same string twice: simdjson's buffer is sized for one reading).
error_code OtlpReader::read_resource_object(object fields, Signal signal, RecordPositions& positions,
                                            TelemetrySink& sink) {
  const SignalNames& wanted = kSignals[static_cast<std::size_t>(signal)];
  Resource resource;
  const Scope outer{sink, positions, resource, {}};
  bool have_resource = false;
  std::size_t postponed = 0;
  FieldName names;
  const auto is_scopes = [&](std::string_view name) { return name == wanted.scopes || name == wanted.old_scopes; };
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "resource" && !have_resource) {
      have_resource = true;
      if (const auto error = read_resource(field.value(), resource, scratch_)) return error;
    } else if (is_scopes(name)) {
      if (!have_resource) {
        ++postponed;
        continue;
      }
      if (const auto error = read_scopes(field.value(), signal, outer)) return error;
    }
  }
  if (postponed == 0) return SUCCESS;
  if (const auto error = fields.reset().error()) return error;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (postponed == 0 || !is_scopes(names.of(field))) continue;
    --postponed;
    if (const auto error = read_scopes(field.value(), signal, outer)) return error;
  }
  return SUCCESS;
}

error_code OtlpReader::read_scopes(value scopes, Signal signal, const Scope& outer) {
  return for_each_object(scopes, [&](object fields) { return read_scope(fields, signal, outer); });
}

error_code OtlpReader::read_scope(object fields, Signal signal, const Scope& outer) {
  Scope scope = outer;
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    value v = field.value();
    json_type type{};
    if (const auto error = v.type().get(type)) return error;
    if (name == "scope" && type == json_type::object) {
      object description;
      if (const auto error = v.get_object().get(description)) return error;
      for (auto member : description) {
        simdjson::ondemand::field inner;
        if (const auto error = std::move(member).get(inner)) return error;
        if (json_key(inner) == "name") scope.name = json_string(inner.value()).value_or(std::string_view{});
      }
    } else if (name == kSignals[static_cast<std::size_t>(signal)].records && type == json_type::array) {
      array records;
      if (const auto error = v.get_array().get(records)) return error;
      if (const auto error = read_records(records, signal, scope)) return error;
    }
  }
  return SUCCESS;
}

error_code OtlpReader::read_records(array records, Signal signal, const Scope& scope) {
  switch (signal) {
    case Signal::kLogs:
      return logs_.read(records, scope);
    case Signal::kSpans:
      return spans_.read(records, scope);
    case Signal::kMetrics:
      return metrics_.read(records, scope);
  }
  return SUCCESS;
}

}  // namespace

std::unique_ptr<RecordReader> make_otlp_reader(ReaderOptions options) { return std::make_unique<OtlpReader>(options); }

}  // namespace fa
