#include "support/slack/slack_faults.h"

#include <algorithm>

namespace fa::test {
namespace {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

bool concerns(const SlackFault& fault, const std::string& method) {
  return fault.method.empty() || fault.method == method;
}

std::optional<SlackFault> by_chance(const SlackChaos& chaos, const std::string& method, std::uint64_t number) {
  std::uint64_t value = mixed(chaos.seed);
  for (const char c : method) value = mixed(value ^ static_cast<unsigned char>(c));
  value = mixed(value ^ number);
  if (static_cast<double>(value >> 11U) * 0x1.0p-53 >= chaos.rate) return std::nullopt;
  std::vector<const SlackFault*> fitting;
  for (const SlackFault& choice : chaos.choices) {
    if (concerns(choice, method)) fitting.push_back(&choice);
  }
  if (fitting.empty()) return std::nullopt;
  return *fitting[mixed(value) % fitting.size()];
}

}  // namespace

void SlackFaultBook::clear() {
  faults_.clear();
  chaos_.reset();
}

std::optional<SlackFault> SlackFaultBook::take(const std::string& method, std::uint64_t number) {
  const auto it = std::find_if(faults_.begin(), faults_.end(), [&](const SlackFault& fault) {
    return fault.times != 0 && concerns(fault, method) && number >= fault.from_call;
  });
  if (it == faults_.end()) return chaos_ ? by_chance(*chaos_, method, number) : std::nullopt;
  if (it->times > 0) --it->times;
  return *it;
}

ServerAnswer fault_answer(const SlackFault& fault) {
  using Kind = SlackFault::Kind;
  ServerAnswer answer;
  HttpResponse& response = answer.response;
  response.status = 200;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  response.body = R"({"ok":true,"ts":"1.000001"})";
  switch (fault.kind) {
    case Kind::kRateLimited:
      response.status = 429;
      response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
      response.body = R"({"ok":false,"error":"ratelimited"})";
      break;
    case Kind::kServerError:
      response.status = 503;
      response.headers = {{"Content-Type", "text/html"}};
      response.body = "<html><title>Service unavailable</title></html>";
      break;
    case Kind::kRefused:
      response.body = R"({"ok":false,"error":")" + fault.error + "\"}";
      break;
    case Kind::kCut:
      answer.cut = true;
      break;
    case Kind::kGarbage:
      response.body = std::string("\x00\xff{\"ok\":", 8);
      break;
    case Kind::kNever:
      answer.never = true;
      break;
    case Kind::kDelay:
      break;
  }
  return answer;
}

}  // namespace fa::test
