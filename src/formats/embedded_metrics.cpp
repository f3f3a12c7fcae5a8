#include "formats/embedded_metrics.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "formats/json_cursor.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

constexpr std::size_t kMaxMetrics = 100;
constexpr std::size_t kMaxSets = 30;
constexpr std::size_t kMaxDimensions = 30;
constexpr std::size_t kMaxValues = 100;

using Kind = JsonCursor::Kind;
using Step = JsonCursor::Step;

struct MetricName {
  std::string name;
  std::string unit;
};

struct Directive {
  std::string name_space;
  std::vector<std::vector<std::string>> sets;
  std::vector<MetricName> metrics;
};

std::string text_of(const JsonCursor::Token& token) {
  if (!token.escaped) return std::string{token.text};
  TextArena arena;
  return std::string{unescape_json(token.text, arena)};
}

/// Calls `field(key, cursor)` for each member; `field` must take the value. False when the object is broken.
template <class Field>
bool each_field(JsonCursor& cursor, Field field) {
  if (!cursor.enter('{')) return false;
  JsonCursor::Token key;
  Step step = cursor.next_field(key);
  for (; step == Step::kField; step = cursor.next_field(key)) {
    if (!field(text_of(key))) return false;
  }
  return step == Step::kEnd;
}

template <class Element>
bool each_element(JsonCursor& cursor, Element element) {
  if (cursor.kind() != Kind::kArray) return cursor.skip();
  cursor.enter('[');
  Step step = cursor.next_element();
  for (; step == Step::kField; step = cursor.next_element()) {
    if (!element()) return false;
  }
  return step == Step::kEnd;
}

bool string_into(JsonCursor& cursor, std::string& to) {
  if (cursor.kind() != Kind::kString) return cursor.skip();
  JsonCursor::Token token;
  if (!cursor.scalar(token)) return false;
  to = text_of(token);
  return true;
}

bool read_directive(JsonCursor& cursor, Directive& directive) {
  if (cursor.kind() != Kind::kObject) return cursor.skip();
  return each_field(cursor, [&](const std::string& key) {
    if (key == "Namespace") return string_into(cursor, directive.name_space);
    if (key == "Dimensions") {
      return each_element(cursor, [&] {
        std::vector<std::string> set;
        const bool done = each_element(cursor, [&] {
          std::string name;
          if (!string_into(cursor, name)) return false;
          if (set.size() < kMaxDimensions) set.push_back(std::move(name));
          return true;
        });
        if (directive.sets.size() < kMaxSets) directive.sets.push_back(std::move(set));
        return done;
      });
    }
    if (key == "Metrics") {
      return each_element(cursor, [&] {
        if (cursor.kind() != Kind::kObject) return cursor.skip();
        MetricName metric;
        const bool done = each_field(cursor, [&](const std::string& name) {
          if (name == "Name") return string_into(cursor, metric.name);
          if (name == "Unit") return string_into(cursor, metric.unit);
          return cursor.skip();
        });
        if (!metric.name.empty() && directive.metrics.size() < kMaxMetrics) {
          directive.metrics.push_back(std::move(metric));
        }
        return done;
      });
    }
    return cursor.skip();
  });
}

void add_number(std::string_view text, std::vector<double>& values) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) && values.size() < kMaxValues) {
    values.push_back(value);
  }
}

struct Member {
  std::string key;
  std::string text;            ///< As a dimension value.
  std::vector<double> values;  ///< As a metric value: a number or an array of numbers.
};

bool read_member(JsonCursor& cursor, Member& member) {
  JsonCursor::Token token;
  switch (cursor.kind()) {
    case Kind::kString:
      return string_into(cursor, member.text);
    case Kind::kNumber:
      if (!cursor.scalar(token)) return false;
      member.text = std::string{token.text};
      add_number(token.text, member.values);
      return true;
    case Kind::kArray:
      return each_element(cursor, [&] {
        if (cursor.kind() != Kind::kNumber) return cursor.skip();
        if (!cursor.scalar(token)) return false;
        add_number(token.text, member.values);
        return true;
      });
    default:
      return cursor.skip();
  }
}

const Member* find(const std::vector<Member>& members, const std::string& key) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &*found;
}

bool names_service(const std::string& key) {
  return key == "ServiceName" || key == "Service" || key == "service" || key == "service_name" ||
         key == "service.name" || key == "FunctionName";
}

void emit(const Directive& directive, const std::vector<Member>& members, TimePoint time, const LogRecord& record,
          TelemetrySink& sink) {
  static const std::vector<std::vector<std::string>> kNoDimensions{{}};
  for (const auto& set : directive.sets.empty() ? kNoDimensions : directive.sets) {
    for (const auto& metric : directive.metrics) {
      const Member* value = find(members, metric.name);
      if (value == nullptr || value->values.empty()) continue;
      MetricSeries series;
      series.name = metric.name;
      series.unit = metric.unit;
      series.metric_namespace = directive.name_space;
      series.position = record.position;
      for (const auto& name : set) {
        const Member* dimension = find(members, name);
        if (dimension == nullptr) continue;
        if (series.service.empty() && names_service(name)) {
          series.service = dimension->text;
        } else {
          series.dimensions.emplace_back(name, dimension->text);
        }
      }
      if (series.service.empty()) series.service = std::string{record.service};
      std::sort(series.dimensions.begin(), series.dimensions.end());
      series.values = value->values;
      series.times.assign(series.values.size(), time);
      sink.on_metric(std::move(series));
    }
  }
}

}  // namespace

void emit_embedded_metrics(std::string_view json, const LogRecord& record, TelemetrySink& sink) {
  std::vector<Directive> directives;
  std::vector<Member> members;
  TimePoint time = record.time;
  JsonCursor cursor{json};
  each_field(cursor, [&](const std::string& key) {
    if (key != "_aws") {
      Member member{key, {}, {}};
      const bool done = read_member(cursor, member);
      if (members.size() < 1000) members.push_back(std::move(member));
      return done;
    }
    if (cursor.kind() != Kind::kObject) return cursor.skip();
    return each_field(cursor, [&](const std::string& inner) {
      if (inner == "CloudWatchMetrics") {
        return each_element(cursor, [&] {
          Directive directive;
          const bool done = read_directive(cursor, directive);
          if (directives.size() < kMaxMetrics) directives.push_back(std::move(directive));
          return done;
        });
      }
      JsonCursor::Token token;
      if (inner != "Timestamp" || cursor.kind() != Kind::kNumber) return cursor.skip();
      if (!cursor.scalar(token)) return false;
      if (const auto stated = parse_epoch_number(token.text)) time = *stated;
      return true;
    });
  });
  if (time == kNoTime) return;
  for (const auto& directive : directives) emit(directive, members, time, record, sink);
}

}  // namespace fa
