#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "formats/prometheus_labels.h"

/// The text a Prometheus exporter answers a scrape with: the exposition format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/) and OpenMetrics 1.0, line by line. Pure.
namespace fa {

struct PrometheusSample {
  std::string name;
  PrometheusLabels labels;
  double value = 0;                    ///< Perhaps NaN or infinite.
  std::optional<TimePoint> time = {};  ///< Scrapes usually have none.
};

/// `http_requests_total{code="200"} 1027 1395066363000`; nullopt for any other line.
[[nodiscard]] std::optional<PrometheusSample> parse_prometheus_sample(std::string_view line);

/// Name and kind of `# TYPE http_requests_total counter`; nullopt for any other line.
struct PrometheusType {
  std::string_view name;
  std::string_view kind;
};
[[nodiscard]] std::optional<PrometheusType> parse_prometheus_type(std::string_view line);

/// Whether these lines are such a text: samples and comments, and at least one kind of a metric.
[[nodiscard]] bool is_prometheus_text(const std::vector<std::string_view>& lines);

}  // namespace fa
