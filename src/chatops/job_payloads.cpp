#include "chatops/job_payloads.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::chatops {
namespace {

Json json_of(const Place& p) { return {{"team", p.team}, {"channel", p.channel}, {"thread_ts", p.thread_ts}}; }
Json json_of(const AlarmHint& a) {
  return {{"arn", a.arn}, {"entity", a.entity}, {"metric", a.metric}, {"statistic", a.statistic}};
}
Json json_of(const FormInput& i) {
  return {
      {"description", i.description}, {"from", format_rfc3339(i.window.begin)}, {"to", format_rfc3339(i.window.end)}};
}
Json json_of(const Reader& r) { return {{"language", language_name(r.language)}, {"time_zone", r.time_zone}}; }
Json json_of(const Inquiry& i) {
  return {{"kind", inquiry_name(i.kind)},
          {"question", i.question},
          {"least_severity", finding_severity_name(i.least)},
          {"days", i.days},
          {"language", i.language ? language_name(*i.language) : ""}};
}
Json json_of(const Order& o) {
  return {{"run", o.run},
          {"place", json_of(o.place)},
          {"user", o.user},
          {"reader", json_of(o.reader)},
          {"progress_ts", o.progress_ts},
          {"progress_channel", o.progress_channel},
          {"failure", o.failure}};
}

/// Reads members; the first that is missing or of another type makes it fail for good.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(object), ok_(object.is_object()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  std::string text(const char* key) {
    const Json* value = member(key);
    if (value == nullptr || !value->is_string()) return ok_ = false, std::string();
    return value->get<std::string>();
  }
  bool flag(const char* key) {
    const Json* value = member(key);
    if (value == nullptr || !value->is_boolean()) return ok_ = false, false;
    return value->get<bool>();
  }
  int number(const char* key) {
    const Json* value = member(key);
    if (value == nullptr || !value->is_number_integer()) return ok_ = false, 0;
    return value->get<int>();
  }
  void refuse() { ok_ = false; }
  /// A member that is an object, read by `read`.
  template <class Read>
  auto object(const char* key, Read read) {
    static const Json kEmpty = Json::object();
    const Json* value = member(key);
    if (value == nullptr || !value->is_object()) ok_ = false;
    Fields inner(ok_ ? *value : kEmpty);
    auto result = read(inner);
    ok_ = ok_ && inner.ok();
    return result;
  }

 private:
  const Json* member(const char* key) {
    if (!object_.is_object()) return nullptr;
    const auto it = object_.find(key);
    return it == object_.end() ? nullptr : &*it;
  }
  const Json& object_;
  bool ok_;
};

Place read_place(Fields& f) { return {f.text("team"), f.text("channel"), f.text("thread_ts")}; }
AlarmHint read_alarm(Fields& f) { return {f.text("arn"), f.text("entity"), f.text("metric"), f.text("statistic")}; }
FormInput read_input(Fields& f) {
  FormInput input{f.text("description"), {}};
  input.window.begin = parse_rfc3339(f.text("from")).value_or(kNoTime);
  input.window.end = parse_rfc3339(f.text("to")).value_or(kNoTime);
  return input;
}
Reader read_reader(Fields& f) {
  Reader reader;
  reader.language = language_from_name(f.text("language")).value_or(Language::kEnglish);
  reader.time_zone = f.text("time_zone");
  return reader;
}

Inquiry read_inquiry_payload(Fields& f) {
  Inquiry inquiry;
  const auto kind = inquiry_kind_from_name(f.text("kind"));
  const auto least = finding_severity_from_name(f.text("least_severity"));
  inquiry.question = f.text("question");
  inquiry.days = f.number("days");
  inquiry.language = language_from_name(f.text("language"));
  if (!kind || !least) f.refuse();
  inquiry.kind = kind.value_or(inquiry.kind);
  inquiry.least = least.value_or(inquiry.least);
  return inquiry;
}
void read_order(Fields& f, Order& o) {
  o.run = f.text("run");
  o.place = f.object("place", read_place);
  o.user = f.text("user");
  o.reader = f.object("reader", read_reader);
  o.progress_ts = f.text("progress_ts");
  o.progress_channel = f.text("progress_channel");
  o.failure = f.text("failure");
}

