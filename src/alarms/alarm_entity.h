#pragma once

#include <map>
#include <string>

/// Whom an alarm is about, as its dimensions or labels tell.
namespace fa::alarms {

/// The most specific dimension of a CloudWatch metric that a user would call a service or a resource; empty without
/// dimensions. As collected metrics are named (formats/metric_entity.h), so that the names agree.
[[nodiscard]] std::string entity_of_dimensions(const std::map<std::string, std::string>& dimensions);

/// The label that names the failing service of a Prometheus alert or a tagged monitor; empty where none does. What
/// only carries metrics of others (an exporter) is not taken for it.
[[nodiscard]] std::string entity_of_labels(const std::map<std::string, std::string>& labels);

}  // namespace fa::alarms
