#include "formats/line_forms.h"

#include <algorithm>
#include <atomic>

#include "formats/log_text.h"
#include "formats/multiline.h"
#include "formats/timestamp_parts.h"

namespace fa {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kShortestLine = 16;
constexpr std::size_t kShortestId = 16;  ///< Of trace ids: see is_trace_id.

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

/// `word` in lower case.
bool has_word(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

/// The name of a month or weekday begins there: whether what follows is a date is decided by its digits.
bool is_day_name(std::string_view text, std::size_t begin) {
  stamp::Cursor month{text, begin};
  stamp::Cursor day{text, begin};
  return stamp::take_month(month) != 0 || stamp::take_weekday(day);
}

bool holds_day_name(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_alpha(text[i]) && (i == 0 || !is_alpha(text[i - 1])) && is_day_name(text, i)) return true;
  }
  return false;
}

/// `[service,trace,span]` with ids: those of zeros only are none.
bool may_hold_ids(std::string_view text) {
  if (has_word(text, "race") || has_word(text, "span")) return true;
  bool bracket = false;
  std::size_t run = 0;
  for (const char c : text) {
    bracket = bracket || c == '[' || c == '(';
    run = is_hex(c) || c == '-' ? run + 1 : 0;
    if (bracket && run >= kShortestId) return true;
  }
  return false;
}

/// A level that ends in a number: `DEBUG2`.
bool may_hold_numbered_level(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (lower(text[i]) == 'g' && is_digit(text[i + 1])) return true;
  }
  return false;
}

/// A header may stand in front of this message when its digits are others.
bool may_open_header(std::string_view message) {
  std::size_t begin = 0;
  while (begin < message.size() && (message[begin] == '[' || message[begin] == '(' || message[begin] == '<')) ++begin;
  return has_digit(message.substr(0, begin + 2)) || is_day_name(message, begin);
}

/// `10.0.12.34`: whatever its digits are, no timestamp begins there when white space follows.
bool is_dotted_quad(std::string_view token) {
  std::size_t groups = 0;
  while (groups < 4) {
    std::size_t digits = 0;
    while (digits < token.size() && is_digit(token[digits])) ++digits;
    if (digits < 1 || digits > 3) return false;
    token.remove_prefix(digits);
    if (++groups == 4) break;
    if (token.empty() || token[0] != '.') return false;
    token.remove_prefix(1);
  }
  return token.empty();
}

/// What stands before a timestamp has no digits besides those of addresses.
bool is_plain_prefix(std::string_view before) {
  while (!before.empty()) {
    const std::size_t end = std::min(before.find(' '), before.size());
    const auto token = before.substr(0, end);
    if (has_digit(token) && (end == before.size() || !is_dotted_quad(token))) return false;
    before.remove_prefix(std::min(end + 1, before.size()));
  }
  return true;
}

constexpr int kHighestPriority = 191;  ///< Facility 23, severity 7 (RFC 5424, 6.2.1).

/// The number of `<34>1 ` before an RFC 5424 timestamp; -1 where something else stands.
int syslog_priority(std::string_view before) {
  std::size_t i = 1;
  int value = 0;
  while (i < before.size() && i < 4 && is_digit(before[i])) value = value * 10 + (before[i++] - '0');
  return before.starts_with('<') && i > 1 && before.substr(i) == ">1 " && value <= kHighestPriority ? value : -1;
}

/// Whether all lines of this one's form are read alike. Every rule names a place where the parsers look at the value of
/// a digit and not just at its being one, or at whether a character of an id is a digit or a letter: a new such place
/// needs a rule. log_lines_reader_test and log_lines_fuzz compare both ways of reading.
bool digits_decide_nothing(std::string_view line, const LogRecord& record, const ParsedLog& parsed) {
  const ParsedTimestamp& stamp = *parsed.plain_stamp;
  const auto before = line.substr(0, stamp.begin);
  const char first = line[0];
  if (is_space(first) || first == '{' || first == '#' || is_part_of_a_trace(line)) return false;
  if (first == '<' ? !parsed.is_rfc5424 || syslog_priority(before) < 0 : !is_plain_prefix(before)) return false;
  if (holds_day_name(before) || may_be_logfmt(line)) return false;
  if (line.substr(0, 60).find(" std") != std::string_view::npos) return false;  // `<time> stdout F text` of containers
  if (!record.trace_id.empty() || !record.span_id.empty() || !record.exception_type.empty()) return false;
  return !may_hold_ids(line) && !may_hold_numbered_level(line);
}

