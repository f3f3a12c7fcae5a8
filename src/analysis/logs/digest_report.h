#pragma once

#include <string>
#include <vector>

#include "analysis/logs/activity_table.h"
#include "analysis/logs/name_table.h"
#include "analysis/logs/parameter_samples.h"
#include "analysis/logs/template_set.h"

namespace fa {

/// A service and instance by their numbers in the digester's name tables.
struct LogSource {
  std::uint32_t service = 0;
  std::uint32_t instance = 0;
};

/// What the digester counted, for the report of it.
struct CountedLogs {
  const MinedTemplates& mined;
  const ShapeTable& shapes;
  const ActivityTable& activities;
  const ParameterSamples& parameters;
  const std::vector<LogSource>& sources;
  const std::vector<std::string>& services;
  const std::vector<std::string>& instances;
};

/// Puts the counts of shapes together by template, service and instance, in the order LogDigest promises, and finds
/// the parameters that moved.
[[nodiscard]] std::vector<TemplateActivity> report_activities(const CountedLogs& logs);

}  // namespace fa
