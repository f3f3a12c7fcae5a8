#include "server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <stdexcept>
#include <utility>

namespace fa::server {
namespace {

template <class Metric>
using Families = std::map<std::string, prometheus::Family<Metric>*>;

const prometheus::Histogram::BucketBoundaries kSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                          1,     2.5,    5,     10,   30,    60,   120, 300,  600};

template <class Metric>
prometheus::Family<Metric>& described(const Families<Metric>& families, const std::string& name) {
  const auto found = families.find(name);
  if (found == families.end()) throw std::logic_error("metric " + name + " was not described as this kind");
  return *found->second;
}

}  // namespace

struct Metrics::State {
  template <class Metric, class Builder>
  void describe(Families<Metric>& families, Builder builder, const std::string& name, const std::string& help) {
    const std::lock_guard lock(mutex);
    if (counters.contains(name) || gauges.contains(name) || histograms.contains(name)) {
      throw std::logic_error("metric " + name + " was described twice");
    }
    families[name] = &builder.Name(name).Help(help).Register(registry);
  }

  mutable std::mutex mutex;  ///< Of the maps; prometheus-cpp locks for itself.
  prometheus::Registry registry;
  Families<prometheus::Counter> counters;
  Families<prometheus::Gauge> gauges;
  Families<prometheus::Histogram> histograms;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::describe_counter(const std::string& name, const std::string& help) {
  state_->describe(state_->counters, prometheus::BuildCounter(), name, help);
}
void Metrics::describe_gauge(const std::string& name, const std::string& help) {
  state_->describe(state_->gauges, prometheus::BuildGauge(), name, help);
}
void Metrics::describe_histogram(const std::string& name, const std::string& help) {
  state_->describe(state_->histograms, prometheus::BuildHistogram(), name, help);
}

void Metrics::add(const std::string& name, double amount, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  described(state_->counters, name).Add(labels).Increment(amount);
}

void Metrics::set(const std::string& name, double value, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  described(state_->gauges, name).Add(labels).Set(value);
}

void Metrics::observe(const std::string& name, double seconds, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  described(state_->histograms, name).Add(labels, kSeconds).Observe(seconds);
}

std::string Metrics::text() const {
  const prometheus::TextSerializer serializer;
  return serializer.Serialize(state_->registry.Collect());
}

}  // namespace fa::server
