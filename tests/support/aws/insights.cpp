/// Logs Insights, as far as FA2 asks: documented rules of the query language (CloudWatch Logs user guide), rows as the
/// service gives them (`@log` = account:group, times as `2026-01-01 00:00:00.000`, min(@timestamp) in milliseconds,
/// messages cut at 1,000 characters, as is reported of it).
#include "support/aws/insights.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

#include "base/hash.h"
#include "base/text.h"
#include "support/aws/insights_query.h"
#include "support/aws/log_pointer.h"
#include "support/aws/wire.h"

namespace fa::test {
namespace {

using namespace insights;
using Rows = std::vector<std::vector<std::pair<std::string, std::string>>>;

constexpr std::size_t kShownMessage = 1'000;
constexpr std::size_t kCountedBesideMessage = 26;  ///< Bytes that each event counts beside its message.

struct LoggedEvent {
  const std::string* group = nullptr;
  std::size_t index = 0;
  const AwsWorld::LogEvent* event = nullptr;
  std::map<std::string, bool> computed = {};

  [[nodiscard]] std::int64_t millis() const { return wire::to_millis(event->time); }
};

std::string shown_time(std::int64_t millis) {
  std::string text = format_rfc3339(TimePoint{std::chrono::milliseconds(millis)});
  text.pop_back();
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text.size() == 19 ? text + ".000" : text;
}

bool matches(const boost::regex& regex, const std::string& message) { return boost::regex_search(message, regex); }

bool holds(const Condition& condition, const LoggedEvent& event) {
  switch (condition.kind) {
    case Condition::Kind::kAnd:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& c) { return holds(c, event); });
    case Condition::Kind::kOr:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& c) { return holds(c, event); });
    case Condition::Kind::kLike:
      return matches(*condition.regex, event.event->message);
    case Condition::Kind::kNotLike:
      return !matches(*condition.regex, event.event->message);
    case Condition::Kind::kAtLeast:
      return event.millis() >= condition.millis;
    case Condition::Kind::kBelow:
      return event.millis() < condition.millis;
  }
  return false;
}

std::string field_of(const LoggedEvent& event, const std::string& field) {
  if (field == "@timestamp") return shown_time(event.millis());
  if (field == "@message") return std::string(utf8_prefix(event.event->message, kShownMessage));
  if (field == "@logStream") return event.event->stream;
  if (field == "@log") return *event.group;
  if (field == "@ptr") return log_pointer(*event.group, event.index);
  if (const auto computed = event.computed.find(field); computed != event.computed.end()) {
    return computed->second ? "1" : "0";
  }
  if (const auto width = bin_seconds(field)) {
    const std::int64_t bin = *width * 1000;
    return shown_time(event.millis() / bin * bin);
  }
  return {};
}

Rows shown_rows(const std::vector<LoggedEvent>& events, const Fields& fields) {
  Rows rows;
  for (const LoggedEvent& event : events) {
    auto& row = rows.emplace_back();
    for (const std::string& field : fields.shown) row.emplace_back(field, field_of(event, field));
  }
  return rows;
}

std::string aggregate(const Aggregate& what, const std::vector<const LoggedEvent*>& events, std::string& error) {
  const auto first = std::min_element(events.begin(), events.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
    return a->millis() < b->millis();
  });
  if (what.function == "count" && what.argument == "*") return std::to_string(events.size());
  if (what.function == "earliest") return field_of(**first, what.argument);
  if (what.function == "min" && what.argument == "@timestamp") return std::to_string((*first)->millis());
  if (what.function == "sum") {
    return std::to_string(std::count_if(events.begin(), events.end(), [&](const LoggedEvent* event) {
      const auto value = event->computed.find(what.argument);
      return value != event->computed.end() && value->second;
    }));
  }
  error = "unknown function " + what.function;
  return {};
}

Rows stats_rows(const std::vector<LoggedEvent>& events, const Stats& stats, std::string& error) {
  std::map<std::vector<std::string>, std::vector<const LoggedEvent*>> buckets;
  for (const LoggedEvent& event : events) {
    std::vector<std::string> key;
    for (const std::string& field : stats.keys) key.push_back(field_of(event, field));
    buckets[std::move(key)].push_back(&event);
  }
  Rows rows;
  for (const auto& [key, members] : buckets) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < key.size(); ++i) row.emplace_back(stats.keys[i], key[i]);
    for (const Aggregate& what : stats.aggregates) row.emplace_back(what.name, aggregate(what, members, error));
  }
  return rows;
}