/// What stands behind a timestamp can be no zone and no year of it.
bool stands_alone(std::string_view behind) {
  const auto at = [&](std::size_t i) { return i < behind.size() ? behind[i] : '\0'; };
  const std::size_t next = at(0) == ' ' ? 1 : 0;
  return !is_digit(at(next)) && at(next) != '+' && at(next) != '-';
}

/// No id of the line is part of the timestamp or could be read as what follows it.
bool begins_behind(const TextForm& form, const ParsedTimestamp& stamp) {
  return form.first_id() == TextForm::kNone || form.first_id() > stamp.end + 1;
}

LineForm::Part part_of(std::string_view line, std::string_view part) {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - line.data()), static_cast<std::uint32_t>(part.size())};
}

bool is_inside(std::string_view line, std::string_view part) {
  return part.empty() || (part.data() >= line.data() && part.data() + part.size() <= line.data() + line.size());
}

bool are_inside(std::string_view line, const LogRecord& record) {
  return is_inside(line, record.message) && is_inside(line, record.service) && is_inside(line, record.instance) &&
         is_inside(line, record.logger);
}

void take_parts(LineForm& form, std::string_view line, const LogRecord& record, const ParsedTimestamp& stamp) {
  form.usable = true;
  form.stamp_stands_alone = stands_alone(line.substr(stamp.end));
  form.stamp = stamp;
  form.severity = record.severity;
  form.service = part_of(line, record.service);
  form.instance = part_of(line, record.instance);
  form.logger = part_of(line, record.logger);
  form.message = part_of(line, record.message);
}

/// The message begins and ends between words, so that its own form follows from the line's.
bool holds_whole_words(std::string_view line, LineForm::Part message) {
  const std::size_t end = message.begin + message.length;
  const auto splits = [&](std::size_t at) {
    return at > 0 && at < line.size() && is_alnum(line[at - 1]) && is_alnum(line[at]);
  };
  return !splits(message.begin) && !splits(end);
}

/// The words before each `=`, put together: what they are called says what their values mean.
std::string logfmt_keys(std::string_view logfmt) {
  std::string keys;
  for (std::size_t mark = logfmt.find('='); mark != std::string_view::npos; mark = logfmt.find('=', mark + 1)) {
    const std::size_t begin = logfmt.substr(0, mark).find_last_of(" \t\"") + 1;  // npos + 1 is 0.
    keys += logfmt.substr(begin, mark - begin);
  }
  return keys;
}

/// Worth looking up: not so short that it is as quickly read, and no JSON, whose every value may be another one.
bool may_have_form(std::string_view line) { return line.size() >= kShortestLine && line[0] != '{'; }

std::chrono::nanoseconds fraction_of(std::string_view text, const ParsedTimestamp& stamp) {
  return std::chrono::nanoseconds(stamp::fraction_nanos(text.substr(stamp.fraction_begin, stamp.fraction_digits)));
}

/// The context would still choose the same year or day when the fraction of the second were another.
bool is_safely_placed(const ParsedTimestamp& stamp, const TimestampContext& context) {
  if (stamp.time == kNoTime) return !context.reference_time;
  constexpr auto kYear = static_cast<std::uint64_t>(std::chrono::nanoseconds(24h * 180).count());
  constexpr auto kDay = static_cast<std::uint64_t>(std::chrono::nanoseconds(11h).count());
  return context.reference_time &&
         stamp::distance(stamp.time, *context.reference_time) < (stamp.has_date ? kYear : kDay);
}

}  // namespace

/// Each object of this class numbers its forms from a number of its own on.
LineForms::LineForms() {
  static std::atomic<std::uint64_t> objects{0};
  next_number_ = (objects.fetch_add(1, std::memory_order_relaxed) << 32U) + 1;
}

void LineForms::number(LineForm& form, std::string_view line) {
  if (holds_whole_words(line, form.message)) form.number = next_number_++;
}

const LineForm* LineForms::find(std::string_view line) {
  if (!may_have_form(line)) line = {};
  const LineForm* form = forms_.find(line);
  return form != nullptr && form->usable ? form : nullptr;
}

bool LineForms::is_worth_learning(std::string_view line) const { return forms_.wanted() && may_have_form(line); }

void LineForms::learn(std::string_view line, const LogRecord& record, const ParsedLog& parsed, bool plain) {
  if (!is_worth_learning(line)) return;
  LineForm form;
  const auto& stamp = parsed.plain_stamp;
  if (plain && stamp && are_inside(line, record) && digits_decide_nothing(line, record, parsed) &&
      begins_behind(forms_.form(), *stamp)) {
    take_parts(form, line, record, *stamp);
    form.has_priority = line[0] == '<';
    form.content = part_of(line, line);
    form.look_into_message = form.message.begin > 0 && may_open_header(record.message);
    number(form, line);
  }
  forms_.learn(form);
}

