#include "store/store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "store/database_file.h"
#include "store/similarity.h"
#include "store/words.h"

namespace fa {
namespace {

constexpr double kNanoUsd = 1e9;  ///< Money is kept as whole billionths: sums do not depend on their order.

constexpr const char* kIncidentColumns =
    "id, kept_at, description, window_begin, window_end, headline, subject, mechanism, outcome, cause, fix, decided_at";

/// Length before each text, so that no two lists of texts look the same.
void append_field(std::string& out, std::string_view text) {
  out += fmt::format("{}:", text.size());
  out += text;
}

std::string text_of(const SQLite::Column& column) { return column.getString(); }

PastIncident read_incident(SQLite::Statement& row) {
  PastIncident incident;
  incident.id = text_of(row.getColumn(0));
  incident.kept_at = from_unix_nanos(row.getColumn(1).getInt64());
  incident.description = text_of(row.getColumn(2));
  incident.window_begin = from_unix_nanos(row.getColumn(3).getInt64());
  incident.window_end = from_unix_nanos(row.getColumn(4).getInt64());
  incident.headline = text_of(row.getColumn(5));
  incident.subject = text_of(row.getColumn(6));
  incident.mechanism = text_of(row.getColumn(7));
  const int outcome = row.getColumn(8).getInt();
  incident.outcome = outcome == 1   ? PastIncident::Outcome::kConfirmed
                     : outcome == 2 ? PastIncident::Outcome::kRejected
                                    : PastIncident::Outcome::kOpen;
  incident.cause = text_of(row.getColumn(9));
  incident.fix = text_of(row.getColumn(10));
  incident.decided_at = from_unix_nanos(row.getColumn(11).getInt64());
  return incident;
}

int outcome_number(PastIncident::Outcome outcome) {
  switch (outcome) {
    case PastIncident::Outcome::kConfirmed:
      return 1;
    case PastIncident::Outcome::kRejected:
      return 2;
    default:
      return 0;
  }
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, std::unique_ptr<SQLite::Database> database)
      : path_(std::move(path)), opened_(std::move(database)), database_(*opened_) {}

  Result<void> put_document(const DocumentInfo& info, const std::vector<Passage>& passages) override {
    return guarded([&]() -> Result<void> {
      WriteTransaction transaction(database_);
      drop_document(info.path);
      SQLite::Statement document(database_, "INSERT INTO documents (path, sha256, passages) VALUES (?, ?, ?)");
      document.bind(1, info.path);
      document.bind(2, info.sha256);
      document.bind(3, static_cast<std::int64_t>(passages.size()));
      document.exec();
      SQLite::Statement passage(
          database_, "INSERT INTO passages (document, position, heading, text, first_line) VALUES (?, ?, ?, ?, ?)");
      SQLite::Statement words(database_, "INSERT INTO passage_words (rowid, words) VALUES (?, ?)");
      std::int64_t position = 0;
      for (const Passage& each : passages) {
        passage.bind(1, info.path);
        passage.bind(2, position++);
        passage.bind(3, each.heading);
        passage.bind(4, each.text);
        passage.bind(5, static_cast<std::int64_t>(each.first_line));
        passage.exec();
        passage.reset();
        std::string indexed;
        for (const std::string_view part : {std::string_view(each.heading), std::string_view(each.text)}) {
          for (const std::string& word : index_words(part)) indexed.append(word).append(" ");
        }
        words.bind(1, database_.getLastInsertRowid());
        words.bind(2, indexed);
        words.exec();
        words.reset();
      }
      transaction.commit();
      return {};
    });
  }

  Result<bool> remove_document(const std::string& path) override {
    return guarded([&]() -> Result<bool> {
      WriteTransaction transaction(database_);
      const bool known = drop_document(path);
      transaction.commit();
      return known;
    });
  }

  Result<std::vector<DocumentInfo>> documents() override {
    return guarded([this]() -> Result<std::vector<DocumentInfo>> {
      std::vector<DocumentInfo> all;
      SQLite::Statement row(database_, "SELECT path, sha256, passages FROM documents ORDER BY path");
      while (row.executeStep()) {
        all.push_back({text_of(row.getColumn(0)), text_of(row.getColumn(1)),
                       static_cast<std::uint64_t>(row.getColumn(2).getInt64())});
      }
      return all;
    });
  }

