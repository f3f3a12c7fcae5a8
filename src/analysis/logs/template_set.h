#pragma once

#include "analysis/logs/shape_cluster.h"
#include "analysis/logs/template_miner.h"

namespace fa {

/// Templates, and for each shape where its template's variables come from.
struct MinedTemplates {
  TemplateSet set;
  std::vector<std::vector<SlotOrigin>> slots_of_shape;  ///< Indexed by ShapeId.
};

/// Clusters the shapes of a table and puts equal patterns together.
[[nodiscard]] MinedTemplates build_templates(const ShapeTable& table);

}  // namespace fa
