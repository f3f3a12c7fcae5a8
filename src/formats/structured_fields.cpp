#include "formats/structured_fields.h"

#include <algorithm>
#include <cstring>

#include "formats/log_text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxIdBytes = 128;
constexpr std::size_t kMaxPairsBytes = std::size_t{64} << 10;

bool is_integer(std::string_view text) {
  if (text.empty() || text.size() > 18) return false;
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

std::int64_t to_integer(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool contains(std::string_view text, std::string_view part) {
  // memmem: linear also on hostile input, which string_view::find is not.
  return part.empty() || (!text.empty() && ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr);
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || is_space(text.back()))) text.remove_suffix(1);
  return text;
}

std::string_view id_of(std::string_view text) {
  const auto slash = text.rfind('/');  // projects/p/traces/<id>
  if (slash != std::string_view::npos) text.remove_prefix(slash + 1);
  if (text.starts_with("Root=")) text = text.substr(5, text.find(';') - 5);
  if (text.size() > kMaxIdBytes || text.find_first_not_of("0-") == std::string_view::npos) return {};
  return text;
}

}  // namespace

void StructuredFields::clear() {
  slots_.fill({});
  others_.clear();
  count_ = 0;
}

void StructuredFields::add(KeyMeaning meaning, std::string_view label, std::string_view value, JsonScalar type,
                           int penalty) {
  ++count_;
  if (type == JsonScalar::kLiteral && value == "null") return;
  if (meaning.role == LogRole::kNone) {
    if (others_.size() < kMaxOthers) others_.push_back({label, value});
    return;
  }
  const int rank = meaning.rank + penalty;
  // Booleans (`"error":false`) carry no text of a role.
  if (type == JsonScalar::kLiteral || value.empty()) return;
  Slot& slot = slots_[index(meaning.role)];
  if (rank < slot.rank) slot = {value, rank, type};
}

bool StructuredFields::other_labels_are(std::string_view only) const {
  for (const auto& other : others_) {
    if (other.label != only) return false;
  }
  return true;
}

bool StructuredFields::only_names_and_message() const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto role = static_cast<LogRole>(i);
    if (slots_[i].rank == kEmpty) continue;
    const bool level = role == LogRole::kLevel;
    if (level && std::any_of(slots_[i].value.begin(), slots_[i].value.end(), is_digit)) return false;
    if (!level && role != LogRole::kService && role != LogRole::kInstance && role != LogRole::kLogger &&
        role != LogRole::kMessage) {
      return false;
    }
  }
  return has(LogRole::kMessage);
}

std::optional<ParsedTimestamp> StructuredFields::time(const TimestampContext& context) const {
  ParsedTimestamp result;
  result.has_date = result.has_year = result.has_zone = true;
  const std::string_view text = value(LogRole::kTime);
  if (!text.empty()) {
    if (auto parsed = parse_timestamp_text(text, context)) return parsed;
    if (const auto epoch = parse_epoch_number(text)) {
      result.time = *epoch;
      return result;
    }
  }
  if (const auto seconds = parse_epoch_number(value(LogRole::kTimeSeconds))) {
    result.time = *seconds;
    const auto nanos = value(LogRole::kTimeNanos);
    if (is_integer(nanos) && nanos.size() <= 9) result.time += Nanoseconds{to_integer(nanos)};
    return result;
  }
  return {};
}

Severity StructuredFields::severity() const {
  const Slot& level = slots_[index(LogRole::kLevel)];
  if (level.rank < kEmpty) {
    const auto text = strip_brackets(level.value);
    Severity found = severity_of_word(text);
    if (found == Severity::kUnknown && is_integer(text)) found = severity_of_number(to_integer(text));
    if (found == Severity::kUnknown && (text.size() == 1 || (text.size() == 2 && is_digit(text[1])))) {
      found = severity_of_letter(text[0]);  // MongoDB: I, W, E, F, D1..D5
    }
    if (found != Severity::kUnknown) return found;
  }
  const auto otel = value(LogRole::kOtelLevel);
  if (is_integer(otel)) return severity_of_otel_number(to_integer(otel));
  const auto python = value(LogRole::kPythonLevel);
  if (is_integer(python)) return severity_of_python_number(to_integer(python));
  return Severity::kUnknown;
}

