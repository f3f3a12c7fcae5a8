#include "investigate/tool_support.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "investigate/quote.h"

namespace fa::tools {
namespace {

constexpr std::size_t kListedEntities = 40;
constexpr std::size_t kMaxListedName = 100;
constexpr std::size_t kListedFiles = 5;
constexpr std::size_t kAccountBytes = 1'000;  ///< Of an answer: query, range, notes.
constexpr std::size_t kShownBadInput = 80;

/// A piece of what the model wrote, for an error message.
std::string shown_input(std::string_view text) {
  return fmt::format("\"{}\"{}", sanitize_utf8(utf8_prefix(text, kShownBadInput)),
                     text.size() > kShownBadInput ? "..." : "");
}

template <class Names>
std::string listed_names(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

tl::unexpected<Error> bad_argument(std::string_view name, const std::string& what) {
  return fail(ErrorCode::kInvalidInput, fmt::format("parameter {}: {}", name, what));
}

std::string type_text(const Parameter& p) {
  switch (p.type) {
    case ParameterType::kText:
      return fmt::format("a string of at most {} bytes", p.max_bytes);
    case ParameterType::kCount:
      return fmt::format("an integer from {} to {}", p.least, p.most);
    case ParameterType::kFlag:
      return "true or false";
    case ParameterType::kTime:
      return "a time such as \"2026-03-14T08:30:00Z\" (RFC 3339)";
    case ParameterType::kChoice:
      return "one of " + listed_names(p.choices);
  }
  return {};
}

}  // namespace

Result<Arguments> Arguments::parse(std::span<const Parameter> parameters, std::string_view input) {
  Arguments out;
  if (input.size() > kMaxInputBytes) {
    return fail(ErrorCode::kInvalidInput, fmt::format("the input is {} bytes long, at most {} are read; ask for less",
                                                      input.size(), kMaxInputBytes));
  }
  if (trim(input).empty()) input = "{}";
  std::vector<std::string_view> names;
  for (const Parameter& p : parameters) names.push_back(p.name);
  const Json json = parse_json(input);
  if (!json.is_object()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the input must be one JSON object with parameters out of: {}; got {}", listed_names(names),
                            shown_input(input)));
  }
  for (const auto& [key, unused] : json.items()) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("unknown parameter {}; allowed: {}", shown_input(key), listed_names(names)));
    }
  }
  JsonWriter asked;
  for (const Parameter& p : parameters) {
    const auto it = json.find(std::string(p.name));
    if (it == json.end()) {
      if (p.required) return bad_argument(p.name, "missing; it must be " + type_text(p));
      continue;
    }
    const Json& given = *it;
    const auto wrong = [&] {
      // Writing recurses, and what was written may be nested as deep as the input is long.
      const std::string got = given.is_object()  ? "an object"
                              : given.is_array() ? "a list"
                                                 : shown_input(json_text(given));
      return bad_argument(p.name, fmt::format("must be {}, got {}", type_text(p), got));
    };
    Value value;
    switch (p.type) {
      case ParameterType::kText:
      case ParameterType::kChoice:
      case ParameterType::kTime: {
        if (!given.is_string()) return wrong();
        value.text = given.get<std::string>();
        if (p.type == ParameterType::kText && value.text.size() > p.max_bytes) return wrong();
        if (p.type == ParameterType::kChoice &&
            std::find(p.choices.begin(), p.choices.end(), value.text) == p.choices.end()) {
          return wrong();
        }
        if (p.type == ParameterType::kTime) {
          const auto time = parse_rfc3339(value.text);
          if (!time) return wrong();
          value.time = *time;
        }
        asked.text(p.name, value.text);
        break;
      }
      case ParameterType::kCount: {
        if (!given.is_number()) return wrong();
        const double number = given.get<double>();
        if (!(number >= static_cast<double>(p.least) && number <= static_cast<double>(p.most)) ||
            number != std::floor(number)) {
          return wrong();
        }
        value.count = static_cast<std::int64_t>(number);
        asked.raw(p.name, std::to_string(value.count));
        break;
      }
      case ParameterType::kFlag:
        if (!given.is_boolean()) return wrong();
        value.count = given.get<bool>() ? 1 : 0;
        asked.flag(p.name, value.count == 1);
        break;
    }
    out.values_.emplace(p.name, std::move(value));
  }
  out.asked_ = asked.object();
  return out;
}

bool Arguments::has(std::string_view name) const { return values_.find(name) != values_.end(); }

