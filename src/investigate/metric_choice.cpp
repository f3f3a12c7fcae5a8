#include "investigate/metric_choice.h"

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "llm/data_fence.h"
#include "llm/token_bound.h"

namespace fa {
namespace {

constexpr const char* kChoiceTool = "choose_metrics";
constexpr std::uint64_t kMostShortlistTokens = 8'000;
constexpr std::uint32_t kMostChoiceTokens = 2'048;
constexpr std::size_t kMostChoiceBytes = std::size_t{16} << 10;
constexpr std::size_t kMostChoiceWords = 1'000;  ///< Bytes of the description.
constexpr std::size_t kMostSeriesWords = 300;    ///< Bytes of one series.
constexpr auto kChoiceTime = std::chrono::seconds(30);
constexpr std::size_t kNoSeries = std::numeric_limits<std::size_t>::max();

std::string choice_line(const Json& line) { return llm::fenced_line(json_text(line)); }

std::string choice_text(std::string_view text, std::size_t most) { return sanitize_utf8(utf8_prefix(text, most)); }

std::string incident_line(const IncidentInfo& incident) {
  Json line = Json::object();
  if (!incident.description.empty()) line["reported"] = choice_text(incident.description, kMostChoiceWords);
  if (incident.alarm) {
    line["alarm"] = {{"entity", choice_text(incident.alarm->entity, 200)},
                     {"metric", choice_text(incident.alarm->metric, 200)},
                     {"statistic", choice_text(incident.alarm->statistic, 60)}};
  }
  if (incident.window_given) {
    line["window"] = {{"from", format_rfc3339(incident.window.begin)}, {"to", format_rfc3339(incident.window.end)}};
  }
  return choice_line({{"incident", std::move(line)}});
}

/// `AWS/RDS CPUUtilization Average DBInstanceIdentifier=orders-db`
std::string series_words(const ChosenSeries& s, bool several_regions) {
  std::string words = fmt::format("{} {} {}", s.metric.metric_namespace, s.metric.name, s.statistic);
  for (const auto& [name, value] : s.metric.dimensions) words += fmt::format(" {}={}", name, value);
  if (several_regions) words += " " + s.region;
  return choice_text(words, kMostSeriesWords);
}

/// What the model is given; `shown` is how many series fit.
std::string choice_data(const IncidentInfo& incident, const std::vector<ChosenSeries>& shortlist, std::size_t& shown) {
  std::string text = "<data>\n" + incident_line(incident);
  bool several_regions = false;
  for (const ChosenSeries& s : shortlist) several_regions = several_regions || s.region != shortlist.front().region;
  std::uint64_t tokens = llm::token_bound(text);
  for (shown = 0; shown < shortlist.size(); ++shown) {
    const std::string id = fmt::format("m{}", shown + 1);
    const std::string line = choice_line({{id, series_words(shortlist[shown], several_regions)}});
    tokens += llm::token_bound(line);
    if (tokens > kMostShortlistTokens) break;
    text += line;
  }
  return text + "</data>\n";
}

llm::ChatRequest choice_request(const Prompts& prompts, std::string data) {
  Json ids = {{"type", "array"}, {"items", {{"type", "string"}}}};
  if (const std::string words = prompts.text("metric_choice.keep"); !words.empty()) ids["description"] = words;
  const Json schema = {{"type", "object"},
                       {"additionalProperties", false},
                       {"properties", {{"keep", std::move(ids)}}},
                       {"required", Json::array({"keep"})}};
  const std::string words = prompts.text("metric_choice");
  return llm::one_call_request({kChoiceTool, words, json_text(schema)}, words, std::move(data), kMostChoiceTokens);
}

/// The index that an id stands for, kNoSeries where it is beyond those shown; nullopt where it is no id.
std::optional<std::size_t> index_of_id(std::string_view id, std::size_t shown) {
  if (id.size() < 2 || id.front() != 'm' || id[1] == '0') return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
  if (end != id.data() + id.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc() && number <= shown ? number - 1 : kNoSeries;
}

/// Empty unless the answer is exactly one call of the tool with exactly what its schema allows.
std::vector<std::size_t> read_choice(const llm::ChatAnswer& answer, std::size_t shown) {
  const llm::ToolCall* call = llm::only_call(answer, kChoiceTool);
  if (call == nullptr || call->input.size() > kMostChoiceBytes) return {};
  const Json input = parse_json(call->input);
  if (!input.is_object() || input.size() != 1) return {};
  const auto keep = input.find("keep");
  if (keep == input.end() || !keep->is_array()) return {};
  std::vector<std::size_t> chosen;
  for (const Json& id : *keep) {
    const auto index = id.is_string() ? index_of_id(id.get_ref<const std::string&>(), shown) : std::nullopt;
    if (!index) return {};
    chosen.push_back(*index);
  }
  return chosen;
}

}  // namespace

MetricChooser model_metric_chooser(llm::ChatModel& model, const Prompts& prompts, const IncidentInfo& incident) {
  return [&model, &prompts, incident](const std::vector<ChosenSeries>& shortlist,
                                      const Context& context) -> std::vector<std::size_t> {
    if (shortlist.empty()) return {};
    std::size_t shown = 0;
    std::string data = choice_data(incident, shortlist, shown);
    const auto answer = model.ask(choice_request(prompts, std::move(data)), context.within(kChoiceTime));
    if (!answer) return {};
    return read_choice(*answer, shown);
  };
}

}  // namespace fa