template <class Read>
auto read_payload(const std::string& json, Read read) -> Result<decltype(read(std::declval<Fields&>()))> {
  const Json document = parse_json(json);
  Fields fields(document);
  auto value = read(fields);
  if (!fields.ok()) return fail(ErrorCode::kInvalidInput, "A stored job cannot be read: its payload is damaged.");
  return value;
}

NewJob new_job(std::string id, std::string_view kind, JobLane lane, const Place& place, std::string payload) {
  NewJob job;
  job.id = std::move(id);
  job.kind = kind;
  job.lane = lane;
  job.group = place.channel;
  job.thread = place.thread();
  job.payload = std::move(payload);
  return job;
}

}  // namespace

std::string to_json(const FormOffer& o) {
  return json_text(Json{{"place", json_of(o.place)},
                        {"user", o.user},
                        {"alarm_key", o.alarm_key},
                        {"alarm_name", o.alarm_name},
                        {"announce", o.announce},
                        {"announcement", o.announcement},
                        {"input", json_of(o.input)},
                        {"alarm", json_of(o.alarm)},
                        {"start_at_once", o.start_at_once},
                        {"reader", json_of(o.reader)}});
}

Result<FormOffer> form_offer_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) {
    FormOffer o;
    o.place = f.object("place", read_place);
    o.user = f.text("user");
    o.alarm_key = f.text("alarm_key");
    o.alarm_name = f.text("alarm_name");
    o.announce = f.flag("announce");
    o.announcement = f.text("announcement");
    o.input = f.object("input", read_input);
    o.alarm = f.object("alarm", read_alarm);
    o.start_at_once = f.flag("start_at_once");
    o.reader = f.object("reader", read_reader);
    return o;
  });
}

std::string to_json(const AnalysisOrder& o) {
  Json json = json_of(static_cast<const Order&>(o));
  json["input"] = json_of(o.input);
  json["alarm"] = json_of(o.alarm);
  json["form_ts"] = o.form_ts;
  return json_text(json);
}

Result<AnalysisOrder> analysis_order_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) {
    AnalysisOrder o;
    read_order(f, o);
    o.input = f.object("input", read_input);
    o.alarm = f.object("alarm", read_alarm);
    o.form_ts = f.text("form_ts");
    return o;
  });
}

std::string to_json(const InquiryOrder& o) {
  Json json = json_of(static_cast<const Order&>(o));
  json["inquiry"] = json_of(o.inquiry);
  json["asked"] = format_rfc3339(o.asked);
  json["in_thread"] = o.in_thread;
  return json_text(json);
}

Result<InquiryOrder> inquiry_order_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) {
    InquiryOrder o;
    read_order(f, o);
    o.inquiry = f.object("inquiry", read_inquiry_payload);
    const auto asked = parse_rfc3339(f.text("asked"));
    if (!asked) f.refuse();
    o.asked = asked.value_or(kNoTime);
    o.in_thread = f.flag("in_thread");
    return o;
  });
}

std::string to_json(const Question& q) {
  return json_text(Json{
      {"place", json_of(q.place)}, {"user", q.user}, {"run", q.run}, {"text", q.text}, {"reader", json_of(q.reader)}});
}

Result<Question> question_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) {
    Question q;
    q.place = f.object("place", read_place);
    q.user = f.text("user");
    q.run = f.text("run");
    q.text = f.text("text");
    q.reader = f.object("reader", read_reader);
    return q;
  });
}

std::string to_json(const DecisionOrder& o) {
  return json_text(Json{{"place", json_of(o.place)},
                        {"user", o.user},
                        {"run", o.run},
                        {"confirmed", o.confirmed},
                        {"cause", o.cause},
                        {"fix", o.fix},
                        {"reader", json_of(o.reader)}});
}

