#include "analysis/logs/template_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/hash.h"

namespace fa {

MinedTemplates build_templates(const ShapeTable& table) {
  std::vector<ClusteredShape> shapes = cluster_shapes(table);
  std::vector<ShapeId> order(shapes.size());
  std::iota(order.begin(), order.end(), ShapeId{0});
  std::sort(order.begin(), order.end(), [&](ShapeId a, ShapeId b) { return shapes[a].pattern < shapes[b].pattern; });
  MinedTemplates out;
  out.set.overflowed_messages = table.overflowed_messages();
  out.set.template_of_shape.resize(shapes.size());
  out.slots_of_shape.resize(shapes.size());
  std::set<std::string> ids;
  for (const ShapeId shape : order) {
    auto& templates = out.set.templates;
    if (templates.empty() || templates.back().pattern != shapes[shape].pattern) {
      LogTemplate& added = templates.emplace_back();
      added.pattern = shapes[shape].pattern;
      // Two patterns with one hash would be one thing to a reader: the second in order takes the next hash.
      std::uint64_t seed = 0;
      do {
        added.id = fmt::format("{:08x}", static_cast<std::uint32_t>(stable_hash(added.pattern, seed++)));
      } while (!ids.insert(added.id).second);
    }
    templates.back().count += table.count(shape);
    out.set.template_of_shape[shape] = static_cast<TemplateId>(templates.size() - 1);
    out.slots_of_shape[shape] = std::move(shapes[shape].slots);
  }
  return out;
}

}  // namespace fa
