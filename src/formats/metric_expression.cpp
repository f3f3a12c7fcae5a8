#include "formats/metric_expression.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace fa {
namespace {

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// What stands between the first `open` and the next `close` of `text`, which is cut to what follows.
std::optional<std::string_view> take_between(std::string_view& text, char open, char close) {
  const std::size_t begin = text.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = text.find(close, begin + 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(begin + 1, end - begin - 1);
  text.remove_prefix(end + 1);
  return inside;
}

/// `{AWS/Lambda,FunctionName} MetricName="Errors"` of a SEARCH, and the statistic behind it.
bool read_search(std::string_view expression, MetricQuery& query) {
  const std::size_t search = expression.find("SEARCH(");
  if (search == std::string_view::npos) return false;
  std::string_view rest = expression.substr(search);
  const auto term = take_between(rest, '\'', '\'');
  const auto statistic = take_between(rest, '\'', '\'');
  if (!term || !statistic) return false;
  std::string_view inside = *term;
  const auto schema = take_between(inside, '{', '}');
  constexpr std::string_view kName = "MetricName=";
  inside = trim(inside);
  if (!schema || !inside.starts_with(kName)) return false;
  std::string_view quoted = inside.substr(kName.size());
  const auto name = take_between(quoted, '"', '"');
  if (!name || !trim(quoted).empty()) return false;

  std::vector<std::string> parts;
  for (std::string_view list = *schema;;) {
    const std::size_t comma = list.find(',');
    std::string_view part = trim(list.substr(0, comma));
    if (part.size() > 1 && part.front() == '"' && part.back() == '"') part = part.substr(1, part.size() - 2);
    parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  query.metric_namespace = std::move(parts.front());
  parts.erase(parts.begin());
  query.name = std::string(*name);
  query.statistic = std::string(*statistic);
  query.searched_dimensions = std::move(parts);
  return true;
}

}  // namespace

void read_metric_expression(std::string_view expression, const std::map<std::string, MetricQuery>& all,
                            MetricQuery& query) {
  if (query.unit.empty() && query.label.ends_with("(%)")) query.unit = "Percent";
  if (read_search(expression, query)) return;
  const MetricQuery* common = nullptr;
  for (std::size_t begin = 0; begin < expression.size();) {
    std::size_t end = begin;
    while (end < expression.size() && is_id_character(expression[end])) ++end;
    const auto named = all.find(std::string(expression.substr(begin, end - begin)));
    begin = end + 1;
    if (named == all.end() || named->second.name.empty()) continue;
    const MetricQuery& other = named->second;
    if (common == nullptr) {
      common = &other;
    } else if (common->metric_namespace != other.metric_namespace || common->dimensions != other.dimensions) {
      return;
    }
  }
  if (common == nullptr) return;
  query.metric_namespace = common->metric_namespace;
  query.dimensions = common->dimensions;
}

}  // namespace fa
