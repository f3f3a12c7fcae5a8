#include "aws/services/athena.h"

#include <fmt/core.h>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"

namespace fa::aws::athena {

const Service kService{.name = "athena",
                       .shown_name = "Athena",
                       .settings_id = "athena",
                       .iam_prefix = "athena",
                       .protocol = Protocol::kJson11,
                       .target_prefix = "AmazonAthena",
                       .api_version = "2017-05-18"};

namespace {

Operation operation(std::string name, std::string about, const JsonBody& body) {
  return json_operation(kService, std::move(name), std::move(about), body);
}

QueryState state_of(const std::string& name) {
  if (name == "QUEUED") return QueryState::kQueued;
  if (name == "RUNNING") return QueryState::kRunning;
  if (name == "SUCCEEDED") return QueryState::kSucceeded;
  if (name == "FAILED") return QueryState::kFailed;
  if (name == "CANCELLED") return QueryState::kCancelled;
  return QueryState::kUnknown;
}

void read_status(JsonValue& status, QueryExecution& execution) {
  std::string state;
  std::string detail;
  status.each_field([&](std::string_view key, JsonValue& value) {
    if (key == "State") value.read(state);
    if (key == "StateChangeReason") value.read(execution.reason);
    if (key != "AthenaError") return;
    value.each_field([&](std::string_view name, JsonValue& part) {
      if (name == "ErrorMessage") part.read(detail);
      if (name == "Retryable") part.read(execution.retryable);
    });
  });
  execution.state = state_of(state);
  // Mostly the same sentence twice.
  if (execution.reason.find(detail) == std::string::npos) {
    execution.reason += execution.reason.empty() ? detail : " (" + detail + ")";
  }
}

void read_execution(JsonValue& value, QueryExecution& execution) {
  value.each_field([&](std::string_view key, JsonValue& part) {
    if (key == "Status") read_status(part, execution);
    if (key == "Statistics") {
      part.each_field([&](std::string_view name, JsonValue& number) {
        if (name == "DataScannedInBytes") number.read(execution.bytes_scanned);
      });
    }
    if (key == "ResultConfiguration") {
      part.each_field([&](std::string_view name, JsonValue& text) {
        if (name == "OutputLocation") text.read(execution.output_location);
      });
    }
  });
}

void read_row(JsonValue& row, ResultPage& page) {
  auto& cells = page.rows.emplace_back();
  row.each_field([&](std::string_view key, JsonValue& data) {
    if (key != "Data") return;
    data.each_item([&](JsonValue& datum) {
      auto& cell = cells.emplace_back();
      datum.each_field([&](std::string_view name, JsonValue& text) {
        if (name == "VarCharValue") text.read(cell);
      });
    });
  });
}

void read_columns(JsonValue& metadata, ResultPage& page) {
  metadata.each_field([&](std::string_view key, JsonValue& columns) {
    if (key != "ColumnInfo") return;
    columns.each_item([&](JsonValue& column) {
      std::string& name = page.columns.emplace_back();
      column.each_field([&](std::string_view part, JsonValue& text) {
        if (part == "Name") text.read(name);
      });
    });
  });
}

/// SELECTs repeat the names of the columns as the first row of the first page; other statements (SHOW) do not.
void drop_header_row(ResultPage& page) {
  if (page.rows.empty() || page.rows.front().size() != page.columns.size()) return;
  for (std::size_t i = 0; i < page.columns.size(); ++i) {
    if (page.rows.front()[i] != page.columns[i]) return;
  }
  page.rows.erase(page.rows.begin());
}

void read_work_group(JsonValue& value, WorkGroup& group) {
  const auto read_result = [&](std::string_view key, JsonValue& text) {
    if (key == "OutputLocation") text.read(group.output_location);
  };
  const auto read_configuration = [&](std::string_view key, JsonValue& part) {
    if (key == "ResultConfiguration") part.each_field(read_result);
    if (key == "EnforceWorkGroupConfiguration") part.read(group.enforced);
    if (key == "BytesScannedCutoffPerQuery") part.read(group.bytes_scanned_cutoff);
  };
  value.each_field([&](std::string_view key, JsonValue& part) {
    if (key == "State") part.read(group.state);
    if (key == "Configuration") part.each_field(read_configuration);
  });
}

}  // namespace

Result<std::string> start_query(Client& client, const StartQuery& request, const Context& context) {
  JsonBody where;
  where.text_if_any("Database", request.database).text_if_any("Catalog", request.catalog);
  JsonBody result;
  result.text_if_any("OutputLocation", request.output_location);
  JsonBody body;
  body.text("QueryString", request.sql).text_if_any("ClientRequestToken", request.client_token);
  if (!request.database.empty() || !request.catalog.empty()) body.object("QueryExecutionContext", where);
  if (!request.output_location.empty()) body.object("ResultConfiguration", result);
  body.text_if_any("WorkGroup", request.workgroup);
  if (!request.parameters.empty()) body.texts("ExecutionParameters", request.parameters);
  const std::string about = request.workgroup.empty() ? "workgroup primary" : "workgroup " + request.workgroup;

  const Operation asked = operation("StartQueryExecution", about, body);
  std::string id;
  const auto raw = call_json(client, asked, context, [&](std::string_view key, JsonValue& value) {
    if (key != "QueryExecutionId") return false;
    value.read(id);
    return true;
  });
  if (!raw) return tl::unexpected(raw.error());
  if (id.empty()) return tl::unexpected(not_understood(client, asked, "it names no query"));
  return id;
}

Result<QueryExecution> get_query_execution(Client& client, const std::string& id, const Context& context) {
  JsonBody body;
  body.text("QueryExecutionId", id);
  QueryExecution execution;
  const auto raw = call_json(client, operation("GetQueryExecution", "query " + id, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key != "QueryExecution") return false;
                               read_execution(value, execution);
                               return true;
                             });
  if (!raw) return tl::unexpected(raw.error());
  return execution;
}

Result<void> stop_query(Client& client, const std::string& id, const Context& context) {
  JsonBody body;
  body.text("QueryExecutionId", id);
  const auto response = client.call(operation("StopQueryExecution", "query " + id, body), context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

Result<ResultPage> get_query_results(Client& client, const std::string& id, const std::string& next_token,
                                     bool first_page, const Context& context) {
  JsonBody body;
  body.text("QueryExecutionId", id).text_if_any("NextToken", next_token).integer("MaxResults", 1000);
  ResultPage page;
  const auto raw = call_json(client, operation("GetQueryResults", "query " + id, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key == "NextToken") value.read(page.next_token);
                               if (key == "ResultSet") {
                                 value.each_field([&](std::string_view name, JsonValue& part) {
                                   if (name == "Rows") part.each_item([&](JsonValue& row) { read_row(row, page); });
                                   if (name == "ResultSetMetadata") read_columns(part, page);
                                 });
                               }
                               return key == "NextToken" || key == "ResultSet" || key == "UpdateCount";
                             });
  if (!raw) return tl::unexpected(raw.error());
  if (first_page) drop_header_row(page);
  return page;
}

Result<WorkGroup> get_work_group(Client& client, const std::string& name, const Context& context) {
  JsonBody body;
  body.text("WorkGroup", name);
  WorkGroup group;
  const auto raw = call_json(client, operation("GetWorkGroup", "workgroup " + name, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key != "WorkGroup") return false;
                               read_work_group(value, group);
                               return true;
                             });
  if (!raw) return tl::unexpected(raw.error());
  return group;
}

}  // namespace fa::aws::athena