const std::string* Arguments::text(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? nullptr : &it->second.text;
}

std::optional<TimePoint> Arguments::time(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::nullopt : std::optional(it->second.time);
}

std::size_t Arguments::count(std::string_view name, std::size_t fallback) const {
  const auto it = values_.find(name);
  return it == values_.end() ? fallback : static_cast<std::size_t>(it->second.count);
}

bool Arguments::flag(std::string_view name) const {
  const auto it = values_.find(name);
  return it != values_.end() && it->second.count == 1;
}

std::string quoted_json(std::string_view value) {
  const std::string plain = json_text(Json(std::string(value)));
  std::string out;
  out.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    out += plain[i];
    if (plain[i] == '<' && i + 1 < plain.size() && plain[i + 1] == '/') out += '\\';
  }
  return out;
}

std::string number_json(double value) {
  if (!std::isfinite(value)) return "null";
  constexpr double kExactIntegers = 1e15;
  if (value == std::floor(value) && std::abs(value) < kExactIntegers) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return fmt::format("{:.6g}", value);
}

std::string range_json(const TimeRange& range) {
  JsonWriter out;
  out.time("from", range.begin);
  out.time("to", range.end == kEndless ? kNoTime : range.end);
  return out.object();
}

JsonWriter& JsonWriter::raw(std::string_view key, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_ += quoted_json(key);
  members_ += ':';
  members_ += json;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view key, std::string_view value) { return raw(key, quoted_json(value)); }

JsonWriter& JsonWriter::text_unless_empty(std::string_view key, std::string_view value) {
  return value.empty() ? *this : text(key, value);
}

JsonWriter& JsonWriter::time(std::string_view key, TimePoint value) {
  return value == kNoTime ? raw(key, "null") : text(key, format_rfc3339(value));
}

JsonWriter& JsonWriter::count(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
JsonWriter& JsonWriter::number(std::string_view key, double value) { return raw(key, number_json(value)); }
JsonWriter& JsonWriter::flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }

JsonWriter& JsonWriter::append(const JsonWriter& other) {
  if (!members_.empty() && !other.members_.empty()) members_ += ',';
  members_ += other.members_;
  return *this;
}

std::string_view shown_text(std::string_view text, bool& cut, std::size_t limit) {
  cut = text.size() > limit;
  return cut ? whole_words_prefix(text, limit) : text;
}

Answer::Answer(const Call& call) : bytes(call.arguments.asked().size()) {}

bool Answer::add_row(const JsonWriter& row) {
  if (bytes + extra.size() + row.size() > kMaxAnswerBytes - kAccountBytes) {
    truncated = true;
    return false;
  }
  bytes += row.size() + 1;
  rows.push_back(row.object());
  return true;
}

Result<std::string> entity_of(const Call& call, std::string_view parameter) {
  const std::string* name = call.arguments.text(parameter);
  if (name == nullptr) return std::string();
  const std::vector<std::string>& known = call.world.study.digest.services;
  if (std::binary_search(known.begin(), known.end(), *name)) return *name;
  // Those that look like what was meant come first.
  std::vector<std::string_view> listed;
  const auto alike = [&](const std::string& k) {
    return !name->empty() && (icontains(k, *name) || (k.size() >= 3 && icontains(*name, k)));
  };
  for (const bool first : {true, false}) {
    for (const std::string& k : known) {
      if (alike(k) == first && listed.size() < kListedEntities) listed.push_back(utf8_prefix(k, kMaxListedName));
    }
  }
  std::string more;
  if (known.size() > listed.size()) more = fmt::format(" and {} more", known.size() - listed.size());
  return fail(ErrorCode::kNotFound, fmt::format("parameter {}: no entity is called {}; known: {}{}", parameter,
                                                shown_input(*name), listed_names(listed), more));
}

Result<TimeRange> range_of(const Call& call, const TimeRange& normal, std::string_view from, std::string_view to) {
  const auto begin = call.arguments.time(from);
  const auto end = call.arguments.time(to);
  TimeRange range = normal;
  if (begin) range = {*begin, end ? *end : (normal.end > *begin ? normal.end : kEndless)};
  if (end && !begin) range = {normal.begin < *end ? normal.begin : kNoTime, *end};
  if ((begin || end) && range.empty()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} must be after {}: the range {} to {} is empty", to, from,
                                                      format_rfc3339(range.begin), format_rfc3339(range.end)));
  }
  return range;
}

