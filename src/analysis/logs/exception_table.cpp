#include "analysis/logs/exception_table.h"

#include <algorithm>

#include "analysis/logs/earliest_samples.h"
#include "analysis/logs/exception_text.h"
#include "analysis/logs/message_scan.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxTypeBytes = 200;
constexpr std::size_t kMaxMessageBytes = 300;

std::string bounded(std::string_view text, std::size_t bytes) { return sanitize_utf8(utf8_prefix(text, bytes)); }

void earliest(TimePoint& first, TimePoint time) {
  if (time != kNoTime && (first == kNoTime || time < first)) first = time;
}

}  // namespace

ExceptionTable::Kind& ExceptionTable::kind_of(Key key) {
  if (kinds_.size() >= kMaxKinds && !kinds_.contains(key)) {
    key.root_message = "<*>";
    if (kinds_.size() >= kMaxKinds + kMaxKinds / 10 && !kinds_.contains(key)) {
      key = Key{key.service, "(other)", "(other)", "<*>"};
    }
  }
  return kinds_[std::move(key)];
}

void ExceptionTable::add(std::uint32_t file, const LogRecord& record, std::uint32_t service, Period period,
                         bool text_names_one) {
  std::optional<ExceptionText> text;
  if (text_names_one || !record.exception_type.empty()) text = find_exception(record.message);
  if (!text && record.exception_type.empty()) return;
  Key key;
  key.service = service;
  key.type = bounded(!record.exception_type.empty() ? record.exception_type : text->type, kMaxTypeBytes);
  key.root_type = text ? bounded(text->root_type, kMaxTypeBytes) : key.type;
  key.root_message = masked_text(text ? text->root_message : record.message, kMaxMessageBytes);
  Kind& kind = kind_of(std::move(key));
  kind.counts[static_cast<std::size_t>(period)] += record.occurrences;
  LogSample sample{file, record.position, record.time, {}};
  if (text && !text->root_frame.empty() && (kind.frame.empty() || earlier(sample, kind.framed))) {
    kind.frame = bounded(text->root_frame, kMaxTypeBytes);
    kind.framed = sample;
  }
  if (period != Period::kWindow) return;
  earliest(kind.first_in_window, record.time);
  if (!belongs(kind.samples, sample, kSamples)) return;
  sample.text = utf8_prefix(record.message, kMaxSampleBytes);
  keep(kind.samples, std::move(sample), kSamples);
}

void ExceptionTable::merge(ExceptionTable&& other, const std::vector<std::uint32_t>& services) {
  for (auto& [theirs, from] : other.kinds_) {
    Key key = theirs;
    key.service = services[key.service];
    Kind& kind = kind_of(std::move(key));
    for (std::size_t p = 0; p < kPeriodCount; ++p) kind.counts[p] += from.counts[p];
    earliest(kind.first_in_window, from.first_in_window);
    for (LogSample& sample : from.samples) keep(kind.samples, std::move(sample), kSamples);
    if (!from.frame.empty() && (kind.frame.empty() || earlier(from.framed, kind.framed))) {
      kind.frame = std::move(from.frame);
      kind.framed = from.framed;
    }
  }
  other.kinds_.clear();
}

std::vector<ExceptionActivity> ExceptionTable::take(const std::vector<std::string>& services) {
  std::vector<ExceptionActivity> out;
  for (auto& [key, kind] : kinds_) {
    ExceptionActivity& activity = out.emplace_back();
    activity.service = services[key.service];
    activity.type = key.type;
    activity.root_type = key.root_type;
    activity.root_message = key.root_message;
    activity.root_frame = std::move(kind.frame);
    activity.counts = kind.counts;
    activity.first_in_window = kind.first_in_window;
    activity.window_samples = std::move(kind.samples);
  }
  kinds_.clear();
  std::sort(out.begin(), out.end(), [](const ExceptionActivity& a, const ExceptionActivity& b) {
    return std::tie(a.service, a.type, a.root_type, a.root_message) <
           std::tie(b.service, b.type, b.root_type, b.root_message);
  });
  return out;
}

}  // namespace fa
