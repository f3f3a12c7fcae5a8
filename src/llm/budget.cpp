#include "llm/budget.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <variant>

#include "base/text.h"
#include "llm/token_bound.h"

namespace fa::llm {
namespace {

constexpr std::uint64_t kLeastOutputTokens = 256;  // less than that holds no answer
constexpr double kTokensPerPrice = 1000;

std::uint64_t left_of(std::uint64_t limit, std::uint64_t used) { return limit > used ? limit - used : 0; }

double tokens_cost(std::uint64_t tokens, double price) { return static_cast<double>(tokens) * price / kTokensPerPrice; }

std::uint64_t all_input(const TokenUsage& usage) { return usage.input + usage.cache_read + usage.cache_write; }

/// Tokens that `usd` pays for, at most `limit`.
std::uint64_t tokens_for(double usd, double price, std::uint64_t limit) {
  if (!(price > 0)) return limit;
  const double tokens = usd / price * kTokensPerPrice;
  if (!(tokens > 0)) return 0;
  return tokens < static_cast<double>(limit) ? static_cast<std::uint64_t>(tokens) : limit;
}

std::uint64_t output_bound(const ChatAnswer& answer) {
  ChatRequest said;
  said.messages.push_back({Role::kAssistant, answer.blocks});
  return token_bound(said);
}

/// The service turned the call away before any token was made.
bool was_turned_away(const Error& error) {
  constexpr std::array<std::string_view, 4> kReasons = {"ThrottlingException", "TooManyRequestsException",
                                                        "ServiceQuotaExceededException", "ModelNotReadyException"};
  return std::find(kReasons.begin(), kReasons.end(), error.reason) != kReasons.end();
}

bool may_be_charged(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnavailable:
      return !was_turned_away(error);
    case ErrorCode::kCancelled:
    case ErrorCode::kInternal:
    case ErrorCode::kUnreadable:
      return true;
    case ErrorCode::kDenied:
    case ErrorCode::kInvalidInput:
    case ErrorCode::kNotFound:
    case ErrorCode::kLimit:
      return false;
  }
  return true;
}

}  // namespace

double ModelPrice::cost(const TokenUsage& usage) const {
  return tokens_cost(usage.input, input) + tokens_cost(usage.output, output) +
         tokens_cost(usage.cache_read, cache_read) + tokens_cost(usage.cache_write, cache_write);
}

MeteredModel::MeteredModel(ChatModel& model, const ModelPrice& price, const ModelLimits& limits, MonthlyAccount* month)
    : model_(model), price_(price), limits_(limits), month_(month) {}

double MeteredModel::bound_usd(std::uint64_t input, std::uint64_t output) const {
  // Nobody knows before the call which part of the input will be read from or written to a cache.
  const double dearest = std::max({price_.input, price_.cache_read, price_.cache_write});
  return tokens_cost(input, dearest) + tokens_cost(output, price_.output);
}

Result<MeteredModel::Reservation> MeteredModel::reserve(const ChatRequest& request) {
  Reservation want;
  want.input = token_bound(request);
  const std::uint64_t wanted_output = request.max_output_tokens;
  const std::uint64_t least_output = std::min(kLeastOutputTokens, wanted_output);

  const std::lock_guard lock(mutex_);
  const std::uint64_t input_left = left_of(limits_.max_input_tokens, all_input(spent_.usage) + reserved_.input);
  if (want.input > input_left) {
    return fail(ErrorCode::kLimit,
                fmt::format("This call to {} may take {} input tokens, but only {} of the {} of an incident are left; "
                            "raise model.max_input_tokens to allow more.",
                            model_.name(), format_count(want.input), format_count(input_left),
                            format_count(limits_.max_input_tokens)));
  }
  const std::uint64_t output_left = left_of(limits_.max_output_tokens, spent_.usage.output + reserved_.output);
  if (output_left < least_output) {
    return fail(ErrorCode::kLimit,
                fmt::format("Only {} of the {} output tokens of an incident are left, too few for an answer of {}; "
                            "raise model.max_output_tokens to allow more.",
                            format_count(output_left), format_count(limits_.max_output_tokens), model_.name()));
  }
  const double usd_left = limits_.max_usd - spent_.usd - reserved_.usd;
  const double usd_for_output = usd_left - bound_usd(want.input, 0);
  want.output = tokens_for(usd_for_output, price_.output, std::min(wanted_output, output_left));
  if (usd_for_output < 0 || want.output < least_output) {
    return fail(ErrorCode::kLimit,
                fmt::format("This call to {} may cost {} USD, but only {} of the {} USD of an incident are left; raise "
                            "model.max_usd to allow more.",
                            model_.name(), format_number(bound_usd(want.input, least_output)),
                            format_number(std::max(0.0, usd_left)), format_number(limits_.max_usd)));
  }
  want.usd = bound_usd(want.input, want.output);
  reserved_.input += want.input;
  reserved_.output += want.output;
  reserved_.usd += want.usd;
  return want;
}