Evidence evidence_at(const World& world, EvidenceKind kind, std::uint32_t file, const BytePosition& position,
                     TimePoint time, std::string_view entity, std::string key) {
  const Study& study = world.study;
  Evidence e;
  e.kind = kind;
  e.time = time;
  e.key = std::move(key);
  const std::vector<std::string>& known = study.digest.services;
  if (std::binary_search(known.begin(), known.end(), entity)) e.entity = entity;
  if (file >= study.inputs.files.size()) return e;
  locate_evidence(e, study.inputs.files[file], position, study.digest.periods.window(), study.collected);
  return e;
}

std::vector<std::string> show_rows(const Call& call, std::vector<EvidenceRow>& rows, Answer& answer) {
  constexpr std::size_t kIdBytes = 20;
  std::vector<std::string> ids;
  std::vector<Evidence> items;
  items.reserve(rows.size());
  for (EvidenceRow& row : rows) items.push_back(std::move(row.evidence));
  quote_evidence(items, call.world.study.inputs, call.context);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EvidenceRow& row = rows[i];
    Evidence& item = items[i];
    if (row.show_text) {
      row.members.text("text", item.excerpt);
      if (row.text_cut) row.members.flag("text_cut", true);
    }
    if (answer.bytes + answer.extra.size() + row.members.size() + kIdBytes > kMaxAnswerBytes - kAccountBytes) {
      answer.truncated = true;
      break;
    }
    JsonWriter whole;
    std::string id;
    if (!item.locator.resource.empty()) {
      id = call.world.book.add(std::move(item), row.sameness, row.series);
      whole.text("id", id);
    }
    whole.append(row.members);
    if (!answer.add_row(whole)) break;
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string add_total(const Call& call, std::string_view example_id, std::string_view entity, std::string key,
                      std::vector<Fact> facts) {
  const Evidence* example = call.world.book.find(example_id);
  if (example == nullptr) return {};
  Evidence total;
  total.kind = example->kind;
  total.time = example->time;
  total.excerpt = example->excerpt;
  total.locator = example->locator;
  total.sha256 = example->sha256;
  total.reproduce = example->reproduce;
  const std::vector<std::string>& known = call.world.study.digest.services;
  if (std::binary_search(known.begin(), known.end(), entity)) total.entity = entity;
  total.key = std::move(key);
  total.facts = std::move(facts);
  return call.world.book.add(std::move(total), EvidenceBook::Sameness::kNumbers);
}

Result<void> tell_account(const RereadAccount& account, Answer& answer) {
  if (account.stopped) {
    if (answer.total == 0) {
      return fail(ErrorCode::kCancelled,
                  "time ran out before the inputs were read: nothing was found so far, which does not mean that there "
                  "is nothing");
    }
    answer.truncated = true;
    answer.notes.emplace_back("time ran out before all inputs were read: counts are lower bounds");
  }
  if (!account.not_read.empty() && !account.stopped) {
    const std::size_t shown = std::min(account.not_read.size(), kListedFiles);
    std::vector<std::string_view> names(account.not_read.begin(),
                                        account.not_read.begin() + static_cast<std::ptrdiff_t>(shown));
    answer.notes.push_back(fmt::format("not read completely: {}{}", listed_names(names),
                                       shown < account.not_read.size()
                                           ? fmt::format(" and {} more", account.not_read.size() - shown)
                                           : std::string()));
  }
  return {};
}

namespace {

constexpr std::array<std::string_view, 7> kSeverityWords = {"", "trace", "debug", "info", "warn", "error", "fatal"};

}  // namespace

std::string_view severity_word(Severity severity) { return kSeverityWords[static_cast<std::size_t>(severity)]; }

std::optional<Severity> severity_of_word(std::string_view word) {
  const auto it = std::find(kSeverityWords.begin() + 1, kSeverityWords.end(), word);
  if (it == kSeverityWords.end()) return std::nullopt;
  return static_cast<Severity>(it - kSeverityWords.begin());
}

std::optional<std::uint32_t> file_index(const Study& study, std::string_view name) {
  const auto& files = study.inputs.files;
  const auto it = std::lower_bound(files.begin(), files.end(), name,
                                   [](const InputFile& f, std::string_view n) { return f.name < n; });
  if (it == files.end() || it->name != name) return std::nullopt;
  return static_cast<std::uint32_t>(it - files.begin());
}

}  // namespace fa::tools
