#include <array>
#include <cstdint>
#include <string>

#include "alarms/alarm.h"
#include "alarms/notice_json.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

AlarmState state_of_webhook(const std::string& text) {
  struct Word {
    std::string_view word;
    AlarmState state;
  };
  constexpr auto kWords = std::to_array<Word>({
      {"alarm", AlarmState::kAlarm},
      {"alerting", AlarmState::kAlarm},
      {"firing", AlarmState::kAlarm},
      {"triggered", AlarmState::kAlarm},
      {"ok", AlarmState::kOk},
      {"resolved", AlarmState::kOk},
      {"recovered", AlarmState::kOk},
      {"insufficient_data", AlarmState::kInsufficientData},
      {"no_data", AlarmState::kInsufficientData},
  });
  // Whoever calls without a state has something to say.
  if (text.empty()) return AlarmState::kAlarm;
  for (const Word& known : kWords) {
    if (iequals(text, known.word)) return known.state;
  }
  return AlarmState::kUnknown;
}

/// RFC 3339, or Unix seconds as a number.
std::optional<TimePoint> time_at(const Json& from, JsonPath path) {
  const Json* found = member_at(from, path);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return parse_rfc3339(trim(found->get_ref<const std::string&>()));
  constexpr std::int64_t kLast = 7'258'118'400;  // the year 2200
  if (!found->is_number()) return std::nullopt;
  const auto seconds = whole_at(from, path, 1, kLast);
  return seconds ? std::optional(TimePoint(std::chrono::seconds(*seconds))) : std::nullopt;
}

std::optional<TimeRange> window_of(const Json& document) {
  const auto from = time_at(document, {"window", "from"});
  const auto to = time_at(document, {"window", "to"});
  if (!from || !to || *to <= *from) return std::nullopt;
  return TimeRange{*from, *to};
}

bool is_web_link(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

}  // namespace

Result<AlarmNotice> parse_webhook(std::string_view json) {
  const auto document = read_notice(json, "The webhook's body");
  if (!document) return tl::unexpected(document.error());
  AlarmNotice notice;
  notice.source = "webhook";
  notice.name = line_at(*document, {"title"});
  if (notice.name.empty()) {
    return fail(ErrorCode::kInvalidInput, "The webhook's body has no `title`, a text that says what is wrong.");
  }
  notice.description = paragraph_at(*document, {"description"});
  notice.entity = line_at(*document, {"entity"});
  notice.metric = line_at(*document, {"metric"});
  notice.state = state_of_webhook(line_at(*document, {"state"}));
  notice.changed_at = time_at(*document, {"time"});
  notice.window = window_of(*document);
  if (std::string link = line_at(*document, {"link"}); is_web_link(link)) notice.link = std::move(link);
  return notice;
}

}  // namespace fa::alarms
