#include "sources/aws/s3_fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "aws/services/s3.h"
#include "base/shell_quote.h"

namespace fa {
namespace {

constexpr std::size_t kParallelGets = 32;
constexpr std::size_t kSampleBytes = std::size_t{64} << 10;
constexpr std::string_view kGzipMagic = "\x1F\x8B";

std::string cost_region(const AwsScope& scope, const S3Bucket& bucket) {
  return scope.client.known_bucket_region(bucket.location.bucket).value_or(scope.region);
}

/// Writes what arrives into a file of the folder, which is opened once the first two bytes tell how to keep it: packed
/// data as it is; anything else (a file that was never packed, or that something on the way unpacked) compressed, under
/// a name that does not say otherwise.
class FileSink final : public BodySink {
 public:
  FileSink(CollectedFolder& folder, std::string name, Format format)
      : folder_(folder), name_(std::move(name)), format_(format) {}

  Result<void> restart() override {
    head_.clear();
    sample_.clear();
    bytes_ = 0;
    return file_ ? file_->restart() : Result<void>{};
  }

  Result<void> write(std::string_view bytes) override {
    bytes_ += bytes.size();
    sample_.append(bytes.substr(0, kSampleBytes - std::min(sample_.size(), kSampleBytes)));
    if (file_) return file_->write(bytes);
    head_.append(bytes);
    return head_.size() < kGzipMagic.size() ? Result<void>{} : open();
  }

  /// `size`: as the list of objects has it.
  Result<void> commit(Origin origin, std::uint64_t size) {
    if (bytes_ == 0 || (packed_ && bytes_ != size)) {
      return fail(ErrorCode::kUnavailable,
                  fmt::format("{} came with {} bytes instead of {}", origin.resource, bytes_, size));
    }
    if (!file_) {
      if (auto ok = open(); !ok) return ok;
    }
    if (!packed_ && detect_format(sample_, bytes_ == sample_.size()).format != format_) {
      return tl::unexpected(Error{ErrorCode::kUnavailable,
                                  fmt::format("{} came with something else than the {} that it should hold",
                                              origin.resource, format_name(format_)),
                                  "BadAnswer"});
    }
    return file_->commit(std::move(origin));
  }

 private:
  Result<void> open() {
    packed_ = head_.starts_with(kGzipMagic);
    if (!packed_ && name_.ends_with(".gz")) name_.resize(name_.size() - 3);
    auto file = folder_.open(name_, packed_ ? CollectedFolder::Storage::kAsIs : CollectedFolder::Storage::kZstd);
    if (!file) return tl::unexpected(file.error());
    file_ = std::move(*file);
    return file_->write(std::exchange(head_, {}));
  }

  CollectedFolder& folder_;
  std::string name_;
  Format format_;
  std::string head_;    ///< Bytes before the file is open.
  std::string sample_;  ///< The first bytes.
  std::unique_ptr<CollectedFile> file_;
  bool packed_ = false;
  std::uint64_t bytes_ = 0;
};

std::string reproduce(const S3Bucket& bucket, const std::string& region, const std::string& key) {
  std::string command =
      fmt::format("aws s3 cp {} - --region {}", shell_word(fmt::format("s3://{}/{}", bucket.location.bucket, key)),
                  shell_word(region));
  if (bucket.requester_pays) command += " --request-payer requester";
  return key.ends_with(".gz") ? command + " | gunzip" : command;
}

}  // namespace

void order_by_need(std::vector<S3LogObject>& objects, TimeRange window) {
  const auto of_window = stamps_for({window});
  const auto need = [&](const S3LogObject& object) {
    Nanoseconds distance{0};
    if (!holds(of_window, object.stamp)) {
      distance = object.stamp < window.begin ? window.begin - object.stamp : object.stamp - window.end;
    }
    return std::tuple<Nanoseconds, std::string_view>(distance, object.key);
  };
  std::sort(objects.begin(), objects.end(),
            [&](const S3LogObject& a, const S3LogObject& b) { return need(a) < need(b); });
}

S3Allowance reserve_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3LogObject>& objects) {
  const std::string region = cost_region(scope, bucket);
  const auto reserve = [&](double count, double bytes) -> Result<void> {
    if (auto ok = scope.cost.reserve(CostItem::kS3Get, count, region, bucket.source); !ok) return ok;
    auto ok = scope.cost.reserve(CostItem::kS3BytesOut, bytes, region, bucket.source);
    if (!ok) scope.cost.settle(CostItem::kS3Get, count, 0, region, bucket.source);
    return ok;
  };
  double bytes = 0;
  for (const S3LogObject& object : objects) bytes += static_cast<double>(object.size);
  S3Allowance allowed;
  if (reserve(static_cast<double>(objects.size()), bytes)) {
    allowed.count = objects.size();
    return allowed;
  }
  for (const S3LogObject& object : objects) {
    if (auto ok = reserve(1, static_cast<double>(object.size)); !ok) {
      allowed.refusal = ok.error();
      break;
    }
    ++allowed.count;
  }
  return allowed;
}

std::size_t fetch_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3LogObject>& objects,
                          std::size_t count, const S3FetchPlan& plan, CollectedFolder& folder, S3GapBook& book,
                          const Context& context) {
  const std::string region = cost_region(scope, bucket);
  std::atomic<std::size_t> had{0};
  for_each_parallel(count, kParallelGets, [&](std::size_t i) {
    const S3LogObject& object = objects[i];
    const std::string shown = fmt::format("s3://{}/{}", bucket.location.bucket, object.key);
    const auto fetch = [&]() -> Result<void> {
      if (context.stopped()) return fail(ErrorCode::kCancelled, "stopped");
      FileSink sink(folder, plan.folder + "/" + plan.file_name(object), plan.format);
      aws::s3::GetObject request;
      request.bucket = bucket.location.bucket;
      request.key = object.key;
      request.requester_pays = bucket.requester_pays;
      // More than this, even unpacked on the way, is not the file that was listed.
      request.max_bytes = object.size * 100 + (std::uint64_t{1} << 20);
      if (auto got = aws::s3::get_object(scope.client, request, sink, context); !got) {
        return tl::unexpected(got.error());
      }
      return sink.commit({"s3", object.account, object.region, shown, "", plan.range(object),
                          reproduce(bucket, cost_region(scope, bucket), object.key)},
                         object.size);
    };
    if (auto ok = fetch(); !ok) {
      scope.cost.settle(CostItem::kS3BytesOut, static_cast<double>(object.size), 0, region, bucket.source);
      book.add(shown, ok.error(), plan.range(object));
      return;
    }
    ++had;
  });
  return had;
}

}  // namespace fa
