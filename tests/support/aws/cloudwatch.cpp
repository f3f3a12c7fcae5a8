/// CloudWatch metrics and alarms over JSON 1.0. Shapes: service model cloudwatch 2010-08-01.
#include <algorithm>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/metric_data.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

class CloudWatch final : public PlayedService {
 public:
  explicit CloudWatch(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "GraniteServiceVersion20100801");
  }

  Outcome answer(const Call& call) override {
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "The body is no JSON object.");
    if (call.operation == "ListMetrics") return list(call, request);
    if (call.operation == "GetMetricData") return get_metric_data(settings_, call, request);
    if (call.operation == "DescribeAlarms") return describe_alarms(settings_, call, request);
    if (call.operation == "DescribeAlarmHistory") return describe_alarm_history(settings_, call, request);
    return wire::refuse("UnknownOperationException", "");
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "ListMetrics") return R"({"Metrics":[]})";
    if (call.operation == "GetMetricData") return R"({"MetricDataResults":[],"Messages":[]})";
    if (call.operation == "DescribeAlarms") return R"({"CompositeAlarms":[],"MetricAlarms":[]})";
    if (call.operation == "DescribeAlarmHistory") return R"({"AlarmHistoryItems":[]})";
    return std::nullopt;
  }

 private:
  static bool has_dimensions(const AwsWorld::Metric& metric, const Json& filters) {
    return std::all_of(filters.begin(), filters.end(), [&](const Json& filter) {
      const std::string name = text_or_empty(filter, "Name");
      const auto value = text_member(filter, "Value");
      return std::any_of(metric.dimensions.begin(), metric.dimensions.end(),
                         [&](const auto& d) { return d.first == name && (!value || d.second == *value); });
    });
  }

  Outcome list(const Call& call, const Json& request) const {
    const std::string space = text_or_empty(request, "Namespace");
    const std::string name = text_or_empty(request, "MetricName");
    const std::string active = text_or_empty(request, "RecentlyActive");
    if (!active.empty() && active != "PT3H") {
      return tl::unexpected(wire::Refusal{
          "InvalidParameterValueException", "RecentlyActive must be PT3H.", 400, {}, {}, "InvalidParameterValue"});
    }
    const Json none = Json::array();
    const Json* dimensions = member(request, "Dimensions");
    if (dimensions == nullptr || !dimensions->is_array()) dimensions = &none;
    if (dimensions->size() > 10) {
      return validation_error("The collection Dimensions must not have a size greater than 10.");
    }
    const bool linked = flag_member(request, "IncludeLinkedAccounts");
    const std::string owner = text_or_empty(request, "OwningAccount");

    std::vector<std::pair<const AwsWorld*, const AwsWorld::Metric*>> found;
    const auto add = [&](const AwsWorld& world) {
      if (!owner.empty() && owner != world.account) return;
      for (const AwsWorld::Metric& metric : world.metrics) {
        if (metric.region != call.region || (!space.empty() && metric.metric_namespace != space) ||
            (!name.empty() && metric.name != name) || (!active.empty() && !metric.recently_active) ||
            !has_dimensions(metric, *dimensions)) {
          continue;
        }
        found.emplace_back(&world, &metric);
      }
    };
    add(*call.world);
    if (linked) {
      for (const AwsWorld& other : call.world->other_accounts) {
        if (other.linked) add(other);
      }
    }

    Json same = request;
    same.erase("NextToken");
    const std::string kind = "metrics|" + dump(same);
    std::size_t from = 0;
    if (const auto token = text_member(request, "NextToken")) {
      const auto index = wire::read_index_token(kind, *token);
      if (!index) {
        return tl::unexpected(
            wire::Refusal{"InvalidParameterValueException", "Invalid nextToken", 400, {}, {}, "InvalidParameterValue"});
      }
      from = *index;
    }
    constexpr std::size_t kPage = 500;
    const std::size_t to = std::min(found.size(), from + std::min(kPage, settings_.page_size));
    Json metrics = Json::array();
    Json owners = Json::array();
    for (std::size_t i = from; i < to; ++i) {
      const AwsWorld::Metric& metric = *found[i].second;
      metrics.push_back(Json{{"Namespace", metric.metric_namespace},
                             {"MetricName", metric.name},
                             {"Dimensions", dimensions_json(metric.dimensions)}});
      owners.push_back(found[i].first->account);
    }
    Json body = {{"Metrics", std::move(metrics)}};
    if (linked) body["OwningAccounts"] = std::move(owners);
    if (to < found.size()) body["NextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_cloudwatch(const AwsStandIn& settings) {
  return std::make_unique<CloudWatch>(settings);
}

}  // namespace fa::test
