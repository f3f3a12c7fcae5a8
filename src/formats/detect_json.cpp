#include "formats/detect_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/text.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"

namespace fa {
namespace {

constexpr std::size_t kMaxPieces = 16;    ///< Documents or lines looked at before the file is called a log.
constexpr std::size_t kMaxMembers = 200;  ///< Keys of one object looked at.

using Members = std::map<std::string, JsonSlice, std::less<>>;

Members members_of(std::string_view object) {
  Members members;
  JsonMembers walk(object);
  std::string_view key;
  JsonSlice value;
  for (std::size_t i = 0; i < kMaxMembers && walk.next(key, value); ++i) members.try_emplace(std::string(key), value);
  return members;
}

bool has(const Members& members, std::string_view key) { return members.find(key) != members.end(); }

bool has_any(const Members& members, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return has(members, key); });
}

std::string_view text_at(const Members& members, std::string_view key) {
  const auto found = members.find(key);
  return found == members.end() ? std::string_view{} : found->second.text;
}

/// Members of the first element of the array under `key`; `present` says whether there is such an array at all.
Members first_element(const Members& members, std::string_view key, bool& present) {
  const auto found = members.find(key);
  present = found != members.end() && found->second.is_array();
  if (!present) return {};
  JsonElements elements(found->second.text);
  JsonSlice element;
  return elements.next(element) ? members_of(element.text) : Members{};
}

bool is_cloudtrail_event(const Members& members) {
  // S3 event notifications look alike; their eventSource is `aws:s3`.
  return has(members, "eventName") && has(members, "eventSource") &&
         !text_at(members, "eventSource").starts_with("\"aws:");
}

bool has_log_message(const Members& members) {
  return has_any(members, {"message", "msg", "log", "body", "text", "level", "severity", "lvl", "logger", "stacktrace",
                           "@message", "MESSAGE", "short_message"});
}

bool is_change_event(const Members& members) {
  return has_any(members, {"time", "timestamp", "ts", "@timestamp", "at", "event_time", "eventTime", "occurred_at",
                           "occurredAt"}) &&
         has_any(members, {"actor", "user", "author", "who", "kind", "changed_by", "change_type"}) &&
         has_any(members, {"action", "operation", "verb", "resource", "target", "before", "after"}) &&
         !has_log_message(members);
}

/// CloudWatch Logs Insights: rows are arrays of {"field","value"}.
bool is_insights_answer(const Members& members) {
  const auto results = members.find("results");
  if (results == members.end() || !results->second.is_array()) return false;
  JsonElements rows(results->second.text);
  JsonSlice row;
  if (!rows.next(row)) return has(members, "statistics");
  if (!row.is_array()) return false;
  JsonElements cells(row.text);
  JsonSlice cell;
  return cells.next(cell) && has(members_of(cell.text), "field");
}

bool is_prometheus_answer(const Members& members) {
  if (has(members, "status") && has(members, "errorType") && has(members, "error")) return true;
  const auto data = members.find("data");
  return data != members.end() && data->second.is_object() && has(members_of(data->second.text), "resultType");
}

Format classify_object(const Members& members) {
  if (has_any(members, {"resourceLogs", "resourceSpans", "resourceMetrics", "resource_logs", "resource_spans",
                        "resource_metrics"})) {
    return Format::kOtlp;
  }
  if (has(members, "MetricDataResults")) return Format::kCloudWatchMetrics;
  if (has(members, "MetricDataQueries")) return Format::kCloudWatchQueries;
  if (has(members, "TraceSummaries")) return Format::kXRaySummaries;
  bool present = false;
  if (const Members trace = first_element(members, "Traces", present);
      has(trace, "Segments") || (present && (trace.empty() || has(members, "UnprocessedTraceIds")))) {
    return Format::kXRayTraces;
  }
  if (const Members service = first_element(members, "Services", present);
      has_any(service, {"ReferenceId", "Edges"}) || (present && has(members, "ContainsOldGroupVersions"))) {
    return Format::kXRayGraph;
  }
  if (const Members record = first_element(members, "Records", present);
      is_cloudtrail_event(record) || (present && record.empty() && members.size() == 1)) {
    return Format::kCloudTrail;
  }
  if (const Members event = first_element(members, "Events", present); has(event, "CloudTrailEvent")) {
    return Format::kCloudTrail;
  }
  if (const Members event = first_element(members, "events", present);
      present && ((has(event, "message") && has(event, "timestamp")) ||
                  has_any(members, {"searchedLogStreams", "nextForwardToken", "nextBackwardToken"}))) {
    return Format::kCloudWatchLogs;
  }
  if (is_insights_answer(members)) return Format::kCloudWatchLogs;
  if (is_prometheus_answer(members)) return Format::kPrometheus;
  if (is_cloudtrail_event(members) && has_any(members, {"eventTime", "eventID", "userIdentity"})) {
    return Format::kCloudTrail;
  }
  if (is_change_event(members)) return Format::kChangeEvents;
  return Format::kUnknown;
}

