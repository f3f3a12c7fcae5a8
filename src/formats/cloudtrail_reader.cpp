#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "formats/answer_pages.h"
#include "formats/aws_values.h"
#include "formats/cloudtrail_event.h"
#include "formats/cloudtrail_rules.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"
#include "formats/json_walk.h"
#include "formats/readers.h"

namespace fa {
namespace {

using simdjson::ondemand::value;

/// `true`, or the string "true": lookup-events writes ReadOnly as a string.
std::optional<bool> loose_bool(value v) {
  bool flag = false;
  if (!v.get_bool().get(flag)) return flag;
  const auto text = json_string(v);
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

void read_identity(value json, CloudTrailIdentity& id) {
  each_member(json, [&](std::string_view key, value child) {
    if (key == "type") id.type = json_text(child);
    if (key == "userName") id.user_name = json_text(child);
    if (key == "arn") id.arn = json_text(child);
    if (key == "principalId") id.principal = json_text(child);
    if (key == "accountId") id.account = json_text(child);
    if (key == "invokedBy") id.invoked_by = json_text(child);
    if (key == "onBehalfOf") {
      each_member(child, [&](std::string_view name, value field) {
        if (name == "userId") id.on_behalf_of = json_text(field);
      });
    }
    if (key != "sessionContext") return;
    each_member(child, [&](std::string_view name, value field) {
      if (name != "sessionIssuer") return;
      each_member(field, [&](std::string_view part, value text) {
        if (part == "userName") id.issuer = json_text(text);
      });
    });
  });
}

/// CloudTrail log files ({"Records":[...]}), single events, EventBridge wrappers ({"detail":{...}}) and lookup-events
/// answers. Format: CloudTrail user guide, "CloudTrail record contents". Reads are counted, not reported, unless they
/// failed: who is refused tells of permissions.
class CloudTrailReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::size_t used =
        documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
    if (last) {
      if (reads_ > 0) {
        sink.on_skipped(
            {first_read_, "read-only calls (Get, List, Describe, ...): they change nothing", reads_, false});
        reads_ = 0;
      }
      pages_.end(sink);
    }
    return used;
  }

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink) {
    RecordPositions positions(document, document.text.data());
    pages_.begin(document.position);
    JsonSlice item;
    if (document.text.starts_with('[')) {
      for (JsonElements events(document.text); events.next(item);) take(item.text, positions, sink);
      return;
    }
    std::string_view key;
    JsonSlice member;
    bool recognised = false;
    for (JsonMembers members(document.text); members.next(key, member);) {
      if (pages_.take(key, member)) continue;
      if ((key == "Records" || key == "Events") && member.is_array()) {
        recognised = true;
        for (JsonElements events(member.text); events.next(item);) take(item.text, positions, sink);
      } else if (key == "detail" && member.is_object()) {
        take(member.text, positions, sink);
        return;
      } else if (key == "eventName" || key == "eventTime" || key == "eventVersion" || key == "CloudTrailEvent") {
        take(document.text, positions, sink);
        return;
      }
    }
    if (!recognised) {
      sink.on_skipped({document.position, "expected CloudTrail events: Records, Events, or one event", 1, false});
    }
  }

  void take(std::string_view json, RecordPositions& positions, TelemetrySink& sink) {
    if (!positions.whole(json)) return;  // The cut was counted with its document.
    const BytePosition position = positions.at(json);
    CloudTrailEvent event;
    std::string embedded;
    simdjson::error_code error = read_event(json, event, embedded);
    if (!embedded.empty()) {
      // The whole event as a string inside the lookup's own summary of it, which then serves as a fallback.
      const std::size_t size = embedded.size();
      embedded.append(kReadPadding, ' ');
      std::string ignored;
      error = read_event(std::string_view(embedded.data(), size), event, ignored);
    }
    if (event.name.empty()) {
      std::string reason = event.category == "Insight" ? "a CloudTrail Insights event is no single API call"
                                                       : "expected a CloudTrail event with an eventName";
      if (error) reason += " (" + json_error_text(error) + ")";
      sink.on_skipped({position, std::move(reason), 1, false});
      return;
    }
    if (error) {
      sink.on_skipped({position, "CloudTrail event read up to broken JSON: " + json_error_text(error), 1, true});
    }
    if (event.only_looks()) {
      if (reads_++ == 0) first_read_ = position;
      return;
    }
    hand_over(std::move(event), position, sink);
  }

  simdjson::error_code read_event(std::string_view json, CloudTrailEvent& event, std::string& embedded) {
    JsonSlice parameters;
    std::string_view member_key;
    JsonSlice member;
    for (JsonMembers members(json); members.next(member_key, member);) {
      if (member_key == "requestParameters" && member.is_object()) parameters = member;
    }
    const simdjson::error_code error = each_member(parser_, json, [&](std::string_view key, value child) {
      if (key == "eventTime") {
        event.time = json_text(child);
      } else if (key == "EventTime") {
        if (event.time.empty()) event.time = trim(child.raw_json_token());
      } else if (key == "eventSource" || key == "EventSource") {
        event.source = json_text(child);
      } else if (key == "eventName" || key == "EventName") {
        event.name = json_text(child);
      } else if (key == "awsRegion") {
        event.region = json_text(child);
      } else if (key == "sourceIPAddress") {
        event.address = json_text(child);
      } else if (key == "errorCode") {
        event.error_code = json_text(child);
      } else if (key == "errorMessage") {
        event.error_message = json_text(child);
      } else if (key == "eventCategory") {
        event.category = json_text(child);
      } else if (key == "readOnly" || key == "ReadOnly") {
        event.read_only = loose_bool(child);
      } else if (key == "Username") {
        event.lookup_user = json_text(child);
      } else if (key == "userIdentity") {
        read_identity(child, event.identity);
      } else if (key == "resources" || key == "Resources") {
        read_resources(child, event);
      } else if (key == "CloudTrailEvent") {
        embedded = json_text(child);
      }
    });
    if (!parameters.text.empty()) parameters_.read(parameters.text, event);
    return error;
  }

  /// The resource of the event's own AWS service wins over keys and roles that are only used by it.
  static void read_resources(value json, CloudTrailEvent& event) {
    bool own = false;
    each_element(json, [&](value item) {
      std::string name;
      each_member(item, [&](std::string_view key, value child) {
        if (key == "ARN" || key == "ResourceName") name = json_text(child);
      });
      const std::string_view service = parse_arn(name).service;
      const bool is_own = !service.empty() && event.source.starts_with(service);
      if (!name.empty() && (event.resource.empty() || (is_own && !own))) event.resource = std::move(name);
      own = own || is_own;
    });
  }

  JsonDocuments documents_;
  JsonParser parser_;
  CloudTrailParameters parameters_;
  AnswerPages pages_;
  std::uint64_t reads_ = 0;
  BytePosition first_read_;
};

}  // namespace

std::unique_ptr<RecordReader> make_cloudtrail_reader(ReaderOptions) { return std::make_unique<CloudTrailReader>(); }

}  // namespace fa
