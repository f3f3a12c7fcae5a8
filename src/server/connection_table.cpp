#include "server/connection_table.h"

#include <algorithm>

#include "server/connection.h"

namespace fa::server {

void ConnectionTable::add(const std::shared_ptr<Connection>& connection, Instant now) {
  List& into = list(Phase::kHeader);
  into.push_back(connection);
  connection->place = {Phase::kHeader, now, std::prev(into.end())};
  ++size_;
}

void ConnectionTable::move(Connection& connection, Phase phase, Instant now) {
  TablePlace& place = connection.place;
  List& into = list(phase);
  into.splice(into.end(), list(place.phase), place.at);
  place.phase = phase;
  place.since = now;
}

void ConnectionTable::remove(Connection& connection) {
  --size_;
  list(connection.place.phase).erase(connection.place.at);
}

Instant ConnectionTable::deadline(std::size_t phase) const {
  if (lists_[phase].empty()) return Instant::max();
  const Instant since = lists_[phase].front()->place.since;
  return limits_[phase] > Instant::max() - since ? Instant::max() : since + limits_[phase];
}

std::shared_ptr<Connection> ConnectionTable::overdue(Instant now) const {
  for (std::size_t phase = 0; phase < kPhases; ++phase) {
    if (deadline(phase) <= now) return lists_[phase].front();
  }
  return nullptr;
}

Instant ConnectionTable::next_deadline() const {
  Instant next = Instant::max();
  for (std::size_t phase = 0; phase < kPhases; ++phase) next = std::min(next, deadline(phase));
  return next;
}

std::shared_ptr<Connection> ConnectionTable::most_dispensable() const {
  for (const Phase phase : {Phase::kLingering, Phase::kIdle, Phase::kHeader, Phase::kBody}) {
    const List& candidates = lists_[static_cast<std::size_t>(phase)];
    if (!candidates.empty()) return candidates.front();
  }
  return nullptr;
}

std::vector<std::shared_ptr<Connection>> ConnectionTable::all() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(size_);
  for (const List& some : lists_) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace fa::server
