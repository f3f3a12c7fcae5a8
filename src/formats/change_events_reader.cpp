#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "formats/json_document_reader.h"
#include "formats/readers.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

enum class Part : std::uint8_t {
  kTime,
  kKind,
  kActor,
  kAction,
  kResource,
  kService,
  kBefore,
  kAfter,
  kError,
  kOrigin,
  kRegion,
  kSummary,
};
constexpr std::size_t kPartCount = 12;

struct Alias {
  std::string_view key;  ///< Lower case, without `_`, `-`, `.` and `@`.
  Part part;
};

/// Accepted names, best first within each part (docs/formats/change-events.md).
constexpr std::array<Alias, 70> kAliases{{
    {"time", Part::kTime},
    {"timestamp", Part::kTime},
    {"ts", Part::kTime},
    {"at", Part::kTime},
    {"date", Part::kTime},
    {"datetime", Part::kTime},
    {"eventtime", Part::kTime},
    {"occurredat", Part::kTime},
    {"createdat", Part::kTime},
    {"startedat", Part::kTime},
    {"kind", Part::kKind},
    {"type", Part::kKind},
    {"changetype", Part::kKind},
    {"eventtype", Part::kKind},
    {"category", Part::kKind},
    {"actor", Part::kActor},
    {"user", Part::kActor},
    {"username", Part::kActor},
    {"author", Part::kActor},
    {"who", Part::kActor},
    {"by", Part::kActor},
    {"changedby", Part::kActor},
    {"triggeredby", Part::kActor},
    {"initiator", Part::kActor},
    {"principal", Part::kActor},
    {"action", Part::kAction},
    {"operation", Part::kAction},
    {"verb", Part::kAction},
    {"event", Part::kAction},
    {"eventname", Part::kAction},
    {"command", Part::kAction},
    {"resource", Part::kResource},
    {"target", Part::kResource},
    {"object", Part::kResource},
    {"resourcename", Part::kResource},
    {"resourceid", Part::kResource},
    {"component", Part::kResource},
    {"what", Part::kResource},
    {"service", Part::kService},
    {"servicename", Part::kService},
    {"application", Part::kService},
    {"app", Part::kService},
    {"before", Part::kBefore},
    {"old", Part::kBefore},
    {"oldvalue", Part::kBefore},
    {"previous", Part::kBefore},
    {"from", Part::kBefore},
    {"oldversion", Part::kBefore},
    {"after", Part::kAfter},
    {"new", Part::kAfter},
    {"newvalue", Part::kAfter},
    {"current", Part::kAfter},
    {"to", Part::kAfter},
    {"newversion", Part::kAfter},
    {"version", Part::kAfter},
    {"parameters", Part::kAfter},
    {"params", Part::kAfter},
    {"diff", Part::kAfter},
    {"error", Part::kError},
    {"errormessage", Part::kError},
    {"failure", Part::kError},
    {"origin", Part::kOrigin},
    {"source", Part::kOrigin},
    {"sourceip", Part::kOrigin},
    {"system", Part::kOrigin},
    {"region", Part::kRegion},
    {"summary", Part::kSummary},
    {"title", Part::kSummary},
    {"description", Part::kSummary},
    {"name", Part::kSummary},
}};

std::string plain_key(std::string_view key) {
  std::string out = to_lower(key);
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == '.' || c == '@' || c == ' '; });
  return out;
}

std::size_t alias_of(std::string_view key) {
  const std::string plain = plain_key(key.substr(0, 40));
  const auto found = std::find_if(kAliases.begin(), kAliases.end(), [&](const Alias& a) { return a.key == plain; });
  return static_cast<std::size_t>(found - kAliases.begin());
}

/// Which word in a kind or an action stands for which kind of the vocabulary; the first match wins.
struct KindWord {
  std::string_view word;
  std::string_view kind;
};
constexpr std::array<KindWord, 37> kKindWords{{
    {"feature", "feature_flag"},
    {"flag", "feature_flag"},
    {"toggle", "feature_flag"},
    {"experiment", "feature_flag"},
    {"deploy", "deployment"},
    {"release", "deployment"},
    {"rollout", "deployment"},
    {"rollback", "deployment"},
    {"publish", "deployment"},
    {"upgrade", "deployment"},
    {"functioncode", "deployment"},
    {"scal", "scaling"},
    {"resize", "scaling"},
    {"capacity", "scaling"},
    {"replicas", "scaling"},
    {"permission", "permission"},
    {"policy", "permission"},
    {"iam", "permission"},
    {"role", "permission"},
    {"grant", "permission"},
    {"revoke", "permission"},
    {"network", "network"},
    {"securitygroup", "network"},
    {"security_group", "network"},
    {"firewall", "network"},
    {"iptables", "network"},
    {"route", "network"},
    {"routing", "network"},
    {"dns", "network"},
    {"subnet", "network"},
    {"restart", "restart"},
    {"reboot", "restart"},
    {"config", "config_change"},
    {"setting", "config_change"},
    {"parameter", "config_change"},
    {"environment", "config_change"},
    {"migration", "config_change"},
}};

