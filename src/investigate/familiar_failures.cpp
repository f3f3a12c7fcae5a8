#include "investigate/familiar_failures.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"

namespace fa {
namespace {

using Counts = std::array<double, 2>;  // baseline, window

class FamiliarFailures {
 public:
  explicit FamiliarFailures(const Digest& digest)
      : digest_(digest),
        baseline_seconds_(digest.periods.baseline_seconds()),
        window_seconds_(digest.periods.window_seconds()) {
    for (const TemplateActivity& a : digest.logs.activities) {
      if (a.instance.empty()) add(templates_[digest.logs.templates.templates[a.template_id].id], a.counts);
    }
    for (const ExceptionActivity& e : digest.logs.exceptions) {
      add(exceptions_[masked(e.type + "|" + e.root_type + "|" + e.root_message)], e.counts);
    }
  }

  void discount(Finding& f) const {
    if (baseline_seconds_ <= 0 || window_seconds_ <= 0 || f.window <= 0) return;
    const bool words = f.kind == FindingKind::kLogNew || f.kind == FindingKind::kLogSurge;
    if (!words && f.kind != FindingKind::kException) return;
    const auto& table = words ? templates_ : exceptions_;
    const auto it = table.find(words ? f.key : masked(f.key));
    if (it == table.end()) return;
    const double own = 1 - std::min(1.0, f.baseline / f.window);
    const double before = it->second[0] / baseline_seconds_;
    const double now = it->second[1] / window_seconds_;
    const double system = now > before ? 1 - before / now : 0;
    if (system < own) f.effect *= system / own;
  }

 private:
  static void add(Counts& to, const std::array<std::uint64_t, kPeriodCount>& counts) {
    to[0] += static_cast<double>(counts[static_cast<std::size_t>(Period::kBaseline)]);
    to[1] += static_cast<double>(counts[static_cast<std::size_t>(Period::kWindow)]);
  }

  /// The message without the service it names: whom it is about differs, what happened is the same.
  [[nodiscard]] std::string masked(std::string text) const {
    for (std::string name = service_named_in(text, digest_.services); !name.empty();
         name = service_named_in(text, digest_.services)) {
      const std::size_t at = to_lower(text).find(to_lower(name));
      text.replace(at, name.size(), "<*>");
    }
    return text;
  }

  const Digest& digest_;
  double baseline_seconds_;
  double window_seconds_;
  std::map<std::string, Counts> templates_;
  std::map<std::string, Counts> exceptions_;
};

}  // namespace

void discount_familiar_failures(std::vector<Finding>& findings, const Digest& digest) {
  const FamiliarFailures familiar(digest);
  for (Finding& f : findings) familiar.discount(f);
}

}  // namespace fa
