#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/logs/shape_table.h"

namespace fa {

/// Where a `<*>` of a template comes from in one of its shapes.
struct SlotOrigin {
  std::uint32_t token = 0;  ///< Token of the shape.
  std::string constant;     ///< The shape's own text there, when it is a word to the shape; empty for its values.
};

/// One template per shape, before equal ones are put together.
struct ClusteredShape {
  std::string pattern;            ///< Valid UTF-8.
  std::vector<SlotOrigin> slots;  ///< One per `<*>` of the pattern, in order.
};

/// Finds the words that are variables: places where otherwise equal shapes differ in many words, or where some of them
/// hold a value. Words few of which alternate (`opened`/`closed`, `up`/`down`) stay apart. A function of the set of
/// shapes alone; O(shapes * tokens * log(shapes)).
[[nodiscard]] std::vector<ClusteredShape> cluster_shapes(const ShapeTable& table);

}  // namespace fa
