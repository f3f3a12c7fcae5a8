#include "manual/setting_texts.h"

#include <fmt/core.h>

#include <algorithm>

namespace fa::manual {
namespace {

constexpr TableText kTables[] = {
    {"report", "Reports", "What reports look like."},
    {"investigate", "Investigations", "How recorded or collected data is investigated."},
    {"aws", "Collecting from a live AWS account",
     "Used by `fa2 investigate --aws` (or without PATH), `fa2 insight`, `fa2 findings`, `fa2 doctor` and `fa2 serve`, "
     "which collects where this table is present. Options win. Permissions: docs/ops/aws.md.",
     true},
    {"aws.targets[]", "Accounts and regions", "Without any, the caller's own account and `aws.region`.", true},
    {"aws.logs", "CloudWatch Logs", "Which log groups are read, and how much of them.", true},
    {"aws.alb[]", "ALB access logs in S3", "One table for each bucket or prefix.", true},
    {"aws.cloudtrail", "CloudTrail", "Who changed what.", true},
    {"aws.cloudtrail.buckets[]", "Trails in S3", "One table for each bucket or prefix.", true},
    {"aws.athena", "Athena", "Access logs and trails as Athena tables: docs/ops/athena.md.", true},
    {"aws.athena.tables[]", "Tables of Athena", "One table for each.", true},
    {"aws.metrics", "CloudWatch metrics", "Which metrics are fetched. Each series is charged.", true},
    {"aws.xray", "X-Ray", "Traces.", true},
    {"aws.limits", "Limits of a collection",
     "A step that would pass one of them is not begun; what is missing then is a gap in the report.", true},
    {"model", "A language model",
     "None is asked without this table (or `--model`). Options win: `--no-model`, `--model`, `--model-url`, "
     "`--prompts`. docs/ops/model.md shows it at work.",
     true},
    {"model.price", "What the model costs", "In US dollars; limits and the report's costs rest on it.", true},
    {"privacy", "What is taken out",
     "Secrets are always replaced before anything goes to a model: docs/ops/privacy.md."},
    {"memory", "What is kept between runs", "Past incidents, documents, the month's spending: docs/ops/memory.md."},
    {"findings", "Security findings", "Used by `fa2 findings` and its command in Slack."},
    {"serve", "The server", "Used by `fa2 serve`."},
    {"slack", "The Slack app",
     "Used by `fa2 serve`; docs/ops/slack.md goes through it. Secrets are references: `env:NAME`, `file:PATH`, "
     "`credential:NAME` (a file below /etc/fa2/credentials, handed over by systemd) or `secretsmanager:ID`."},
    {"alarms", "Alarms from elsewhere", "Alarms that do not come through Slack."},
    {"sns", "Alarms by Amazon SNS", "Sent to `/sns`; signatures are verified."},
    {"webhook", "Alarms by a signed webhook", "Sent to `/webhook`: docs/formats/webhook.md."},
    {"alertmanager", "Alarms of Prometheus", "Sent to `/alertmanager`."},
};

constexpr SettingText kSettings[] = {
    {"report.language", "Language of the whole report; English where it is not given; option `--lang`.", "\"ja\""},
    {"report.format",
     "Rendering, where neither `--format` nor the ending of `--output` (`.html`, `.htm`, `.md`, `.json`, `.pdf`) says; "
     "else text.",
     "\"markdown\""},
    {"report.time_zone",
     "IANA name of the zone of the times beside entries and on charts; option `--time-zone`. Times inside sentences "
     "and "
     "all of the JSON report stay in UTC.",
     ""},
    {"investigate.threads",
     "Threads for reading; 0: as many as the machine has; option `--threads`. No result depends on it.", ""},
    {"investigate.architecture",
     "Your description of the system; that of `model` where it is not given. Its lines `A -> B: protocol` are shown in "
     "the diagram: docs/formats/architecture.md.",
     R"("""
storefront -> orders: http
orders -> orders-db: postgresql
""")"},
    {"aws.profile", "Profile of the shared AWS files; option `--profile`, else `AWS_PROFILE`.", "\"ops\""},
    {"aws.region", "Region of targets that name none; option `--region`, else `AWS_REGION`, else the profile's.",
     "\"ap-northeast-1\""},
    {"aws.ca_file", "CA bundle (PEM); else that of the environment or the system.", "\"/etc/ssl/certs/company.pem\""},
    {"aws.proxy", "Proxy; else that of the environment.", "\"http://proxy.example.com:3128\""},
    {"aws.prices_file", "Price list instead of the built-in one, in the form of src/sources/aws/prices.toml.",
     "\"/etc/fa2/prices.toml\""},
    {"aws.deadline_seconds", "Collecting ends then; what is missing becomes gaps.", ""},
    {"aws.targets[].region", "Region to collect from.", "\"ap-northeast-1\""},
    {"aws.targets[].role_arn", "Role to assume; none: the caller itself.", "\"arn:aws:iam::123456789012:role/fa2\""},
    {"aws.targets[].external_id", "External id that the role asks for.", "\"fa2\""},
    {"aws.logs.groups", "Log groups by name or ARN.", "[\"/ecs/orders\", \"/ecs/storefront\"]"},
    {"aws.logs.prefixes", "All log groups that begin so.", "[\"/ecs/\"]"},
    {"aws.logs.tags", "All log groups that carry each of these tags.", "{ team = \"shop\" }"},
    {"aws.logs.linked_accounts", "Also log groups of linked source accounts.", ""},
    {"aws.logs.fetch_all_bytes",
     "Up to this volume every line is fetched; above, Logs Insights mines. 0: always Insights.", ""},
    {"aws.logs.concurrent_queries", "Insights queries at a time.", ""},
    {"aws.logs.max_patterns", "Patterns that stand out and are fetched.", ""},
    {"aws.alb[].url", "Where the logs are. Must be given.", "\"s3://my-alb-logs/prod\""},
    {"aws.alb[].region", "The load balancers' region, where not the target's.", "\"ap-northeast-1\""},
    {"aws.alb[].accounts", "The load balancers' accounts, where not the target's.", "[\"123456789012\"]"},
    {"aws.alb[].requester_pays", "The bucket charges whoever reads it.", ""},
    {"aws.cloudtrail.event_history", "Ask the event history where no bucket is given.", ""},
    {"aws.cloudtrail.regions", "Regions beside the target's and us-east-1.", "[\"us-west-2\"]"},
    {"aws.cloudtrail.buckets[].url", "Where the trail is. Must be given.", "\"s3://my-trail\""},
    {"aws.cloudtrail.buckets[].region", "Region of the events, where not the target's.", "\"ap-northeast-1\""},
    {"aws.cloudtrail.buckets[].accounts", "Accounts of the events, where not the target's.", "[\"123456789012\"]"},
    {"aws.cloudtrail.buckets[].requester_pays", "The bucket charges whoever reads it.", ""},
    {"aws.athena.database", "Database of the tables.", "\"logs\""},
    {"aws.athena.catalog", "Data catalogue of the database.", "\"AwsDataCatalog\""},
    {"aws.athena.workgroup", "Workgroup in which queries run.", "\"primary\""},
    {"aws.athena.output_location", "Where results go, where the workgroup does not say.", "\"s3://my-results/fa2/\""},
    {"aws.athena.rows_limit", "Most rows of a result that are read.", ""},
    {"aws.athena.tables[].table", "Name of the table. Must be given.", "\"alb_logs\""},
    {"aws.athena.tables[].kind", "What it holds. Must be given.", "\"alb\""},
    {"aws.athena.tables[].partitioning", "How it is partitioned.", "\"projection\""},
    {"aws.athena.tables[].partition_column", "Column of the projection.", "\"day\""},
    {"aws.metrics.enabled", "Whether metrics are fetched.", ""},
    {"aws.metrics.namespaces", "Only these; none: all.", "[\"AWS/ApplicationELB\", \"AWS/ECS\"]"},
    {"aws.metrics.max_metrics", "Most series.", ""},
    {"aws.xray.enabled", "Whether traces are fetched.", ""},
    {"aws.xray.max_summaries", "Most summaries of traces.", ""},
    {"aws.xray.max_traces", "Most whole traces.", ""},
    {"aws.xray.filter", "Filter expression, joined with ours.", "\"service(\\\"orders\\\")\""},
    {"aws.limits.max_usd", "US dollars. A step that would cost more than what is left is not begun.", ""},
    {"aws.limits.max_scan_bytes", "Bytes scanned by Insights and Athena together.", ""},
    {"aws.limits.max_fetch_bytes", "Bytes fetched from S3 and CloudWatch Logs together.", ""},
    {"aws.limits.max_calls", "API calls.", ""},
    {"model.provider", "Amazon Bedrock, or a server that speaks OpenAI's chat completions. Must be given.",
     "\"bedrock\""},
    {"model.id", "Model, inference profile or ARN. Must be given.",
     "\"global.anthropic.claude-sonnet-4-5-20250929-v1:0\""},
    {"model.region", "Bedrock: where; else that of `aws`, the profile or the environment.", "\"ap-northeast-1\""},
    {"model.profile", "Bedrock: whose credentials; else that of `aws`.", "\"ops\""},
    {"model.base_url", "OpenAI-compatible: the server's address, up to and with `/v1`.",
     "\"http://localhost:11434/v1\""},
    {"model.key",
     "Where the key is: `env:NAME`, `file:PATH`, `credential:NAME` or `secretsmanager:ID`. Never the key itself. None "
     "is sent where it is not given.",
     "\"credential:model_key\""},
    {"model.max_tokens_field", "OpenAI's newer models want `max_completion_tokens`.", ""},
    {"model.tools", "OpenAI-compatible: false for models that cannot call tools; they go through text.", ""},
    {"model.stream", "Ask for the answer as a stream.", ""},
    {"model.cache_prompts",
     "Bedrock: cache points behind system prompt, tools and the last message. The default is true for models whose id "
     "holds `anthropic.claude`.",
     "true"},
    {"model.guardrail_id", "Bedrock: a guardrail.", "\"gr-1234567890\""},
    {"model.guardrail_version", "Version of the guardrail.", ""},
    {"model.temperature", "Not sent where it is not given.", "0.0"},
    {"model.prompts", "Folder with `en/` and `ja/` instead of the built-in prompts.", "\"/etc/fa2/prompts\""},
    {"model.architecture",
     "Your description of the system for the model to read; that of `investigate` where it is not given. 3,000 bytes "
     "are shown.",
     R"("storefront calls orders, orders keeps its data in PostgreSQL.")"},
    {"model.max_cycles", "Turns in which tools may be used.", ""},
    {"model.max_output_tokens_per_call", "Of one answer.", ""},
    {"model.first_call_tokens", "Of the whole first request, by the upper bound.", ""},
    {"model.deadline_seconds", "Of everything the model does for an incident.", ""},
    {"model.max_input_tokens", "Of all calls of an incident, cached ones included.", ""},
    {"model.max_output_tokens", "Of all calls of an incident.", ""},
    {"model.max_usd", "US dollars for an incident.", ""},
    {"model.max_usd_per_month",
     "US dollars for a calendar month (UTC); 0: no limit. Needs `memory`, which keeps the account.", ""},
    {"model.price.input_per_1000_tokens", "Input.", ""},
    {"model.price.output_per_1000_tokens", "Output.", ""},
    {"model.price.cache_read_per_1000_tokens", "Input read from the cache.", ""},
    {"model.price.cache_write_per_1000_tokens", "Input written to the cache.", ""},
    {"privacy.emails", "E-mail addresses are replaced, too.", ""},
    {"privacy.ip_addresses", "Which IP addresses are replaced.", ""},
    {"privacy.show_secrets",
     "Reports show secrets as they are; option `--show-secrets`. What goes to a model does not change. In reports, "
     "addresses stay in any case.",
     ""},
    {"memory.path", "SQLite file, made when missing; option `--memory`.", "\"/var/lib/fa2/memory.db\""},
    {"findings.detectors", "GuardDuty detectors to ask; none: all; option `--detector`.",
     "[\"12abc34d567e8fa901bc2d34e56789f0\"]"},
    {"serve.address", "Where to listen; also in Socket Mode, for health and metrics.", ""},
    {"serve.port", "Its port; 0: any free one, which the log names.", ""},
    {"serve.certificate", "PEM file: TLS without a proxy.", "\"/etc/fa2/tls/certificate.pem\""},
    {"serve.private_key", "PEM file of its key.", "\"/etc/fa2/tls/key.pem\""},
    {"serve.max_connections", "Above, the connection that has been idle for longest is closed.", ""},
    {"serve.data", "Folder of jobs and collected data, on a local disk. Must be given.", "\"/var/lib/fa2\""},
    {"serve.paths", "Recorded data to analyse, files and folders, where there is no `aws`.", "[\"/var/log/shop\"]"},
    {"serve.analyses", "Analyses at once.", ""},
    {"serve.max_attempts", "Attempts at an analysis that fails or is interrupted.", ""},
    {"serve.max_queued", "Analyses that may wait; one more is refused and told so.", ""},
    {"serve.analysis_deadline_seconds", "Of one attempt.", ""},
    {"serve.drain_seconds",
     "After SIGTERM, running analyses may finish for so long. The rest is done by the next start.", ""},
    {"serve.keep_days", "Jobs and what was collected for them are kept for so long.", ""},
    {"serve.keep_audit_days", "The audit log is kept for so long.", ""},
    {"slack.mode", "Slack calls the server (`http`), or the server calls Slack (`socket`).", ""},
    {"slack.signing_secret", "Reference; needed in HTTP mode.", "\"credential:slack_signing_secret\""},
    {"slack.bot_token", "Reference to the bot token `xoxb-...`. Must be given.", "\"credential:slack_bot_token\""},
    {"slack.app_token", "Reference to the app-level token `xapp-...`; needed in Socket Mode.",
     "\"credential:slack_app_token\""},
    {"slack.api_url", "For a proxy of the Web API.", ""},
    {"slack.teams", "Workspaces that may ask, by id; none: all.", "[\"T0123456789\"]"},
    {"slack.channels", "Channels in which people may ask, by id; none: all.", "[\"C0123456789\"]"},
    {"slack.users", "Users who may ask, by id; none: all.", "[\"U0123456789\"]"},
    {"slack.languages", "`en` or `ja` by id of a user or workspace.", "{ U0123456789 = \"ja\" }"},
    {"slack.follow_locale", "Whether a user's own locale in Slack counts.", ""},
    {"slack.time_zone", "IANA name, where Slack says none.", ""},
    {"slack.command", "Name of the command that opens the form.", ""},
    {"slack.insight_command", "Name of the command for questions about metrics; empty: there is none.", ""},
    {"slack.findings_command", "Name of the command for security findings; empty: there is none.", ""},
    {"slack.alarm_apps", "Apps whose messages are alarms, by id. The default is Amazon Q Developer.", ""},
    {"slack.alarm_patterns", "Messages of anybody that match one of these are alarms, too (RE2).", "['^\\[FIRING']"},
    {"slack.start_at_once", "Analyse alarms without a form.", ""},
    {"slack.join_minutes", "The same alarm again within this time joins the first thread.", ""},
    {"alarms.channel", "Channel, by id, where alarms that do not come through Slack are posted.", "\"C0123456789\""},
    {"sns.topics", "Topics that are listened to, by ARN.", "[\"arn:aws:sns:ap-northeast-1:123456789012:alarms\"]"},
    {"sns.channels", "Channels by topic, instead of `alarms.channel`.",
     "{ \"arn:aws:sns:ap-northeast-1:123456789012:alarms\" = \"C0123456789\" }"},
    {"webhook.secret", "Reference to the secret of its signatures.", "\"credential:webhook_secret\""},
    {"alertmanager.token", "Reference to the token that Alertmanager sends.", "\"credential:alertmanager_token\""},
};

}  // namespace

std::string table_of(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

std::span<const TableText> table_texts() { return kTables; }

const SettingText* text_of(std::string_view key) {
  const auto* found =
      std::find_if(std::begin(kSettings), std::end(kSettings), [&](const SettingText& t) { return t.key == key; });
  return found == std::end(kSettings) ? nullptr : found;
}

const TableText* table_text_of(std::string_view table) {
  const auto* found =
      std::find_if(std::begin(kTables), std::end(kTables), [&](const TableText& t) { return t.table == table; });
  return found == std::end(kTables) ? nullptr : found;
}

Result<void> check_setting_texts(const std::vector<Setting>& settings) {
  constexpr const char* kWhere = "src/manual/setting_texts.cpp";
  for (const Setting& s : settings) {
    if (text_of(s.key) == nullptr) {
      return fail(ErrorCode::kInternal, fmt::format("{} does not say what {} means.", kWhere, s.key));
    }
    if (table_text_of(table_of(s.key)) == nullptr) {
      return fail(ErrorCode::kInternal, fmt::format("{} says nothing about the table of {}.", kWhere, s.key));
    }
    if (s.default_value.empty() && text_of(s.key)->example.empty()) {
      return fail(ErrorCode::kInternal, fmt::format("{} has no default and {} no example of it.", s.key, kWhere));
    }
  }
  for (const SettingText& t : kSettings) {
    const bool read = std::any_of(settings.begin(), settings.end(), [&](const Setting& s) { return s.key == t.key; });
    if (!read) return fail(ErrorCode::kInternal, fmt::format("{} explains {}, which nothing reads.", kWhere, t.key));
  }
  return {};
}

}  // namespace fa::manual
