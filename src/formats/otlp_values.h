#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_access.h"

/// Pieces of the OTLP/JSON encoding shared by logs, traces and metrics (OpenTelemetry protocol specification, "JSON
/// Protobuf Encoding"). Field names are taken in lowerCamelCase and snake_case, 64-bit integers as string or number,
/// enums as number or name. For .cpp files only (includes simdjson).
namespace fa::otlp {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

/// A field name in lowerCamelCase, whichever way it is written. The view lives until the next call.
class FieldName {
 public:
  std::string_view of(simdjson::ondemand::field& field);

 private:
  std::string camel_;
};

/// One attribute. Views live as long as the document.
struct Attribute {
  std::string_view key;
  std::string_view text;  ///< The value of strings; the token of numbers and booleans; empty for structured values.
  std::string_view raw;   ///< JSON text of a structured value, else empty.
};

/// Reads `attributes`: an array of {key, value}, or (some exporters) a plain object. Appends to `out`.
simdjson::error_code read_attributes(value attributes, std::vector<Attribute>& out);
simdjson::error_code read_attribute_array(array attributes, std::vector<Attribute>& out);

/// Value of the first of `keys` (in this order) that is present with a non-empty text; else empty.
std::string_view first_of(const std::vector<Attribute>& attributes, std::initializer_list<std::string_view> keys);

/// Who sent the records. Views live as long as the document.
struct Resource {
  std::string_view service;
  std::string_view instance;
};

/// Service: service.name (unless it is the SDK's `unknown_service...`), k8s.deployment.name, k8s.statefulset.name,
/// k8s.daemonset.name, k8s.job.name, k8s.container.name, container.name, faas.name, aws.ecs.task.family,
/// process.executable.name, then `unknown_service...` after all. Instance: k8s.pod.name, service.instance.id,
/// container.id, container.name, host.name, host.id.
simdjson::error_code read_resource(value resource, Resource& out, std::vector<Attribute>& scratch);

/// Nanoseconds since 1970 as a time; kNoTime for 0, negative or impossible values.
TimePoint read_time(value nanos);

/// A trace or span id in hex. Base64 (what plain protobuf JSON writes) is turned into hex, kept in `owned`; ids of
/// zeros only mean "none" and are empty.
std::string_view read_id(value id, std::deque<std::string>& owned);

/// What stands under kvlistValue (`is_map`) or arrayValue, as compact plain JSON: {"stringValue":"x"} is "x", a kvlist
/// an object.
simdjson::error_code append_structured(value v, bool is_map, std::string& json);

}  // namespace fa::otlp