  Result<std::vector<Passage>> search_passages(std::string_view query, std::size_t limit) override {
    return guarded([&]() -> Result<std::vector<Passage>> {
      std::vector<Passage> found;
      // Each word as an FTS5 string: no word holds a quotation mark, and nothing of the query is syntax.
      std::string expression;
      for (const std::string& word : query_words(query)) {
        expression += fmt::format("{}\"{}\"", expression.empty() ? "" : " OR ", word);
      }
      if (expression.empty() || limit == 0) return found;
      SQLite::Statement row(
          database_,
          "SELECT p.id, p.document, p.heading, p.text, p.first_line, -bm25(passage_words) AS score "
          "FROM passage_words JOIN passages p ON p.id = passage_words.rowid "
          "WHERE passage_words MATCH ? ORDER BY score DESC, p.document, p.first_line, p.position LIMIT ?");
      row.bind(1, expression);
      row.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1'000'000)));
      while (row.executeStep()) {
        Passage passage;
        passage.id = row.getColumn(0).getInt64();
        passage.document = text_of(row.getColumn(1));
        passage.heading = text_of(row.getColumn(2));
        passage.text = text_of(row.getColumn(3));
        passage.first_line = static_cast<std::uint64_t>(row.getColumn(4).getInt64());
        passage.score = row.getColumn(5).getDouble();
        found.push_back(std::move(passage));
      }
      return found;
    });
  }

  Result<void> put_incident(const PastIncident& incident) override {
    return guarded([&]() -> Result<void> {
      WriteTransaction transaction(database_);
      SQLite::Statement put(
          database_,
          "INSERT INTO incidents (id, kept_at, description, window_begin, window_end, headline, subject, mechanism, "
          "request, report, outcome, cause, fix, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET kept_at = excluded.kept_at, description = excluded.description, "
          "window_begin = excluded.window_begin, window_end = excluded.window_end, headline = excluded.headline, "
          "subject = excluded.subject, mechanism = excluded.mechanism, request = excluded.request, "
          "report = excluded.report");
      put.bind(1, incident.id);
      put.bind(2, to_unix_nanos(incident.kept_at));
      put.bind(3, incident.description);
      put.bind(4, to_unix_nanos(incident.window_begin));
      put.bind(5, to_unix_nanos(incident.window_end));
      put.bind(6, incident.headline);
      put.bind(7, incident.subject);
      put.bind(8, incident.mechanism);
      put.bind(9, incident.request);
      put.bind(10, incident.report);
      put.bind(11, outcome_number(incident.outcome));
      put.bind(12, incident.cause);
      put.bind(13, incident.fix);
      put.bind(14, to_unix_nanos(incident.decided_at));
      put.exec();
      SQLite::Statement forget(database_, "DELETE FROM features WHERE incident = ?");
      forget.bind(1, incident.id);
      forget.exec();
      SQLite::Statement feature(database_, "INSERT INTO features (incident, name, weight) VALUES (?, ?, ?)");
      for (const auto& [name, weight] : weights_of(incident.features)) {
        feature.bind(1, incident.id);
        feature.bind(2, name);
        feature.bind(3, weight);
        feature.exec();
        feature.reset();
      }
      transaction.commit();
      return {};
    });
  }

  Result<PastIncident> incident(const std::string& id) override {
    return guarded([&]() -> Result<PastIncident> {
      SQLite::Statement row(database_,
                            fmt::format("SELECT {}, request, report FROM incidents WHERE id = ?", kIncidentColumns));
      row.bind(1, id);
      if (!row.executeStep()) return unknown_incident(id);
      PastIncident found = read_incident(row);
      found.request = text_of(row.getColumn(12));
      found.report = text_of(row.getColumn(13));
      found.features = features_of(id);
      return found;
    });
  }

  Result<std::vector<PastIncident>> incidents() override {
    return guarded([this]() -> Result<std::vector<PastIncident>> { return all_incidents("window_begin DESC, id"); });
  }

  Result<void> decide(const std::string& id, PastIncident::Outcome outcome, const std::string& cause,
                      const std::string& fix, TimePoint when) override {
    return guarded([&]() -> Result<void> {
      SQLite::Statement update(database_,
                               "UPDATE incidents SET outcome = ?, cause = ?, fix = ?, decided_at = ? WHERE id = ?");
      update.bind(1, outcome_number(outcome));
      update.bind(2, cause);
      update.bind(3, fix);
      update.bind(4, to_unix_nanos(when));
      update.bind(5, id);
      if (update.exec() == 0) return unknown_incident(id);
      return {};
    });
  }

  Result<std::vector<SimilarIncident>> similar(const std::vector<IncidentFeature>& features, const std::string& except,
                                               std::size_t limit, double least) override {
    return guarded([&]() -> Result<std::vector<SimilarIncident>> {
      std::vector<PastIncident> past = all_incidents("id");
      std::erase_if(past, [&except](const PastIncident& incident) {
        return incident.id == except || incident.outcome == PastIncident::Outcome::kRejected;
      });
      return most_similar(features, std::move(past), limit, least);
    });
  }

  Result<void> add_turn(const std::string& incident, const ConversationTurn& turn) override {
    return guarded([&]() -> Result<void> {
      SQLite::Statement add(
          database_, "INSERT INTO turns (incident, question, answer) SELECT id, ?, ? FROM incidents WHERE id = ?");
      add.bind(1, turn.question);
      add.bind(2, turn.answer);
      add.bind(3, incident);
      if (add.exec() == 0) return unknown_incident(incident);
      return {};
    });
  }

  Result<std::vector<ConversationTurn>> turns(const std::string& incident) override {
    return guarded([&]() -> Result<std::vector<ConversationTurn>> {
      std::vector<ConversationTurn> all;
      SQLite::Statement row(database_, "SELECT question, answer FROM turns WHERE incident = ? ORDER BY id");
      row.bind(1, incident);
      while (row.executeStep()) all.push_back({text_of(row.getColumn(0)), text_of(row.getColumn(1))});
      return all;
    });
  }

  Result<void> reserve_spending(const std::string& month, double usd, double limit_usd) override {
    if (!std::isfinite(usd) || usd < 0 || usd > 1e6 || std::isnan(limit_usd)) {
      return fail(ErrorCode::kInvalidInput, fmt::format("cannot reserve {} USD of a limit of {} USD", usd, limit_usd));
    }
    return guarded([&]() -> Result<void> {
      WriteTransaction transaction(database_);
      const std::int64_t before = nano_usd_of(month);
      const std::int64_t wanted = std::llround(std::ceil(usd * kNanoUsd));
      if (static_cast<double>(before + wanted) > limit_usd * kNanoUsd + 0.5) {
        return fail(
            ErrorCode::kLimit,
            fmt::format(
                "the limit of {:.2f} USD for {} would be passed: {:.4f} USD are spent or reserved, and the next "
                "call may cost {:.4f} USD; raise the monthly limit, or wait for the next month",
                limit_usd, month, static_cast<double>(before) / kNanoUsd, usd));
      }
      set_nano_usd(month, before + wanted);
      transaction.commit();
      return {};
    });
  }

  Result<void> settle_spending(const std::string& month, double reserved_usd, double used_usd) override {
    if (!std::isfinite(reserved_usd) || !std::isfinite(used_usd) || reserved_usd < 0 || used_usd < 0 ||
        used_usd > 1e6 || reserved_usd > 1e6) {
      return fail(ErrorCode::kInvalidInput, fmt::format("cannot settle {} USD of {} reserved", used_usd, reserved_usd));
    }
    return guarded([&]() -> Result<void> {
      WriteTransaction transaction(database_);
      const std::int64_t change =
          std::llround(std::ceil(used_usd * kNanoUsd)) - std::llround(std::ceil(reserved_usd * kNanoUsd));
      set_nano_usd(month, std::max<std::int64_t>(0, nano_usd_of(month) + change));
      transaction.commit();
      return {};
    });
  }

  Result<double> spent(const std::string& month) override {
    return guarded([&]() -> Result<double> { return static_cast<double>(nano_usd_of(month)) / kNanoUsd; });
  }

  Result<std::string> content_hash(const std::string& except) override {
    return guarded([&]() -> Result<std::string> {
      SQLite::Transaction snapshot(database_);  // one state of the file, whoever writes meanwhile
      std::string digests;
      const auto add = [&digests](const std::string& entry) { digests += sha256_hex(entry); };
      SQLite::Statement row(database_,
                            "SELECT d.path, d.sha256, p.heading, p.text, p.first_line FROM documents d "
                            "LEFT JOIN passages p ON p.document = d.path ORDER BY d.path, p.position");
      while (row.executeStep()) {
        std::string entry = "passage";
        for (int i = 0; i < 5; ++i) append_field(entry, text_of(row.getColumn(i)));
        add(entry);
      }
      for (const PastIncident& incident : all_incidents("id")) {
        if (incident.id == except) continue;
        std::string entry = "incident";
        // Not kept_at, headline, request and report: no other report shows them, and the same investigation made again
        // must not change what it was made from.
        for (const std::string& text :
             {incident.id, incident.description, incident.subject, incident.mechanism, incident.cause, incident.fix,
              fmt::format("{} {} {} {}", to_unix_nanos(incident.window_begin), to_unix_nanos(incident.window_end),
                          outcome_number(incident.outcome), to_unix_nanos(incident.decided_at))}) {
          append_field(entry, text);
        }
        for (const IncidentFeature& feature : incident.features) {
          append_field(entry, feature.name);
          append_field(entry, fmt::format("{}", feature.weight));
        }
        add(entry);
      }
      return sha256_hex(digests);
    });
  }

 private:
  /// Runs `work`, and words what SQLite throws.
  template <class Work>
  auto guarded(Work work) -> decltype(work()) {
    return guard_sqlite(path_, kStoreDatabase, std::move(work));
  }

  bool drop_document(const std::string& path) {
    SQLite::Statement words(database_,
                            "DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passages WHERE document = ?)");
    words.bind(1, path);
    words.exec();
    SQLite::Statement document(database_, "DELETE FROM documents WHERE path = ?");
    document.bind(1, path);
    return document.exec() > 0;
  }

  std::vector<IncidentFeature> features_of(const std::string& id) {
    std::vector<IncidentFeature> features;
    SQLite::Statement row(database_, "SELECT name, weight FROM features WHERE incident = ? ORDER BY name");
    row.bind(1, id);
    while (row.executeStep()) features.push_back({text_of(row.getColumn(0)), row.getColumn(1).getDouble()});
    return features;
  }

  std::vector<PastIncident> all_incidents(std::string_view order) {
    std::vector<PastIncident> all;
    SQLite::Statement row(database_, fmt::format("SELECT {} FROM incidents ORDER BY {}", kIncidentColumns, order));
    while (row.executeStep()) all.push_back(read_incident(row));
    for (PastIncident& incident : all) incident.features = features_of(incident.id);
    return all;
  }

  std::int64_t nano_usd_of(const std::string& month) {
    SQLite::Statement row(database_, "SELECT nano_usd FROM spending WHERE month = ?");
    row.bind(1, month);
    return row.executeStep() ? row.getColumn(0).getInt64() : 0;
  }

  void set_nano_usd(const std::string& month, std::int64_t nano_usd) {
    SQLite::Statement put(database_,
                          "INSERT INTO spending (month, nano_usd) VALUES (?, ?) "
                          "ON CONFLICT (month) DO UPDATE SET nano_usd = excluded.nano_usd");
    put.bind(1, month);
    put.bind(2, nano_usd);
    put.exec();
  }

  [[nodiscard]] tl::unexpected<Error> unknown_incident(const std::string& id) const {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} holds no incident {}; see the list of incidents it holds", path_, id));
  }

  std::string path_;
  std::unique_ptr<SQLite::Database> opened_;
  SQLite::Database& database_;
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path) {
  auto database = open_database(path, kStoreDatabase);
  if (!database) return tl::unexpected<Error>(database.error());
  return std::make_unique<SqliteStore>(path.string(), std::move(*database));
}

}  // namespace fa
