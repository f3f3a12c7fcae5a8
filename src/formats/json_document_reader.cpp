#include "formats/json_document_reader.h"

#include <fmt/core.h>

namespace fa {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

std::size_t JsonObjectReader::read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) {
  const std::size_t used =
      documents_.read(data, offset, last, sink, [&](const JsonDocument& document) { read_document(document, sink); });
  if (last) at_end(sink);
  return used;
}

void JsonObjectReader::read_document(const JsonDocument& document, TelemetrySink& sink) {
  simdjson::ondemand::document json;
  error_code error = parser_.iterate(document.text, json);
  RecordPositions positions(document, parser_.base());
  Place place{positions, sink, document.text};
  if (!error) error = read_root(json, place);
  if (error && !document.truncated) skip_rest(parser_.place(json), error, positions, sink);
}

error_code JsonObjectReader::read_root(simdjson::ondemand::document& json, Place& place) {
  json_type type{};
  if (const auto error = json.type().get(type)) return error;
  const auto read_one = [&](simdjson::ondemand::object object) {
    std::string_view raw;
    if (const auto error = object.raw_json().get(raw)) return error;
    if (const auto error = object.reset().error()) return error;
    return read_object(object, raw, place);
  };
  if (type == json_type::array) {
    simdjson::ondemand::array items;
    if (const auto error = json.get_array().get(items)) return error;
    for (auto item : items) {
      simdjson::ondemand::value one;
      if (const auto error = item.get(one)) return error;
      if (const auto error = one.type().get(type)) return error;
      if (type != json_type::object) continue;
      simdjson::ondemand::object object;
      if (const auto error = one.get_object().get(object)) return error;
      if (const auto error = read_one(object)) return error;
    }
    return SUCCESS;
  }
  simdjson::ondemand::object object;
  if (const auto error = json.get_object().get(object)) return error;
  return read_one(object);
}

void skip_rest(const char* place, error_code error, RecordPositions& positions, TelemetrySink& sink) {
  const BytePosition rest = positions.rest(place);
  sink.on_skipped({rest,
                   fmt::format("line {} (byte {}): broken JSON ({}); the rest of this document was not read", rest.line,
                               rest.offset, json_error_text(error)),
                   1, false});
}

}  // namespace fa
