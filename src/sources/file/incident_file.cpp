#include "sources/file/incident_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "sources/file/block_buffer.h"
#include "sources/file/shown_name.h"

namespace fa {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

std::string shown_value(const Json& value) {
  constexpr std::size_t kMaxShown = 60;
  const std::string text = json_text(value);
  return shown_name(utf8_prefix(text, kMaxShown)) + (text.size() > kMaxShown ? "..." : "");
}

/// Thrown by the checks below, caught in parse_incident: one place turns it into an Error.
struct WrongValue {
  std::vector<std::string_view> path;
  std::string message;
};

/// One object of the file and the keys that lead to it.
class Section {
 public:
  Section(const Json& object, std::vector<std::string_view> path) : object_(object), path_(std::move(path)) {
    if (!object_.is_object()) {
      throw WrongValue{path_, fmt::format("expected an object, found {}", shown_value(object_))};
    }
  }

  /// Null and missing are the same.
  [[nodiscard]] const Json* find(std::string_view key) const {
    const auto found = object_.find(std::string(key));
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  [[nodiscard]] std::string text(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
      return {};
    }
    if (!value->is_string()) {
      throw WrongValue{path_to(key), fmt::format("expected a text, found {}", shown_value(*value))};
    }
    return value->get<std::string>();
  }

  [[nodiscard]] std::optional<TimePoint> time(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
      return std::nullopt;
    }
    const auto time = value->is_string() ? parse_rfc3339(trim(value->get_ref<const std::string&>())) : std::nullopt;
    if (!time) {
      throw WrongValue{path_to(key),
                       fmt::format("expected a time such as \"2026-03-14T08:30:00Z\", found {}", shown_value(*value))};
    }
    return time;
  }

  [[nodiscard]] std::optional<TimeRange> range(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
      return std::nullopt;
    }
    const Section section(*value, path_to(key));
    const auto from = section.time("from");
    const auto to = section.time("to");
    if (!from && !to) {
      return std::nullopt;
    }
    if (!from || !to) {
      throw WrongValue{path_to(key),
                       fmt::format("'{}' is missing beside '{}'", from ? "to" : "from", from ? "from" : "to")};
    }
    if (*to == *from) {
      return std::nullopt;  // an empty range: nothing was there to be named
    }
    if (*to < *from) {
      throw WrongValue{path_to(key),
                       fmt::format("'to' ({}) must lie after 'from' ({})", format_rfc3339(*to), format_rfc3339(*from))};
    }
    return TimeRange{*from, *to};
  }

 private:
  [[nodiscard]] std::vector<std::string_view> path_to(std::string_view key) const {
    auto path = path_;
    path.push_back(key);
    return path;
  }

  const Json& object_;
  std::vector<std::string_view> path_;
};

IncidentInfo read_incident(const Json& json) {
  const Section top(json, {});
  IncidentInfo info;
  info.id = top.text("id");
  info.description = top.text("description");
  if (const auto window = top.range("window")) {
    info.window = *window;
    info.window_given = true;
  }
  if (const auto baseline = top.range("baseline")) {
    info.baseline = *baseline;
    info.baseline_given = true;
  }
  if (const Json* value = top.find("alarm")) {
    const Section alarm(*value, {"alarm"});
    info.alarm = Alarm{alarm.text("entity"), alarm.text("metric"), alarm.text("statistic"), alarm.time("time")};
  }
  return info;
}

/// The line a key stands on, following its parents. The parser keeps no positions; keys written with escapes, or text
/// values that look like keys, make this a good guess only, which is enough to find a place in a page of text.
std::size_t line_of(std::string_view text, const std::vector<std::string_view>& path) {
  std::size_t at = 0;
  for (const auto key : path) {
    const std::size_t found = text.find(fmt::format("\"{}\"", key), at);
    if (found == std::string_view::npos) {
      break;
    }
    at = found;
  }
  return line_at(text, at);
}

}  // namespace

Result<IncidentInfo> parse_incident(std::string_view text, std::string_view name) {
  const std::string clean = sanitize_utf8(text);
  try {
    return read_incident(parse_json_or_throw(clean));
  } catch (const Json::parse_error& error) {
    // byte counts from 1 and points behind the last byte read.
    const std::size_t byte = error.byte > 0 ? error.byte - 1 : 0;
    std::string_view detail = error.what();
    if (const std::size_t colon = detail.find(": "); colon != std::string_view::npos) {
      detail.remove_prefix(colon + 2);
    }
    return fail(ErrorCode::kInvalidInput, fmt::format("{}: line {}, byte {}: expected a JSON object as "
                                                      "docs/formats/incident.md describes: {}",
                                                      name, line_at(clean, byte), byte, shown_name(detail)));
  } catch (const WrongValue& wrong) {
    const std::string path =
        wrong.path.empty() ? std::string("the file") : fmt::format("{}", fmt::join(wrong.path, "."));
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}: line {}: {}: {}", name, line_of(clean, wrong.path), path, wrong.message));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal, fmt::format("{}: {}", name, error.what()));
  }
}

Result<IncidentInfo> read_incident_file(const std::filesystem::path& path) {
  const std::string name = shown_name(path.native());
  auto stream = open_file_stream(path);
  if (!stream) {
    return fail(stream.error().code, fmt::format("{}: {}", name, stream.error().message));
  }
  BlockBuffer buffer;
  buffer.fill(**stream, kMaxBytes + 1);
  if (buffer.fault()) {
    return fail(buffer.fault()->code, fmt::format("{}: {}", name, buffer.fault()->message));
  }
  if (buffer.unread().size() > kMaxBytes) {
    return fail(ErrorCode::kLimit, fmt::format("{}: an incident file may have {} at most; is it the right file?", name,
                                               format_bytes(kMaxBytes)));
  }
  return parse_incident(buffer.unread(), name);
}

}  // namespace fa
