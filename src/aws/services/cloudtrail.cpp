#include "aws/services/cloudtrail.h"

#include <algorithm>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "aws/services/request_times.h"

namespace fa::aws::cloudtrail {

const Service kService{.name = "cloudtrail",
                       .shown_name = "CloudTrail",
                       .settings_id = "cloudtrail",
                       .iam_prefix = "cloudtrail",
                       .protocol = Protocol::kJson11,
                       .target_prefix = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
                       .api_version = "2013-11-01"};

Result<EventPage> lookup_events(Client& client, const std::string& region, TimeRange range,
                                const std::string& next_token, const Context& context) {
  JsonBody writes;
  writes.text("AttributeKey", "ReadOnly").text("AttributeValue", "false");
  // Events have whole seconds, and both ends are inclusive: the half-open range ends a second earlier.
  const std::int64_t begin = whole_seconds_before(range.begin);
  JsonBody body;
  body.objects("LookupAttributes", {writes}).integer("StartTime", begin);
  body.integer("EndTime", std::max(begin, whole_seconds_after(range.end) - 1));
  body.integer("MaxResults", 50).text_if_any("NextToken", next_token);
  Operation operation = json_operation(kService, "LookupEvents", "management events", body);
  operation.region = region;

  EventPage page;
  auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "Events") page.events += value.count_items();
    if (key == "NextToken") value.read(page.next_token);
    return key == "Events" || key == "NextToken";
  });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

}  // namespace fa::aws::cloudtrail
