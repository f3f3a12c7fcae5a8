#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

/// What FA2 keeps between runs, in one SQLite file: past incidents, documents, and what models cost. No SQL elsewhere.
namespace fa {

/// A piece of a document, long enough to be read by itself.
struct Passage {
  std::int64_t id = 0;
  std::string document;  ///< Path as it was added.
  std::string heading;   ///< The headings it stands under, ` > ` between them; may be empty.
  std::string text;
  std::uint64_t first_line = 0;  ///< In the document (in its text, for PDF).
  double score = 0;              ///< BM25, larger is better.
};

struct DocumentInfo {
  std::string path;
  std::string sha256;  ///< Of the file.
  std::uint64_t passages = 0;
};

/// What makes an incident recognisable: words that say what was seen, heavier where they say more.
struct IncidentFeature {
  std::string name;  ///< `template:...`, `entity:...`, `mechanism:...`, `metric:...`
  double weight = 1;
};

struct PastIncident {
  std::string id;
  TimePoint kept_at = kNoTime;  ///< When it was last investigated.
  std::string description;
  TimePoint window_begin = kNoTime;
  TimePoint window_end = kNoTime;
  std::string headline;
  std::string subject;    ///< Service at rank 1.
  std::string mechanism;  ///< Stable name, at rank 1.
  std::string request;    ///< JSON: how to investigate it again.
  std::string report;     ///< JSON of the report.
  std::vector<IncidentFeature> features;
  /// What people said of it afterwards.
  enum class Outcome { kOpen, kConfirmed, kRejected } outcome = Outcome::kOpen;
  std::string cause;  ///< Confirmed: what it really was.
  std::string fix;    ///< What mended it.
  TimePoint decided_at = kNoTime;
};

struct SimilarIncident {
  PastIncident incident;            ///< Without `report` and `request`.
  double similarity = 0;            ///< 0..1
  std::vector<std::string> shared;  ///< Names of the heaviest features both have, at most five.
};

struct ConversationTurn {
  std::string question;
  std::string answer;  ///< As it was shown.
};

/// One connection; not thread-safe: one Store per thread. Several processes may use the file at once.
/// Errors: kUnreadable (no file of ours, damaged, cannot be written), kUnavailable (locked for too long), kNotFound.
class Store {
 public:
  /// Opens the file, or makes it. A file of a newer FA2 is refused; one of an older is brought up to date.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path);
  virtual ~Store() = default;

  // Documents.
  /// Replaces what is known of `path`. The passages come from cut_document().
  virtual Result<void> put_document(const DocumentInfo& info, const std::vector<Passage>& passages) = 0;
  virtual Result<bool> remove_document(const std::string& path) = 0;
  virtual Result<std::vector<DocumentInfo>> documents() = 0;
  /// The passages that answer best, best first; equal ones in order of (document, line). Words of two characters are
  /// found in Japanese; English ones whole, case aside. A query without words finds nothing.
  virtual Result<std::vector<Passage>> search_passages(std::string_view query, std::size_t limit) = 0;

  // Incidents.
  /// Keeps an incident, or what is new of it: what people decided of one with the same id stays.
  virtual Result<void> put_incident(const PastIncident& incident) = 0;
  virtual Result<PastIncident> incident(const std::string& id) = 0;
  /// All, newest window first, without `report` and `request`.
  virtual Result<std::vector<PastIncident>> incidents() = 0;
  virtual Result<void> decide(const std::string& id, PastIncident::Outcome outcome, const std::string& cause,
                              const std::string& fix, TimePoint when) = 0;
  /// Past incidents like these features, best first, rejected ones and `except` left out: cosine of the features, each
  /// weighed by how few incidents have it. Below `least` is not similar.
  virtual Result<std::vector<SimilarIncident>> similar(const std::vector<IncidentFeature>& features,
                                                       const std::string& except, std::size_t limit, double least) = 0;

  // Conversations on an incident.
  virtual Result<void> add_turn(const std::string& incident, const ConversationTurn& turn) = 0;
  virtual Result<std::vector<ConversationTurn>> turns(const std::string& incident) = 0;

  // Spending.
  /// Adds to a month's (`2026-11`, UTC) account what a call will cost at the most, unless the month would then go
  /// beyond `limit_usd`: kLimit, nothing added. One transaction: several processes cannot overspend together.
  virtual Result<void> reserve_spending(const std::string& month, double usd, double limit_usd) = 0;
  /// Corrects a reservation by what the call really cost.
  virtual Result<void> settle_spending(const std::string& month, double reserved_usd, double used_usd) = 0;
  virtual Result<double> spent(const std::string& month) = 0;

  /// SHA-256 over everything that can change a report: documents, incidents and decisions; not over spending and
  /// conversations, nor over `kept_at`, `request` and `report` of incidents (the same investigation made again must not
  /// change it). The same contents give the same hash, whatever the order they came in.
  virtual Result<std::string> content_hash(const std::string& except = {}) = 0;
};

}  // namespace fa
