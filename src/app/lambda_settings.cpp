#include "app/lambda_settings.h"

#include <fmt/core.h>

namespace fa {
namespace {

std::string variable(const aws::Environment& environment, const char* name, const std::string& otherwise = {}) {
  const auto value = environment.variable(name);
  return value && !value->empty() ? *value : otherwise;
}

}  // namespace

Result<LambdaSettings> lambda_settings(const aws::Environment& environment) {
  LambdaSettings settings;
  const std::string role = variable(environment, "FA2_LAMBDA_ROLE");
  if (role == "edge") {
    settings.role = LambdaRole::kEdge;
  } else if (role == "worker") {
    settings.role = LambdaRole::kWorker;
  } else if (role == "findings") {
    settings.role = LambdaRole::kFindings;
  } else {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("FA2_LAMBDA_ROLE is \"{}\"; set it to edge, worker or findings.", role));
  }
  const std::string root = variable(environment, "LAMBDA_TASK_ROOT", ".");
  settings.runtime_api = variable(environment, "AWS_LAMBDA_RUNTIME_API");
  settings.config = variable(environment, "FA2_CONFIG", root + "/fa2.toml");
  settings.job_table = variable(environment, "FA2_JOB_TABLE");
  settings.data_bucket = variable(environment, "FA2_DATA_BUCKET");
  settings.worker_function = variable(environment, "FA2_WORKER_FUNCTION");
  settings.scratch = variable(environment, "FA2_SCRATCH", "/tmp");
  const auto missing = [](const char* name, const char* what) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is not set: {}.", name, what));
  };
  if (settings.job_table.empty()) return missing("FA2_JOB_TABLE", "the DynamoDB table with the jobs");
  if (settings.worker_function.empty()) return missing("FA2_WORKER_FUNCTION", "the Lambda function that does the jobs");
  if (settings.role == LambdaRole::kWorker && settings.data_bucket.empty()) {
    return missing("FA2_DATA_BUCKET", "the S3 bucket for what is collected");
  }
  return settings;
}

}  // namespace fa
