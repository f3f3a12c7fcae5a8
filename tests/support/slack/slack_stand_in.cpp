#include "support/slack/slack_stand_in.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "support/http_server.h"
#include "support/slack/slack_conversation_text.h"
#include "support/slack/slack_faults.h"
#include "support/slack/slack_state.h"

namespace fa::test {
namespace {

using slack_wire::Refusal;
using slack_wire::text_of;

constexpr auto kLookAgain = std::chrono::milliseconds(20);
constexpr std::string_view kApiPath = "/api/";
constexpr std::string_view kUploadPath = "/upload/";
constexpr std::string_view kResponsePath = "/response/";

std::string after(const std::string& target, std::string_view path) { return target.substr(path.size()); }

std::string content_type_of(const HttpRequest& request) {
  const auto header = find_header(request.headers, "Content-Type");
  return header ? std::string(header->substr(0, header->find(';'))) : std::string();
}

Json form_arguments(std::string_view body) {
  Json arguments = Json::object();
  for (auto& [name, value] : slack_wire::decode_form(body)) arguments[name] = value;
  return arguments;
}

/// The arguments of a call, from wherever the method reads them: JSON is no arguments at all where it takes none.
SlackOutcome arguments_of(const HttpRequest& request, bool takes_json) {
  const std::string type = content_type_of(request);
  const std::size_t question = request.url.find('?');
  if (type == "application/x-www-form-urlencoded") return form_arguments(request.body);
  if (type == "application/json") {
    if (!takes_json) return Json::object();
    Json arguments = parse_json(request.body);
    if (arguments.is_discarded()) return refuse("invalid_json");
    if (!arguments.is_object()) return refuse("json_not_object");
    return arguments;
  }
  if (question != std::string::npos) return form_arguments(std::string_view(request.url).substr(question + 1));
  return request.body.empty() ? SlackOutcome(Json::object()) : refuse("invalid_post_type");
}

std::optional<Refusal> token_refusal(const HttpRequest& request, const SlackWorld& world, bool app_token) {
  const auto header = find_header(request.headers, "Authorization");
  if (!header || !header->starts_with("Bearer ")) return Refusal{"not_authed", {}};
  const std::string_view token = header->substr(7);
  if (token != world.bot_token && token != world.app_token) return Refusal{"invalid_auth", {}};
  if (token != (app_token ? world.app_token : world.bot_token)) return Refusal{"not_allowed_token_type", {}};
  return std::nullopt;
}

HttpResponse json_answer(const Json& body) {
  return {200, {{"Content-Type", "application/json; charset=utf-8"}}, json_text(body)};
}

HttpResponse refusal_answer(const Refusal& refusal) {
  Json body{{"ok", false}, {"error", refusal.word}};
  if (!refusal.details.empty()) body["response_metadata"] = Json{{"messages", refusal.details}};
  return json_answer(body);
}

SlackState state_of(SlackWorld world) {
  SlackState state;
  state.world = std::move(world);
  return state;
}

}  // namespace

class SlackStandIn::Impl {
 public:
  explicit Impl(SlackWorld world)
      : world_(std::move(world)),
        state_(state_of(world_)),
        server_([this](const HttpRequest& request) { return answer(request); }) {
    const std::lock_guard lock(mutex_);
    state_.url = server_.url();
  }

  const SlackWorld& world() const { return world_; }
  std::string url() const { return server_.url(); }

  /// Reads, or changes without telling anybody.
  template <class Work>
  auto with(const Work& work) const {
    const std::lock_guard lock(mutex_);
    return work(state_);
  }
  template <class Work>
  auto change(const Work& work) {
    auto result = with(work);
    notify();
    return result;
  }

