#include "formats/xray_segment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "formats/aws_values.h"
#include "formats/json_documents.h"
#include "formats/json_walk.h"

namespace fa {
namespace {

using simdjson::ondemand::value;

constexpr int kMaxCauseChain = 16;

std::optional<TimePoint> time_value(value v) { return parse_epoch_seconds(trim(v.raw_json_token())); }

/// `https://host/path?query` -> `/path`; empty for a bare host.
std::string_view path_of_url(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    const std::size_t slash = url.find_first_of("/?#", scheme + 3);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

struct XRayTraceBuilder::Impl {
  struct Exception {
    std::string_view id;
    std::string_view type;
    std::string_view message;
    std::string_view cause;  ///< Id of the exception that led to this one.
  };

  explicit Impl(BatchText& texts) : arena(texts) {}

  BatchText& arena;
  std::string_view trace_id;
  std::vector<XRaySpan> spans;
  std::vector<std::string_view> url_paths;   ///< Of http.request.url, for each span.
  std::vector<std::string_view> operations;  ///< Of aws.operation, for each span.
  std::unordered_map<std::string_view, Exception> exceptions;
  std::uint64_t too_deep = 0;
  std::uint64_t too_many = 0;
  JsonParser parser;
  std::string padded;

  std::string_view text(value v) {
    const auto string = json_string(v);
    return string ? arena.keep(*string) : std::string_view{};
  }

  simdjson::error_code read(value v, std::size_t parent, int depth, const BytePosition& position);
  simdjson::error_code read_text(std::string_view document, const BytePosition& position);
  void read_http(value v, std::size_t index);
  void read_aws(value v, std::size_t index);
  void read_cause(value v, std::size_t index);
  void settle(std::size_t index);
  void apply_cause(XRaySpan& span) const;
};

XRayTraceBuilder::XRayTraceBuilder(BatchText& arena) : impl_(std::make_unique<Impl>(arena)) {}
XRayTraceBuilder::~XRayTraceBuilder() = default;

void XRayTraceBuilder::begin(std::string_view trace_id) {
  impl_->trace_id = impl_->arena.keep(trace_id);
  impl_->spans.clear();
  impl_->url_paths.clear();
  impl_->operations.clear();
  impl_->exceptions.clear();
}

simdjson::error_code XRayTraceBuilder::Impl::read(value v, std::size_t parent, int depth,
                                                  const BytePosition& position) {
  if (spans.size() >= kMaxSpansPerTrace) {
    ++too_many;
    return simdjson::SUCCESS;
  }
  const std::size_t index = spans.size();
  XRaySpan draft;
  draft.parent = parent;
  draft.is_segment = parent == XRaySpan::kNoParent;
  draft.record.position = position;
  draft.record.kind = draft.is_segment ? SpanKind::kServer : SpanKind::kInternal;
  spans.push_back(draft);
  url_paths.emplace_back();
  operations.emplace_back();
  return each_member(v, [&](std::string_view key, value child) {
    // `spans` may grow while children are read: no reference into it is kept.
    if (key == "subsegments") {
      each_element(child, [&](value subsegment) {
        if (depth >= kMaxSubsegmentDepth) {
          ++too_deep;
        } else {
          read(subsegment, index, depth + 1, position);
        }
      });
    } else if (key == "http") {
      read_http(child, index);
    } else if (key == "aws") {
      read_aws(child, index);
    } else if (key == "cause") {
      read_cause(child, index);
    } else {
      SpanRecord& r = spans[index].record;
      if (key == "id") {
        r.span_id = text(child);
      } else if (key == "name") {
        r.operation = text(child);  // Until the name's place is known; see settle().
      } else if (key == "trace_id") {
        r.trace_id = text(child);
      } else if (key == "parent_id") {
        r.parent_span_id = text(child);
      } else if (key == "start_time") {
        r.start = time_value(child).value_or(kNoTime);
      } else if (key == "end_time") {
        r.end = time_value(child).value_or(kNoTime);
      } else if (key == "in_progress") {
        spans[index].in_progress = json_flag(child);
      } else if (key == "fault") {
        r.error = r.error || json_flag(child);
      } else if (key == "throttle") {
        r.throttled = json_flag(child);
      } else if (key == "namespace") {
        const std::string_view space = json_string(child).value_or("");
        if (space == "aws" || space == "remote") r.kind = SpanKind::kClient;
      } else if (key == "type") {
        // A subsegment that was sent as a document of its own.
        if (json_string(child) == "subsegment") {
          spans[index].is_segment = false;
          if (r.kind == SpanKind::kServer) r.kind = SpanKind::kInternal;
        }
      }
    }
  });
}

/// `document` has kReadPadding readable bytes behind it.
simdjson::error_code XRayTraceBuilder::Impl::read_text(std::string_view document, const BytePosition& position) {
  simdjson::ondemand::document parsed;
  value root;
  if (const auto error = parser.iterate(document, parsed)) return error;
  if (const auto error = parsed.get_value().get(root)) return error;
  return read(root, XRaySpan::kNoParent, 0, position);
}

void XRayTraceBuilder::Impl::read_http(value v, std::size_t index) {
  each_member(v, [&](std::string_view side, value fields) {
    if (side == "request") {
      each_member(fields, [&](std::string_view key, value child) {
        if (key == "url") url_paths[index] = path_of_url(text(child));
      });
    } else if (side == "response") {
      each_member(fields, [&](std::string_view key, value child) {
        if (key != "status") return;
        const auto status = json_int(child);
        if (status && *status >= 100 && *status <= 999) spans[index].record.http_status = static_cast<int>(*status);
      });
    }
  });
}

void XRayTraceBuilder::Impl::read_aws(value v, std::size_t index) {
  // The most specific place wins, whatever the order of the fields.
  std::string_view pod, container, host;
  each_member(v, [&](std::string_view key, value child) {
    if (key == "operation") {
      operations[index] = text(child);
    } else if (key == "ecs" || key == "eks" || key == "ec2" || key == "elastic_beanstalk") {
      each_member(child, [&](std::string_view name, value field) {
        if (name == "pod") {
          pod = text(field);
        } else if (name == "container") {
          container = text(field);
        } else if (name == "container_id") {
          const std::string_view id = text(field);
          if (container.empty()) container = id;
        } else if (name == "instance_id") {
          const auto number = field.type();
          host = !number.error() && number.value_unsafe() == simdjson::ondemand::json_type::number
                     ? arena.keep(trim(field.raw_json_token()))
                     : text(field);
        }
      });
    }
  });
  spans[index].record.instance = !pod.empty() ? pod : !container.empty() ? container : host;
}

void XRayTraceBuilder::Impl::read_cause(value v, std::size_t index) {
  simdjson::ondemand::json_type type;
  if (v.type().get(type)) return;
  if (type == simdjson::ondemand::json_type::string) {
    spans[index].cause_id = text(v);
    return;
  }
  std::string_view message;
  bool first = true;
  Exception anonymous;
  each_member(v, [&](std::string_view key, value child) {
    if (key == "message") message = text(child);
    if (key != "exceptions") return;
    each_element(child, [&](value fields) {
      Exception exception;
      each_member(fields, [&](std::string_view name, value field) {
        if (name == "id") exception.id = text(field);
        if (name == "type") exception.type = text(field);
        if (name == "message") exception.message = text(field);
        if (name == "cause") exception.cause = text(field);
      });
      if (!exception.id.empty() && exceptions.size() < kMaxSpansPerTrace) exceptions.emplace(exception.id, exception);
      if (std::exchange(first, false)) {
        spans[index].cause_id = exception.id;
        anonymous = exception;
      }
    });
  });
  SpanRecord& r = spans[index].record;
  r.exception_type = anonymous.type;
  r.exception_message = anonymous.message.empty() ? message : anonymous.message;
}

void XRayTraceBuilder::add(std::string_view document, const BytePosition& position, TelemetrySink& sink) {
  Impl& self = *impl_;
  self.padded.assign(document);
  self.padded.append(kReadPadding, ' ');
  self.too_deep = 0;
  self.too_many = 0;
  const std::size_t first = self.spans.size();
  simdjson::error_code error = self.read_text({self.padded.data(), document.size()}, position);
  if (error) {
    // A document that was cut: what stands before the cut, closed, may still be read.
    JsonDocuments documents;
    TelemetrySink unheard;
    documents.read({self.padded.data(), document.size()}, 0, true, unheard, [&](const JsonDocument& whole) {
      if (!whole.truncated) return;
      self.spans.resize(first);
      self.url_paths.resize(first);
      self.operations.resize(first);
      self.read_text(whole.text, position);
    });
    sink.on_skipped({position, "X-Ray segment document is not whole JSON (" + json_error_text(error) + ")", 1,
                     self.spans.size() > first});
  }
  if (self.too_deep > 0) {
    sink.on_skipped({position,
                     "X-Ray subsegments nested deeper than " + std::to_string(kMaxSubsegmentDepth) + " levels",
                     self.too_deep, false});
  }
  if (self.too_many > 0) {
    sink.on_skipped(
        {position, "X-Ray trace of more than " + std::to_string(kMaxSpansPerTrace) + " segments: the rest is left out",
         self.too_many, false});
  }
  for (std::size_t i = first; i < self.spans.size(); ++i) self.settle(i);
}

/// Gives a span that was read whole its service, operation and peer.
void XRayTraceBuilder::Impl::settle(std::size_t index) {
  XRaySpan& span = spans[index];
  SpanRecord& r = span.record;
  const std::string_view name = r.operation;
  if (r.trace_id.empty()) r.trace_id = trace_id;
  if (span.parent != XRaySpan::kNoParent) {
    const SpanRecord& parent = spans[span.parent].record;  // Settled before: it stands further left.
    r.parent_span_id = parent.span_id;
    r.trace_id = parent.trace_id;
    r.service = parent.service;
    if (r.instance.empty()) r.instance = parent.instance;
  } else if (span.is_segment) {
    r.service = name;
  }
  if (r.kind == SpanKind::kClient) r.peer = name;
  if (!operations[index].empty()) {
    r.operation = operations[index];
  } else if (!url_paths[index].empty()) {
    r.operation = url_paths[index];
  }
  if (r.http_status >= 500) r.error = true;
  if (r.http_status == 429) r.throttled = true;
}

/// Follows the chain of causes to its innermost exception, which says most about where it began.
void XRayTraceBuilder::Impl::apply_cause(XRaySpan& span) const {
  std::string_view id = span.cause_id;
  for (int step = 0; step < kMaxCauseChain && !id.empty(); ++step) {
    const auto found = exceptions.find(id);
    if (found == exceptions.end()) return;
    span.record.exception_type = found->second.type;
    if (!found->second.message.empty()) span.record.exception_message = found->second.message;
    if (found->second.cause == id) return;
    id = found->second.cause;
  }
}

void XRayTraceBuilder::finish(std::vector<SpanRecord>& out, TelemetrySink& sink) {
  Impl& self = *impl_;
  std::unordered_map<std::string_view, std::size_t> by_id;
  const bool orphans = std::any_of(self.spans.begin(), self.spans.end(),
                                   [](const XRaySpan& s) { return s.parent == XRaySpan::kNoParent && !s.is_segment; });
  if (orphans) {
    for (std::size_t i = 0; i < self.spans.size(); ++i) by_id.emplace(self.spans[i].record.span_id, i);
  }
  for (XRaySpan& span : self.spans) span.in_progress = span.in_progress || span.record.end == kNoTime;
  // Contained spans stand behind the containing one: from the back, every end is known when it is passed on.
  for (std::size_t i = self.spans.size(); i-- > 0;) {
    SpanRecord& r = self.spans[i].record;
    if (r.start != kNoTime && r.end < r.start) {
      r.end = r.start;  // Nothing contained tells an end, or the clock went backwards.
    }
    if (self.spans[i].parent == XRaySpan::kNoParent) continue;
    XRaySpan& parent = self.spans[self.spans[i].parent];
    if (parent.in_progress) parent.record.end = std::max(parent.record.end, r.end);
  }
  for (XRaySpan& span : self.spans) {
    SpanRecord& r = span.record;
    if (span.parent == XRaySpan::kNoParent && !span.is_segment) {
      // Each step goes to another span's parent; the bound ends circles.
      std::string_view above = r.parent_span_id;
      for (int step = 0; step < kMaxSubsegmentDepth && r.service.empty(); ++step) {
        const auto found = by_id.find(above);
        if (found == by_id.end()) break;
        r.service = self.spans[found->second].record.service;
        if (r.instance.empty()) r.instance = self.spans[found->second].record.instance;
        above = self.spans[found->second].record.parent_span_id;
      }
    } else if (span.parent != XRaySpan::kNoParent) {
      if (r.service.empty()) r.service = self.spans[span.parent].record.service;
      if (r.instance.empty()) r.instance = self.spans[span.parent].record.instance;
    }
    if (r.span_id.empty() || r.start == kNoTime) {
      sink.on_skipped({r.position,
                       std::string("X-Ray segment without ") + (r.span_id.empty() ? "id" : "a usable start_time"), 1,
                       false});
      continue;
    }
    if (span.in_progress) {
      sink.on_skipped(
          {r.position, "X-Ray segment still in progress: its end is taken from its last subsegment", 1, true});
    }
    self.apply_cause(span);
    out.push_back(r);
  }
}

}  // namespace fa