void LineForms::learn_wrapped(std::string_view line, const UnwrappedLine& content, const LogRecord& record,
                              const ParsedLog& parsed) {
  if (!is_worth_learning(line)) return;
  LineForm form;
  const bool as_written = !content.text.empty() && is_alnum(content.text[0]) && !content.stream.empty() &&
                          is_inside(line, content.text) && is_inside(line, content.stream) && content.service.empty() &&
                          content.instance.empty();
  // Whatever else wraps lines writes no time in front.
  const auto stamp = parse_timestamp_at(line, 0, {});
  if (as_written && parsed.plain_logfmt && stamp && stamp->has_year && stamp->has_zone && !stamp->ambiguous &&
      stamp->time == content.time && are_inside(line, record) && stands_alone(line.substr(stamp->end)) &&
      !has_digit(logfmt_keys(content.text)) && begins_behind(forms_.form(), *stamp)) {
    take_parts(form, line, record, *stamp);
    form.in_container = true;
    form.stream = part_of(line, content.stream);
    form.content = part_of(line, content.text);
    form.look_into_message = may_open_header(record.message);
    number(form, line);
  }
  forms_.learn(form);
}

bool LineForms::is_last_stamp(std::string_view text, const LineForm& form, const TimestampContext& context) const {
  if (!form.stamp_stands_alone || text.size() != last_text_.size()) return false;
  const ParsedTimestamp& last = last_;
  if (last.has_date != form.stamp.has_date || last.has_year != form.stamp.has_year ||
      last.has_zone != form.stamp.has_zone || last.fraction_digits != form.stamp.fraction_digits ||
      (last.fraction_digits > 0 && last.fraction_begin != form.stamp.fraction_begin - form.stamp.begin)) {
    return false;
  }
  const bool chosen = last.ambiguous || !last.has_year;
  if (chosen &&
      (last_context_.reference_time != context.reference_time || last_context_.date_order != context.date_order ||
       last.ambiguous || !is_safely_placed(last, context))) {
    return false;
  }
  const std::size_t fraction = last.fraction_digits > 0 ? last.fraction_begin : text.size();
  const std::size_t behind = fraction + last.fraction_digits;
  return text.substr(0, fraction) == std::string_view(last_text_).substr(0, fraction) &&
         (behind >= text.size() || text.substr(behind) == std::string_view(last_text_).substr(behind));
}

bool LineForms::read(std::string_view line, const LineForm& form, TimestampContext& context, LogRecord& record) {
  const auto text = line.substr(form.stamp.begin, form.stamp.end - form.stamp.begin);
  if (is_last_stamp(text, form, context)) {
    record.time = last_.time;
    if (last_.fraction_digits > 0 && last_.time != kNoTime) {
      record.time += fraction_of(text, last_);
    }
  } else {
    const auto stamp = parse_timestamp_at(line, form.stamp.begin, context);
    if (!stamp || stamp->end != form.stamp.end || stamp->has_date != form.stamp.has_date ||
        stamp->has_year != form.stamp.has_year || stamp->has_zone != form.stamp.has_zone ||
        stamp->fraction_begin != form.stamp.fraction_begin || stamp->fraction_digits != form.stamp.fraction_digits) {
      return false;
    }
    record.time = stamp->time;
    last_ = *stamp;
    last_text_ = text;
    last_context_ = context;
    if (last_.fraction_digits > 0) {
      last_.fraction_begin -= form.stamp.begin;
      if (last_.time != kNoTime) last_.time -= fraction_of(text, last_);
    }
  }
  record.severity = form.severity;
  if (form.has_priority) {
    const int priority = syslog_priority(line.substr(0, form.stamp.begin));
    if (priority < 0) return false;
    record.severity = severity_of_number(priority % 8);
  }
  record.service = text_of(line, form.service);
  record.instance = text_of(line, form.instance);
  record.logger = text_of(line, form.logger);
  record.message = text_of(line, form.message);
  record.form = form.number;
  if (last_.date_order != DateOrder::kUnknown) context.date_order = last_.date_order;
  if (!form.look_into_message) return true;
  TimestampContext inside = context;
  if (record.time != kNoTime) inside.reference_time = record.time;
  return !opens_header(record.message, inside);
}

}  // namespace fa
