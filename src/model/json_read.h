#pragma once

// Reading JSON that anyone may have edited into values of the model, saying exactly what is wrong where. Private to
// this folder: only its .cpp files include it.
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"
#include "model/report.h"

namespace fa {

/// One value of the document and its place. The first error wins and later reads do nothing; read functions leave
/// their target alone when the key is missing.
class JsonReader {
 public:
  JsonReader(const Json& value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(error) {}

  void read(const char* key, std::string& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) {
        out.clear();
      } else if (v.is_string()) {
        out = v.get_ref<const std::string&>();
      } else {
        wrong(path, "a string", v);
      }
    });
  }

  void read(const char* key, bool& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_boolean()) {
        out = v.get<bool>();
      } else {
        wrong(path, "true or false", v);
      }
    });
  }

  /// Null is "not a number": the writer writes it for non-finite values.
  void read(const char* key, double& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) {
        out = std::numeric_limits<double>::quiet_NaN();
      } else if (v.is_number()) {
        out = v.get<double>();
      } else {
        wrong(path, "a number", v);
      }
    });
  }

  template <class Unsigned>
  void read_count(const char* key, Unsigned& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_number_unsigned() && v.get<std::uint64_t>() <= std::numeric_limits<Unsigned>::max()) {
        out = static_cast<Unsigned>(v.get<std::uint64_t>());
      } else {
        wrong(path, "a whole number from 0", v);
      }
    });
  }

  void read(const char* key, TimePoint& out) const {
    with(key, [&](const Json& v, const std::string& path) { out = time(v, path).value_or(kNoTime); });
  }
  void read(const char* key, std::optional<TimePoint>& out) const {
    with(key, [&](const Json& v, const std::string& path) { out = time(v, path); });
  }

  void read(const char* key, TimeRange& out) const {
    object(key, [&](const JsonReader& r) {
      r.read("from", out.begin);
      r.read("to", out.end);
    });
  }

  void read(const char* key, std::vector<std::string>& out) const {
    elements(key, [&](const Json& v, const std::string& path) {
      if (v.is_string()) {
        out.push_back(v.get<std::string>());
      } else {
        wrong(path, "a string", v);
      }
    });
  }

  /// `name_of` names each enum value from the first up to `last`.
  template <class Enum, class NameOf>
  void read_name(const char* key, Enum last, NameOf name_of, Enum& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_string()) {
        for (int i = 0; i <= static_cast<int>(last); ++i) {
          if (name_of(static_cast<Enum>(i)) == v.get_ref<const std::string&>()) {
            out = static_cast<Enum>(i);
            return;
          }
        }
      }
      std::string known;
      for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (i > 0) known += ", ";
        known += name_of(static_cast<Enum>(i));
      }
      wrong(path, "one of " + known, v);
    });
  }

  /// Calls `use(JsonReader)` for the object under `key`; a missing key or null is nothing.
  template <class Use>
  void object(const char* key, Use use) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) return;
      if (v.is_object()) {
        use(JsonReader(v, path, error_));
      } else {
        wrong(path, "an object", v);
      }
    });
  }

  /// Appends what `make(JsonReader, Item&)` fills for each object of the array under `key`.
  template <class Item, class Make>
  void objects(const char* key, std::vector<Item>& out, Make make) const {
    elements(key, [&](const Json& v, const std::string& path) {
      if (!v.is_object()) return wrong(path, "an object", v);
      make(JsonReader(v, path, error_), out.emplace_back());
    });
  }

  /// Calls `use(value, path)` for each element of the array under `key`.
  template <class Use>
  void elements(const char* key, Use use) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (!v.is_array()) return wrong(path, "an array", v);
      for (std::size_t i = 0; i < v.size() && error_.empty(); ++i) use(v[i], path + "/" + std::to_string(i));
    });
  }

  void wrong(const std::string& path, const std::string& expected, const Json& found) const {
    if (!error_.empty()) return;
    std::string shown;
    if (found.is_primitive()) {
      // Only the start: a value may be as large as the document.
      const std::string dumped = found.is_string() ? found.get<std::string>() : json_text(found);
      shown = " `" + visible(utf8_prefix(dumped, 60)) + "`";
    }
    error_ = path + ": expected " + expected + ", found " + found.type_name() + shown;
  }

 private:
  template <class Use>
  void with(const char* key, Use use) const {
    if (!error_.empty()) return;
    const auto found = value_.find(key);
    if (found != value_.end()) use(*found, path_ + "/" + key);
  }

  std::optional<TimePoint> time(const Json& v, const std::string& path) const {
    if (v.is_null()) return std::nullopt;
    const auto parsed = v.is_string() ? parse_rfc3339(v.get_ref<const std::string&>()) : std::nullopt;
    if (!parsed) wrong(path, "an RFC 3339 time or null", v);
    return parsed;
  }

  const Json& value_;
  std::string path_;
  std::string& error_;
};

inline void read_gap(const JsonReader& r, Gap& gap) {
  r.read("source", gap.source);
  r.read("range", gap.range);
  r.read("error", gap.error);
  r.read("impact", gap.impact);
}

inline void read_note(const JsonReader& r, Note& note) {
  r.read("source", note.source);
  r.read("text", note.text);
}

inline void read_usage(const JsonReader& r, Usage& usage) {
  r.read_count("bytes_read", usage.bytes_read);
  r.read_count("records_read", usage.records_read);
  r.read_count("model_input_tokens", usage.model_input_tokens);
  r.read_count("model_output_tokens", usage.model_output_tokens);
  r.read("cost_usd", usage.cost_usd);
  r.read_count("api_calls", usage.api_calls);
  r.read("prices_of", usage.prices_of);
  r.objects("sources", usage.sources, [](const JsonReader& s, SourceUsage& source) {
    s.read("source", source.source);
    s.read_count("calls", source.calls);
    s.read_count("scanned_bytes", source.scanned_bytes);
    s.read_count("fetched_bytes", source.fetched_bytes);
    s.read("cost_usd", source.cost_usd);
  });
}

/// Parses a document whose top is an object and lets `read(JsonReader)` take it apart. `what` names the document in
/// messages.
template <class Read>
Result<void> read_json_document(std::string_view text, std::string_view what, Read read) {
  Json root;
  try {
    root = parse_json_or_throw(text);
  } catch (const Json::exception& e) {
    return fail(ErrorCode::kInvalidInput, std::string(what) + ": " + visible(utf8_prefix(e.what(), 300)));
  }
  if (!root.is_object()) return fail(ErrorCode::kInvalidInput, std::string(what) + ": expected an object");
  std::string error;
  read(JsonReader(root, "", error));
  if (!error.empty()) return fail(ErrorCode::kInvalidInput, std::string(what) + ": " + error);
  return {};
}

}  // namespace fa