  void with_faults(const std::function<void(SlackFaultBook&)>& work) {
    const std::lock_guard lock(mutex_);
    work(faults_);
  }
  void set_connection_urls(std::function<std::string()> source) {
    const std::lock_guard lock(mutex_);
    connection_urls_ = std::move(source);
  }
  std::vector<SlackCall> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  std::uint64_t count(const std::string& method) const {
    const std::lock_guard lock(mutex_);
    const auto it = counts_.find(method);
    return it == counts_.end() ? 0 : it->second;
  }
  std::vector<std::string> refusals() const {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

  bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds patience) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      std::uint64_t seen = 0;
      {
        const std::lock_guard lock(mutex_);
        seen = changes_;
      }
      if (holds()) return true;  // Not under the lock: it asks the stand-in.
      const auto now = std::chrono::steady_clock::now();
      if (now >= end) return false;
      std::unique_lock lock(mutex_);
      changed_.wait_until(lock, std::min(end, now + kLookAgain), [&] { return changes_ != seen; });
    }
  }

  void notify() const {
    {
      const std::lock_guard lock(mutex_);
      ++changes_;
    }
    changed_.notify_all();
  }

 private:
  ServerAnswer answer(const HttpRequest& request) {
    const std::string target = request.url.substr(0, request.url.find('?'));
    if (target.starts_with(kApiPath)) {
      const std::string method = after(target, kApiPath);
      return played(method, [&] { return call(method, request); });
    }
    if (target.starts_with(kUploadPath)) {
      return played("upload", [&]() -> SlackOutcome {
        const std::lock_guard lock(mutex_);
        return slack_take_bytes(state_, after(target, kUploadPath), request.body);
      });
    }
    if (target.starts_with(kResponsePath)) {
      return played("response_url", [&]() -> SlackOutcome {
        const Json arguments = parse_json(request.body);
        if (!arguments.is_object()) return refuse("invalid_payload");
        const std::lock_guard lock(mutex_);
        return slack_respond(state_, after(target, kResponsePath), arguments);
      });
    }
    ServerAnswer unknown;
    unknown.response.status = 404;
    return unknown;
  }

  /// A call with its fault, if it meets one.
  ServerAnswer played(const std::string& method, const std::function<SlackOutcome()>& run) {
    std::optional<SlackFault> fault;
    {
      const std::lock_guard lock(mutex_);
      fault = faults_.take(method, ++counts_[method]);
    }
    const bool delayed = fault && fault->kind == SlackFault::Kind::kDelay;
    ServerAnswer out;
    Refusal refused;
    if (!fault || delayed || fault->after_effect) {
      const SlackOutcome outcome = run();
      if (!outcome) refused = outcome.error();
      out.response = outcome ? done(method, *outcome) : failed(method, refused);
    }
    if (delayed) out.delay = fault->delay;
    if (fault && !delayed) out = fault_answer(*fault);
    note(method, out, refused, fault.has_value());
    return out;
  }

  static HttpResponse done(const std::string& method, const Json& members) {
    if (method == "upload") return {200, {{"Content-Type", "text/html; charset=utf-8"}}, "OK"};
    if (method == "response_url") return {200, {{"Content-Type", "text/html; charset=utf-8"}}, "ok"};
    Json body{{"ok", true}};
    body.update(members);
    return json_answer(body);
  }

  static HttpResponse failed(const std::string& method, const Refusal& refusal) {
    HttpResponse response = refusal_answer(refusal);
    if (method == "upload") response.status = 400;
    if (method == "response_url") response.status = refusal.word.ends_with("_url") ? 404 : 400;
    return response;
  }

  void note(const std::string& method, const ServerAnswer& out, const Refusal& refused, bool faulty) {
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back({method, out.cut || out.never ? 0 : out.response.status, refused.word, faulty});
      if (!refused.word.empty()) {
        std::string text = method + ": " + refused.word;
        for (const std::string& detail : refused.details) text += "; " + detail;
        refusals_.push_back(std::move(text));
      }
    }
    notify();
  }

  SlackOutcome call(const std::string& name, const HttpRequest& request) {
    const bool connection = name == "apps.connections.open";
    const SlackMethod* method = find_slack_method(name);
    if (method == nullptr && !connection) return refuse("unknown_method");
    if (auto refused = token_refusal(request, world_, connection)) return tl::unexpected(*refused);
    if (connection) return open_connection();
    const auto arguments = arguments_of(request, method->takes_json);
    if (!arguments) return arguments;
    const std::lock_guard lock(mutex_);
    return method->run(state_, *arguments);
  }

  SlackOutcome open_connection() {
    std::function<std::string()> source;
    {
      const std::lock_guard lock(mutex_);
      source = connection_urls_;
    }
    if (!source) return refuse("access_denied");
    return Json{{"url", source()}};
  }

  const SlackWorld world_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::uint64_t changes_ = 0;
  mutable SlackState state_;
  SlackFaultBook faults_;
  std::function<std::string()> connection_urls_;
  std::vector<SlackCall> calls_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::string> refusals_;
  HttpServer server_;  // Last: its handlers use all of the others.
};

SlackStandIn::SlackStandIn(SlackWorld world) : impl_(std::make_unique<Impl>(std::move(world))) {}
SlackStandIn::~SlackStandIn() = default;

