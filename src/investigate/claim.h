#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace fa {

/// One sentence that somebody (a model) says of an incident, with what it is said to rest on. Nothing in it is trusted.
struct Claim {
  struct Quote {
    std::string id;
    std::string text;
  };
  struct Number {
    std::string id;
    double value = 0;
    int decimals = 0;  ///< As it was written.
    std::string unit;
  };
  struct Time {
    std::string id;
    std::string text;  ///< RFC 3339, as it was written.
  };
  /// That something was not seen in the window.
  struct Absence {
    std::string what;    ///< errors, logs, traces, metrics, changes, requests, anomalies
    std::string entity;  ///< Empty: anywhere.
  };
  std::string text;
  std::vector<std::string> evidence;
  std::vector<Quote> quotes;
  std::vector<Number> numbers;
  std::vector<Time> times;
  std::optional<Absence> absence;
  std::string cause;   ///< Evidence id: what brought `effect` about.
  std::string effect;  ///< Evidence id.
};

}  // namespace fa
