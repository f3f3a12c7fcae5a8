#include "insight/refine.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "llm/data_fence.h"
#include "llm/token_bound.h"

namespace fa::insight {
namespace {

constexpr const char* kChoiceTool = "choose_metrics";
constexpr std::uint64_t kMostCatalogueTokens = 6'000;
constexpr std::uint32_t kMostChoiceTokens = 1'024;
constexpr std::size_t kMostChoiceBytes = std::size_t{16} << 10;
constexpr std::size_t kMostLineBytes = 300;
constexpr auto kChoiceTime = std::chrono::seconds(30);

/// `AWS/RDS CPUUtilization DBInstanceIdentifier=orders-db`
std::string metric_words(const CatalogueMetric& metric) {
  std::string words = metric.metric_namespace + " " + metric.name;
  for (const auto& [name, value] : metric.dimensions) words += fmt::format(" {}={}", name, value);
  if (!metric.region.empty()) words += " " + metric.region;
  return sanitize_utf8(utf8_prefix(words, kMostLineBytes));
}

std::string shortlist_text(const Catalogue& catalogue, const Selection& shortlist) {
  std::string text;
  for (std::size_t i = 0; i < shortlist.metrics.size(); ++i) {
    const Json line = {{fmt::format("m{}", i + 1), metric_words(catalogue.metrics()[shortlist.metrics[i]])}};
    text += llm::fenced_line(json_text(line));
  }
  return text;
}

Json array_of(const Json& items, const std::string& description) {
  Json array = {{"type", "array"}, {"items", items}};
  if (!description.empty()) array["description"] = description;
  return array;
}

llm::ChatRequest refine_request(const Prompts& prompts, std::string data) {
  const Json text = {{"type", "string"}};
  const Json one = {
      {"type", "object"},
      {"additionalProperties", false},
      {"properties", {{"group", text}, {"metric", text}, {"values", {{"type", "array"}, {"items", text}}}}},
      {"required", Json::array({"group", "metric", "values"})}};
  const Json schema = {{"type", "object"},
                       {"additionalProperties", false},
                       {"properties",
                        {{"keep", array_of(text, prompts.text("insight_choice.keep"))},
                         {"add", array_of(one, prompts.text("insight_choice.add"))}}},
                       {"required", Json::array({"keep", "add"})}};
  const std::string words = prompts.text("insight_choice");
  return llm::one_call_request({kChoiceTool, words, json_text(schema)}, words, std::move(data), kMostChoiceTokens);
}

/// `m3`, `g3`: 2 where there are at least 3; nullopt for anything else.
std::optional<std::size_t> index_of(const Json& id, char letter, std::size_t count) {
  if (!id.is_string()) return std::nullopt;
  const std::string& text = id.get_ref<const std::string&>();
  std::size_t number = 0;
  if (text.size() < 2 || text.front() != letter) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > count) return std::nullopt;
  return number - 1;
}

/// The metric that an entry of `add` stands for.
std::optional<std::size_t> added_metric(const Json& entry, const Catalogue& catalogue,
                                        const std::vector<std::size_t>& groups) {
  if (!entry.is_object() || entry.size() != 3 || !entry.contains("group") || !entry.contains("metric") ||
      !entry.contains("values")) {
    return std::nullopt;
  }
  const auto at = index_of(entry["group"], 'g', groups.size());
  const Json& values = entry["values"];
  if (!at || !entry["metric"].is_string() || !values.is_array()) return std::nullopt;
  const CatalogueGroup& group = catalogue.groups()[groups[*at]];
  if (values.size() != group.dimension_names.size()) return std::nullopt;
  CatalogueMetric metric{group.region, group.metric_namespace, entry["metric"].get<std::string>(), {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_string()) return std::nullopt;
    metric.dimensions.emplace_back(group.dimension_names[i], values[i].get<std::string>());
  }
  return catalogue.find(metric);
}

Refinement unchanged(const Selection& shortlist, std::string why) {
  return {shortlist.metrics, false, 0, std::move(why)};
}

}  // namespace

Refinement read_refinement(std::string_view json, const Catalogue& catalogue, const Selection& shortlist,
                           const std::vector<std::size_t>& groups) {
  const Json input = json.size() > kMostChoiceBytes ? Json() : parse_json(json);
  if (!input.is_object() || input.size() != 2 || !input.contains("keep") || !input.contains("add") ||
      !input["keep"].is_array() || !input["add"].is_array()) {
    return unchanged(shortlist, "its answer is not what the schema asks for");
  }
  Refinement out;
  const auto take = [&](std::optional<std::size_t> metric) {
    const bool twice = metric && std::find(out.metrics.begin(), out.metrics.end(), *metric) != out.metrics.end();
    if (!metric || twice || out.metrics.size() == kMostSelected) {
      ++out.ignored;
    } else {
      out.metrics.push_back(*metric);
    }
  };
  for (const Json& id : input["keep"]) {
    const auto at = index_of(id, 'm', shortlist.metrics.size());
    take(at ? std::optional(shortlist.metrics[*at]) : std::nullopt);
  }
  for (const Json& entry : input["add"]) take(added_metric(entry, catalogue, groups));
  if (out.metrics.empty()) {
    Refinement kept = unchanged(shortlist, "it named no metric of the list");
    kept.ignored = out.ignored;
    return kept;
  }
  out.refined = true;
  return out;
}

Refinement refine_selection(llm::ChatModel& model, const Prompts& prompts, const Catalogue& catalogue,
                            const Question& question, const Selection& shortlist, const Context& context) {
  const CatalogueText shown = catalogue_text(catalogue, shortlist.metrics, kMostCatalogueTokens);
  const Json asked = {{"question", question.text},
                      {"from", format_rfc3339(question.window.begin)},
                      {"to", format_rfc3339(question.window.end)}};
  std::string data =
      "<data>\n" + llm::fenced_line(json_text(asked)) + shortlist_text(catalogue, shortlist) + shown.text + "</data>\n";
  const auto answer = model.ask(refine_request(prompts, std::move(data)), context.within(kChoiceTime));
  if (!answer) return unchanged(shortlist, answer.error().message);
  const llm::ToolCall* call = llm::only_call(*answer, kChoiceTool);
  if (call == nullptr) return unchanged(shortlist, "it did not answer by one choice");
  return read_refinement(call->input, catalogue, shortlist, shown.shown);
}

}  // namespace fa::insight
