#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "investigate/evidence_book.h"
#include "investigate/model_tools.h"
#include "investigate/reread.h"
#include "investigate/study.h"
#include "llm/tool_loop.h"

/// What the tools of a model have in common: their parameters, their answers, the evidence behind what they show.
namespace fa::tools {

/// Bytes of an answer beyond which no further rows are shown: below LoopRequest::max_tool_bytes, so that an answer is
/// never cut inside its JSON.
inline constexpr std::size_t kMaxAnswerBytes = 11'500;
/// Bytes of one record's text that are shown.
inline constexpr std::size_t kMaxTextBytes = 600;
/// Input texts longer than this are refused unread.
inline constexpr std::size_t kMaxInputBytes = std::size_t{64} << 10;

enum class ParameterType { kText, kCount, kFlag, kTime, kChoice };

struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::kText;
  bool required = false;
  std::vector<std::string_view> choices = {};  ///< Of kChoice.
  std::int64_t least = 1;                      ///< Of kCount.
  std::int64_t most = 50;
  std::size_t max_bytes = 1000;  ///< Of kText.
};

/// The input of one call, held against its parameters.
class Arguments {
 public:
  /// kInvalidInput says which parameter is wrong and what is allowed. Blank input means no arguments.
  static Result<Arguments> parse(std::span<const Parameter> parameters, std::string_view input);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::string* text(std::string_view name) const;  ///< Of kText and kChoice; null when not given.
  [[nodiscard]] std::optional<TimePoint> time(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name, std::size_t fallback) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  /// The arguments as one JSON object, in the order of the parameters.
  [[nodiscard]] const std::string& asked() const { return asked_; }

 private:
  struct Value {
    std::string text;
    std::int64_t count = 0;
    TimePoint time = kNoTime;
  };
  std::map<std::string, Value, std::less<>> values_;
  std::string asked_ = "{}";
};

/// Writes one JSON object, members in the order they are put in. Texts may be any bytes: what is no UTF-8 becomes
/// U+FFFD, and `</` is written as `<\/`, so that no text ends a tag that an answer may be put into.
class JsonWriter {
 public:
  JsonWriter& text(std::string_view key, std::string_view value);
  JsonWriter& text_unless_empty(std::string_view key, std::string_view value);
  JsonWriter& time(std::string_view key, TimePoint value);  ///< RFC 3339; null for kNoTime.
  JsonWriter& count(std::string_view key, std::uint64_t value);
  JsonWriter& number(std::string_view key, double value);  ///< Six significant digits; null where not finite.
  JsonWriter& flag(std::string_view key, bool value);
  JsonWriter& raw(std::string_view key, std::string_view json);  ///< JSON text as it stands.
  /// Members of another object behind these.
  JsonWriter& append(const JsonWriter& other);
  [[nodiscard]] std::size_t size() const { return members_.size() + 2; }
  [[nodiscard]] std::string object() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// `value` as a JSON string.
std::string quoted_json(std::string_view value);
std::string number_json(double value);
/// `{"from":...,"to":...}`; open ends are null.
std::string range_json(const TimeRange& range);

/// The text cut to kMaxTextBytes at a character; `cut` says whether it was.
std::string_view shown_text(std::string_view text, bool& cut, std::size_t limit = kMaxTextBytes);

struct Call;

struct Answer {
  explicit Answer(const Call& call);

  std::optional<TimeRange> range;
  std::uint64_t total = 0;         ///< Rows found, shown or not.
  bool truncated = false;          ///< Set where rows were found and are not shown, or not everything could be read.
  JsonWriter extra;                ///< Members between the account and the rows.
  std::vector<std::string> notes;  ///< What the reader of the rows must know.
  std::vector<std::string> rows;   ///< JSON objects.
  std::size_t bytes = 0;           ///< Of the query and the rows.

  /// False, and `truncated`, where no further row fits.
  bool add_row(const JsonWriter& row);
};

/// What tools work on.
struct World {
  const Study& study;
  EvidenceBook& book;
  const KnowledgeSearch& knowledge;
};

struct Call {
  const World& world;
  std::string_view tool;
  const Arguments& arguments;
  const Context& context;
};

/// One tool: its parameters and what it does. Errors are for the model: what is wrong with the call, what is allowed.
struct Tool {
  std::string_view name;
  std::vector<Parameter> parameters;
  Result<Answer> (*run)(const Call& call);
};

Tool search_logs_tool();
Tool rows_around_tool();
Tool compare_tool();
Tool list_metrics_tool();
Tool get_metric_tool();
Tool span_tree_tool();
Tool changes_tool();
Tool access_breakdown_tool();
Tool topology_tool();
Tool search_knowledge_tool();

/// The entity a call names, checked against those of the study; empty where it names none. kNotFound lists the known.
Result<std::string> entity_of(const Call& call, std::string_view parameter = "entity");
/// kInvalidInput where the range ends before it begins. A missing end is that of `normal` where this makes a range,
/// else the range is open there.
Result<TimeRange> range_of(const Call& call, const TimeRange& normal, std::string_view from = "from",
                           std::string_view to = "to");
/// An open end of a range.
inline constexpr TimePoint kEndless = TimePoint::max();

/// An item about the record at a position of an input, located as the report's own evidence is. An entity that the
/// study does not know is left out.
Evidence evidence_at(const World& world, EvidenceKind kind, std::uint32_t file, const BytePosition& position,
                     TimePoint time, std::string_view entity, std::string key);

/// A row and the item behind it.
struct EvidenceRow {
  Evidence evidence;
  JsonWriter members;      ///< Behind the id.
  bool show_text = false;  ///< Adds the excerpt as `text`, and `text_cut` where the record is longer.
  bool text_cut = false;
  EvidenceBook::Sameness sameness = EvidenceBook::Sameness::kRecord;
  std::string series = {};  ///< Of metrics: what tells the series from others of the entity.
};

/// Reads and hashes the bytes behind the items, keeps those that are shown in the book and adds their rows; stops where
/// no further row fits. An item without a place in the inputs cannot be cited: its row has no id. Returns the ids of
/// the rows shown, empty ones included.
std::vector<std::string> show_rows(const Call& call, std::vector<EvidenceRow>& rows, Answer& answer);

/// Bytes to keep free in an answer for the id of its totals.
inline constexpr std::size_t kTotalIdBytes = 40;
/// Makes an item of numbers about the whole of an answer, with a record of it as the example; returns its id, empty
/// where the example has none. An entity that the study does not know is left out.
std::string add_total(const Call& call, std::string_view example_id, std::string_view entity, std::string key,
                      std::vector<Fact> facts);

/// Says in the answer what could not be read. kCancelled where nothing was found and the time ran out: that must not
/// be mistaken for absence.
Result<void> tell_account(const RereadAccount& account, Answer& answer);

/// `trace` .. `fatal`; empty for kUnknown.
std::string_view severity_word(Severity severity);
std::optional<Severity> severity_of_word(std::string_view word);

/// Index of the input with that name.
std::optional<std::uint32_t> file_index(const Study& study, std::string_view name);

}  // namespace fa::tools
