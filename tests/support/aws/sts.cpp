/// AWS Security Token Service over the query protocol. Shapes: service model sts 2011-06-15.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "support/aws/issued_credentials.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

wire::Pairs form_of(const std::string& body) {
  wire::Pairs out;
  for (const std::string_view pair : split(body, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    out.emplace_back(wire::percent_decode(pair.substr(0, equals), true),
                     wire::percent_decode(pair.substr(equals + 1), true));
  }
  return out;
}

std::string field(const wire::Pairs& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

HttpResponse wrapped(const Call& call, const std::string& result) {
  const std::string& name = call.operation;
  HttpResponse response = wire::xml_response(
      "<" + name + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <" + name + "Result>\n" + result +
      "  </" + name + "Result>\n  <ResponseMetadata>\n    <RequestId>" + wire::uuid_of(call.request->body) +
      "</RequestId>\n  </ResponseMetadata>\n</" + name + "Response>\n");
  response.headers = {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", wire::uuid_of(call.request->body)}};
  return response;
}

wire::Outcome validation(const std::string& words) { return wire::refuse("ValidationError", words); }

class Sts final : public PlayedService {
 public:
  explicit Sts(IssuedCredentials& issued) : issued_(issued) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    const std::string action = field(form_of(call.request->body), "Action");
    return action.empty() ? call.parameter("Action").value_or("") : action;
  }

  Outcome answer(const Call& call) override {
    wire::Pairs form = form_of(call.request->body);
    form.insert(form.end(), call.parameters.begin(), call.parameters.end());
    if (field(form, "Version") != "2011-06-15") {
      return wire::refuse("InvalidAction",
                          "Could not find operation " + call.operation + " for version " +
                              (field(form, "Version").empty() ? "NO_VERSION_SPECIFIED" : field(form, "Version")));
    }
    if (call.operation == "GetCallerIdentity") return caller_identity(call);
    if (call.operation == "AssumeRole" || call.operation == "AssumeRoleWithWebIdentity") return assume_role(call, form);
    return wire::refuse("InvalidAction", "Could not find operation " + call.operation + " for version 2011-06-15");
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call&) const override { return std::nullopt; }

 private:
  static Outcome caller_identity(const Call& call) {
    return wrapped(call, "    <Arn>" + wire::xml_escape(call.caller_arn) + "</Arn>\n    <UserId>" +
                             wire::xml_escape(call.caller_id) + "</UserId>\n    <Account>" + call.world->account +
                             "</Account>\n");
  }

  Outcome assume_role(const Call& call, const wire::Pairs& form) {
    const bool web = call.operation == "AssumeRoleWithWebIdentity";
    const std::string arn = field(form, "RoleArn");
    const std::string session = field(form, "RoleSessionName");
    const auto parts = split(arn, ':');
    if (parts.size() < 6 || parts[0] != "arn" || parts[2] != "iam" || !parts[5].starts_with("role/")) {
      return validation(arn + " is invalid");
    }
    if (session.size() < 2 || session.size() > 64) {
      return validation(
          "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must "
          "have length within 2 and 64");
    }
    int seconds = 3600;
    if (const std::string text = field(form, "DurationSeconds"); !text.empty()) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (error != std::errc{} || end != text.data() + text.size() || seconds < 900 || seconds > 43'200) {
        return validation("1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint");
      }
    }
    if (web && field(form, "WebIdentityToken").empty()) {
      return wire::refuse("InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
    }
    const AwsWorld* target = nullptr;
    if (call.world->account == parts[4]) target = call.world;
    for (const AwsWorld& other : call.world->other_accounts) {
      if (other.account == parts[4]) target = &other;
    }
    if (target == nullptr || (!target->external_id.empty() && field(form, "ExternalId") != target->external_id)) {
      const std::string who =
          web ? "Not authorized to perform sts:AssumeRoleWithWebIdentity"
              : "User: " + call.caller_arn + " is not authorized to perform: sts:AssumeRole on resource: " + arn;
      return wire::refuse("AccessDenied", who, 403);
    }

    const std::string number = std::to_string(++given_);
    const std::string hash = sha256_hex(arn + session + number);
    std::string id = "ASIA" + hash.substr(0, 16);
    std::transform(id.begin(), id.end(), id.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const std::size_t slash = arn.rfind('/');
    const std::string role_id = "AROASTANDIN0000000001:" + session;
    IssuedCredential credential{
        "secret-" + hash.substr(16, 33),
        "token-" + hash,
        call.now() + std::chrono::seconds(seconds),
        target,
        "arn:aws:sts::" + target->account + ":assumed-role/" + arn.substr(slash + 1) + "/" + session,
        role_id};
    issued_.add(id, credential);
    const std::string expiry = format_rfc3339(std::chrono::floor<std::chrono::seconds>(credential.expiry));
    std::string result = "    <AssumedRoleUser>\n      <AssumedRoleId>" + wire::xml_escape(role_id) +
                         "</AssumedRoleId>\n      <Arn>" + wire::xml_escape(credential.arn) +
                         "</Arn>\n    </AssumedRoleUser>\n    <Credentials>\n      <AccessKeyId>" + id +
                         "</AccessKeyId>\n      <SecretAccessKey>" + credential.secret +
                         "</SecretAccessKey>\n      <SessionToken>" + credential.token +
                         "</SessionToken>\n      <Expiration>" + expiry + "</Expiration>\n    </Credentials>\n";
    if (web) result += "    <SubjectFromWebIdentityToken>stand-in</SubjectFromWebIdentityToken>\n";
    return wrapped(call, result);
  }

  IssuedCredentials& issued_;
  std::atomic<int> given_{0};
};

}  // namespace

std::unique_ptr<PlayedService> play_sts(const AwsStandIn&, IssuedCredentials& issued) {
  return std::make_unique<Sts>(issued);
}

}  // namespace fa::test
