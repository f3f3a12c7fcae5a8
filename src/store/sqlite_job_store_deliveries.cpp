// What goes out once.
#include <fmt/core.h>

#include "store/sqlite_job_store.h"

namespace fa {
namespace {

tl::unexpected<Error> not_begun(const std::string& id) {
  return fail(ErrorCode::kNotFound, fmt::format("the delivery {} was not begun, or is sent already", id));
}

}  // namespace

Result<Delivery> SqliteJobStore::begin_delivery(const JobClaim& claim, const std::string& id) {
  return calls_.write([&]() -> Result<Delivery> {
    if (!held(claim)) return lost_claim(claim);
    Query known(statement("SELECT sent, receipt FROM deliveries WHERE id = ?1"));
    if (known.with(id).step()) {
      return Delivery{known.number(0) != 0 ? Delivery::State::kSent : Delivery::State::kBegun, known.text(1)};
    }
    Query(statement("INSERT INTO deliveries (id, job, sent, receipt) VALUES (?1, ?2, 0, '')"))
        .with(id, claim.job)
        .run();
    return Delivery{};
  });
}

Result<void> SqliteJobStore::note_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) {
  return calls_.write([&]() -> Result<void> {
    if (!held(claim)) return lost_claim(claim);
    Query query(statement("UPDATE deliveries SET receipt = ?2 WHERE id = ?1 AND sent = 0"));
    if (query.with(id, receipt).run() == 0) return not_begun(id);
    return {};
  });
}

Result<void> SqliteJobStore::finish_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) {
  return calls_.write([&]() -> Result<void> {
    if (!held(claim)) return lost_claim(claim);
    Query query(statement("UPDATE deliveries SET receipt = ?2, sent = 1 WHERE id = ?1"));
    if (query.with(id, receipt).run() == 0) return not_begun(id);
    return {};
  });
}

Result<void> SqliteJobStore::forget_delivery(const JobClaim& claim, const std::string& id) {
  return calls_.write([&]() -> Result<void> {
    if (!held(claim)) return lost_claim(claim);
    Query query(statement("DELETE FROM deliveries WHERE id = ?1 AND sent = 0"));
    if (query.with(id).run() == 0) return not_begun(id);
    return {};
  });
}

Result<std::optional<std::string>> SqliteJobStore::delivered(const std::string& id) {
  return calls_.read([&]() -> Result<std::optional<std::string>> {
    Query row(statement("SELECT receipt FROM deliveries WHERE id = ?1 AND sent = 1"));
    if (!row.with(id).step()) return std::nullopt;
    return row.text(0);
  });
}

}  // namespace fa
