#include "model/report.h"

#include <array>

namespace fa {
namespace {

// Indexed by the enums' values; report_test.cpp walks every value both ways.
constexpr std::array<std::string_view, 2> kLanguageNames = {"en", "ja"};

constexpr std::array<std::string_view, kMechanismCount> kMechanismNames = {
    "cpu_saturation",
    "memory_pressure",
    "disk_full",
    "network_delay",
    "network_partition",
    "dependency_timeout",
    "dependency_error",
    "dependency_slow",
    "code_exception",
    "wrong_result",
    "slow_processing",
    "config_change",
    "deployment",
    "throttling",
    "certificate",
    "dns",
    "authentication",
    "connection_pool_exhausted",
    "resource_exhaustion",
    "crash",
    "traffic_surge",
    "traffic_drop",
    "unknown",
};
constexpr std::array<std::string_view, 3> kVerdictNames = {"incident", "no_incident", "cannot_tell"};
constexpr std::array<std::string_view, 5> kSeverityNames = {"none", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 5> kEvidenceKindNames = {"log", "metric", "trace", "change", "topology"};
constexpr std::array<std::string_view, 4> kStatusNames = {"proposed", "verified", "refuted", "untested"};
constexpr std::array<std::string_view, 3> kCheckNames = {"unchecked", "passed", "failed"};

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view("unknown");
}

}  // namespace

std::string_view language_name(Language language) { return name_of(kLanguageNames, language); }

std::optional<Language> language_from_name(std::string_view name) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    if (language_name(language) == name) return language;
  }
  return std::nullopt;
}

std::string_view mechanism_name(Mechanism mechanism) { return name_of(kMechanismNames, mechanism); }

std::optional<Mechanism> mechanism_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kMechanismNames.size(); ++i) {
    if (kMechanismNames[i] == name) return static_cast<Mechanism>(i);
  }
  return std::nullopt;
}

std::string_view verdict_name(Verdict v) { return name_of(kVerdictNames, v); }
std::string_view severity_name(ReportSeverity s) { return name_of(kSeverityNames, s); }
std::string_view evidence_kind_name(EvidenceKind k) { return name_of(kEvidenceKindNames, k); }
std::string_view hypothesis_status_name(HypothesisStatus s) { return name_of(kStatusNames, s); }
std::string_view check_status_name(CheckStatus s) { return name_of(kCheckNames, s); }

const Evidence* Report::find_evidence(std::string_view id) const {
  for (const Evidence& item : evidence) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

}  // namespace fa
