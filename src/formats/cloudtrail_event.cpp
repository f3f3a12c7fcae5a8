#include "formats/cloudtrail_event.h"

#include <utility>

#include "base/text.h"
#include "formats/aws_values.h"
#include "formats/json_walk.h"

namespace fa {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

/// Request parameters kept in ChangeEvent::after.
constexpr std::size_t kMaxParameters = 4096;
/// Depth to which request parameters are searched for what they are about.
constexpr int kMaxParameterDepth = 8;

/// Who did it. Types: CloudTrail user guide, "CloudTrail userIdentity element".
std::string actor_of(const CloudTrailEvent& event) {
  const CloudTrailIdentity& id = event.identity;
  const std::string_view resource = parse_arn(id.arn).resource;
  if (id.type == "Root") return id.user_name.empty() ? "root" : "root (" + id.user_name + ")";
  if (id.type == "AWSService" && !id.invoked_by.empty()) return id.invoked_by;
  for (const std::string_view prefix : {"assumed-role/", "federated-user/"}) {
    if (resource.starts_with(prefix)) return std::string(resource.substr(prefix.size()));  // ROLE/SESSION, NAME
  }
  if (!id.user_name.empty()) return id.user_name;
  if (!id.on_behalf_of.empty()) return id.on_behalf_of;  // IdentityCenterUser
  if (!resource.empty() && resource != "root") return std::string(resource.substr(resource.rfind('/') + 1));
  if (!id.invoked_by.empty()) return id.invoked_by;
  if (!event.lookup_user.empty()) return event.lookup_user;
  if (!id.issuer.empty()) return id.issuer;
  if (!id.principal.empty()) return id.principal;
  return id.account;
}

std::string_view short_source(std::string_view source) {
  constexpr std::string_view kSuffix = ".amazonaws.com";
  return source.ends_with(kSuffix) ? source.substr(0, source.size() - kSuffix.size()) : source;
}

/// Visits all strings inside the parameters; strings in arrays come under the array's key.
template <class Visit>
void walk_parameters(std::string_view key, value json, int depth, Visit& visit) {
  json_type type;
  if (depth > kMaxParameterDepth || json.type().get(type)) return;
  if (type == json_type::object) {
    each_member(json, [&](std::string_view name, value child) { walk_parameters(name, child, depth + 1, visit); });
  } else if (type == json_type::array) {
    each_element(json, [&](value child) { walk_parameters(key, child, depth + 1, visit); });
  } else {
    visit(key, json, type);
  }
}

}  // namespace

CloudTrailParameters::CloudTrailParameters() : parser_(std::make_unique<JsonParser>()) {}
CloudTrailParameters::~CloudTrailParameters() = default;

void CloudTrailParameters::read(std::string_view json, CloudTrailEvent& event) {
  event.parameters = sanitize_utf8(compact_json(json, kMaxParameters));
  event.parameters.resize(utf8_prefix(event.parameters, kMaxParameters).size());
  RequestTargetFinder finder(short_source(event.source));
  auto visit = [&](std::string_view key, value v, json_type type) {
    if (key == "desiredCount") event.sets_count = true;
    if (key == "taskDefinition") event.sets_code = true;
    if (key == "forceNewDeployment" && json_flag(v)) event.sets_code = true;
    if (type == json_type::string) finder.take(key, json_string(v).value_or(""));
  };
  each_member(*parser_, json, [&](std::string_view key, value child) { walk_parameters(key, child, 0, visit); });
  event.target = finder.target();
}

void hand_over(CloudTrailEvent&& event, const BytePosition& position, TelemetrySink& sink) {
  const std::string_view source = short_source(event.source);
  ChangeEvent change;
  change.position = position;
  change.time = parse_aws_time(event.time).value_or(kNoTime);
  if (change.time == kNoTime) {
    sink.on_skipped(
        {position, "CloudTrail event without a usable eventTime: " + visible(utf8_prefix(event.time, 60)), 1, true});
  }
  change.actor = actor_of(event);
  change.action = source.empty() ? event.name : std::string(source) + ":" + event.name;
  change.kind = change_kind(source, event.name);
  // Data events are what the workload does, not what is done to it.
  if (event.category == "Data") change.kind = "other";
  if (source == "ecs" && event.name == "UpdateService" && event.sets_count && !event.sets_code) {
    change.kind = "scaling";
  }
  change.resource = event.resource.empty() ? std::move(event.target.resource) : std::move(event.resource);
  change.service = std::move(event.target.service);
  change.after = std::move(event.parameters);
  change.error = std::move(event.error_code);
  if (!event.error_message.empty()) {
    if (!change.error.empty()) change.error += ": ";
    change.error += event.error_message;
  }
  change.origin = event.address.empty() ? std::move(event.identity.invoked_by) : std::move(event.address);
  change.region = std::move(event.region);
  sink.on_change(std::move(change));
}

}  // namespace fa
