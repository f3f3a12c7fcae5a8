#include "formats/metric_queries.h"

#include <fmt/core.h>

#include <utility>

#include "formats/json_access.h"
#include "formats/metric_expression.h"

namespace fa {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;
using Queries = std::map<std::string, MetricQuery>;

/// Calls `member` (key, value -> error_code) for every field when the value is an object.
template <class Member>
error_code for_each_member(value v, const Member& member) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  object fields;
  if (const auto error = v.get_object().get(fields)) return error;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    if (const auto error = member(key, field.value())) return error;
  }
  return SUCCESS;
}

error_code read_dimension(object fields, MetricQuery& query) {
  std::pair<std::string, std::string> dimension;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    if (key == "Name") dimension.first = json_scalar_text(field.value());
    if (key == "Value") dimension.second = json_scalar_text(field.value());
  }
  if (!dimension.first.empty()) query.dimensions.push_back(std::move(dimension));
  return SUCCESS;
}

error_code read_metric(std::string_view key, value v, MetricQuery& query) {
  if (key == "Namespace") query.metric_namespace = json_scalar_text(v);
  if (key == "MetricName") query.name = json_scalar_text(v);
  if (key == "Dimensions") return for_each_object(v, [&](object fields) { return read_dimension(fields, query); });
  return SUCCESS;
}

error_code read_stat(std::string_view key, value v, MetricQuery& query) {
  if (key == "Metric") {
    return for_each_member(v, [&](std::string_view inner, value w) { return read_metric(inner, w, query); });
  }
  if (key == "Period") query.period_seconds = json_int(v).value_or(0);
  if (key == "Stat") query.statistic = json_scalar_text(v);
  if (key == "Unit") query.unit = json_scalar_text(v);
  return SUCCESS;
}

/// Expressions by the id of their query: what they are about is known when all queries are.
using Expressions = std::map<std::string, std::string>;

error_code read_query(object fields, Queries& queries, Expressions& expressions) {
  MetricQuery query;
  std::string expression;
  std::string id;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = json_key(field);
    value v = field.value();
    if (key == "Id") {
      id = json_scalar_text(v);
    } else if (key == "Expression") {
      expression = json_scalar_text(v);
    } else if (key == "Label") {
      query.label = json_scalar_text(v);
    } else if (key == "MetricStat") {
      const auto error =
          for_each_member(v, [&](std::string_view inner, value w) { return read_stat(inner, w, query); });
      if (error) return error;
    } else if (key == "Period" && query.period_seconds == 0) {
      query.period_seconds = json_int(v).value_or(0);
    }
  }
  if (id.empty()) return SUCCESS;
  if (!expression.empty()) expressions.insert_or_assign(id, std::move(expression));
  queries.insert_or_assign(std::move(id), std::move(query));
  return SUCCESS;
}

error_code read_queries(simdjson::ondemand::document& document, Queries& queries, Expressions& expressions) {
  const auto read_one = [&](object fields) { return read_query(fields, queries, expressions); };
  json_type type{};
  if (const auto error = document.type().get(type)) return error;
  if (type == json_type::array) {
    value root;
    if (const auto error = document.get_value().get(root)) return error;
    return for_each_object(root, read_one);
  }
  object fields;
  if (const auto error = document.get_object().get(fields)) return error;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (json_key(field) != "MetricDataQueries") continue;
    if (const auto error = for_each_object(field.value(), read_one)) return error;
  }
  return SUCCESS;
}

}  // namespace

Result<Queries> read_metric_queries(std::string_view json) {
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  std::string padded(json);
  padded.append(kReadPadding, ' ');
  JsonParser parser;
  simdjson::ondemand::document document;
  Queries queries;
  error_code error = parser.iterate(std::string_view(padded).substr(0, json.size()), document);
  Expressions expressions;
  if (!error) error = read_queries(document, queries, expressions);
  for (const auto& [id, expression] : expressions) read_metric_expression(expression, queries, queries[id]);
  if (!error) return queries;
  return fail(ErrorCode::kInvalidInput, fmt::format("metric queries: broken JSON at byte {} ({})",
                                                    parser.place(document) - parser.base(), json_error_text(error)));
}

}  // namespace fa