Format classify_array(std::string_view array) {
  JsonElements elements(array);
  JsonSlice element;
  if (!elements.next(element) || !element.is_object()) return Format::kUnknown;
  const Members members = members_of(element.text);
  if (has(members, "Id") && has_any(members, {"MetricStat", "Expression"})) return Format::kCloudWatchQueries;
  const Format format = classify_object(members);
  // Of these the readers take an array as well; the others are answers of one call and never stand in one.
  constexpr std::array kInArrays{Format::kOtlp, Format::kCloudTrail, Format::kPrometheus, Format::kCloudWatchMetrics,
                                 Format::kChangeEvents};
  return std::find(kInArrays.begin(), kInArrays.end(), format) == kInArrays.end() ? Format::kUnknown : format;
}

Format classify(std::string_view document) {
  return document.starts_with('[') ? classify_array(document) : classify_object(members_of(document));
}

std::string keys_of(std::string_view document) {
  std::string_view object = document;
  std::string what = "JSON object";
  if (document.starts_with('[')) {
    what = "JSON array";
    JsonElements elements(document);
    JsonSlice element;
    object = elements.next(element) ? element.text : std::string_view{};
  }
  std::string keys;
  JsonMembers walk(object);
  std::string_view key;
  JsonSlice value;
  for (int i = 0; i < 8 && walk.next(key, value); ++i) {
    if (i > 0) keys += ", ";
    keys += visible(utf8_prefix(key, 40));
  }
  return keys.empty() ? "a " + what + " of no known shape" : "a " + what + " of no known shape, with the keys " + keys;
}

/// The first documents of a text, broken ones included, as they stand.
class Outline final : public TelemetrySink {
 public:
  struct Piece {
    std::string_view text;
    bool whole;
    bool one_line;
  };

  explicit Outline(std::string_view text) : text_(text) {
    JsonDocuments documents;
    documents.read(text, 0, true, *this, [&](const JsonDocument& document) {
      if (!document.truncated) add(document.position, true, document.position.line_count == 1);
    });
  }
  void on_skipped(Skipped&& skipped) override {
    const std::string_view broken = text_.substr(skipped.position.offset, skipped.position.length);
    if (broken.starts_with('{') || broken.starts_with('[')) {
      add(skipped.position, false, broken.find('\n') == std::string_view::npos);
    }
  }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  void add(const BytePosition& position, bool whole, bool one_line) {
    if (pieces_.size() < kMaxPieces)
      pieces_.push_back({text_.substr(position.offset, position.length), whole, one_line});
  }

  std::string_view text_;
  std::vector<Piece> pieces_;
};

}  // namespace

bool looks_like_json(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return false;
  const std::string_view inside = trim(text.substr(1));
  if (inside.empty()) return true;
  if (text.front() == '{') return inside.front() == '"' || inside.front() == '}';
  return inside.front() == ']' || (inside.front() == '{' && looks_like_json(inside));
}

Detection detect_json(std::string_view text, bool complete) {
  const Outline outline(text);
  const auto& pieces = outline.pieces();
  if (pieces.empty()) return {Format::kUnknown, "broken JSON"};
  std::size_t change_events = 0;
  bool has_messages = false;
  bool lines = true;
  for (const Outline::Piece& piece : pieces) {
    const Format format = classify(piece.text);
    if (format == Format::kChangeEvents) {
      ++change_events;
    } else if (format != Format::kUnknown) {
      return {format, {}};
    }
    has_messages = has_messages || has_log_message(members_of(piece.text));
    lines = lines && piece.one_line;
  }
  // A log may have lines that look like a change; a file of changes has hardly anything else.
  if (change_events * 5 >= pieces.size() * 4) return {Format::kChangeEvents, {}};
  const bool several = pieces.size() > 1;
  if (lines && (several || (has_messages && pieces.front().text.starts_with('{')))) return {Format::kLogLines, {}};
  const bool cut = !pieces.front().whole && complete;
  return {Format::kUnknown, keys_of(pieces.front().text) + (cut ? " (it ends in the middle)" : "")};
}

}  // namespace fa
