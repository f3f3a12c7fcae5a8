#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "formats/answer_pages.h"
#include "formats/aws_values.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"
#include "formats/json_walk.h"
#include "formats/readers.h"

namespace fa {
namespace {

using simdjson::ondemand::value;

/// Root causes, services and entities taken of one list; X-Ray states a handful.
constexpr std::size_t kMaxListed = 256;

/// One service on the path; its entities go from the outermost to the innermost.
RootCauseStep read_step(value service) {
  RootCauseStep step;
  std::string first_name;
  each_member(service, [&](std::string_view key, value child) {
    if (key == "Name") step.service = json_text(child);
    if (key == "Names") {
      each_element(
          child, [&](value name) { first_name = json_text(name); }, 1);
    }
    if (key != "EntityPath") return;
    const auto read_entity = [&](value entity) {
      each_member(entity, [&](std::string_view name, value field) {
        if (name == "Name") step.entity = json_text(field);
        if (name == "Remote") step.remote = json_flag(field);
        if (name != "Exceptions") return;
        const auto read_exception = [&](value exception) {
          each_member(exception, [&](std::string_view part, value words) {
            if (part == "Name") step.exception_type = json_text(words);
            if (part == "Message") step.exception_message = json_text(words);
          });
        };
        each_element(field, read_exception, 1);
      });
    };
    each_element(child, read_entity, kMaxListed);
  });
  if (step.service.empty()) step.service = first_name;
  return step;
}

std::vector<std::vector<RootCauseStep>> read_causes(value list) {
  std::vector<std::vector<RootCauseStep>> causes;
  const auto read_cause = [&](value cause) {
    std::vector<RootCauseStep> steps;
    each_member(cause, [&](std::string_view key, value child) {
      if (key != "Services") return;
      each_element(
          child, [&](value service) { steps.push_back(read_step(service)); }, kMaxListed);
    });
    if (!steps.empty()) causes.push_back(std::move(steps));
  };
  each_element(list, read_cause, kMaxListed);
  return causes;
}

/// GetTraceSummaries answers. Format: X-Ray API reference, GetTraceSummaries and TraceSummary.
class XRaySummariesReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::size_t used =
        documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
    if (last) pages_.end(sink);
    return used;
  }

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink) {
    RecordPositions positions(document, document.text.data());
    pages_.begin(document.position);
    std::string_view key;
    JsonSlice member;
    bool recognised = false;
    for (JsonMembers members(document.text); members.next(key, member);) {
      if (pages_.take(key, member) || key != "TraceSummaries") continue;
      recognised = true;
      JsonSlice item;
      for (JsonElements summaries(member.text); summaries.next(item);) {
        if (positions.whole(item.text)) read_summary(item.text, positions.at(item.text), sink);
      }
    }
    if (!recognised) {
      sink.on_skipped(
          {document.position, "expected a GetTraceSummaries answer, an object with TraceSummaries", 1, false});
    }
  }

  void read_summary(std::string_view json, const BytePosition& position, TelemetrySink& sink) {
    TraceSummary summary;
    summary.position = position;
    double response_seconds = -1;
    std::int64_t http_status = 0;
    bool flags_given = false;
    bool partial = false;
    const simdjson::error_code error = each_member(parser_, json, [&](std::string_view key, value child) {
      if (key == "Id") {
        summary.trace_id = json_text(child);
      } else if (key == "StartTime") {
        summary.time = parse_aws_time(trim(child.raw_json_token())).value_or(kNoTime);
      } else if (key == "Duration") {
        summary.duration_seconds = json_double(child).value_or(-1);
      } else if (key == "ResponseTime") {
        response_seconds = json_double(child).value_or(-1);
      } else if (key == "HasFault") {
        flags_given = true;
        summary.fault = json_flag(child);
      } else if (key == "HasError") {
        flags_given = true;
        summary.error = json_flag(child);
      } else if (key == "HasThrottle") {
        flags_given = true;
        summary.throttle = json_flag(child);
      } else if (key == "IsPartial") {
        partial = json_flag(child);
      } else if (key == "Http") {
        each_member(child, [&](std::string_view name, value field) {
          if (name == "HttpStatus") http_status = json_int(field).value_or(0);
        });
      } else if (key == "EntryPoint") {
        std::string first_name;
        each_member(child, [&](std::string_view name, value field) {
          if (name == "Name") summary.entry_service = json_text(field);
          if (name == "Names") {
            each_element(
                field, [&](value n) { first_name = json_text(n); }, 1);
          }
        });
        if (summary.entry_service.empty()) summary.entry_service = first_name;
      } else if (key == "FaultRootCauses") {
        summary.fault_root_causes = read_causes(child);
      } else if (key == "ErrorRootCauses") {
        summary.error_root_causes = read_causes(child);
      } else if (key == "ResponseTimeRootCauses") {
        summary.response_time_root_causes = read_causes(child);
      }
    });
    if (summary.trace_id.empty()) {
      sink.on_skipped(
          {position,
           "expected an X-Ray trace summary with an Id" + (error ? " (" + json_error_text(error) + ")" : std::string()),
           1, false});
      return;
    }
    if (error) {
      sink.on_skipped({position, "X-Ray trace summary read up to broken JSON: " + json_error_text(error), 1, true});
    }
    if (summary.time == kNoTime) summary.time = time_of_trace_id(summary.trace_id).value_or(kNoTime);
    if (summary.duration_seconds < 0) summary.duration_seconds = response_seconds < 0 ? -1 : response_seconds;
    if (!flags_given) {
      summary.fault = http_status >= 500;
      summary.error = http_status >= 400 && http_status < 500;
      summary.throttle = http_status == 429;
    }
    sink.on_trace_summary(std::move(summary));
    if (partial) {
      sink.on_skipped(
          {position, "X-Ray trace summary is partial: a segment was still in progress (IsPartial)", 1, true});
    }
  }

  JsonDocuments documents_;
  JsonParser parser_;
  AnswerPages pages_;
};

}  // namespace

std::unique_ptr<RecordReader> make_xray_summaries_reader(ReaderOptions) {
  return std::make_unique<XRaySummariesReader>();
}

}  // namespace fa
