/// Two phases. `add` scans a message once (message_scan.h): words stay, variables are masked, and the hash of the
/// resulting shape finds its counter (shape_table.h). `finish` looks only at the distinct shapes (shape_cluster.h).
/// Of a multi-line message the first line with something in it decides.
#include "analysis/logs/template_miner.h"

#include "analysis/logs/shape_table.h"
#include "analysis/logs/template_set.h"

namespace fa {

struct TemplateMiner::Impl {
  ShapeCounter counter;
};

TemplateMiner::TemplateMiner() : impl_(std::make_unique<Impl>()) {}
TemplateMiner::~TemplateMiner() = default;
TemplateMiner::TemplateMiner(TemplateMiner&&) noexcept = default;
TemplateMiner& TemplateMiner::operator=(TemplateMiner&&) noexcept = default;

ShapeId TemplateMiner::add(std::string_view message, std::uint64_t occurrences, std::uint64_t form) {
  return impl_->counter.add(message, occurrences, form);
}

std::vector<ShapeId> TemplateMiner::merge(const TemplateMiner& other) {
  return impl_->counter.shapes.merge(other.impl_->counter.shapes);
}

std::size_t TemplateMiner::shape_count() const { return impl_->counter.shapes.size(); }

TemplateSet TemplateMiner::finish() const { return build_templates(impl_->counter.shapes).set; }

}  // namespace fa