/// Words with a digit in them are what varies.
std::string pattern_of(const std::string& message) {
  std::string out;
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < message.size();) {
    std::size_t end = i;
    while (end < message.size() && std::isspace(static_cast<unsigned char>(message[end])) == 0) ++end;
    if (end == i) {
      out += message[i++];
      continue;
    }
    const std::string word = message.substr(i, end - i);
    const bool varies = std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    out += varies ? "<Token-" + std::to_string(++tokens) + ">" : word;
    i = end;
  }
  return out;
}

std::string severity_of(const std::string& message) {
  for (const auto& [word, label] : {std::pair("ERROR", "Error"), std::pair("FATAL", "Error"),
                                    std::pair("WARN", "Warning"), std::pair("DEBUG", "Debug")}) {
    if (message.find(word) != std::string::npos) return label;
  }
  return "Info";
}

Rows pattern_rows(const std::vector<LoggedEvent>& events) {
  struct Seen {
    std::size_t count = 0;
    const LoggedEvent* first = nullptr;
  };
  std::map<std::string, Seen> patterns;
  for (const LoggedEvent& event : events) {
    Seen& seen = patterns[pattern_of(event.event->message)];
    if (seen.count++ == 0) seen.first = &event;
  }
  Rows rows;
  for (const auto& [text, seen] : patterns) {
    rows.push_back({{"@PatternId", std::to_string(stable_hash(text))},
                    {"@pattern", text},
                    {"@ratio", std::to_string(static_cast<double>(seen.count) / static_cast<double>(events.size()))},
                    {"@sampleCount", std::to_string(seen.count)},
                    {"@severityLabel", severity_of(seen.first->event->message)}});
  }
  return rows;
}

void sort_rows(Rows& rows, const Sort& sort) {
  const auto value = [&](const Rows::value_type& row) {
    const auto cell = std::find_if(row.begin(), row.end(), [&](const auto& c) { return c.first == sort.field; });
    return cell == row.end() ? std::string() : cell->second;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    const std::string left = value(sort.descending ? b : a);
    const std::string right = value(sort.descending ? a : b);
    const bool numbers = sort.field == "@sampleCount";
    return numbers ? std::stoll(left) < std::stoll(right) : left < right;
  });
}

}  // namespace

InsightsAnswer evaluate_insights(const std::string& query,
                                 const std::vector<std::pair<std::string, const AwsWorld::LogGroup*>>& groups,
                                 TimeRange range, std::size_t limit) {
  InsightsAnswer answer;
  const ParsedQuery parsed = parse_query(query);
  answer.error = parsed.error;
  std::vector<LoggedEvent> events;
  for (const auto& [name, group] : groups) {
    if (group->log_class != groups.front().second->log_class) {
      answer.error = "All log groups of a query must be of the same log class.";
    }
    for (std::size_t i = 0; i < group->events.size(); ++i) {
      if (!range.contains(group->events[i].time)) continue;
      events.push_back({&name, i, &group->events[i]});
      ++answer.scanned;
      answer.bytes += group->events[i].message.size() + kCountedBesideMessage;
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const LoggedEvent& a, const LoggedEvent& b) { return a.millis() < b.millis(); });

  Fields shown;
  std::optional<Rows> rows;
  for (const Command& command : parsed.commands) {
    if (!answer.error.empty()) return answer;
    if (const auto* filter = std::get_if<Filter>(&command)) {
      std::erase_if(events, [&](const LoggedEvent& event) { return !holds(filter->condition, event); });
    } else if (const auto* fields = std::get_if<Fields>(&command)) {
      shown.shown.insert(shown.shown.end(), fields->shown.begin(), fields->shown.end());
      for (LoggedEvent& event : events) {
        for (const auto& [name, regex] : fields->computed) event.computed[name] = matches(*regex, event.event->message);
      }
    } else if (const auto* stats = std::get_if<Stats>(&command)) {
      rows = stats_rows(events, *stats, answer.error);
    } else if (std::holds_alternative<Pattern>(command)) {
      if (!groups.empty() && groups.front().second->log_class != "STANDARD") {
        answer.error = "The pattern command is not supported for this log class.";
      }
      rows = pattern_rows(events);
    } else if (const auto* sort = std::get_if<Sort>(&command)) {
      if (!rows) rows = shown_rows(events, shown);
      sort_rows(*rows, *sort);
    } else if (const auto* most = std::get_if<Limit>(&command)) {
      if (!rows) rows = shown_rows(events, shown);
      if (rows->size() > most->rows) rows->resize(most->rows);
    }
  }
  if (!rows) rows = shown_rows(events, shown);
  answer.matched = events.size();
  answer.rows = std::move(*rows);
  if (answer.rows.size() > limit) answer.rows.resize(limit);
  return answer;
}

}  // namespace fa::test