Result<DecisionOrder> decision_order_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) {
    DecisionOrder o;
    o.place = f.object("place", read_place);
    o.user = f.text("user");
    o.run = f.text("run");
    o.confirmed = f.flag("confirmed");
    o.cause = f.text("cause");
    o.fix = f.text("fix");
    o.reader = f.object("reader", read_reader);
    return o;
  });
}

std::string to_json(const FormState& state) {
  constexpr std::size_t kMost = 2000;
  std::string text = json_text(Json{{"alarm", json_of(state.alarm)}});
  if (text.size() <= kMost) return text;
  AlarmHint shorter;
  if (state.alarm.arn.size() <= kMost / 2) shorter.arn = state.alarm.arn;
  text = json_text(Json{{"alarm", json_of(shorter)}});
  return text.size() <= kMost ? text : json_text(Json{{"alarm", json_of(AlarmHint{})}});
}

FormState form_state_from_json(const std::string& json) {
  return read_payload(json, [](Fields& f) { return FormState{f.object("alarm", read_alarm)}; }).value_or(FormState{});
}

std::string to_json(const ModalState& s) {
  const auto text_of = [&](const AlarmHint& alarm) {
    return json_text(
        Json{{"place", json_of(s.place)}, {"alarm", json_of(alarm)}, {"run", s.run}, {"reader", json_of(s.reader)}});
  };
  std::string text = text_of(s.alarm);
  return text.size() <= 3000 ? text : text_of({});
}

ModalState modal_state_from_json(const std::string& json) {
  return read_payload(json,
                      [](Fields& f) {
                        ModalState s;
                        s.place = f.object("place", read_place);
                        s.alarm = f.object("alarm", read_alarm);
                        s.run = f.text("run");
                        s.reader = f.object("reader", read_reader);
                        return s;
                      })
      .value_or(ModalState{});
}

std::string to_json(const ReportState& state) {
  return json_text(Json{{"run", state.run}, {"headline", utf8_prefix(state.headline, 500)}});
}

ReportState report_state_from_json(const std::string& json) {
  return read_payload(json,
                      [](Fields& f) {
                        return ReportState{f.text("run"), f.text("headline")};
                      })
      .value_or(ReportState{});
}

std::string id_from_key(std::string_view prefix, const std::string& key) {
  return std::string(prefix) + "-" + sha256_hex(key).substr(0, 16);
}

NewJob offer_form_job(const std::string& key, const FormOffer& offer) {
  return new_job(id_from_key("form", key), kOfferFormJob, JobLane::kQuick, offer.place, to_json(offer));
}

NewJob acknowledge_job(const std::string& key, AnalysisOrder order) {
  order.run = id_from_key("run", key);
  return new_job("ack-" + order.run, kAcknowledgeJob, JobLane::kQuick, order.place, to_json(order));
}

NewJob analyse_job(const AnalysisOrder& order) {
  return new_job(order.run, kAnalyseJob, JobLane::kAnalysis, order.place, to_json(order));
}

NewJob tell_failure_job(const AnalysisOrder& order) {
  return new_job("failed-" + order.run, kTellFailureJob, JobLane::kQuick, order.place, to_json(order));
}

NewJob acknowledge_inquiry_job(const std::string& key, InquiryOrder order) {
  order.run = id_from_key(inquiry_name(order.inquiry.kind), key);
  return new_job("ack-" + order.run, kAcknowledgeInquiryJob, JobLane::kQuick, order.place, to_json(order));
}

NewJob inquire_job(const InquiryOrder& order) {
  return new_job(order.run, kInquireJob, JobLane::kAnalysis, order.place, to_json(order));
}

NewJob tell_inquiry_failure_job(const InquiryOrder& order) {
  return new_job("failed-" + order.run, kTellInquiryFailureJob, JobLane::kQuick, order.place, to_json(order));
}

NewJob answer_job(const std::string& key, const Question& question) {
  return new_job(id_from_key("ask", key), kAnswerJob, JobLane::kAnalysis, question.place, to_json(question));
}

NewJob decide_job(const std::string& key, const DecisionOrder& order) {
  return new_job(id_from_key("decide", key), kDecideJob, JobLane::kQuick, order.place, to_json(order));
}

}  // namespace fa::chatops
