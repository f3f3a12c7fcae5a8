/// Amazon Athena (JSON 1.1). Shapes: service model athena 2017-05-18. What a query answers is up to the test.
#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

struct Execution {
  std::string request;  ///< Everything but the token, to compare repeated tokens by.
  std::string sql;
  std::vector<std::string> parameters;
  std::string database;
  std::string catalog;
  std::string workgroup;
  std::string output;
  double submitted = 0;
  AwsWorld::AthenaAnswer answer;
  int polls = 0;
  std::string end;  ///< SUCCEEDED, FAILED or CANCELLED
  std::string reason;
  bool over = false;
};

tl::unexpected<wire::Refusal> invalid(std::string message, std::string code = "INVALID_INPUT") {
  return tl::unexpected<wire::Refusal>(
      wire::Refusal{"InvalidRequestException", std::move(message), 400, {{"AthenaErrorCode", std::move(code)}}});
}

/// `?` outside of literals, quoted names and comments.
std::size_t parameter_holes(const std::string& sql) {
  std::size_t holes = 0;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (quote != 0) {
      if (sql[i] == quote) quote = 0;
    } else if (sql[i] == '\'' || sql[i] == '"') {
      quote = sql[i];
    } else if (sql.compare(i, 2, "--") == 0) {
      i = std::min(sql.find('\n', i), sql.size());
    } else if (sql[i] == '?') {
      ++holes;
    }
  }
  return holes;
}

double now_seconds(const Call& call) { return static_cast<double>(wire::to_millis(call.now())) / 1000; }

Json columns_json(const std::vector<std::pair<std::string, std::string>>& columns) {
  Json out = Json::array();
  for (const auto& [name, type] : columns) out.push_back(Json{{"Name", name}, {"Type", type}});
  return out;
}

