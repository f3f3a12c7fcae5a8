#include "analysis/logs/parameter_samples.h"

#include <algorithm>

#include "base/text.h"

namespace fa {
namespace {

/// splitmix64's finaliser (Steele, Lea & Flood 2014).
std::uint64_t scatter(std::uint64_t h) {
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9U;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebU;
  return h ^ (h >> 31);
}

/// By place and time: several records may share the place of the document they are in.
std::uint64_t rank_of(std::uint32_t file, const LogRecord& record) {
  const std::uint64_t place = record.position.offset ^ (std::uint64_t{file} << 44) ^ (record.position.line << 24);
  const auto time = static_cast<std::uint64_t>(record.time.time_since_epoch().count());
  return scatter(scatter(place + 0x9e3779b97f4a7c15U) ^ time);
}

}  // namespace

void ParameterSamples::put(SampleList& list, ParameterSample sample) {
  if (sample.rank > limit_) return;
  if (list.size() == kPerList) {
    if (list.front() <= sample) return;
    std::pop_heap(list.begin(), list.end());
    list.back() = std::move(sample);
  } else {
    list.push_back(std::move(sample));
    ++total_;
  }
  std::push_heap(list.begin(), list.end());
  if (total_ > kTotal) shrink();
}

/// Drops what is above the limit, and lowers it until the rest fits. The limit is a power of two below 2^64, so that
/// it depends only on what was seen, not on when.
void ParameterSamples::shrink() {
  while (true) {
    total_ = 0;
    for (auto& [unused, lists] : lists_) {
      for (SampleList& list : lists.of_period) {
        if (std::erase_if(list, [&](const ParameterSample& sample) { return sample.rank > limit_; }) != 0) {
          std::make_heap(list.begin(), list.end());
        }
        total_ += list.size();
      }
    }
    if (total_ <= kTotal) return;
    limit_ /= 2;
  }
}

bool ParameterSamples::wants(ShapeId shape, std::uint32_t service, Period period, std::uint32_t file,
                             const LogRecord& record) const {
  if (period == Period::kOther) return false;
  const std::uint64_t rank = rank_of(file, record);
  if (rank > limit_) return false;
  const SampleList* list = find(shape, service, period);
  return list == nullptr || list->size() < kPerList || list->front().rank >= rank;
}

void ParameterSamples::add(ShapeId shape, std::uint32_t service, Period period, std::uint32_t file,
                           const LogRecord& record, const MessageScanner& message) {
  if (period == Period::kOther) return;
  const std::uint64_t rank = rank_of(file, record);
  if (rank > limit_) return;
  SampleList& list = lists_[key(shape, service)].of_period[static_cast<std::size_t>(period)];
  if (list.size() == kPerList && list.front().rank < rank) return;
  ParameterSample sample{rank, record.time, {}};
  for (const Token& token : message.tokens()) {
    if (token.kind != TokenKind::kValue) continue;
    if (sample.values.size() == kMaxValues) break;
    sample.values.emplace_back(utf8_prefix(message.text(token), kMaxValueBytes));
  }
  put(list, std::move(sample));
}

void ParameterSamples::merge(const ParameterSamples& other, const std::vector<ShapeId>& shapes,
                             const std::vector<std::uint32_t>& services) {
  limit_ = std::min(limit_, other.limit_);
  shrink();
  for (const auto& [theirs, lists] : other.lists_) {
    Lists& mine = lists_[key(shapes[theirs >> 32], services[theirs & 0xFFFFFFFFU])];
    for (std::size_t p = 0; p < 2; ++p) {
      for (const ParameterSample& sample : lists.of_period[p]) put(mine.of_period[p], sample);
    }
  }
}

const SampleList* ParameterSamples::find(ShapeId shape, std::uint32_t service, Period period) const {
  const auto it = lists_.find(key(shape, service));
  if (it == lists_.end() || period == Period::kOther) return nullptr;
  const SampleList& list = it->second.of_period[static_cast<std::size_t>(period)];
  return list.empty() ? nullptr : &list;
}

}  // namespace fa
