#include "app/config.h"

#include <fmt/core.h>

#include "app/secret_reference.h"
#include "app/toml_section.h"
#include "base/time_zone.h"

namespace fa {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 50;

void read_s3_logs(TomlSection& s, S3LogsSettings& to) {
  s.read("url", to.url);
  s.read("region", to.region);
  s.read("accounts", to.accounts);
  s.read("requester_pays", to.requester_pays);
  s.require(to.url.starts_with("s3://"), "url", "an address s3://bucket or s3://bucket/prefix");
}

void read_athena(TomlSection& s, AthenaSettings& to) {
  s.read("database", to.database);
  s.read("catalog", to.catalog);
  s.read("workgroup", to.workgroup);
  s.read("output_location", to.output_location);
  s.read_whole("rows_limit", to.rows_limit, 1, 10'000'000);
  s.sections("tables", [&](TomlSection& t) {
    AthenaTable table;
    std::string kind;
    t.read("table", table.table);
    t.read_choice("kind", {"alb", "cloudtrail"}, kind);
    t.read_choice("partitioning", {"projection", "year_month_day", "none"}, table.partitioning);
    t.read("partition_column", table.partition_column);
    t.require(!table.table.empty(), "table", "the name of a table");
    t.require(!kind.empty(), "kind", "\"alb\" or \"cloudtrail\"");
    table.kind = kind == "cloudtrail" ? AthenaTable::Kind::kCloudTrail : AthenaTable::Kind::kAlb;
    to.tables.push_back(std::move(table));
  });
}

void read_aws(TomlSection& s, AwsConfig& to) {
  AwsRequest& aws = to.request;
  s.read("profile", aws.profile);
  s.read("region", to.region);
  s.read("ca_file", to.ca_file);
  s.read("proxy", to.proxy);
  s.read("prices_file", aws.prices_file);
  std::int64_t deadline = aws.deadline.count();
  s.read_whole("deadline_seconds", deadline, 1, 86'400);
  aws.deadline = std::chrono::seconds(deadline);
  s.sections("targets", [&](TomlSection& t) {
    AwsTarget target;
    t.read("region", target.region);
    t.read("role_arn", target.role_arn);
    t.read("external_id", target.external_id);
    aws.targets.push_back(std::move(target));
  });
  s.section("logs", [&](TomlSection& t) {
    t.read("groups", aws.logs.groups);
    t.read("prefixes", aws.logs.prefixes);
    t.read("tags", aws.logs.tags);
    t.read("linked_accounts", aws.logs.linked_accounts);
    t.read_whole("fetch_all_bytes", aws.logs.fetch_all_bytes, 0, kMost);
    t.read_whole("concurrent_queries", aws.logs.concurrent_queries, 1, 100);
    t.read_whole("max_patterns", aws.logs.max_pattern_rows, 1, 10'000);
  });
  s.sections("alb", [&](TomlSection& t) { read_s3_logs(t, aws.alb.emplace_back()); });
  s.section("cloudtrail", [&](TomlSection& t) {
    t.read("event_history", aws.cloudtrail.event_history);
    t.read("regions", aws.cloudtrail.regions);
    t.sections("buckets", [&](TomlSection& b) { read_s3_logs(b, aws.cloudtrail.buckets.emplace_back()); });
  });
  s.section("athena", [&](TomlSection& t) { read_athena(t, aws.athena); });
  s.section("metrics", [&](TomlSection& t) {
    t.read("enabled", aws.metrics.enabled);
    t.read("namespaces", aws.metrics.namespaces);
    t.read_whole("max_metrics", aws.metrics.max_metrics, 1, 100'000);
  });
  s.section("xray", [&](TomlSection& t) {
    t.read("enabled", aws.xray.enabled);
    t.read_whole("max_summaries", aws.xray.max_summaries, 1, 10'000'000);
    t.read_whole("max_traces", aws.xray.max_traces, 1, 100'000);
    t.read("filter", aws.xray.filter);
  });
  s.section("limits", [&](TomlSection& t) {
    t.read("max_usd", aws.limits.max_usd, 0, 1e6);
    t.read_whole("max_scan_bytes", aws.limits.max_scan_bytes, 0, kMost);
    t.read_whole("max_fetch_bytes", aws.limits.max_fetch_bytes, 0, kMost);
    t.read_whole("max_calls", aws.limits.max_calls, 1, 100'000'000);
  });
}

void read_model(TomlSection& s, ModelConfig& to) {
  s.read_choice("provider", {"bedrock", "openai"}, to.provider);
  s.read("id", to.id);
  s.read("region", to.region);
  s.read("profile", to.profile);
  s.read("base_url", to.base_url);
  s.read("key", to.key);
  s.read_choice("max_tokens_field", {"max_tokens", "max_completion_tokens"}, to.max_tokens_field);
  s.read("tools", to.tools);
  s.read("stream", to.stream);
  s.read("cache_prompts", to.cache_prompts);
  s.read("guardrail_id", to.guardrail_id);
  s.read("guardrail_version", to.guardrail_version);
  s.read("temperature", to.temperature, 0, 2);
  s.read("prompts", to.prompts);
  s.read("architecture", to.architecture);
  s.read_whole("max_cycles", to.max_cycles, 0, 50);
  s.read_whole("max_output_tokens_per_call", to.max_output_tokens_per_call, 256, 200'000);
  s.read_whole("first_call_tokens", to.first_call_tokens, 2000, 1'000'000);
  std::int64_t deadline = to.deadline.count();
  s.read_whole("deadline_seconds", deadline, 1, 3600);
  to.deadline = std::chrono::seconds(deadline);
  s.read_whole("max_input_tokens", to.limits.max_input_tokens, 1000, kMost);
  s.read_whole("max_output_tokens", to.limits.max_output_tokens, 256, kMost);
  s.read("max_usd", to.limits.max_usd, 0, 1e6);
  s.read("max_usd_per_month", to.max_usd_per_month, 0, 1e9);
  s.section("price", [&](TomlSection& p) {
    p.read("input_per_1000_tokens", to.price.input, 0, 1000);
    p.read("output_per_1000_tokens", to.price.output, 0, 1000);
    p.read("cache_read_per_1000_tokens", to.price.cache_read, 0, 1000);
    p.read("cache_write_per_1000_tokens", to.price.cache_write, 0, 1000);
  });
  s.require(!to.provider.empty(), "provider", "\"bedrock\" or \"openai\"");
  s.require(!to.id.empty(), "id", "the name of a model");
  s.require(to.provider != "openai" || !to.base_url.empty(), "base_url",
            "the address of the server, such as https://api.openai.com/v1 or http://localhost:11434/v1");
  s.require(to.key.empty() || is_secret_reference(to.key), "key",
            "a reference env:NAME, file:PATH, credential:NAME or secretsmanager:ID, never the key itself");
}

void read_privacy(TomlSection& s, Config& config) {
  s.read("emails", config.privacy.emails);
  std::string addresses = "public";
  s.read_choice("ip_addresses", {"keep", "public", "all"}, addresses);
  if (addresses == "keep") config.privacy.ip_addresses = RedactionPolicy::Addresses::kKeep;
  if (addresses == "all") config.privacy.ip_addresses = RedactionPolicy::Addresses::kAll;
  s.read("show_secrets", config.show_secrets);
}

void read_tables(TomlSection& top, Config& config) {
  top.section("report", [&](TomlSection& s) {
    std::string language;
    std::string format;
    s.read_choice("language", {"en", "ja"}, language);
    s.read_choice("format", {"text", "json", "markdown", "html"}, format);
    s.read("time_zone", config.time_zone);
    s.require(TimeZone::find(config.time_zone).has_value(), "time_zone", "an IANA name such as Asia/Tokyo");
    if (!language.empty()) config.language = language;
    if (!format.empty()) config.format = format;
  });
  top.section("investigate", [&](TomlSection& s) {
    s.read_whole("threads", config.threads, 0, 1024);
    s.read("architecture", config.architecture);
  });
  top.section("aws", [&](TomlSection& s) { read_aws(s, config.aws.emplace()); });
  top.section("model", [&](TomlSection& s) { read_model(s, config.model.emplace()); });
  top.section("privacy", [&](TomlSection& s) { read_privacy(s, config); });
  top.section("memory", [&](TomlSection& s) { s.read("path", config.memory); });
  top.section("findings", [&](TomlSection& s) { s.read("detectors", config.detectors); });
  read_serve_config(top, config.serve);
}

Config read_root(const toml::table& root, const std::string& file, std::optional<Error>& error) {
  Config config;
  TomlSection top(root, "", file, error);
  read_tables(top, config);
  config.serve.settings.language = language_from_name(config.language.value_or("en")).value_or(Language::kEnglish);
  if (config.model) {
    // One description serves both, unless the model is to read another one.
    if (config.architecture.empty()) config.architecture = config.model->architecture;
    if (config.model->architecture.empty()) config.model->architecture = config.architecture;
  }
  top.finish();
  return config;
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& path) {
  const std::string file = path.string();
  try {
    const toml::table root = toml::parse_file(file);
    std::optional<Error> error;
    Config config = read_root(root, file, error);
    if (error) return tl::unexpected(*error);
    return config;
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}:{}: {}.", file, e.source().begin.line, e.description()));
  }
}

std::vector<manual::Setting> known_settings() {
  std::vector<manual::Setting> settings;
  const toml::table nothing;
  const std::string no_file;
  std::optional<Error> no_error;
  Config config;
  TomlSection top(nothing, "", no_file, no_error, &settings);
  read_tables(top, config);
  return settings;
}

}  // namespace fa