class Athena final : public PlayedService {
 public:
  explicit Athena(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "AmazonAthena");
  }

  Outcome answer(const Call& call) override {
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "The body is no JSON object.");
    if (call.operation == "StartQueryExecution") return start(call, request);
    if (call.operation == "GetQueryExecution") return execution(call, request);
    if (call.operation == "GetQueryResults") return results(call, request);
    if (call.operation == "StopQueryExecution") return stop(call, request);
    if (call.operation == "GetWorkGroup") return workgroup(call, request);
    if (call.operation == "GetTableMetadata") return table(call, request);
    return wire::refuse("UnknownOperationException", "");
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "GetQueryResults") {
      return R"({"UpdateCount":0,"ResultSet":{"Rows":[],"ResultSetMetadata":{"ColumnInfo":[]}}})";
    }
    return std::nullopt;
  }

 private:
  Outcome start(const Call& call, const Json& request) {
    Execution run;
    run.sql = text_or_empty(request, "QueryString");
    if (run.sql.empty()) return invalid("QueryString is required.");
    run.parameters = texts_member(request, "ExecutionParameters");
    const std::size_t holes = parameter_holes(run.sql);
    if (holes != run.parameters.size()) {
      return invalid("Incorrect number of parameters: expected " + std::to_string(holes) + " but found " +
                         std::to_string(run.parameters.size()),
                     "MALFORMED_QUERY");
    }
    run.workgroup = text_member(request, "WorkGroup").value_or("primary");
    const auto group = call.world->workgroups.find(run.workgroup);
    if (group == call.world->workgroups.end()) return invalid("WorkGroup " + run.workgroup + " is not found.");
    if (group->second.state != "ENABLED") return invalid("WorkGroup " + run.workgroup + " is disabled.");
    if (const Json* settings = member(request, "ResultConfiguration"))
      run.output = text_or_empty(*settings, "OutputLocation");
    if (run.output.empty() || group->second.enforced) run.output = group->second.output_location;
    if (run.output.empty()) {
      return invalid(
          "No output location provided. An output location is required either through the Workgroup result "
          "configuration setting or as an API input.");
    }
    if (const Json* context = member(request, "QueryExecutionContext")) {
      run.database = text_or_empty(*context, "Database");
      run.catalog = text_or_empty(*context, "Catalog");
    }
    const auto token = text_member(request, "ClientRequestToken");
    if (token && (token->size() < 32 || token->size() > 128)) {
      return invalid("ClientRequestToken must have a length within 32 and 128.");
    }
    Json same = request;
    same.erase("ClientRequestToken");
    run.request = dump(same);
    const std::lock_guard lock(mutex_);  // To the end: of two equal tokens at once only one may start a query.
    if (token) {
      if (const auto id = tokens_.find(*token); id != tokens_.end()) {
        if (runs_.at(id->second).request != run.request) return invalid("Idempotent parameters do not match");
        return wire::json_response(call, dump(Json{{"QueryExecutionId", id->second}}));
      }
    }
    run.submitted = now_seconds(call);
    if (call.world->athena) run.answer = call.world->athena(run.sql, run.parameters);
    run.end = run.answer.failure.empty() ? "SUCCEEDED" : "FAILED";
    run.reason = run.answer.failure;
    const auto& cutoff = group->second.bytes_scanned_cutoff;
    if (cutoff && run.answer.bytes_scanned > *cutoff) {
      run.answer.bytes_scanned = *cutoff;
      run.end = "CANCELLED";
      run.reason = "Bytes scanned limit was exceeded";
    }
    std::string id = wire::uuid_of(call.request->body);
    for (int copy = 2; runs_.contains(id); ++copy) id = wire::uuid_of(call.request->body + std::to_string(copy));
    if (token) tokens_[*token] = id;
    runs_.emplace(id, std::move(run));
    return wire::json_response(call, dump(Json{{"QueryExecutionId", id}}));
  }

  Outcome execution(const Call& call, const Json& request) {
    const std::string id = text_or_empty(request, "QueryExecutionId");
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(id);
    if (found == runs_.end()) return invalid("QueryExecution " + id + " was not found");
    Execution& run = found->second;
    if (++run.polls > settings_.polls_until_done) run.over = true;
    const std::string state = run.over ? run.end : run.polls == 1 ? "QUEUED" : "RUNNING";
    Json status = {{"State", state}, {"SubmissionDateTime", run.submitted}};
    Json statistics = {{"EngineExecutionTimeInMillis", 1200},
                       {"DataScannedInBytes", run.over ? run.answer.bytes_scanned : run.answer.bytes_scanned / 2},
                       {"TotalExecutionTimeInMillis", 1500},
                       {"QueryQueueTimeInMillis", 100}};
    if (run.over) status["CompletionDateTime"] = run.submitted + 1.5;
    if (run.over && !run.reason.empty()) {
      status["StateChangeReason"] = run.reason;
      if (run.end == "FAILED") {
        status["AthenaError"] =
            Json{{"ErrorCategory", 2}, {"ErrorType", 1006}, {"Retryable", false}, {"ErrorMessage", run.reason}};
      }
    }
    Json said = {
        {"QueryExecutionId", id},
        {"Query", run.sql},
        {"StatementType", "DML"},
        {"ResultConfiguration",
         {{"OutputLocation", run.output + (run.output.ends_with("/") ? "" : "/") + id + ".csv"}}},
        {"QueryExecutionContext", Json::object()},
        {"Status", std::move(status)},
        {"Statistics", std::move(statistics)},
        {"WorkGroup", run.workgroup},
        {"EngineVersion", {{"SelectedEngineVersion", "AUTO"}, {"EffectiveEngineVersion", "Athena engine version 3"}}},
        {"SubstatementType", "SELECT"}};
    if (!run.database.empty()) said["QueryExecutionContext"]["Database"] = run.database;
    if (!run.catalog.empty()) said["QueryExecutionContext"]["Catalog"] = run.catalog;
    if (!run.parameters.empty()) said["ExecutionParameters"] = run.parameters;
    Json body = Json::object();
    body["QueryExecution"] = std::move(said);
    return wire::json_response(call, dump(body));
  }

  Outcome results(const Call& call, const Json& request) {
    const std::string id = text_or_empty(request, "QueryExecutionId");
    const std::int64_t most = integer_member(request, "MaxResults").value_or(1000);
    if (most < 1 || most > 1000) return invalid("MaxResults must be within 1 and 1000.");
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(id);
    if (found == runs_.end()) return invalid("QueryExecution " + id + " was not found");
    const Execution& run = found->second;
    if (!run.over) return invalid("Query has not yet finished. Current state: RUNNING");
    if (run.end != "SUCCEEDED") {
      return invalid("Query did not finish successfully. Final query state: " + run.end);
    }
    std::size_t from = 0;
    if (const auto token = text_member(request, "NextToken")) {
      const auto index = wire::read_index_token(id, *token);
      if (!index) return invalid("Invalid NextToken");
      from = *index;
    }
    // Row 0 is the header, as the service has it for SELECT.
    const std::size_t total = run.answer.rows.size() + 1;
    const std::size_t to = std::min(
        total, from + std::min(static_cast<std::size_t>(most), std::max<std::size_t>(settings_.result_page_size, 1)));
    Json rows = Json::array();
    for (std::size_t i = from; i < to; ++i) {
      Json data = Json::array();
      for (std::size_t c = 0; c < run.answer.columns.size(); ++c) {
        Json cell = Json::object();
        const auto value = i == 0                              ? std::optional(run.answer.columns[c])
                           : c < run.answer.rows[i - 1].size() ? run.answer.rows[i - 1][c]
                                                               : std::nullopt;
        if (value) cell["VarCharValue"] = *value;
        data.push_back(std::move(cell));
      }
      Json row = Json::object();
      row["Data"] = std::move(data);
      rows.push_back(std::move(row));
    }
    Json columns = Json::array();
    for (const std::string& name : run.answer.columns) {
      columns.push_back(Json{{"CatalogName", "hive"},
                             {"SchemaName", ""},
                             {"TableName", ""},
                             {"Name", name},
                             {"Label", name},
                             {"Type", "varchar"},
                             {"Precision", 2147483647},
                             {"Scale", 0},
                             {"Nullable", "UNKNOWN"},
                             {"CaseSensitive", true}});
    }
    Json set = Json::object();
    set["Rows"] = std::move(rows);
    set["ResultSetMetadata"] = Json::object();
    set["ResultSetMetadata"]["ColumnInfo"] = std::move(columns);
    Json body = Json::object();
    body["UpdateCount"] = 0;
    body["ResultSet"] = std::move(set);
    if (to < total) body["NextToken"] = wire::make_token(id, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  Outcome stop(const Call& call, const Json& request) {
    const std::string id = text_or_empty(request, "QueryExecutionId");
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(id);
    if (found == runs_.end()) return invalid("QueryExecution " + id + " was not found");
    if (!found->second.over) {
      found->second.over = true;
      found->second.end = "CANCELLED";
      found->second.reason = "Query cancelled by user";
    }
    return wire::json_response(call, "{}");
  }

  static Outcome workgroup(const Call& call, const Json& request) {
    const std::string name = text_or_empty(request, "WorkGroup");
    const auto found = call.world->workgroups.find(name);
    if (found == call.world->workgroups.end()) return invalid("WorkGroup is not found.");
    Json result = Json::object();
    if (!found->second.output_location.empty()) result["OutputLocation"] = found->second.output_location;
    Json configuration = Json::object();
    configuration["ResultConfiguration"] = std::move(result);
    configuration["EnforceWorkGroupConfiguration"] = found->second.enforced;
    configuration["PublishCloudWatchMetricsEnabled"] = true;
    if (found->second.bytes_scanned_cutoff) {
      configuration["BytesScannedCutoffPerQuery"] = *found->second.bytes_scanned_cutoff;
    }
    configuration["RequesterPaysEnabled"] = false;
    Json body = Json::object();
    body["WorkGroup"] = Json{{"Name", name},
                             {"State", found->second.state},
                             {"Configuration", std::move(configuration)},
                             {"CreationTime", 1767225600.5}};
    return wire::json_response(call, dump(body));
  }

  static Outcome table(const Call& call, const Json& request) {
    const std::string name = text_or_empty(request, "TableName");
    const std::string database = text_or_empty(request, "DatabaseName");
    const auto found = call.world->athena_tables.find(database + "." + name);
    if (found == call.world->athena_tables.end()) {
      return wire::refuse("MetadataException",
                          "An error occurred: EntityNotFoundException: Entity Not Found: table " + name);
    }
    Json parameters = Json::object();
    for (const auto& [key, value] : found->second.parameters) parameters[key] = value;
    Json body = Json::object();
    body["TableMetadata"] = Json{{"Name", name},
                                 {"CreateTime", 1767225600.0},
                                 {"TableType", "EXTERNAL_TABLE"},
                                 {"Columns", columns_json(found->second.columns)},
                                 {"PartitionKeys", columns_json(found->second.partition_keys)},
                                 {"Parameters", std::move(parameters)}};
    return wire::json_response(call, dump(body));
  }

  const AwsStandIn& settings_;
  std::mutex mutex_;
  std::map<std::string, Execution> runs_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace

std::unique_ptr<PlayedService> play_athena(const AwsStandIn& settings) { return std::make_unique<Athena>(settings); }

}  // namespace fa::test