Result<void> MeteredModel::reserve_month(Reservation& held, std::uint64_t least_output) {
  if (month_ == nullptr) return {};
  auto reserved = month_->reserve(held.usd);
  if (!reserved && reserved.error().code == ErrorCode::kLimit && held.output > least_output) {
    // What is left of the month may still do for a short answer.
    const Reservation less{held.input, least_output, bound_usd(held.input, least_output)};
    reserved = month_->reserve(less.usd);
    if (reserved) {
      const std::lock_guard lock(mutex_);
      reserved_.output -= held.output - less.output;
      reserved_.usd -= held.usd - less.usd;
      held = less;
    }
  }
  if (reserved) return {};
  Error error = std::move(reserved).error();
  constexpr std::string_view kKey = "model.max_usd_per_month";
  if (error.code == ErrorCode::kLimit && error.message.find(kKey) == std::string::npos) {
    error.message += fmt::format(" Raise {} to allow more.", kKey);
  }
  return tl::unexpected<Error>(std::move(error));
}

void MeteredModel::settle(const Reservation& held, const TokenUsage& used, double used_usd, bool asked) {
  const std::lock_guard lock(mutex_);
  reserved_.input -= held.input;
  reserved_.output -= held.output;
  // Sums of doubles need not come back to where they were.
  reserved_.usd = reserved_.input == 0 && reserved_.output == 0 ? 0 : std::max(0.0, reserved_.usd - held.usd);
  if (!asked) return;
  ++spent_.calls;
  spent_.usage.input += used.input;
  spent_.usage.output += used.output;
  spent_.usage.cache_read += used.cache_read;
  spent_.usage.cache_write += used.cache_write;
  spent_.usd += used_usd;
}

Result<ChatAnswer> MeteredModel::ask(const ChatRequest& request, const Context& context) {
  if (context.stopped()) {
    return fail(ErrorCode::kCancelled, fmt::format("{} was not asked: the time for this analysis is over or it was "
                                                   "stopped; allow it more time.",
                                                   model_.name()));
  }
  auto reserved = reserve(request);
  if (!reserved) return tl::unexpected<Error>(std::move(reserved).error());
  Reservation held = *reserved;
  const std::uint64_t least_output = std::min(kLeastOutputTokens, std::uint64_t{request.max_output_tokens});
  if (auto month = reserve_month(held, least_output); !month) {
    settle(held, {}, 0, /*asked=*/false);
    return tl::unexpected<Error>(std::move(month).error());
  }

  Result<ChatAnswer> answer = [&] {
    if (held.output == request.max_output_tokens) return model_.ask(request, context);
    ChatRequest shorter = request;
    shorter.max_output_tokens = static_cast<std::uint32_t>(held.output);
    return model_.ask(shorter, context);
  }();

  TokenUsage used;
  double used_usd = 0;
  if (answer && !(answer->usage == TokenUsage{})) {
    used = answer->usage;
    used_usd = price_.cost(used);
  } else if (answer) {
    used.input = held.input;
    used.output = std::min(held.output, output_bound(*answer));
    used_usd = bound_usd(used.input, used.output);
  } else if (may_be_charged(answer.error())) {
    used.input = held.input;
    used.output = held.output;
    used_usd = held.usd;
  }
  settle(held, used, used_usd, /*asked=*/true);
  if (month_ != nullptr) month_->settle(held.usd, used_usd);
  return answer;
}

Spending MeteredModel::spent() const {
  const std::lock_guard lock(mutex_);
  return spent_;
}

}  // namespace fa::llm
