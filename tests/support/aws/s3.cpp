/// Amazon S3. Shapes: service model s3 2006-03-01; error documents as recorded from the service.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "base/text.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;
using wire::Refusal;

struct Address {
  std::string bucket;
  std::string key;
  std::string host_region;  ///< Empty when the host does not tell it.
};

/// `s3`, `s3-fips`, `s3-accelerate`, `s3-us-west-2` (old form): where an S3 host's own name begins.
bool names_s3(std::string_view label) { return label == "s3" || label.starts_with("s3-"); }

bool only_digits_and_dots(std::string_view host) {
  return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Bucket and key of virtual-host style (`bucket.s3.region.amazonaws.com/key`, `bucket.localhost:1234/key`) and of path
/// style. Bucket names may hold dots.
Address address_of(const Call& call) {
  Address address;
  const std::string host = call.host.substr(0, call.host.find(':'));
  const auto labels = split(host, '.');
  std::string path = wire::percent_decode(call.path, false);
  path.erase(0, 1);

  std::string bucket;
  bool virtual_host = false;
  if (host.ends_with(".localhost")) {
    bucket = host.substr(0, host.size() - std::string_view(".localhost").size());
    virtual_host = true;
  } else if (!only_digits_and_dots(host)) {
    // The last such label: a bucket may be called `s3` too.
    for (std::size_t i = labels.size(); i-- > 0;) {
      if (!names_s3(labels[i])) continue;
      for (std::size_t k = 0; k < i; ++k) bucket.append(k == 0 ? "" : ".").append(labels[k]);
      virtual_host = i > 0;
      std::size_t next = i + 1;
      if (next < labels.size() && labels[next] == "dualstack") ++next;
      if (next < labels.size() && labels[next] != "amazonaws") address.host_region = labels[next];
      break;
    }
  }
  if (virtual_host) {
    address.bucket = bucket;
    address.key = path;
  } else {
    const std::size_t slash = path.find('/');
    address.bucket = path.substr(0, slash);
    if (slash != std::string::npos) address.key = path.substr(slash + 1);
  }
  return address;
}

TimePoint modified_time(const AwsWorld::Bucket& bucket, const std::string& key) {
  const auto info = bucket.info.find(key);
  if (info != bucket.info.end() && info->second.modified) return *info->second.modified;
  return TimePoint{std::chrono::seconds(1'767'225'600)};
}

AwsWorld::Bucket::ObjectInfo info_of(const AwsWorld::Bucket& bucket, const std::string& key) {
  const auto info = bucket.info.find(key);
  return info == bucket.info.end() ? AwsWorld::Bucket::ObjectInfo() : info->second;
}

std::string etag_of(const std::string& key, const std::string& bytes) {
  // Of the name and the size: hashing the content of large objects again and again would be slow.
  return "\"" + wire::md5_hex(key + "|" + std::to_string(bytes.size())) + "\"";
}

/// `2026-03-14T08:30:00.000Z`, as listings have it.
std::string listing_time(TimePoint t) {
  std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(t));
  text.insert(text.size() - 1, ".000");
  return text;
}

/// Smallest text behind all that begin with the prefix; empty when there is none.
std::string behind_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

class S3 final : public PlayedService {
 public:
  explicit S3(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    const Address address = address_of(call);
    if (address.bucket.empty()) return {};
    const std::string& method = call.request->method;
    if (address.key.empty()) {
      if (method == "HEAD") return "HeadBucket";
      if (method == "GET" && call.parameter("location")) return "GetBucketLocation";
      return method == "GET" && call.parameter("list-type") == "2" ? "ListObjectsV2" : std::string();
    }
    return method == "GET"      ? "GetObject"
           : method == "HEAD"   ? "HeadObject"
           : method == "PUT"    ? "PutObject"
           : method == "DELETE" ? "DeleteObject"
                                : std::string();
  }

  Outcome answer(const Call& call) override {
    const std::lock_guard lock(mutex_);  // Of the objects, which some calls change.
    const Address address = address_of(call);
    const auto found = call.world->buckets.find(address.bucket);
    if (found == call.world->buckets.end()) {
      return tl::unexpected(
          Refusal{"NoSuchBucket", "The specified bucket does not exist", 404, {{"BucketName", address.bucket}}});
    }
    const AwsWorld::Bucket& bucket = found->second;
    if (auto elsewhere = wrong_region(call, address, bucket)) return tl::unexpected(std::move(*elsewhere));
    const bool payer =
        call.header("x-amz-request-payer") == "requester" || call.parameter("x-amz-request-payer") == "requester";
    if (bucket.requester_pays && !payer) return wire::refuse("AccessDenied", "Access Denied", 403);

    Outcome outcome = wire::refuse(
        "NotImplemented", "A header or method you provided implies functionality that is not implemented.", 501);
    if (call.operation == "ListObjectsV2") outcome = list(call, address, bucket);
    if (call.operation == "GetObject" || call.operation == "HeadObject") outcome = object(call, address, bucket);
    if (call.operation == "PutObject") outcome = put(call, address, bucket);
    if (call.operation == "DeleteObject") outcome = remove(address, bucket);
    if (call.operation == "HeadBucket") outcome = head_bucket(bucket);
    if (call.operation == "GetBucketLocation") outcome = location(bucket);
    if (outcome) {
      const std::string id = wire::uuid_of(call.path + "?" + call.query);
      outcome->headers.emplace_back("x-amz-request-id", id);
      outcome->headers.emplace_back("x-amz-id-2", wire::base64_encode(id));
      if (bucket.requester_pays) outcome->headers.emplace_back("x-amz-request-charged", "requester");
    }
    return outcome;
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "ListObjectsV2") {
      return listing_head(address_of(call).bucket) +
             "<Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
             "</ListBucketResult>";
    }
    if (call.operation == "GetObject") return std::string();
    return std::nullopt;
  }

 private:
  static std::string listing_head(const std::string& bucket) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
           "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" +
           wire::xml_escape(bucket) + "</Name>";
  }

  static std::optional<Refusal> wrong_region(const Call& call, const Address& address, const AwsWorld::Bucket& bucket) {
    const HttpHeaders told = {{"x-amz-bucket-region", bucket.region}};
    const std::string& asked = address.host_region.empty() ? call.region : address.host_region;
    if (asked != bucket.region) {
      return Refusal{
          "PermanentRedirect",
          "The bucket you are attempting to access must be addressed using the specified endpoint. Please "
          "send all future requests to this endpoint.",
          301,
          {{"Endpoint", address.bucket + ".s3." + bucket.region + ".amazonaws.com"}, {"Bucket", address.bucket}},
          told};
    }
    if (call.region != bucket.region) {
      return Refusal{"AuthorizationHeaderMalformed",
                     "The authorization header is malformed; the region '" + call.region + "' is wrong; expecting '" +
                         bucket.region + "'",
                     400,
                     {{"Region", bucket.region}},
                     told};
    }
    return std::nullopt;
  }

  static Outcome head_bucket(const AwsWorld::Bucket& bucket) {
    HttpResponse response = wire::xml_response("");
    response.headers.emplace_back("x-amz-bucket-region", bucket.region);
    response.headers.emplace_back("x-amz-access-point-alias", "false");
    return response;
  }

  static Outcome location(const AwsWorld::Bucket& bucket) {
    const std::string name = bucket.region == "us-east-1" ? std::string() : bucket.region;
    return wire::xml_response(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint "
        "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
        name + "</LocationConstraint>");
  }

  Outcome list(const Call& call, const Address& address, const AwsWorld::Bucket& bucket) const {
    const std::string prefix = call.parameter("prefix").value_or("");
    const std::string delimiter = call.parameter("delimiter").value_or("");
    const auto start_after = call.parameter("start-after");
    const auto continuation = call.parameter("continuation-token");
    const bool url_encoded = call.parameter("encoding-type") == "url";
    const auto shown = [&](const std::string& text) {
      return url_encoded ? wire::percent_encode(text, true) : wire::xml_escape(text);
    };
    std::size_t asked = 1000;
    if (const auto text = call.parameter("max-keys")) {
      const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), asked);
      if (error != std::errc{} || end != text->data() + text->size()) {
        return tl::unexpected(Refusal{"InvalidArgument",
                                      "Provided max-keys not an integer or within integer range",
                                      400,
                                      {{"ArgumentName", "max-keys"}, {"ArgumentValue", *text}}});
      }
    }
    const std::size_t most = std::min({asked, std::size_t{1000}, settings_.page_size});

    // `position` is the last key or common prefix that was told; what follows it comes next.
    std::string position = start_after.value_or("");
    const std::string kind = "list|" + address.bucket + "|" + prefix + "|" + delimiter;
    if (continuation) {
      const auto token = wire::read_token(kind, *continuation);
      if (!token) {
        return tl::unexpected(Refusal{"InvalidArgument",
                                      "The continuation token provided is incorrect",
                                      400,
                                      {{"ArgumentName", "continuation-token"}}});
      }
      position = *token;
    }
    const auto& objects = bucket.objects;
    auto at = position.empty() || position < prefix ? objects.lower_bound(prefix) : objects.upper_bound(position);
    const bool rolled = !delimiter.empty() && position.ends_with(delimiter) && position.size() > prefix.size() &&
                        continuation.has_value();
    if (rolled) at = objects.lower_bound(behind_prefix(position));

    std::string contents;
    std::string prefixes;
    std::size_t count = 0;
    std::string last;
    while (at != objects.end() && at->first.starts_with(prefix) && count < most) {
      ++count;
      const std::size_t cut = delimiter.empty() ? std::string::npos : at->first.find(delimiter, prefix.size());
      if (cut != std::string::npos) {
        last = at->first.substr(0, cut + delimiter.size());
        prefixes += "<CommonPrefixes><Prefix>" + shown(last) + "</Prefix></CommonPrefixes>";
        at = objects.lower_bound(behind_prefix(last));
        continue;
      }
      last = at->first;
      contents += "<Contents><Key>" + shown(last) + "</Key><LastModified>" + listing_time(modified_time(bucket, last)) +
                  "</LastModified><ETag>" + wire::xml_escape(etag_of(last, at->second)) + "</ETag><Size>" +
                  std::to_string(at->second.size()) + "</Size><StorageClass>" + info_of(bucket, last).storage_class +
                  "</StorageClass></Contents>";
      ++at;
    }
    const bool more = at != objects.end() && at->first.starts_with(prefix) && asked > 0;
    std::string body = listing_head(address.bucket) + "<Prefix>" + shown(prefix) + "</Prefix>";
    if (!delimiter.empty()) body += "<Delimiter>" + shown(delimiter) + "</Delimiter>";
    if (url_encoded) body += "<EncodingType>url</EncodingType>";
    if (start_after) body += "<StartAfter>" + shown(*start_after) + "</StartAfter>";
    if (continuation) body += "<ContinuationToken>" + wire::xml_escape(*continuation) + "</ContinuationToken>";
    if (more) {
      body += "<NextContinuationToken>" + wire::xml_escape(wire::make_token(kind, last)) + "</NextContinuationToken>";
    }
    body += "<KeyCount>" + std::to_string(count) + "</KeyCount><MaxKeys>" +
            std::to_string(std::min<std::size_t>(asked, 1000)) + "</MaxKeys><IsTruncated>" + (more ? "true" : "false") +
            "</IsTruncated>";
    return wire::xml_response(body + contents + prefixes + "</ListBucketResult>");
  }

  static Outcome object(const Call& call, const Address& address, const AwsWorld::Bucket& bucket) {
    const auto found = bucket.objects.find(address.key);
    if (found == bucket.objects.end()) {
      return tl::unexpected(Refusal{"NoSuchKey", "The specified key does not exist.", 404, {{"Key", address.key}}});
    }
    const AwsWorld::Bucket::ObjectInfo info = info_of(bucket, address.key);
    if (info.storage_class == "GLACIER" || info.storage_class == "DEEP_ARCHIVE") {
      return tl::unexpected(Refusal{"InvalidObjectState",
                                    "The operation is not valid for the object's storage class",
                                    403,
                                    {{"StorageClass", info.storage_class}}});
    }
    if (bucket.kms_denied) {
      return wire::refuse("AccessDenied",
                          "User: " + call.caller_arn +
                              " is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:" + bucket.region +
                              ":" + call.world->account +
                              ":key/1b2c3d4e-5f60-4718-a9b0-c1d2e3f40516 because no identity-based policy allows the "
                              "kms:Decrypt action",
                          403);
    }
    HttpResponse response;
    response.status = 200;
    response.headers = {{"Content-Type", info.content_type},
                        {"ETag", etag_of(found->first, found->second)},
                        {"Last-Modified", wire::http_date(modified_time(bucket, found->first))},
                        {"Accept-Ranges", "bytes"},
                        {"x-amz-server-side-encryption", "AES256"}};
    if (!info.content_encoding.empty()) response.headers.emplace_back("Content-Encoding", info.content_encoding);
    if (call.operation == "HeadObject") return response;
    if (const std::string_view range = call.header("range"); range.starts_with("bytes=")) {
      return part(std::move(response), found->second, range.substr(6));
    }
    response.body = found->second;
    return response;
  }

  static Outcome put(const Call& call, const Address& address, const AwsWorld::Bucket& bucket) {
    // Keys of more than 1,024 bytes are none.
    if (address.key.size() > 1024) return wire::refuse("KeyTooLongError", "Your key is too long", 400);
    bucket.objects[address.key] = call.request->body;
    HttpResponse response;
    response.status = 200;
    response.headers = {{"ETag", etag_of(address.key, call.request->body)}, {"x-amz-server-side-encryption", "AES256"}};
    return response;
  }

  /// Also where there is none.
  static Outcome remove(const Address& address, const AwsWorld::Bucket& bucket) {
    bucket.objects.erase(address.key);
    HttpResponse response;
    response.status = 204;
    return response;
  }

  /// `first-last` or `first-`.
  static Outcome part(HttpResponse response, const std::string& bytes, std::string_view range) {
    std::size_t first = 0;
    std::size_t last = bytes.size() - 1;
    const std::size_t dash = range.find('-');
    const auto number = [](std::string_view text, std::size_t& value) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc{} && end == text.data() + text.size();
    };
    if (dash == std::string_view::npos || !number(range.substr(0, dash), first) ||
        (dash + 1 < range.size() && !number(range.substr(dash + 1), last)) || first >= bytes.size() || last < first) {
      return wire::refuse("InvalidRange", "The requested range is not satisfiable", 416);
    }
    last = std::min(last, bytes.size() - 1);
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
                                                       std::to_string(bytes.size()));
    response.body = bytes.substr(first, last - first + 1);
    return response;
  }

  const AwsStandIn& settings_;
  std::mutex mutex_;
};

}  // namespace

std::unique_ptr<PlayedService> play_s3(const AwsStandIn& settings) { return std::make_unique<S3>(settings); }

}  // namespace fa::test
