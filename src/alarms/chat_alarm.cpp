#include <algorithm>
#include <array>
#include <set>

#include "alarms/alarm.h"
#include "alarms/alarm_entity.h"
#include "alarms/aws_names.h"
#include "alarms/chat_fields.h"
#include "alarms/console_link.h"
#include "alarms/notice_text.h"
#include "alarms/reason_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostChatBytes = 64 << 10;
constexpr std::size_t kMostLinks = 100;
constexpr std::size_t kLongestChat = 3000;
constexpr std::size_t kLongestTitle = 300;

void set_if_empty(std::string& into, const std::string& value) {
  if (into.empty()) into = value;
}

void set_if_unknown(AlarmState& into, AlarmState value) {
  if (into == AlarmState::kUnknown) into = value;
}

struct ChatText {
  std::string whole;               ///< Valid UTF-8, of a sane length.
  std::string flat;                ///< On one line: mails break their sentences anywhere.
  std::vector<std::string> lines;  ///< Without what only forms them.
};

ChatText chat_text(std::string_view text) {
  ChatText out;
  out.whole = paragraph_of(text, kMostChatBytes);
  out.flat = collapsed(out.whole);
  out.lines = bare_lines(out.whole);
  return out;
}

/// What the message begins with names the alarm better than anything below it. False: it does not begin as one of
/// CloudWatch.
bool read_heads(AlarmNotice& notice, const ChatText& text) {
  for (const std::string& line : text.lines) {
    if (const auto title = chatbot_title(line)) {
      notice.name = title->name;
      notice.region = title->region;
      notice.account = title->account;
      break;
    }
  }
  const auto take = [&](const MailHead& head) {
    if (!notice.name.empty() && notice.name != head.name) return;
    notice.name = head.name;
    set_if_empty(notice.region, head.region);
    set_if_unknown(notice.state, head.state);
  };
  if (const auto sentence = mail_sentence(text.flat)) take(*sentence);
  for (const std::string& line : text.lines) {
    if (const auto subject = mail_subject(line)) take(*subject);
  }
  return !notice.name.empty();
}

/// The alarms that links to the console show, as long as they are not several.
bool read_links(AlarmNotice& notice, const std::vector<std::string>& links) {
  std::optional<ConsoleAlarm> only;
  std::string link;
  for (std::size_t i = 0; i < std::min(links.size(), kMostLinks); ++i) {
    const auto alarm = alarm_of_console_link(links[i]);
    if (!alarm || (!notice.name.empty() && alarm->name != notice.name)) continue;
    if (only && only->name != alarm->name) return false;
    only = alarm;
    link = links[i];
  }
  if (!only) return false;
  notice.name = only->name;
  set_if_empty(notice.region, only->region);
  notice.link = line_of(link, kLongestDescription);
  return true;
}

/// ARNs of alarms in a text, up to the first character that would end them in running text. Names may have spaces, so
/// such a name is certain only where it is known from elsewhere or ends its line.
std::vector<AlarmArn> arns_in(const ChatText& text, const std::string& known_name) {
  std::vector<AlarmArn> arns;
  for (const std::string& line : text.lines) {
    const std::size_t at = line.find("arn:aws");
    if (at == std::string::npos) continue;
    std::string_view candidate = std::string_view(line).substr(at);
    // A composite alarm's reason names its child.
    if (candidate.find(" transitioned to ") != std::string_view::npos) continue;
    auto arn = parse_alarm_arn(candidate);
    if (arn && arn->name != known_name && at > 0) {
      arn = parse_alarm_arn(candidate.substr(0, candidate.find_first_of(" \"'<>|)],")));
    }
    if (arn) arns.push_back(*arn);
  }
  return arns;
}

bool read_arns(AlarmNotice& notice, const ChatText& text) {
  std::optional<AlarmArn> only;
  for (const AlarmArn& arn : arns_in(text, notice.name)) {
    if (!notice.name.empty() && arn.name != notice.name) continue;
    if (only && (only->name != arn.name || only->region != arn.region || only->account != arn.account)) return false;
    only = arn;
  }
  if (!only) return false;
  notice.name = only->name;
  notice.region = only->region;
  notice.account = only->account;
  return true;
}

/// `300 seconds`, `5 minutes`, `300`.
std::optional<Nanoseconds> period_of(std::string_view text) {
  std::size_t digits = 0;
  std::int64_t count = 0;
  for (; digits < text.size() && digits < 6 && is_digit(text[digits]); ++digits)
    count = count * 10 + (text[digits] - '0');
  const std::string_view unit = trim(text.substr(digits));
  if (digits == 0 || count == 0) return std::nullopt;
  if (unit.empty() || unit.starts_with("sec") || unit == "s") return std::chrono::seconds(count);
  if (unit.starts_with("min")) return std::chrono::minutes(count);
  if (unit.starts_with("hour")) return std::chrono::hours(count);
  return std::nullopt;
}

/// `OK -> ALARM`.
AlarmState state_after_arrow(std::string_view change) {
  const std::size_t arrow = change.rfind("->");
  return arrow == std::string_view::npos ? AlarmState::kUnknown : state_of_word(trim(change.substr(arrow + 2)));
}

