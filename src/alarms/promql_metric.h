#pragma once

#include <string>
#include <string_view>

namespace fa::alarms {

/// The only metric in a PromQL expression; empty where there is none, more than one, or the text cannot be followed.
[[nodiscard]] std::string only_metric_of(std::string_view expression);

/// The expression in the address of a Prometheus graph (`.../graph?g0.expr=...`); empty where there is none.
[[nodiscard]] std::string expression_of_graph(std::string_view url);

}  // namespace fa::alarms
