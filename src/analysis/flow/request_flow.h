#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/logs/log_digest.h"
#include "analysis/traces/trace_digest.h"
#include "model/period.h"

namespace fa {

/// Something that happens in a request, the same in every request: a span begun, a call made, a statement logged.
struct FlowStatement {
  std::string service;
  std::string request;    ///< Operation of the entry span; empty when unknown.
  std::string component;  ///< Logger of a log statement.
  std::string callee;     ///< Service called, where the statement is a call.
  std::string operation;  ///< What is called of it; of a log statement, the span it is written in.
  std::string text;
  bool log = false;
  bool failure = false;  ///< Logged as an error, or a step whose very name is one (an error handler).
};

/// One occurrence of a statement.
struct FlowEvent {
  std::uint64_t request = 0;  ///< Groups the events of one request in one service.
  std::int64_t time = 0;      ///< Unix nanoseconds.
  std::uint64_t order = 0;    ///< Tie-breaker: reading order.
  std::uint32_t statement = 0;
  std::uint32_t file = 0;
  BytePosition position;
  Period period = Period::kOther;
  bool log = false;
};

/// The course of work inside requests, counted over baseline and window. Pointers go into `events`, so it only moves.
struct RequestFlow {
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;  ///< "Nothing follows in this request."
  static constexpr std::size_t kKeptRequests = 2000;

  /// What came right after a statement.
  struct Successors {
    std::array<std::uint64_t, 2> visits{};  ///< Indexed by Period: baseline, window.
    std::map<std::uint32_t, std::array<std::uint64_t, 2>> next;
    std::map<std::uint32_t, const FlowEvent*> first_event;  ///< First window event after which the flow took each way.
  };
  /// In how many requests of a kind a statement occurs.
  struct Presence {
    std::array<std::uint64_t, 2> requests{};
    const FlowEvent* first_window = nullptr;
    std::map<std::uint32_t, std::uint64_t> before;  ///< What came just before it in the baseline.
  };
  /// Requests of one service and operation.
  struct Kind {
    std::array<std::uint64_t, 2> total{};
    std::array<std::uint64_t, 2> failing{};    ///< With a failure statement.
    std::array<std::uint64_t, 2> succeeded{};  ///< Whose entry span states a success (HTTP status below 400).
    std::map<std::uint32_t, Presence> statements;
    /// First event and statements (sorted) of the earliest kKeptRequests in the window.
    std::vector<std::pair<const FlowEvent*, std::vector<std::uint32_t>>> window;
  };

  RequestFlow() = default;
  RequestFlow(RequestFlow&&) = default;
  RequestFlow& operator=(RequestFlow&&) = default;
  RequestFlow(const RequestFlow&) = delete;
  RequestFlow& operator=(const RequestFlow&) = delete;

  std::vector<FlowStatement> statements;
  std::vector<FlowEvent> events;  ///< By request; in it spans before logs, each by time.
  std::map<std::uint32_t, Successors> successors;
  std::map<std::pair<std::string, std::string>, Kind> kinds;  ///< By service and operation.
  std::array<std::uint64_t, 2> requests{};

  [[nodiscard]] bool is_failure(std::uint32_t statement) const {
    return statement != kEnd && statements[statement].failure;
  }
  [[nodiscard]] const std::string& text_of(std::uint32_t statement) const;
  /// Requests of a kind fail less than half as often as before: what they no longer do, they do for a good reason.
  [[nodiscard]] bool healed(const Kind& kind) const;
};

/// Reads the course of every request off spans and those log records that carry a trace id.
RequestFlow follow_requests(const LogDigest& logs, const TraceDigest& traces);

}  // namespace fa
