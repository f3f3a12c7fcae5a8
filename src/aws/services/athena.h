#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"

/// Amazon Athena. Contract: service model athena 2017-05-18.
namespace fa::aws::athena {

extern const Service kService;

struct StartQuery {
  std::string sql = {};
  std::vector<std::string> parameters = {};  ///< For `?`; each a literal as SQL writes it.
  std::string database = {};
  std::string catalog = {};
  std::string workgroup = {};
  std::string output_location = {};  ///< s3://...; empty: the workgroup's.
  std::string client_token = {};     ///< 32 to 128 characters; the same token never starts a second query.
};
Result<std::string> start_query(Client& client, const StartQuery& request, const Context& context);

enum class QueryState { kQueued, kRunning, kSucceeded, kFailed, kCancelled, kUnknown };
struct QueryExecution {
  QueryState state = QueryState::kUnknown;
  std::string reason;  ///< StateChangeReason and AthenaError's message.
  std::uint64_t bytes_scanned = 0;
  std::string output_location;
  bool retryable = false;
};
Result<QueryExecution> get_query_execution(Client& client, const std::string& id, const Context& context);
Result<void> stop_query(Client& client, const std::string& id, const Context& context);

struct ResultPage {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>>
      rows;  ///< nullopt: SQL NULL. The header row of the first page is left out.
  std::string next_token;
};
Result<ResultPage> get_query_results(Client& client, const std::string& id, const std::string& next_token,
                                     bool first_page, const Context& context);

struct WorkGroup {
  std::string state;
  std::string output_location;
  std::optional<std::uint64_t> bytes_scanned_cutoff;
  bool enforced = false;  ///< Its settings win over the caller's.
};
Result<WorkGroup> get_work_group(Client& client, const std::string& name, const Context& context);

}  // namespace fa::aws::athena
