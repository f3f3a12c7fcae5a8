#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the `pattern` command of Logs Insights finds, compared between window and baseline. Pure.
///
/// Output of the command (CloudWatch Logs user guide, "pattern"): @pattern, the shared text with `<*>`, `<Token-1>` or
/// `<Type-2>` for what varies; @ratio, the share of all events; @sampleCount, how many events; @severityLabel.
namespace fa::logs {

using Row = std::vector<std::pair<std::string, std::string>>;  ///< field, value

/// A pattern of one period.
struct MinedPattern {
  std::string text;      ///< Every variable as `<*>`.
  std::string severity;  ///< As the service labels it; may be empty.
  double lines = 0;
};

/// A pattern of window and baseline together.
struct PatternChange {
  enum class Kind {
    kNewFailure,  ///< New or far more frequent, and its severity or words are those of a failure.
    kNew,
    kSurged,
    kVanished,
    kFell,
    kFailure,  ///< A failure about as frequent as ever.
    kSteady,   ///< Does not stand out.
  };
  std::string text;
  Kind kind = Kind::kSteady;
  double window = 0;    ///< Lines.
  double baseline = 0;  ///< Lines.
};

/// Variables in `<...>` of any kind become `<*>`; neighbours of them become one.
std::string normal_pattern(std::string_view text);

/// The patterns of an answer, the same texts added up. `matched`: events that were looked at, by which counts of a
/// sample are scaled up.
std::vector<MinedPattern> read_patterns(const std::vector<Row>& rows, double matched);

/// Share of the events looked at that the patterns' counts cover; below 1 the service has mined a sample.
double pattern_coverage(const std::vector<Row>& rows, double matched);

/// Every pattern of both periods with what became of it, those that stand out first: by kind, then by how much. The
/// lengths of the periods are in hours; a pattern that one period words differently (more or fewer variables) is
/// compared with what it covers or what covers it.
std::vector<PatternChange> compare_patterns(const std::vector<MinedPattern>& window, double window_hours,
                                            const std::vector<MinedPattern>& baseline, double baseline_hours);

/// True for labels and words of failures (error, fatal, exception, refused, timed out, ...).
bool names_failure(std::string_view severity, std::string_view text);

/// A regular expression (without the slashes around it) that the lines of such failures match, as Insights takes it.
extern const std::string_view kFailureRegex;

}  // namespace fa::logs