void read_fields(AlarmNotice& notice, const ChatText& text) {
  constexpr std::string_view kChanged = "State changed to ";
  for (const std::string& line : text.lines) {
    if (line.starts_with(kChanged)) set_if_unknown(notice.state, state_of_word(trim(line.substr(kChanged.size()))));
  }
  const auto fields = chat_fields(text.lines);
  const auto field = [&](std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  };
  set_if_empty(notice.name, field("name"));
  set_if_unknown(notice.state, state_of_word(field("state")));
  set_if_unknown(notice.state, state_after_arrow(field("change")));
  set_if_empty(notice.region, region_of(field("region")));
  if (is_account(field("account"))) set_if_empty(notice.account, field("account"));
  notice.description = field("description");
  notice.reason = field("reason");
  notice.metric_namespace = field("namespace");
  notice.metric = field("metric");
  notice.statistic = field("statistic");
  notice.dimensions = named_values(field("dimensions"), '=');
  notice.period = period_of(field("period"));
  notice.changed_at = parse_rfc3339(field("time"));
}

/// The reason in CloudWatch's words, wherever it stands. In a mail it is broken over lines.
void read_reason(AlarmNotice& notice, const ChatText& text) {
  const std::size_t begin = text.flat.find("Threshold Crossed: ");
  if (begin != std::string::npos) {
    std::string_view reason = std::string_view(text.flat).substr(begin, kLongestReason);
    // Its end is certain only where CloudWatch ends it, or the line does.
    constexpr std::string_view kEnd = " transition)";
    const std::size_t end = reason.find(kEnd);
    if (end != std::string_view::npos) {
      notice.reason = reason.substr(0, end + kEnd.size());
      return;
    }
  }
  for (const std::string& line : text.lines) {
    const bool of_child = line.starts_with("arn:aws") && line.find(" transitioned to ") != std::string::npos;
    if (line.starts_with("Threshold Crossed:") || of_child) set_if_empty(notice.reason, line_of(line, kLongestReason));
  }
}

void read_cloudwatch(AlarmNotice& notice, const ChatText& text, std::optional<TimePoint> posted_at) {
  read_fields(notice, text);
  read_reason(notice, text);
  set_if_unknown(notice.state, state_of_reason(notice.reason));
  notice.arn = alarm_arn(notice.region, notice.account, notice.name);
  notice.entity = entity_of_dimensions(notice.dimensions);
  notice.datapoints = datapoints_of_reason(notice.reason);
  if (!notice.changed_at) notice.changed_at = english_time(text.flat);
  if (!notice.changed_at) notice.changed_at = posted_at;
  if (notice.description.empty() && notice.reason.empty()) notice.description = paragraph_of(text.whole, kLongestChat);
}

/// `alertname = HighErrorRate` and the other labels that Alertmanager and Grafana list below an alert.
void read_label_lines(AlarmNotice& notice, const ChatText& text) {
  std::set<std::string> names;
  std::map<std::string, std::string> labels;
  for (const std::string& line : text.lines) {
    const std::size_t sign = line.find(" = ");
    if (sign == std::string::npos || line.substr(0, sign).find(' ') != std::string::npos) continue;
    const std::string name = line_of(line.substr(0, sign));
    const std::string value = line_of(line.substr(sign + 3));
    if (name.empty() || value.empty()) continue;
    if (name == "alertname") names.insert(value);
    constexpr std::size_t kMostRows = 64;
    // Two values of one label belong to two alerts.
    if (labels.size() < kMostRows && !labels.emplace(name, value).second && labels[name] != value) labels[name].clear();
  }
  if (names.size() != 1) return;
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  notice.name = *names.begin();
  notice.dimensions = std::move(labels);
}

/// Any line that says an alert fires outweighs all that say another is over.
void read_marks(AlarmNotice& notice, const ChatText& text) {
  for (const std::string& line : text.lines) {
    const auto mark = title_mark(line);
    if (!mark) continue;
    if (notice.state != AlarmState::kAlarm) notice.state = mark->state;
    if (notice.name.empty()) {
      notice.name = utf8_prefix(mark->title, kLongestTitle);
      notice.dimensions = mark->tags;
    }
  }
}

void read_others(AlarmNotice& notice, const ChatText& text, std::optional<TimePoint> posted_at) {
  read_label_lines(notice, text);
  read_marks(notice, text);
  // Without a name people know it by its first line.
  if (notice.name.empty() && !text.lines.empty()) notice.name = line_of(text.lines.front(), kLongestTitle);
  notice.entity = entity_of_labels(notice.dimensions);
  notice.changed_at = posted_at;
  notice.description = paragraph_of(text.whole, kLongestChat);
}

}  // namespace

AlarmNotice read_chat_alarm(std::string_view plain_text, const std::vector<std::string>& links,
                            std::optional<TimePoint> posted_at) {
  // What forwards SNS without a thought posts its JSON.
  if (trim(plain_text).starts_with('{')) {
    if (auto pasted = parse_cloudwatch_alarm(plain_text)) {
      pasted->source = "chat";
      if (!pasted->changed_at) pasted->changed_at = posted_at;
      return std::move(*pasted);
    }
  }
  AlarmNotice notice;
  notice.source = "chat";
  const ChatText text = chat_text(plain_text);
  const bool headed = read_heads(notice, text);
  const bool linked = read_links(notice, links);
  const bool by_arn = read_arns(notice, text);
  if (headed || linked || by_arn) {
    read_cloudwatch(notice, text, posted_at);
  } else {
    read_others(notice, text, posted_at);
  }
  return notice;
}

}  // namespace fa::alarms
