#include "alarms/chat_fields.h"

#include <algorithm>
#include <array>

#include "alarms/aws_names.h"
#include "alarms/notice_text.h"
#include "alarms/reason_text.h"
#include "base/text.h"
#include "base/utf8.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostLines = 500;
constexpr std::size_t kMostTags = 32;

std::string_view without_form(std::string_view line) {
  line = trim(line);
  constexpr std::string_view kBullet = "•";
  if (line.starts_with(kBullet)) line.remove_prefix(kBullet.size());
  constexpr std::string_view kAround = "*_~`> \t";
  const std::size_t from = line.find_first_not_of(kAround);
  if (from == std::string_view::npos) return {};
  line = line.substr(from, line.find_last_not_of(kAround) - from + 1);
  if (line.starts_with("- ")) line.remove_prefix(2);
  return trim(line);
}

/// Pieces of `a | b | c`.
std::vector<std::string_view> pieces_of(std::string_view line) {
  constexpr std::string_view kBar = " | ";
  std::vector<std::string_view> pieces;
  std::size_t from = 0;
  for (std::size_t bar = line.find(kBar); bar != std::string_view::npos; bar = line.find(kBar, from)) {
    pieces.push_back(trim(line.substr(from, bar - from)));
    from = bar + kBar.size();
  }
  pieces.push_back(trim(line.substr(from)));
  return pieces;
}

/// Whether a piece is `CloudWatch Alarm`, whatever emoji stands before it.
bool names_cloudwatch_alarm(std::string_view piece) {
  constexpr std::size_t kLongest = 80;
  constexpr auto kEnds = std::to_array<std::string_view>({"CloudWatch Alarm", "CloudWatch Composite Alarm"});
  return piece.size() <= kLongest && std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) {
           return piece.size() >= end.size() && iequals(piece.substr(piece.size() - end.size()), end);
         });
}

/// The twelve digits in `Account: 123456789012` or `Account: prod (123456789012)`.
std::string account_in(std::string_view text) {
  std::size_t from = text.find_first_of("0123456789");
  while (from != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", from), text.size());
    if (is_account(text.substr(from, end - from))) return std::string(text.substr(from, end - from));
    from = text.find_first_of("0123456789", end);
  }
  return {};
}

struct FieldName {
  std::string_view written;  ///< Letters only, in lower case.
  std::string_view name;
};
constexpr auto kFieldNames = std::to_array<FieldName>({
    {"alarmname", "name"},
    {"name", "name"},
    {"alarmdescription", "description"},
    {"description", "description"},
    {"state", "state"},
    {"alarmstate", "state"},
    {"newstate", "state"},
    {"newstatevalue", "state"},
    {"currentstate", "state"},
    {"statechange", "change"},
    {"reason", "reason"},
    {"alarmreason", "reason"},
    {"statereason", "reason"},
    {"newstatereason", "reason"},
    {"statechangereason", "reason"},
    {"reasonforstatechange", "reason"},
    {"timestamp", "time"},
    {"statechangetime", "time"},
    {"account", "account"},
    {"accountid", "account"},
    {"awsaccount", "account"},
    {"awsaccountid", "account"},
    {"region", "region"},
    {"awsregion", "region"},
    {"alarmarn", "arn"},
    {"namespace", "namespace"},
    {"metricnamespace", "namespace"},
    {"metric", "metric"},
    {"metricname", "metric"},
    {"statistic", "statistic"},
    {"period", "period"},
    {"dimensions", "dimensions"},
    {"evaluationperiods", "periods"},
});

/// The one name of a field; empty for what is none.
std::string_view field_called(std::string_view written) {
  constexpr std::size_t kLongest = 40;
  if (written.size() > kLongest) return {};
  std::string letters;
  for (const char c : to_lower(written)) {
    if (c >= 'a' && c <= 'z') letters += c;
  }
  const auto* found = std::find_if(kFieldNames.begin(), kFieldNames.end(),
                                   [&](const FieldName& field) { return field.written == letters; });
  return found == kFieldNames.end() ? std::string_view() : found->name;
}

AlarmState state_of_mark(std::string_view mark) {
  struct Mark {
    std::string_view word;
    AlarmState state;
  };
  // Alarms first: `[FIRING:1, RESOLVED:2]` is one.
  constexpr auto kMarks = std::to_array<Mark>({
      {"firing", AlarmState::kAlarm},
      {"triggered", AlarmState::kAlarm},
      {"re-triggered", AlarmState::kAlarm},
      {"alerting", AlarmState::kAlarm},
      {"alert", AlarmState::kAlarm},
      {"warn", AlarmState::kAlarm},
      {"no data", AlarmState::kInsufficientData},
      {"resolved", AlarmState::kOk},
      {"recovered", AlarmState::kOk},
      {"ok", AlarmState::kOk},
  });
  for (const Mark& known : kMarks) {
    if (!iequals(mark.substr(0, known.word.size()), known.word)) continue;
    const std::string_view rest = mark.substr(known.word.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == ' ') return known.state;
  }
  return AlarmState::kUnknown;
}

/// Words before a mark make a sentence of it, in which `[OK]` may mean anything.
bool is_emoji_only(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) return false;
  for (const std::string_view word : split(text, ' ')) {
    const bool named = word.size() > 2 && word.front() == ':' && word.back() == ':';  // :fire:
    const char32_t code = word.empty() ? U'\u2600' : decode_utf8(word).code;
    const bool drawn = (code >= 0x2000 && code < 0x3000) || code >= 0x1F000;
    if (!named && !drawn) return false;
  }
  return true;
}

