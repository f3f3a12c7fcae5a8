#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "llm/chat.h"

namespace fa::llm {

/// US dollars per 1,000 tokens.
struct ModelPrice {
  double input = 0.003;
  double output = 0.015;
  double cache_read = 0.0003;
  double cache_write = 0.00375;

  [[nodiscard]] double cost(const TokenUsage& usage) const;
};

/// Hard limits of one incident, held before a call is made.
struct ModelLimits {
  std::uint64_t max_input_tokens = 60'000;  ///< Of all calls together, cached ones included.
  std::uint64_t max_output_tokens = 16'000;
  double max_usd = 0.25;
};

/// The account of a month, kept elsewhere (store/). Thread-safe.
class MonthlyAccount {
 public:
  virtual ~MonthlyAccount() = default;
  /// kLimit when the month would go beyond its limit; nothing is then reserved.
  virtual Result<void> reserve(double usd) = 0;
  virtual void settle(double reserved_usd, double used_usd) = 0;
};

/// What was spent so far.
struct Spending {
  std::uint64_t calls = 0;  ///< That were passed on, successful or not.
  TokenUsage usage;
  double usd = 0;
};

/// Checks limits before each call, by an upper bound of what it can cost (token_bound of the request and the whole of
/// max_output_tokens; the latter is lowered to what the limits still allow, down to 256), and keeps the account
/// afterwards by what the service says it used; by the bounds where it says nothing. A call that failed is charged by
/// its bound only where the service may have charged it (kCancelled, and kUnavailable except by reasons that say it was
/// throttled or never begun); never for kDenied, kInvalidInput, kNotFound. Nothing is passed on, nor charged, once the
/// context is stopped.
/// kLimit names the limit and its configuration key: model.max_input_tokens, model.max_output_tokens, model.max_usd,
/// model.max_usd_per_month. Thread-safe; borrows model and month.
class MeteredModel final : public ChatModel {
 public:
  MeteredModel(ChatModel& model, const ModelPrice& price, const ModelLimits& limits, MonthlyAccount* month = nullptr);

  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override { return model_.name(); }
  [[nodiscard]] Spending spent() const;

 private:
  /// What a call may use at most, held for it until it is known.
  struct Reservation {
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    double usd = 0;
  };
  Result<Reservation> reserve(const ChatRequest& request);
  /// The same within the month's limit; gives back what it cannot have.
  Result<void> reserve_month(Reservation& held, std::uint64_t least_output);
  void settle(const Reservation& held, const TokenUsage& used, double used_usd, bool asked);
  [[nodiscard]] double bound_usd(std::uint64_t input, std::uint64_t output) const;

  ChatModel& model_;
  ModelPrice price_;
  ModelLimits limits_;
  MonthlyAccount* month_;
  mutable std::mutex mutex_;
  Spending spent_;
  Reservation reserved_;
};

}  // namespace fa::llm
