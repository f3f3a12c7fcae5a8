#include "support/aws/stand_in.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "support/aws/authentication.h"
#include "support/aws/faults.h"
#include "support/aws/played_service.h"

namespace fa::test {

using wire::Call;

namespace {

struct TargetPrefix {
  std::string_view prefix;
  std::string_view service;
};
constexpr std::array kTargets = {
    TargetPrefix{"Logs_20140328.", "logs"},
    TargetPrefix{"GraniteServiceVersion20100801.", "cloudwatch"},
    TargetPrefix{"AmazonAthena.", "athena"},
    TargetPrefix{"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.", "cloudtrail"},
    TargetPrefix{"secretsmanager.", "secretsmanager"},
    TargetPrefix{"DynamoDB_20120810.", "dynamodb"},
};

/// Which service is asked, as far as host and path do not tell it (an endpoint on loopback): by target, scope, form.
std::string service_of(const Call& call) {
  const std::string_view target = call.header("x-amz-target");
  for (const TargetPrefix& known : kTargets) {
    if (target.starts_with(known.prefix)) return std::string(known.service);
  }
  const std::string_view authorization = call.header("authorization");
  for (const std::string_view name : {"sts", "xray", "securityhub", "guardduty", "lambda", "s3"}) {
    if (authorization.find("/" + std::string(name) + "/aws4_request") != std::string_view::npos)
      return std::string(name);
  }
  if (call.path == "/TraceSummaries" || call.path == "/Traces" || call.path == "/ServiceGraph") return "xray";
  if (call.request->method == "POST" && call.request->body.find("Action=") != std::string::npos) return "sts";
  return "s3";
}

constexpr std::size_t kMostHuge = std::size_t{80} << 20;

void sort_events(AwsWorld& world) {
  for (auto& [name, group] : world.log_groups) {
    std::stable_sort(group.events.begin(), group.events.end(),
                     [](const AwsWorld::LogEvent& a, const AwsWorld::LogEvent& b) { return a.time < b.time; });
  }
  for (AwsWorld& other : world.other_accounts) sort_events(other);
}

}  // namespace

std::string target_operation(const Call& call, std::string_view prefix) {
  const std::string_view target = call.header("x-amz-target");
  if (!target.starts_with(prefix) || target.size() <= prefix.size() || target[prefix.size()] != '.') return {};
  return std::string(target.substr(prefix.size() + 1));
}

class AwsStandIn::Impl {
 public:
  Impl(AwsWorld held, const AwsStandIn& settings) : world(std::move(held)) {
    sort_events(world);
    services["logs"] = play_logs(settings);
    services["cloudwatch"] = play_cloudwatch(settings);
    services["s3"] = play_s3(settings);
    services["sts"] = play_sts(settings, issued);
    services["xray"] = play_xray(settings);
    services["athena"] = play_athena(settings);
    services["cloudtrail"] = play_cloudtrail(settings);
    services["secretsmanager"] = play_secrets_manager(settings);
    services["securityhub"] = play_security_hub(settings);
    services["guardduty"] = play_guardduty(settings);
    services["dynamodb"] = play_dynamodb(settings);
    services["lambda"] = play_lambda(settings);
  }

  ServerAnswer answer(const HttpRequest& request) {
    Call call = wire::take_apart(request);
    call.world = &world;
    call.service = service_of(call);
    PlayedService& service = *services.at(call.service);
    call.operation = service.operation_of(call);
    capture(call);
    ServerAnswer answer = respond(service, call);
    // The service's clock: clients correct their own by it.
    answer.response.headers.emplace_back("Date",
                                         wire::http_date(world.now ? world.now() : std::chrono::system_clock::now()));
    return answer;
  }

  AwsWorld world;
  FaultBook faults;
  mutable std::mutex captured_mutex;
  std::vector<CapturedRequest> captured;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts;

 private:
  void capture(const Call& call) {
    CapturedRequest kept{call.service, call.operation, *call.request, call.host};
    kept.request.url = call.path + (call.query.empty() ? "" : "?" + call.query);
    const std::lock_guard lock(captured_mutex);
    ++counts[{call.service, call.operation}];
    captured.push_back(std::move(kept));
  }

  ServerAnswer respond(PlayedService& service, Call& call) {
    ServerAnswer answer;
    if (auto refused = authenticate(call, world, issued)) {
      answer.response = wire::refusal_response(call, *refused);
      return answer;
    }
    const auto fault = faults.take(call);
    if (fault) {
      if (const auto refused = fault_refusal(fault->kind, call)) {
        answer.response = wire::refusal_response(call, *refused);
        return answer;
      }
    }
    const FaultKind kind = fault ? fault->kind : FaultKind::kDelay;
    if (kind == FaultKind::kTimeout) {
      answer.never = true;
      return answer;
    }
    wire::Outcome outcome;
    if (kind == FaultKind::kEndlessPages || kind == FaultKind::kSameToken) {
      const std::string token =
          kind == FaultKind::kSameToken ? "same-token" : "endless-token-" + std::to_string(++endless_tokens);
      outcome = endless_answer(service, call, token);
    } else if (const auto empty = kind == FaultKind::kEmpty ? service.empty_answer(call) : std::nullopt) {
      outcome = call.service == "s3" ? wire::xml_response(*empty) : wire::json_response(call, *empty);
      if (call.service == "s3")
        outcome->headers.emplace_back("x-amz-request-id", wire::uuid_of(call.path + call.query));
    } else {
      outcome = service.answer(call);
    }
    answer.response = outcome ? std::move(*outcome) : wire::refusal_response(call, outcome.error());
    if (fault && kind == FaultKind::kDelay) answer.delay = fault->delay;
    if (kind == FaultKind::kCut) answer.cut = true;
    if (kind == FaultKind::kGarbage) {
      answer.response.status = 200;
      answer.response.headers = {{"Content-Type", "text/html"}};
      answer.response.body = "<!DOCTYPE html><html><body><h1>It works!</h1>\n\x01\xff</body>";
    }
    if (kind == FaultKind::kHuge) {
      // Spaces are well formed behind any document; an object of S3 just goes on.
      const auto allowed =
          static_cast<std::size_t>(std::min<std::uint64_t>(call.request->max_response_bytes, kMostHuge));
      answer.response.body.resize(std::max(answer.response.body.size(), allowed) + 1, ' ');
    }
    return answer;
  }

  IssuedCredentials issued;
  std::map<std::string, std::unique_ptr<PlayedService>> services;
  std::atomic<std::uint64_t> endless_tokens{0};
};

AwsStandIn::AwsStandIn(AwsWorld world) : impl_(std::make_unique<Impl>(std::move(world), *this)) {}
AwsStandIn::~AwsStandIn() = default;

ServerAnswer AwsStandIn::answer(const HttpRequest& request) { return impl_->answer(request); }
void AwsStandIn::add_fault(Fault fault) { impl_->faults.add(std::move(fault)); }
void AwsStandIn::clear_faults() { impl_->faults.clear(); }
AwsWorld& AwsStandIn::world() { return impl_->world; }

std::vector<CapturedRequest> AwsStandIn::requests() const {
  const std::lock_guard lock(impl_->captured_mutex);
  return impl_->captured;
}

std::uint64_t AwsStandIn::calls(const std::string& service, const std::string& operation) const {
  const std::lock_guard lock(impl_->captured_mutex);
  const auto found = impl_->counts.find({service, operation});
  return found == impl_->counts.end() ? 0 : found->second;
}

}  // namespace fa::test
