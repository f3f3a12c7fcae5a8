// The Lambda function that a schedule runs: orders a report on security findings, which the worker makes.
#include <fmt/core.h>

#include "app/lambda_parts.h"
#include "base/json.h"
#include "chatops/inquiry.h"
#include "chatops/job_payloads.h"

namespace fa {
namespace {

struct ScheduledReport {
  std::string id;  ///< Of the event: the same again is the same report.
  std::string channel;
  chatops::Inquiry inquiry;
};

std::string text_member_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `{"id":"...","channel":"C...","severity":"high","days":7,"language":"ja"}`; severity, days and language may be left
/// out, and without an id it is the invocation's.
Result<ScheduledReport> read_schedule(const lambda::Invocation& invocation) {
  const auto wrong = [](const std::string& what) {
    return fail(ErrorCode::kInvalidInput, "The scheduled event " + what + "; docs/ops/lambda.md has its members.");
  };
  const Json json = parse_json(invocation.payload);
  if (!json.is_object()) return wrong("is no JSON object");
  ScheduledReport report;
  report.id = text_member_of(json, "id");
  if (report.id.empty()) report.id = invocation.id;
  report.channel = text_member_of(json, "channel");
  if (report.channel.empty()) return wrong("names no channel");
  report.inquiry.kind = chatops::InquiryKind::kFindings;
  report.inquiry.days = chatops::kFindingsDays;
  if (const std::string name = text_member_of(json, "severity"); !name.empty()) {
    const auto severity = chatops::finding_severity_from_name(name);
    if (!severity) return wrong(fmt::format("has the severity \"{}\", which is none", name));
    report.inquiry.least = *severity;
  }
  if (const auto days = json.find("days"); days != json.end()) {
    const bool fits = days->is_number_integer() && *days >= 1 && *days <= chatops::kMostInquiryDays;
    if (!fits) return wrong("has days that are no whole number from 1 on");
    report.inquiry.days = days->get<int>();
  }
  if (const std::string name = text_member_of(json, "language"); !name.empty()) {
    report.inquiry.language = language_from_name(name);
    if (!report.inquiry.language) return wrong("has a language other than en and ja");
  }
  return report;
}

class LambdaFindings final : public LambdaFunction {
 public:
  explicit LambdaFindings(std::unique_ptr<LambdaParts> parts) : parts_(std::move(parts)) {}

  Result<std::string> handle(const lambda::Invocation& invocation, const Context& context) override {
    auto report = read_schedule(invocation);
    if (!report) return tl::unexpected(report.error());
    const chatops::Settings& settings = parts_->config.serve.settings;
    chatops::InquiryOrder order;
    order.place.channel = report->channel;
    order.reader = {report->inquiry.language.value_or(settings.language), settings.time_zone};
    order.inquiry = std::move(report->inquiry);
    order.asked = std::chrono::floor<std::chrono::minutes>(parts_->clock.now());
    const std::string key = "schedule:" + report->id;
    const auto accepted =
        parts_->jobs->accept({key}, {chatops::acknowledge_inquiry_job(key, order)}, parts_->clock.now());
    if (!accepted) return tl::unexpected(accepted.error());
    if (accepted->is_new) parts_->start_worker("{}", context.within(std::chrono::seconds(3)));
    parts_->log.info("findings_ordered", {{"channel", report->channel}, {"new", accepted->is_new}});
    return json_text(Json{{"ordered", accepted->is_new}});
  }

 private:
  std::unique_ptr<LambdaParts> parts_;
};

}  // namespace

Result<std::unique_ptr<LambdaFunction>> open_lambda_findings(const LambdaSettings& settings, const Config& config,
                                                             std::function<void(std::string_view)> log) {
  auto parts = LambdaParts::open(settings, config, {}, std::move(log));
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<LambdaFindings>(std::move(*parts));
}

}  // namespace fa
