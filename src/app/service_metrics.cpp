#include "app/service_metrics.h"

namespace fa {

void describe_service_metrics(server::Metrics& m) {
  m.describe_histogram("fa2_ack_seconds", "Time until a request was answered, by endpoint");
  m.describe_histogram("fa2_job_seconds", "Time a job took, by kind");
  m.describe_counter("fa2_requests_total", "Requests by what they asked for and what became of them");
  m.describe_counter("fa2_refused_total", "Requests refused before they were looked at, by endpoint and reason");
  m.describe_counter("fa2_forms_opened_total", "Forms opened in Slack, by outcome");
  m.describe_counter("fa2_jobs_ended_total", "Ends of attempts at jobs, by kind and outcome");
  m.describe_counter("fa2_analyses_total", "Finished analyses, by verdict");
  m.describe_counter("fa2_inquiries_total", "Answered questions about metrics and findings reports, by kind");
  m.describe_counter("fa2_source_calls_total", "Calls to the sources of data and to the model, by source");
  m.describe_counter("fa2_gaps_total", "What analyses could not see: sources that failed, time without data");
  m.describe_counter("fa2_model_tokens_total", "Tokens of the language model, by direction");
  m.describe_counter("fa2_spent_usd_total", "What analyses cost, in US dollars");
  m.describe_gauge("fa2_jobs", "Jobs by lane and state");
  m.describe_gauge("fa2_queue_oldest_seconds", "Age of the job that has waited for longest, by lane");
  m.describe_gauge("fa2_slack_calls", "Calls of Slack's methods since the start, by method and outcome");
  m.describe_gauge("fa2_connections", "Open connections of the HTTP server");
  m.describe_gauge("fa2_http_counts", "Counts of the HTTP server since the start, by what");
  m.describe_gauge("fa2_socket_connections", "Open Socket Mode connections");
}

}  // namespace fa
