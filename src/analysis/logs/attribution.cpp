#include "analysis/logs/attribution.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/text/failure_reading.h"
#include "analysis/text/named_subject.h"
#include "base/text.h"

namespace fa {
namespace {

/// `task_memcg=/system.slice/quotes.service,task=java`: which unit a killed process belonged to. Several may run the
/// same program; what is then killed of it is not known by its name.
std::map<std::string, std::string> units_of_processes(const LogDigest& digest) {
  std::map<std::string, std::set<std::string>> units;
  for (const TemplateActivity& a : digest.activities) {
    for (const LogSample& s : a.window_samples) {
      const std::size_t task = s.text.find(",task=");
      if (task == std::string::npos) continue;
      const std::size_t begin = task + 6;
      const std::string process = s.text.substr(begin, s.text.find(',', begin) - begin);
      const std::string unit = subject_named_in(s.text);
      if (!process.empty() && !unit.empty() && unit != process) units[process].insert(unit);
    }
  }
  std::map<std::string, std::string> sure;
  for (const auto& [process, names] : units) {
    if (names.size() == 1) sure.emplace(process, *names.begin());
  }
  return sure;
}

std::string subject_of(const std::string& service, const std::vector<LogSample>& samples) {
  const bool observer = is_observer(service);
  for (const LogSample& s : samples) {
    const FailureReading reading = read_failure(s.text);
    if (reading.telling == Telling::kNothing) continue;
    std::string named = speaker_named_in(trim(reading.line));
    if (named.empty() && observer) named = subject_named_in(s.text);
    if (!named.empty()) return named;
  }
  return {};
}

}  // namespace

void attribute_to_named(LogDigest& digest) {
  const std::map<std::string, std::string> units = units_of_processes(digest);
  bool changed = false;
  for (TemplateActivity& a : digest.activities) {
    std::string named = subject_of(a.service, a.window_samples.empty() ? a.baseline_samples : a.window_samples);
    if (const auto unit = units.find(named); unit != units.end()) named = unit->second;
    if (named.empty() || named == a.service) continue;
    a.service = std::move(named);
    changed = true;
  }
  if (!changed) return;
  const auto key = [](const TemplateActivity& a) { return std::tie(a.template_id, a.service, a.instance); };
  std::stable_sort(digest.activities.begin(), digest.activities.end(),
                   [&](const TemplateActivity& a, const TemplateActivity& b) { return key(a) < key(b); });
  // Two observers may say the same of one: the first tells enough, with the numbers of both.
  std::vector<TemplateActivity> unique;
  for (TemplateActivity& a : digest.activities) {
    if (!unique.empty() && key(unique.back()) == key(a)) {
      for (std::size_t p = 0; p < kPeriodCount; ++p) unique.back().counts[p] += a.counts[p];
    } else {
      unique.push_back(std::move(a));
    }
  }
  digest.activities = std::move(unique);
}

}  // namespace fa
