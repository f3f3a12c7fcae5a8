#include "sources/aws/s3_listing.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/services/pages.h"
#include "aws/services/s3.h"
#include "base/text.h"

namespace fa {
namespace {

/// A day folder has at most some thousand keys a balancer, and most of them are jumped over.
constexpr std::size_t kMostPages = 2'000;
constexpr std::size_t kParallelLists = 16;

/// One page, its call reserved before.
Result<aws::s3::ObjectPage> list_page(const AwsScope& scope, const S3Bucket& bucket,
                                      const aws::s3::ListObjects& request, const Context& context) {
  if (context.stopped()) {
    return fail(ErrorCode::kCancelled, "the time for collecting was over before everything was listed");
  }
  const std::string region = scope.client.known_bucket_region(bucket.location.bucket).value_or(scope.region);
  if (auto ok = scope.cost.reserve(CostItem::kS3List, 1, region, bucket.source); !ok) {
    return tl::unexpected(ok.error());
  }
  return aws::s3::list_objects(scope.client, request, context);
}

class FolderLister {
 public:
  FolderLister(const AwsScope& scope, const S3Bucket& bucket, const S3DayFolder& folder,
               const std::vector<TimeRange>& stamps, KeyParser parse)
      : scope_(scope), bucket_(bucket), folder_(folder), stamps_(stamps), parse_(parse) {}

  S3Listing run(const Context& context) {
    aws::s3::ListObjects request;
    request.bucket = bucket_.location.bucket;
    request.prefix = folder_.prefix;
    request.start_after = folder_.start_after;
    request.requester_pays = bucket_.requester_pays;
    aws::PageGuard guard(kMostPages);
    for (;;) {
      const auto page = list_page(scope_, bucket_, request, context);
      ++out_.calls;
      if (!page) return failed(page.error());
      for (const aws::s3::Object& object : page->objects) take(object);
      if (page->continuation_token.empty()) return std::move(out_);
      ListStep step;
      if (!page->objects.empty()) step = next_step(folder_.prefix, page->objects.back().key, stamps_, parse_);
      if (step.kind == ListStep::Kind::kDone) return std::move(out_);
      const bool jump = step.kind == ListStep::Kind::kJump;
      request.start_after = jump ? step.start_after : std::string();
      request.continuation_token = jump ? std::string() : page->continuation_token;
      if (const auto why = guard.refuse(request.start_after + request.continuation_token)) {
        return failed(Error{ErrorCode::kLimit, fmt::format("The list was not read to its end: {}.", *why)});
      }
    }
  }

 private:
  void take(const aws::s3::Object& object) {
    ++out_.keys;
    if (!object.key.starts_with(folder_.prefix)) return;
    const std::string_view name = std::string_view(object.key).substr(folder_.prefix.size());
    const LogKey key = parse_(name);
    switch (key.kind) {
      case LogKey::Kind::kWanted:
        if (object.size > 0 && holds(stamps_, key.stamp)) {
          out_.objects.push_back({object.key, folder_.account, folder_.region, object.size, key.stamp});
        }
        break;
      case LogKey::Kind::kClassic:
        out_.classic.emplace(key.series);
        break;
      case LogKey::Kind::kNetwork:
        out_.network.emplace(key.series);
        break;
      case LogKey::Kind::kConnectionLog:
        // A test file is written when logging is turned on.
        out_.connection_logs = out_.connection_logs || name.starts_with("conn_log");
        break;
      case LogKey::Kind::kOther:
        break;
    }
  }

  S3Listing failed(Error error) {
    out_.failures.push_back({fmt::format("s3://{}/{}", bucket_.location.bucket, folder_.prefix), std::move(error)});
    return std::move(out_);
  }

  const AwsScope& scope_;
  const S3Bucket& bucket_;
  const S3DayFolder& folder_;
  const std::vector<TimeRange>& stamps_;
  KeyParser parse_;
  S3Listing out_;
};

}  // namespace

S3Listing list_log_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3DayFolder>& folders,
                           const std::vector<TimeRange>& stamps, KeyParser parse, const Context& context) {
  std::vector<S3Listing> parts(folders.size());
  for_each_parallel(folders.size(), kParallelLists, [&](std::size_t i) {
    parts[i] = FolderLister(scope, bucket, folders[i], stamps, parse).run(context);
  });
  S3Listing whole;
  for (S3Listing& part : parts) {
    std::move(part.objects.begin(), part.objects.end(), std::back_inserter(whole.objects));
    std::move(part.failures.begin(), part.failures.end(), std::back_inserter(whole.failures));
    whole.classic.merge(part.classic);
    whole.network.merge(part.network);
    whole.connection_logs = whole.connection_logs || part.connection_logs;
    whole.keys += part.keys;
    whole.calls += part.calls;
  }
  std::sort(whole.objects.begin(), whole.objects.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  const auto same = [](const S3LogObject& a, const S3LogObject& b) { return a.key == b.key; };
  whole.objects.erase(std::unique(whole.objects.begin(), whole.objects.end(), same), whole.objects.end());
  return whole;
}

Result<std::vector<std::string>> child_folders(const AwsScope& scope, const S3Bucket& bucket, const std::string& prefix,
                                               std::uint64_t& calls, const Context& context) {
  aws::s3::ListObjects request;
  request.bucket = bucket.location.bucket;
  request.prefix = prefix;
  request.delimiter = "/";
  request.requester_pays = bucket.requester_pays;
  aws::PageGuard guard(kMostPages);
  std::set<std::string> names;
  for (;;) {
    const auto page = list_page(scope, bucket, request, context);
    ++calls;
    if (!page) return tl::unexpected(page.error());
    for (const std::string& child : page->common_prefixes) {
      if (child.size() > prefix.size() + 1 && child.starts_with(prefix)) {
        names.insert(child.substr(prefix.size(), child.size() - prefix.size() - 1));
      }
    }
    if (page->continuation_token.empty()) break;
    request.continuation_token = page->continuation_token;
    if (const auto why = guard.refuse(request.continuation_token)) {
      return fail(ErrorCode::kLimit, fmt::format("The folders below s3://{}/{} were not listed to the end: {}.",
                                                 bucket.location.bucket, prefix, *why));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace fa
