#include "aws/services/s3.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <pugixml.hpp>

#include "aws/services/json_answer.h"
#include "aws/uri.h"

namespace fa::aws::s3 {

const Service kService{.name = "s3",
                       .shown_name = "S3",
                       .settings_id = "s3",
                       .iam_prefix = "s3",
                       .protocol = Protocol::kRestXml,
                       .target_prefix = "",
                       .api_version = "2006-03-01"};

namespace {

Operation operation(std::string name, std::string method, std::string bucket, std::string region, bool requester_pays) {
  Operation made;
  made.service = &kService;
  made.name = std::move(name);
  made.method = std::move(method);
  made.bucket = std::move(bucket);
  made.region = std::move(region);
  if (requester_pays) made.headers.emplace_back("x-amz-request-payer", "requester");
  return made;
}

/// `encoding-type=url` writes keys as forms do: a space is '+'.
std::string decode_key(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return uri_decode(spaced);
}

/// Fills `page`; what is wrong with the answer otherwise.
std::optional<std::string> read_page(const std::string& body, ObjectPage& page) {
  pugi::xml_document document;
  // Keys may be blank, so white space inside elements counts.
  const auto parsed =
      document.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) return parsed.description();
  const pugi::xml_node root = document.document_element();
  if (std::strcmp(root.name(), "ListBucketResult") != 0) return fmt::format("it is no list of objects");
  const bool encoded = std::strcmp(root.child_value("EncodingType"), "url") == 0;
  const auto text = [&](const pugi::xml_node& node, const char* name) {
    return encoded ? decode_key(node.child_value(name)) : std::string(node.child_value(name));
  };
  for (const pugi::xml_node& node : root.children("Contents")) {
    Object object;
    object.key = text(node, "Key");
    if (object.key.empty()) return "an object without a key";
    const std::string_view size = node.child_value("Size");
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), object.size);
    if (error != std::errc() || end != size.data() + size.size()) return "an object without a size";
    object.last_modified = parse_rfc3339(node.child_value("LastModified"));
    object.storage_class = node.child_value("StorageClass");
    page.objects.push_back(std::move(object));
  }
  for (const pugi::xml_node& node : root.children("CommonPrefixes")) {
    page.common_prefixes.push_back(text(node, "Prefix"));
  }
  page.continuation_token = root.child_value("NextContinuationToken");
  const bool more = std::strcmp(root.child_value("IsTruncated"), "true") == 0;
  if (more && page.continuation_token.empty()) return "there is more, but it does not say how to go on";
  if (!more) page.continuation_token.clear();
  return std::nullopt;
}

/// What else may be behind a refusal of S3, which often says `Access Denied` and no more.
std::string denied_hint(const Error& error, bool requester_pays) {
  if (error.message.find("kms:") != std::string::npos) {
    return " The object is encrypted with a KMS key: the key's policy must allow this identity as well.";
  }
  std::string hint = " S3 also answers so for keys that do not exist when s3:ListBucket is not allowed";
  if (!requester_pays) hint += ", and for buckets whose requester pays (set requester_pays = true)";
  return hint + ", and for objects encrypted with a KMS key that this identity may not use (kms:Decrypt).";
}

}  // namespace

Result<ObjectPage> list_objects(Client& client, const ListObjects& request, const Context& context) {
  Operation asked = operation("ListObjectsV2", "GET", request.bucket, request.region, request.requester_pays);
  asked.about = request.prefix.empty() ? "bucket " + request.bucket
                                       : fmt::format("bucket {}, prefix {}", request.bucket, request.prefix);
  asked.iam_action = "s3:ListBucket";
  asked.query = {{"list-type", "2"}, {"encoding-type", "url"}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) asked.query.emplace_back(name, value);
  };
  add("prefix", request.prefix);
  add("delimiter", request.delimiter);
  add("start-after", request.start_after);
  add("continuation-token", request.continuation_token);
  add("max-keys", std::to_string(std::clamp(request.max_keys, 1, 1000)));
  const auto response = client.call(asked, context);
  if (!response) {
    Error error = response.error();
    if (error.code == ErrorCode::kDenied && !request.requester_pays && error.reason == "AccessDenied") {
      error.message += " Buckets whose requester pays refuse so, too: set requester_pays = true for them.";
    }
    return tl::unexpected(std::move(error));
  }
  ObjectPage page;
  if (const auto wrong = read_page(response->body, page)) {
    return tl::unexpected(not_understood(client, asked, *wrong));
  }
  return page;
}

Result<HttpResponse> get_object(Client& client, const GetObject& request, BodySink& sink, const Context& context) {
  Operation asked = operation("GetObject", "GET", request.bucket, request.region, request.requester_pays);
  asked.about = fmt::format("s3://{}/{}", request.bucket, request.key);
  asked.path = "/" + uri_encode_path(request.key);
  asked.decode_content = false;  // CloudTrail marks its .gz files as Content-Encoding: gzip.
  asked.max_response_bytes = request.max_bytes;
  // Large objects take their time; a transfer that stalls ends in any case.
  asked.timeout = std::chrono::minutes(15);
  auto response = client.call(asked, context, &sink);
  if (response) return response;
  Error error = response.error();
  if (error.code == ErrorCode::kDenied && error.reason == "AccessDenied") {
    error.message += denied_hint(error, request.requester_pays);
  }
  return tl::unexpected(std::move(error));
}

Result<void> put_object(Client& client, const std::string& bucket, const std::string& key, std::string bytes,
                        const Context& context) {
  Operation asked = operation("PutObject", "PUT", bucket, {}, false);
  asked.about = fmt::format("s3://{}/{}", bucket, key);
  asked.path = "/" + uri_encode_path(key);
  asked.body = std::move(bytes);
  asked.timeout = std::chrono::minutes(15);
  const auto response = client.call(asked, context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

Result<void> delete_object(Client& client, const std::string& bucket, const std::string& key, const Context& context) {
  Operation asked = operation("DeleteObject", "DELETE", bucket, {}, false);
  asked.about = fmt::format("s3://{}/{}", bucket, key);
  asked.path = "/" + uri_encode_path(key);
  const auto response = client.call(asked, context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

Result<std::string> bucket_region(Client& client, const std::string& bucket, const Context& context) {
  Operation asked = operation("HeadBucket", "HEAD", bucket, {}, false);
  asked.about = "bucket " + bucket;
  asked.iam_action = "s3:ListBucket";
  const auto response = client.call(asked, context);
  // Refusals tell the region too, and that is all that is wanted here.
  if (auto known = client.known_bucket_region(bucket)) return std::move(*known);
  if (!response) return tl::unexpected(response.error());
  return client.region();
}

}  // namespace fa::aws::s3
