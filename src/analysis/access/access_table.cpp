#include "analysis/access/access_table.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace fa {
namespace {

constexpr int kFirstFailure = 500;

TimePoint minute_of(TimePoint time) {
  return time == kNoTime ? kNoTime : TimePoint(std::chrono::floor<std::chrono::minutes>(time));
}

}  // namespace

std::uint32_t AccessTable::Names::number(std::string_view name) {
  if (last_ < names_.size() && *names_[last_] == name) return last_;
  auto found = numbers_.find(name);
  if (found == numbers_.end()) {
    const bool full = names_.size() >= kMaxNames;
    if (full && name != other_name()) return number(other_name());
    found = numbers_.emplace(name, static_cast<std::uint32_t>(names_.size())).first;
    names_.push_back(&found->first);
  }
  return last_ = found->second;
}

void AccessTable::count_failure(const FailureKey& key, std::uint64_t requests) {
  if (failures_.size() >= kMaxFailures && !failures_.contains(key)) {
    unlisted_failures_ += requests;
  } else {
    failures_[key] += requests;
  }
}

AccessTable::Latency& AccessTable::latency(std::string_view path) {
  const std::uint32_t number = paths_.number(path);
  if (number >= latencies_.size()) latencies_.resize(number + 1);
  return latencies_[number];
}

void AccessTable::add(std::span<const AccessRecord> records) {
  for (const AccessRecord& r : records) {
    Latency& path = latency(r.path);
    path.requests += r.occurrences;
    if (r.total_seconds >= 0) path.seconds.add(r.total_seconds, r.occurrences);
    requests_ += r.occurrences;
    if (r.status < kFirstFailure) continue;
    path.failed += r.occurrences;
    failed_ += r.occurrences;
    const std::string_view target = r.target_group.empty() ? r.target : r.target_group;
    count_failure({targets_.number(target), r.status, minute_of(r.time)}, r.occurrences);
  }
}

void AccessTable::merge(const AccessTable& other) {
  for (const auto& [key, requests] : other.failures_) {
    count_failure({targets_.number(other.targets_.name(key.target)), key.status, key.minute}, requests);
  }
  for (std::uint32_t i = 0; i < other.latencies_.size(); ++i) {
    const Latency& from = other.latencies_[i];
    Latency& to = latency(other.paths_.name(i));
    to.requests += from.requests;
    to.failed += from.failed;
    to.seconds.merge(from.seconds);
  }
  requests_ += other.requests_;
  failed_ += other.failed_;
  unlisted_failures_ += other.unlisted_failures_;
}

std::vector<AccessTable::Failure> AccessTable::failures() const {
  std::vector<Failure> all;
  for (const auto& [key, requests] : failures_) {
    all.push_back({targets_.name(key.target), key.minute, key.status, requests});
  }
  std::sort(all.begin(), all.end(), [](const Failure& a, const Failure& b) {
    return std::tie(a.target, a.minute, a.status) < std::tie(b.target, b.minute, b.status);
  });
  return all;
}

std::vector<AccessTable::Path> AccessTable::paths() const {
  std::vector<Path> all;
  for (std::uint32_t i = 0; i < latencies_.size(); ++i) {
    all.push_back({paths_.name(i), latencies_[i].requests, latencies_[i].failed, latencies_[i].seconds});
  }
  std::sort(all.begin(), all.end(), [](const Path& a, const Path& b) { return a.path < b.path; });
  return all;
}

}  // namespace fa
