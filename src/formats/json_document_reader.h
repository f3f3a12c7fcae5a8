#pragma once

#include <string>

#include "formats/json_access.h"

/// For .cpp files only (includes simdjson).
namespace fa {

/// Common part of readers of JSON whose documents are objects, or arrays of such objects: framing, parsing, and the
/// counting of what is broken. `Reader` reads one object at a time.
class JsonObjectReader : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) final;

 protected:
  /// What an object needs to know of the document it stands in.
  struct Place {
    RecordPositions& positions;
    TelemetrySink& sink;
    std::string_view document;  ///< Text of the whole document.
  };
  /// Reads one object. `raw` is its text; `object` stands at its beginning. An error ends the document.
  virtual simdjson::error_code read_object(simdjson::ondemand::object object, std::string_view raw, Place& place) = 0;
  /// Called once, behind the last document of the file.
  virtual void at_end(TelemetrySink&) {}

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink);
  simdjson::error_code read_root(simdjson::ondemand::document& json, Place& place);

  JsonDocuments documents_;
  JsonParser parser_;
};

/// The end of a document with an error at `place`: counts the rest of it as skipped.
void skip_rest(const char* place, simdjson::error_code error, RecordPositions& positions, TelemetrySink& sink);

}  // namespace fa
