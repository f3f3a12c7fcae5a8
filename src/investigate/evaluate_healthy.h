#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/context.h"
#include "base/time.h"
#include "investigate/evaluate.h"

namespace fa {

/// Investigates stretches of baselines as if they were incidents. Windows are as long as the incident's, or half of the
/// baseline where that is shorter, and follow each other; each is compared with the rest of its baseline. A baseline
/// that several incidents of a set share is used once.
class HealthyWindows {
 public:
  HealthyWindows(const Clock& clock, const Context& context) : clock_(clock), context_(context) {}

  /// Adds the windows of the baseline that `folder`'s incident file names, unless they were added before.
  void add(const std::string& set, const std::filesystem::path& folder);
  [[nodiscard]] std::vector<HealthyWindow> take();

 private:
  void investigate_window(const std::string& set, const std::vector<std::string>& files, TimeRange window,
                          TimeRange baseline);

  const Clock& clock_;
  const Context& context_;
  std::set<std::tuple<std::string, TimePoint, TimePoint>> seen_;
  std::vector<HealthyWindow> windows_;
};

}  // namespace fa
