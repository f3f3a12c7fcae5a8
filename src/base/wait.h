#pragma once

#include "base/context.h"
#include "base/time.h"

namespace fa {

/// Waits on purpose (backing off, polling). Injected, so that tests never sleep. Thread-safe.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  /// Returns true after `duration`, false as soon as the context is stopped or its deadline passes. A wait that would
  /// end behind the deadline returns false at once.
  virtual bool sleep(Nanoseconds duration, const Context& context) = 0;
};

class SystemSleeper final : public Sleeper {
 public:
  bool sleep(Nanoseconds duration, const Context& context) override;
};

/// Source of randomness for jitter and ids, never for results. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  /// Uniform in [0, 1).
  virtual double uniform() = 0;
};

class SystemRandom final : public Random {
 public:
  double uniform() override;
};

}  // namespace fa