/// `High CPU` of `Triggered: High CPU`. Only words that no sentence of people begins with so.
std::optional<TitleMark> spoken_mark(std::string_view line) {
  constexpr auto kWords = std::to_array<std::string_view>({"Triggered", "Re-Triggered", "Recovered", "Resolved"});
  for (const std::string_view word : kWords) {
    if (!line.starts_with(word) || line.substr(word.size(), 2) != ": ") continue;
    TitleMark mark;
    mark.state = state_of_mark(word);
    mark.title = line_of(line.substr(word.size() + 2));
    return mark;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> bare_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (lines.size() == kMostLines) break;
    if (const auto bare = without_form(line); !bare.empty()) lines.emplace_back(bare);
  }
  return lines;
}

std::optional<ChatTitle> chatbot_title(std::string_view line) {
  auto pieces = pieces_of(line);
  if (pieces.size() < 2 || !names_cloudwatch_alarm(pieces.front())) return std::nullopt;
  ChatTitle title;
  if (std::string_view account = pieces.back(); pieces.size() > 2 && take_prefix(account, "Account")) {
    title.account = account_in(account);
    pieces.pop_back();
  }
  if (pieces.size() > 2) {
    title.region = region_of(pieces.back());
    if (!title.region.empty()) pieces.pop_back();
  }
  // A name may have bars of its own.
  const char* begin = pieces[1].data();
  title.name =
      line_of(std::string_view(begin, static_cast<std::size_t>(pieces.back().data() - begin) + pieces.back().size()));
  if (title.name.empty()) return std::nullopt;
  return title;
}

std::optional<MailHead> mail_subject(std::string_view line) {
  const std::size_t quote = line.find(": \"");
  if (quote == std::string_view::npos) return std::nullopt;
  std::string_view word = line.substr(0, quote);
  if (const std::size_t arrow = word.rfind(' '); arrow != std::string_view::npos) word = word.substr(arrow + 1);
  MailHead head;
  head.state = state_of_word(word);
  const std::string_view rest = line.substr(quote + 3);
  const std::size_t end = rest.rfind("\" in ");
  if (head.state == AlarmState::kUnknown || end == std::string_view::npos) return std::nullopt;
  head.name = line_of(rest.substr(0, end));
  head.region = region_of(rest.substr(end + 5));
  if (head.name.empty() || head.region.empty()) return std::nullopt;
  return head;
}

std::optional<MailHead> mail_sentence(std::string_view text) {
  constexpr std::string_view kBegin = "Amazon CloudWatch Alarm \"";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
  constexpr std::string_view kIn = "\" in the ";
  constexpr std::string_view kRegion = " region has ";
  const std::size_t in = text.find(kIn);
  const std::size_t region = in == std::string_view::npos ? in : text.find(kRegion, in);
  if (region == std::string_view::npos) return std::nullopt;
  MailHead head;
  head.name = line_of(text.substr(0, in));
  head.region = region_of(text.substr(in + kIn.size(), region - in - kIn.size()));
  std::string_view after = text.substr(region + kRegion.size());
  if (take_prefix(after, "entered the ") || take_prefix(after, "transitioned to ")) {
    head.state = state_of_word(after.substr(0, after.find(' ')));
  }
  if (head.name.empty()) return std::nullopt;
  return head;
}

std::map<std::string, std::string, std::less<>> chat_fields(const std::vector<std::string>& lines) {
  std::map<std::string, std::string, std::less<>> fields;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::size_t colon = line.find(':');
    std::string_view value =
        colon == std::string_view::npos ? std::string_view() : without_form(line.substr(colon + 1));
    const std::string_view name = field_called(line.substr(0, colon));
    // A block's field has its value below its name, without a colon.
    if (value.empty() && colon == std::string_view::npos && i + 1 < lines.size()) value = lines[i + 1];
    if (!name.empty() && !value.empty()) fields.emplace(name, line_of(value, kLongestReason));
  }
  return fields;
}

std::map<std::string, std::string> named_values(std::string_view text, char between) {
  std::map<std::string, std::string> values;
  while (!text.empty() && values.size() < kMostTags) {
    const std::size_t end = std::min(text.find_first_of("[]{},;"), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t sign = one.find(between);
    if (sign == std::string_view::npos) continue;
    std::string name = line_of(one.substr(0, sign));
    std::string value = line_of(one.substr(sign + 1));
    if (!name.empty() && !value.empty()) values.emplace(std::move(name), std::move(value));
  }
  return values;
}

std::optional<TitleMark> title_mark(std::string_view line) {
  if (auto spoken = spoken_mark(line)) return spoken;
  const std::size_t open = line.find('[');
  if (open == std::string_view::npos || !is_emoji_only(line.substr(0, open))) return std::nullopt;
  TitleMark mark;
  std::string_view rest = line.substr(open);
  while (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) break;
    const std::string_view word = trim(rest.substr(1, close - 1));
    if (mark.state == AlarmState::kUnknown) {
      mark.state = state_of_mark(word);
      const std::size_t brace = word.find('{');
      if (brace != std::string_view::npos) mark.tags = named_values(word.substr(brace), ':');
    }
    rest = trim(rest.substr(close + 1));
  }
  if (mark.state == AlarmState::kUnknown) return std::nullopt;
  mark.title = line_of(rest);
  return mark;
}

}  // namespace fa::alarms
