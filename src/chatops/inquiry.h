#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/report.h"

/// What can be asked for beside the analysis of an incident. Plain values.
namespace fa::chatops {

enum class InquiryKind {
  kInsight,   ///< An answer to a question about metrics.
  kFindings,  ///< A report on security findings.
};
/// Stable names: `insight`, `findings`.
[[nodiscard]] std::string_view inquiry_name(InquiryKind kind);
[[nodiscard]] std::optional<InquiryKind> inquiry_kind_from_name(std::string_view name);

/// Severities of security findings as Security Hub labels them, worst first
/// (https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity).
enum class FindingSeverity { kCritical, kHigh, kMedium, kLow, kInformational };
inline constexpr FindingSeverity kFindingSeverities[] = {FindingSeverity::kCritical, FindingSeverity::kHigh,
                                                         FindingSeverity::kMedium, FindingSeverity::kLow,
                                                         FindingSeverity::kInformational};
/// Stable names: `critical`, `high`, ...
[[nodiscard]] std::string_view finding_severity_name(FindingSeverity severity);
[[nodiscard]] std::optional<FindingSeverity> finding_severity_from_name(std::string_view name);

/// CloudWatch keeps metrics for so long, and the security services less.
inline constexpr int kMostInquiryDays = 455;
/// Where nobody says how many.
inline constexpr int kInsightDays = 3;
inline constexpr int kFindingsDays = 30;

struct Inquiry {
  InquiryKind kind = InquiryKind::kInsight;
  std::string question;                              ///< kInsight
  FindingSeverity least = FindingSeverity::kMedium;  ///< kFindings: this and what is worse.
  int days = kInsightDays;                           ///< Up to now; 1 to kMostInquiryDays.
  std::optional<Language> language = std::nullopt;   ///< Of the answer; nullopt: as whoever asks reads.
};

/// What somebody wrote behind a command: `--days N`, `--severity NAME` and `--lang en|ja` are taken out of it, what
/// remains is the question. Values that are none stay in the question, where the form shows them.
[[nodiscard]] Inquiry inquiry_from_text(InquiryKind kind, std::string_view text);

}  // namespace fa::chatops