std::string_view StructuredFields::pairs(TextArena& arena) const {
  std::size_t size = 0;
  for (const auto& other : others_) size += other.label.size() + other.value.size() + 2;
  if (size == 0) return {};
  char* const begin = arena.allocate(size);
  char* out = begin;
  const auto put = [&](std::string_view text) {
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    out += text.size();
  };
  for (const auto& other : others_) {
    if (static_cast<std::size_t>(out - begin) > kMaxPairsBytes) break;
    if (out != begin) *out++ = ' ';
    put(other.label);
    *out++ = '=';
    put(other.value);
  }
  const auto used = static_cast<std::size_t>(out - begin);
  arena.shrink_last(size, used);
  return {begin, used};
}

void StructuredFields::apply(LogRecord& record, TextArena& arena) const {
  if (record.severity == Severity::kUnknown) record.severity = severity();
  const auto fill = [&](std::string_view& field, LogRole role) {
    if (field.empty()) field = value(role);
  };
  fill(record.service, LogRole::kService);
  fill(record.instance, LogRole::kInstance);
  fill(record.logger, LogRole::kLogger);
  if (record.trace_id.empty()) record.trace_id = id_of(value(LogRole::kTraceId));
  if (record.span_id.empty()) record.span_id = id_of(value(LogRole::kSpanId));

  const auto error = trim_end(value(LogRole::kErrorMessage));
  const auto stack = trim_end(value(LogRole::kErrorStack));
  auto type = value(LogRole::kErrorType);
  if (type.empty()) type = leading_exception_type(stack);
  if (type.empty()) type = leading_exception_type(error);
  if (record.exception_type.empty()) record.exception_type = type;

  record.message = has(LogRole::kMessage) ? trim_end(value(LogRole::kMessage)) : pairs(arena);
  if (!contains(stack, error) && !contains(record.message, error)) {
    // The type goes in front, so that text mining sees `Type: message` as in a stack trace.
    if (!type.empty() && !contains(error, type)) {
      char* const line = arena.allocate(type.size() + 2 + error.size());
      std::memcpy(line, type.data(), type.size());
      std::memcpy(line + type.size(), ": ", 2);
      std::memcpy(line + type.size() + 2, error.data(), error.size());
      record.message = append_line(record.message, {line, type.size() + 2 + error.size()}, arena);
    } else {
      record.message = append_line(record.message, error, arena);
    }
  }
  record.message = append_line(record.message, stack, arena);
}

std::string_view leading_exception_type(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && n < 200 &&
         (is_alnum(text[n]) || text[n] == '.' || text[n] == '_' || text[n] == '$' || text[n] == ':')) {
    if (text[n] == ':' && (n + 1 >= text.size() || text[n + 1] != ':')) break;
    if (text[n] == ':') ++n;
    ++n;
  }
  const auto name = text.substr(0, n);
  const bool ends = n == text.size() || text[n] == ':' || text[n] == '\n' || text[n] == '\r';
  const auto is_type = [](std::string_view word) {
    return word.ends_with("Exception") || word.ends_with("Error") || word.ends_with("Throwable") ||
           word.ends_with("Fault") || word.ends_with("Failure");
  };
  return ends && is_type(name) && name != "Error" ? name : std::string_view{};
}

std::string_view append_line(std::string_view text, std::string_view more, TextArena& arena) {
  if (contains(text, more)) return text;
  if (text.empty()) return more;
  const std::size_t size = text.size() + 1 + more.size();
  char* const out = arena.allocate(size);
  std::memcpy(out, text.data(), text.size());
  out[text.size()] = '\n';
  std::memcpy(out + text.size() + 1, more.data(), more.size());
  return {out, size};
}

}  // namespace fa
