#include "aws/services/xray.h"

#include <fmt/core.h>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "aws/services/request_times.h"

namespace fa::aws::xray {

const Service kService{.name = "xray",
                       .shown_name = "X-Ray",
                       .settings_id = "xray",
                       .iam_prefix = "xray",
                       .protocol = Protocol::kRestJson,
                       .target_prefix = "",
                       .api_version = "2016-04-12"};

namespace {

Operation operation(std::string name, std::string path, std::string about, const JsonBody& body) {
  Operation made = json_operation(kService, std::move(name), std::move(about), body);
  made.path = std::move(path);
  return made;
}

/// Whole seconds around the range: a trace more is no harm, one less is.
void add_range(JsonBody& body, TimeRange range) {
  body.integer("StartTime", whole_seconds_before(range.begin)).integer("EndTime", whole_seconds_after(range.end));
}

std::string from_to(TimeRange range) {
  return fmt::format("{} to {}", format_rfc3339(range.begin), format_rfc3339(range.end));
}

SummaryInfo read_summary(JsonValue& item) {
  SummaryInfo info;
  item.each_field([&](std::string_view key, JsonValue& value) {
    if (key == "Id") value.read(info.id);
    if (key == "HasFault") value.read(info.fault);
    if (key == "HasError") value.read(info.error);
    if (key == "HasThrottle") value.read(info.throttle);
    if (key == "ResponseTime") value.read(info.response_seconds);
  });
  return info;
}

}  // namespace

Result<SummaryPage> get_trace_summaries(Client& client, const GetTraceSummaries& request, const Context& context) {
  JsonBody body;
  add_range(body, request.range);
  if (request.sampling) {
    JsonBody strategy;
    strategy.text("Name", "FixedRate").number("Value", request.sampling_value);
    body.boolean("Sampling", true).object("SamplingStrategy", strategy);
  }
  body.text_if_any("FilterExpression", request.filter).text_if_any("NextToken", request.next_token);

  SummaryPage page;
  auto raw = call_json(client,
                       operation("GetTraceSummaries", "/TraceSummaries", "traces from " + from_to(request.range), body),
                       context, [&](std::string_view key, JsonValue& value) {
                         if (key == "TraceSummaries") {
                           value.each_item([&](JsonValue& item) { page.traces.push_back(read_summary(item)); });
                         } else if (key == "TracesProcessedCount") {
                           value.read(page.processed);
                         } else if (key == "NextToken") {
                           value.read(page.next_token);
                         } else {
                           return key == "ApproximateTime";
                         }
                         return true;
                       });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

Result<TracePage> batch_get_traces(Client& client, const std::vector<std::string>& ids, const std::string& next_token,
                                   const Context& context) {
  constexpr std::size_t kMostIds = 5;  // the API's limit
  if (ids.empty() || ids.size() > kMostIds) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("BatchGetTraces takes 1 to {} trace ids a call, not {}", kMostIds, ids.size()));
  }
  JsonBody body;
  body.texts("TraceIds", ids).text_if_any("NextToken", next_token);
  std::string about = "trace " + ids.front();
  if (ids.size() > 1) about += fmt::format(" and {} more", ids.size() - 1);

  TracePage page;
  auto raw = call_json(client, operation("BatchGetTraces", "/Traces", about, body), context,
                       [&](std::string_view key, JsonValue& value) {
                         if (key == "Traces") {
                           page.traces += value.count_items();
                         } else if (key == "UnprocessedTraceIds") {
                           value.each_item([&](JsonValue& item) { item.read(page.unprocessed.emplace_back()); });
                         } else if (key == "NextToken") {
                           value.read(page.next_token);
                         } else {
                           return false;
                         }
                         return true;
                       });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

Result<GraphPage> get_service_graph(Client& client, TimeRange range, const std::string& next_token,
                                    const Context& context) {
  JsonBody body;
  add_range(body, range);
  body.text_if_any("NextToken", next_token);

  GraphPage page;
  auto raw = call_json(client, operation("GetServiceGraph", "/ServiceGraph", from_to(range), body), context,
                       [&](std::string_view key, JsonValue& value) {
                         if (key == "Services") page.services += value.count_items();
                         if (key == "NextToken") value.read(page.next_token);
                         return key == "Services" || key == "NextToken" || key == "StartTime" || key == "EndTime" ||
                                key == "ContainsOldGroupVersions";
                       });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

}  // namespace fa::aws::xray
