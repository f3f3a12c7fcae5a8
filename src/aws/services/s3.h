#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"

/// Amazon S3. Contract: service model s3 2006-03-01.
namespace fa::aws::s3 {

extern const Service kService;

struct Object {
  std::string key;
  std::uint64_t size = 0;
  std::optional<TimePoint> last_modified;
  std::string storage_class;  ///< GLACIER and DEEP_ARCHIVE cannot be read without restoring them.
};
struct ListObjects {
  std::string bucket = {};
  std::string region = {};  ///< Of the bucket; empty: the client's.
  std::string prefix = {};
  std::string delimiter = {};
  std::string start_after = {};
  std::string continuation_token = {};
  bool requester_pays = false;
  int max_keys = 1000;
};
struct ObjectPage {
  std::vector<Object> objects;
  std::vector<std::string> common_prefixes;
  std::string continuation_token;  ///< Empty on the last page.
};
Result<ObjectPage> list_objects(Client& client, const ListObjects& request, const Context& context);

struct GetObject {
  std::string bucket = {};
  std::string region = {};
  std::string key = {};
  bool requester_pays = false;
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
};
/// The object's bytes go to `sink`. Errors explain what people meet: KMS (AccessDenied naming kms:Decrypt), requester
/// pays, archived objects, wrong region.
Result<HttpResponse> get_object(Client& client, const GetObject& request, BodySink& sink, const Context& context);

/// Writes an object, whole or not at all; replaces. At most 5 GiB, which are held in memory.
Result<void> put_object(Client& client, const std::string& bucket, const std::string& key, std::string bytes,
                        const Context& context);
/// Removes an object; one that is not there is no error.
Result<void> delete_object(Client& client, const std::string& bucket, const std::string& key, const Context& context);

/// Region of a bucket, from HeadBucket's x-amz-bucket-region (told in refusals and redirects too).
Result<std::string> bucket_region(Client& client, const std::string& bucket, const Context& context);

}  // namespace fa::aws::s3
