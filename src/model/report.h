#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/locator.h"
#include "model/narrative.h"
#include "model/topology.h"

namespace fa {

enum class Language { kEnglish, kJapanese };

/// As files, options and reports spell it: `en`, `ja`.
std::string_view language_name(Language language);
std::optional<Language> language_from_name(std::string_view name);

/// The closed vocabulary of what can go wrong; docs/formats/mechanisms.md says what each means.
enum class Mechanism {
  kCpuSaturation,
  kMemoryPressure,
  kDiskFull,
  kNetworkDelay,
  kNetworkPartition,
  kDependencyTimeout,
  kDependencyError,
  kDependencySlow,
  kCodeException,
  kWrongResult,
  kSlowProcessing,
  kConfigChange,
  kDeployment,
  kThrottling,
  kCertificate,
  kDns,
  kAuthentication,
  kConnectionPoolExhausted,
  kResourceExhaustion,
  kCrash,
  kTrafficSurge,
  kTrafficDrop,
  kUnknown,
};
inline constexpr std::size_t kMechanismCount = static_cast<std::size_t>(Mechanism::kUnknown) + 1;

/// `cpu_saturation`, ...: the stable name used in JSON.
std::string_view mechanism_name(Mechanism mechanism);
std::optional<Mechanism> mechanism_from_name(std::string_view name);

enum class Verdict { kIncident, kNoIncident, kCannotTell };
enum class ReportSeverity { kNone, kLow, kMedium, kHigh, kCritical };
enum class EvidenceKind { kLog, kMetric, kTrace, kChange, kTopology };
enum class HypothesisStatus { kProposed, kVerified, kRefuted, kUntested };
/// Outcome of re-reading the bytes behind an evidence item.
enum class CheckStatus { kUnchecked, kPassed, kFailed };

std::string_view verdict_name(Verdict v);
std::string_view severity_name(ReportSeverity s);
std::string_view evidence_kind_name(EvidenceKind k);
std::string_view hypothesis_status_name(HypothesisStatus s);
std::string_view check_status_name(CheckStatus s);

/// What is said to be at fault. `service` is the source's own name, unsplit.
struct Subject {
  std::string service;
  std::string instance;   ///< Pod, host, container; empty when the whole service.
  std::string component;  ///< Endpoint, database, operation, ... inside or called by it; empty when not narrowed.
};

/// Between which two log templates or spans the flow broke.
struct BreakLocation {
  std::string from;
  std::string to;
  [[nodiscard]] bool known() const { return !from.empty() || !to.empty(); }
};

/// A number a claim rests on; verify recomputes it from the stored bytes.
struct Fact {
  std::string name;  ///< count_window, count_baseline, median_window, median_baseline, peak_window, share_window, ...
  double value = 0;
  std::string unit;
};

/// A small time series for charts: equal steps over `range`; a missing value is nullopt.
struct ChartSeries {
  TimeRange range;
  std::vector<std::optional<double>> values;
  std::string unit;
};

struct Evidence {
  std::string id;  ///< L3, M2, T1, C4, G1: unique in the report.
  EvidenceKind kind = EvidenceKind::kLog;
  std::string entity;        ///< Service (or peer) it is about.
  TimePoint time = kNoTime;  ///< Of the quoted record or of the onset.
  std::string claim;         ///< One sentence in the report's language.
  std::string excerpt;       ///< Verbatim; empty when there are no words to quote.
  Locator locator;           ///< Where the excerpt's (or series', span's) bytes are.
  std::string sha256;        ///< Of the bytes at the locator.
  std::string reproduce;     ///< Command line, query or console path that shows the same bytes.
  std::string key;           ///< What the facts are about, in the digest's terms (template id, series id, operation).
  std::vector<Fact> facts;
  std::optional<ChartSeries> window_chart;
  std::optional<ChartSeries> baseline_chart;
  CheckStatus check = CheckStatus::kUnchecked;
  std::string check_reason;  ///< Why the check failed, in the report's language.
};

struct Hypothesis {
  int rank = 0;  ///< From 1, strict.
  Subject subject;
  Mechanism mechanism = Mechanism::kUnknown;
  BreakLocation location;
  std::string statement;                 ///< In the report's language.
  double score = 0;                      ///< For ordering; larger is likelier.
  double confidence = 0;                 ///< 0..1: probability that subject is right.
  std::vector<std::string> supports;     ///< Evidence ids, most decisive first.
  std::vector<std::string> contradicts;  ///< Evidence ids.
  HypothesisStatus status = HypothesisStatus::kProposed;
};

struct TimelineEntry {
  TimePoint time = kNoTime;
  std::string text;
  std::string evidence_id;  ///< Empty for entries of the study itself (window begins, ...).
};

struct Impact {
  std::string summary;                ///< One or two sentences: who was hit, how much, since when.
  std::vector<std::string> affected;  ///< Entities with symptoms, worst first.
  std::optional<TimePoint> since;
};

/// What was read of one source.
struct CoverageItem {
  std::string source;  ///< Path or query.
  std::string format;  ///< `otlp`, `text`, ..., `unrecognised`.
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;      ///< Decompressed.
  std::uint64_t skipped = 0;    ///< Records that could not be used.
  std::uint64_t truncated = 0;  ///< Records used but cut.
  TimeRange range;              ///< First to last record time (end inclusive); empty when undated.
  std::string note;             ///< First reason for skipping, or the first bytes and the reason when unrecognised.
};

/// Something that could not be seen, and what that means for the answer.
struct Gap {
  std::string source;
  TimeRange range;
  std::string error;
  std::string impact;
};

struct ActionItem {
  std::string text;
  std::vector<std::string> evidence;
};

struct Alarm {
  std::string entity;
  std::string metric;
  std::string statistic;
  std::optional<TimePoint> time;
};

struct IncidentInfo {
  std::string id;
  std::string description;
  TimeRange window;
  TimeRange baseline;         ///< Empty when none was found.
  bool window_given = false;  ///< False: found from the data.
  bool baseline_given = false;
  std::optional<TimePoint> onset;
  std::optional<Alarm> alarm;
};

struct Verification {
  std::uint64_t checked = 0;
  std::uint64_t passed = 0;
};

/// What asking one source took.
struct SourceUsage {
  std::string source;
  std::uint64_t calls = 0;
  std::uint64_t scanned_bytes = 0;  ///< By queries on the service's side.
  std::uint64_t fetched_bytes = 0;
  double cost_usd = 0;
};

struct Usage {
  std::uint64_t bytes_read = 0;
  std::uint64_t records_read = 0;
  std::uint64_t model_input_tokens = 0;
  std::uint64_t model_output_tokens = 0;
  double cost_usd = 0;  ///< Of everything together.
  std::uint64_t api_calls = 0;
  std::string prices_of = {};  ///< Day of the price list behind cost_usd; empty when nothing was priced.
  std::vector<SourceUsage> sources = {};
};

/// How something was decided while collecting; no gap, but worth knowing.
struct Note {
  std::string source;
  std::string text;
};

/// Everything a rendering shows. Plain values; holds no pointer into telemetry.
struct Report {
  static constexpr std::string_view kSchemaVersion = "1.3";
  Language language = Language::kEnglish;
  IncidentInfo incident;
  Verdict verdict = Verdict::kCannotTell;
  std::string headline;
  ReportSeverity severity = ReportSeverity::kNone;
  Impact impact;
  std::vector<Hypothesis> hypotheses;
  std::vector<Evidence> evidence;  ///< Most decisive first.
  std::vector<TimelineEntry> timeline;
  std::vector<ActionItem> actions;
  std::vector<ActionItem> prevention;
  std::vector<CoverageItem> coverage;
  std::vector<Gap> gaps;
  std::vector<std::string> questions;  ///< Queries that would settle what is open ("what would tell").
  TopologyView topology;
  Verification verification;
  Usage usage;
  std::string identity;                ///< Who asked the live sources (an ARN); empty when there were none.
  std::vector<Note> notes;             ///< How the collection went.
  std::optional<Narrative> narrative;  ///< What a model added, where one was asked.
  std::vector<SimilarView> similar;    ///< Past incidents like this one, most alike first.
  std::vector<PassageView> passages;   ///< Of the team's documents.
  std::string fa2_version;
  std::string memory_version;  ///< Hash of the past incidents and documents that were an input; empty without.

  [[nodiscard]] const Evidence* find_evidence(std::string_view id) const;
};

}  // namespace fa
