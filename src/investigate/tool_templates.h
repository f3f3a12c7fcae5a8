#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/logs/template_miner.h"
#include "base/result.h"
#include "investigate/tool_support.h"

namespace fa::tools {

/// Tells whether a message belongs to a template, by the template's words: a digest keeps no shapes to look messages up
/// by. Where a more exact template of the set fits as well, the message is that one's. Immutable; thread-safe.
class TemplateMatcher {
 public:
  /// `templates` is not kept.
  TemplateMatcher(const TemplateSet& templates, TemplateId id);
  ~TemplateMatcher();
  TemplateMatcher(TemplateMatcher&&) noexcept;
  TemplateMatcher& operator=(TemplateMatcher&&) noexcept;

  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The most exact template of the set that a message fits; nullopt where it fits none. O(templates).
std::optional<TemplateId> template_of_message(const TemplateSet& templates, std::string_view message);

/// What a call's parameter names: a template's id, or the id of a log item whose template is meant. kNotFound and
/// kInvalidInput say what may be given.
Result<TemplateId> template_named(const World& world, std::string_view parameter, std::string_view name);

}  // namespace fa::tools
