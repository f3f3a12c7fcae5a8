#pragma once

#include <string>

#include "aws/environment.h"
#include "base/result.h"

namespace fa {

enum class LambdaRole {
  kEdge,      ///< Takes Slack's requests and alarms, stores jobs, answers at once.
  kWorker,    ///< Does the jobs.
  kFindings,  ///< Orders the scheduled report on security findings.
};

/// What a Lambda function finds in its environment; docs/ops/lambda.md has the variables. All else is in the
/// configuration file, the same for all functions.
struct LambdaSettings {
  LambdaRole role = LambdaRole::kEdge;
  std::string runtime_api;      ///< AWS_LAMBDA_RUNTIME_API: host and port.
  std::string config;           ///< FA2_CONFIG, or fa2.toml beside the program's files (LAMBDA_TASK_ROOT).
  std::string job_table;        ///< FA2_JOB_TABLE
  std::string data_bucket;      ///< FA2_DATA_BUCKET; the worker's.
  std::string worker_function;  ///< FA2_WORKER_FUNCTION: name or ARN.
  std::string scratch;          ///< FA2_SCRATCH, or /tmp: the only folder that can be written to.
};

/// kInvalidInput names the variable that is missing. The address of the Runtime API alone is not checked.
[[nodiscard]] Result<LambdaSettings> lambda_settings(const aws::Environment& environment);

}  // namespace fa