std::string kind_of(std::string_view stated, std::string_view action) {
  for (const std::string_view text : {stated, action}) {
    for (const KindWord& word : kKindWords) {
      if (icontains(text, word.word)) return std::string(word.kind);
    }
  }
  return "other";
}

/// One change per line (or per object): docs/formats/change-events.md.
class ChangeEventsReader final : public JsonObjectReader {
 protected:
  error_code read_object(object fields, std::string_view raw, Place& place) override;

 private:
  struct Value {
    std::string text;
    std::size_t alias = kAliases.size();  ///< Smaller is better: the order of kAliases.
  };
  error_code read_fields(object fields);
  std::string& text_of(Part part) { return values_[static_cast<std::size_t>(part)].text; }

  std::array<Value, kPartCount> values_;
};

/// A scalar as text; of objects such as {"name":"deploy-bot","id":7} the name; anything else compact JSON.
error_code text_of_value(value v, bool whole, std::string& out) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object && type != json_type::array) {
    out = json_scalar_text(v);
    return SUCCESS;
  }
  if (whole || type == json_type::array) {
    out = compact_json(json_raw(v).value_or(std::string_view{}));
    return SUCCESS;
  }
  object fields;
  if (const auto error = v.get_object().get(fields)) return error;
  std::string_view raw;
  if (const auto error = fields.raw_json().get(raw)) return error;
  if (const auto error = fields.reset().error()) return error;
  constexpr std::array<std::string_view, 6> kNames{"name", "username", "email", "login", "id", "arn"};
  std::size_t best = kNames.size();
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string key = plain_key(json_key(field));
    const auto rank = static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), key) - kNames.begin());
    if (rank >= best) continue;
    std::string text = json_scalar_text(field.value());
    if (text.empty()) continue;
    best = rank;
    out = std::move(text);
  }
  if (best == kNames.size()) out = compact_json(raw);
  return SUCCESS;
}

error_code ChangeEventsReader::read_fields(object fields) {
  values_.fill({});
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::size_t alias = alias_of(json_key(field));
    if (alias == kAliases.size()) continue;
    const Part part = kAliases[alias].part;
    Value& slot = values_[static_cast<std::size_t>(part)];
    if (alias >= slot.alias) continue;
    std::string text;
    const bool whole = part == Part::kBefore || part == Part::kAfter || part == Part::kError;
    if (const auto error = text_of_value(field.value(), whole, text)) return error;
    if (text.empty()) continue;
    slot = {std::move(text), alias};
  }
  return SUCCESS;
}

error_code ChangeEventsReader::read_object(object fields, std::string_view raw, Place& place) {
  if (!place.positions.whole(raw)) return SUCCESS;
  if (const auto error = read_fields(fields)) return error;
  const BytePosition position = place.positions.at(raw);
  const std::string& time_text = text_of(Part::kTime);
  TimestampContext context;
  context.allow_date_only = true;
  const auto parsed = parse_timestamp_text(time_text, context);
  TimePoint time = parsed ? parsed->time : kNoTime;
  if (time == kNoTime) time = parse_epoch_number(time_text).value_or(kNoTime);
  if (time == kNoTime) {
    place.sink.on_skipped({position,
                           fmt::format("line {}: change event without a readable time (found \"{}\")", position.line,
                                       visible(utf8_prefix(time_text, 40))),
                           1, false});
    return SUCCESS;
  }
  ChangeEvent event;
  event.position = position;
  event.time = time;
  event.action = std::move(text_of(Part::kAction));
  if (event.action.empty()) event.action = std::move(text_of(Part::kSummary));
  event.kind = kind_of(text_of(Part::kKind), event.action);
  if (event.action.empty()) event.action = text_of(Part::kKind);
  event.actor = std::move(text_of(Part::kActor));
  event.resource = std::move(text_of(Part::kResource));
  event.service = std::move(text_of(Part::kService));
  event.before = std::move(text_of(Part::kBefore));
  event.after = std::move(text_of(Part::kAfter));
  event.error = std::move(text_of(Part::kError));
  event.origin = std::move(text_of(Part::kOrigin));
  event.region = std::move(text_of(Part::kRegion));
  if (event.resource.empty()) event.resource = event.service;
  if (event.action.empty() && event.resource.empty() && event.after.empty()) {
    place.sink.on_skipped({position,
                           fmt::format("line {}: change event that names neither action nor resource", position.line),
                           1, false});
    return SUCCESS;
  }
  place.sink.on_change(std::move(event));
  return SUCCESS;
}

}  // namespace

std::unique_ptr<RecordReader> make_change_events_reader(ReaderOptions) {
  return std::make_unique<ChangeEventsReader>();
}

}  // namespace fa
