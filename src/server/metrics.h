#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace fa::server {

/// Counters, gauges and histograms for `/metrics` (Prometheus text format 0.0.4), by prometheus-cpp. Names and help
/// texts are ours and few; label values must come from closed sets (a method, a state), never from users. Thread-safe.
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Every name must have been described; else std::logic_error.
  void describe_counter(const std::string& name, const std::string& help);
  void describe_gauge(const std::string& name, const std::string& help);
  /// Seconds, from 1 ms to 10 minutes.
  void describe_histogram(const std::string& name, const std::string& help);

  void add(const std::string& name, double amount = 1, const Labels& labels = {});
  void set(const std::string& name, double value, const Labels& labels = {});  ///< Gauges.
  void observe(const std::string& name, double seconds, const Labels& labels = {});
  [[nodiscard]] std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fa::server