const SlackWorld& SlackStandIn::world() const { return impl_->world(); }
std::string SlackStandIn::url() const { return impl_->url(); }
std::string SlackStandIn::api_url() const { return impl_->url() + "/api"; }

void SlackStandIn::add_fault(SlackFault fault) {
  impl_->with_faults([&](SlackFaultBook& book) { book.add(fault); });
}
void SlackStandIn::set_chaos(SlackChaos chaos) {
  impl_->with_faults([&](SlackFaultBook& book) { book.set_chaos(chaos); });
}
void SlackStandIn::clear_faults() {
  impl_->with_faults([](SlackFaultBook& book) { book.clear(); });
}
void SlackStandIn::set_connection_urls(std::function<std::string()> source) {
  impl_->set_connection_urls(std::move(source));
}

std::vector<SlackMessage> SlackStandIn::messages(const std::string& channel) const {
  return impl_->with([&](SlackState& state) { return state.conversations[channel]; });
}

std::vector<SlackMessage> SlackStandIn::thread(const std::string& channel, const std::string& ts) const {
  std::vector<SlackMessage> out = messages(channel);
  std::erase_if(out, [&](const SlackMessage& m) { return m.ts != ts && m.thread_ts != ts; });
  return out;
}

std::optional<SlackMessage> SlackStandIn::message(const std::string& channel, const std::string& ts) const {
  return impl_->with([&](SlackState& state) -> std::optional<SlackMessage> {
    const SlackMessage* found = state.message(channel, ts);
    return found == nullptr ? std::nullopt : std::optional(*found);
  });
}

std::vector<SlackMessage> SlackStandIn::messages_of_app() const {
  return impl_->with([](SlackState& state) {
    std::vector<SlackMessage> out;
    for (const auto& [channel, messages] : state.conversations) {
      std::copy_if(messages.begin(), messages.end(), std::back_inserter(out),
                   [&](const SlackMessage& m) { return m.app_id == state.world.app_id; });
    }
    return out;
  });
}

std::vector<SlackFile> SlackStandIn::files() const {
  return impl_->with([](SlackState& state) { return state.files; });
}
std::vector<SlackFile> SlackStandIn::shared_files(std::string_view ending) const {
  std::vector<SlackFile> shared = files();
  std::erase_if(shared, [&](const SlackFile& f) { return f.shares.empty() || !f.name.ends_with(ending); });
  return shared;
}
std::vector<SlackEphemeral> SlackStandIn::ephemerals() const {
  return impl_->with([](SlackState& state) { return state.ephemerals; });
}
std::vector<SlackView> SlackStandIn::views() const {
  return impl_->with([](SlackState& state) { return state.views; });
}
std::vector<SlackResponse> SlackStandIn::responses() const {
  return impl_->with([](SlackState& state) { return state.responses; });
}
std::vector<SlackPing> SlackStandIn::pings() const {
  return impl_->with([](SlackState& state) { return state.pings; });
}
std::vector<std::string> SlackStandIn::doubled() const {
  return impl_->with([](SlackState& state) { return state.doubled; });
}
std::vector<SlackCall> SlackStandIn::calls() const { return impl_->calls(); }
std::uint64_t SlackStandIn::count(const std::string& method) const { return impl_->count(method); }
std::vector<std::string> SlackStandIn::refusals() const { return impl_->refusals(); }

bool SlackStandIn::wait_until(const std::function<bool()>& holds, std::chrono::milliseconds patience) const {
  return impl_->wait_until(holds, patience);
}
void SlackStandIn::notify() const { impl_->notify(); }

std::string SlackStandIn::conversation_text(const std::string& channel) const {
  return impl_->with([&](SlackState& state) { return slack_conversation_text(state, channel); });
}

std::string SlackStandIn::add_message(SlackMessage message) {
  return impl_->change([&](SlackState& state) { return state.add(message); });
}
std::string SlackStandIn::new_trigger() {
  return impl_->change([](SlackState& state) {
    std::string id = state.new_id("T");
    state.triggers[id].made = state.now();
    return id;
  });
}
std::string SlackStandIn::new_response_url(const std::string& channel, const std::string& user,
                                           const std::string& message_ts) {
  return impl_->change([&](SlackState& state) {
    const std::string key = state.new_id("R");
    state.response_urls[key] = {channel, user, message_ts, 0};
    return state.url + "/response/" + key;
  });
}
std::string SlackStandIn::new_id(const std::string& prefix) {
  return impl_->change([&](SlackState& state) { return state.new_id(prefix); });
}

}  // namespace fa::test
