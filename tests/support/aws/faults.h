#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/aws/played_service.h"

namespace fa::test {

/// The faults that are still to happen. Thread-safe.
class FaultBook {
 public:
  void add(Fault fault);
  void clear();
  /// The first that concerns the call and is not used up; uses it once.
  std::optional<Fault> take(const wire::Call& call);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

/// The service's own form of being throttled, failing and so on; nullopt for faults that are no error answers.
std::optional<wire::Refusal> fault_refusal(FaultKind kind, const wire::Call& call);

/// The first page of the call's answer with `token` as its next token, whatever token the call brought along. Answers
/// without pages stay as they are, polled queries go on running.
wire::Outcome endless_answer(PlayedService& service, const wire::Call& call, const std::string& token);

}  // namespace fa::test
