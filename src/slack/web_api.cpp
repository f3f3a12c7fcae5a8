#include "slack/web_api.h"

#include <fmt/core.h>

#include "slack/json_members.h"
#include "slack/web_call.h"
#include "slack/web_parts.h"

namespace fa::slack {
namespace {

/// JSON of ours that goes into a request; nullopt where it is not of that type.
std::optional<Json> own_json(const std::string& text, Json::value_t type) {
  Json value = parse_json(text);
  return value.type() == type ? std::optional(std::move(value)) : std::nullopt;
}

tl::unexpected<Error> broken(std::string_view method, std::string_view what) {
  return fail(
      ErrorCode::kInvalidInput,
      fmt::format("Slack's {} was not called: {}. This is a mistake of this program; please report it.", method, what));
}

/// What all posting methods take of a message.
Result<Json> message_arguments(std::string_view method, const Message& message) {
  Json arguments{{"channel", message.channel}, {"text", message.text}};
  if (!message.thread_ts.empty()) arguments["thread_ts"] = message.thread_ts;
  if (!message.blocks.empty()) {
    auto blocks = own_json(message.blocks, Json::value_t::array);
    if (!blocks) return broken(method, "the blocks are no JSON array");
    arguments["blocks"] = std::move(*blocks);
  }
  if (!message.delivery_id.empty()) {
    arguments["metadata"] = Json{{"event_type", kDeliveryEvent}, {"event_payload", {{"id", message.delivery_id}}}};
  }
  return arguments;
}

class WebApi final : public SlackApi {
 public:
  WebApi(WebApiOptions options, HttpClient& http, const Clock& clock, Sleeper& sleeper, Random& random)
      : caller_(std::move(options), http, clock, sleeper, random) {}

  Result<Posted> post_message(const Message& message, const Context& context) override {
    auto arguments = message_arguments("chat.postMessage", message);
    if (!arguments) return tl::unexpected(arguments.error());
    // What a log or a model says must not become previews of other people's pages.
    (*arguments)["unfurl_links"] = false;
    (*arguments)["unfurl_media"] = false;
    const WebCall call = json_call("chat.postMessage", *arguments, Repeat::kOnlyUnsent);
    const auto answer = caller_.call(call, context);
    if (!answer) return tl::unexpected(answer.error());
    Posted posted{id_at(*answer, {"channel"}), id_at(*answer, {"ts"})};
    if (posted.channel.empty()) posted.channel = message.channel;
    if (posted.ts.empty()) return tl::unexpected(caller_.incomplete(call));
    return posted;
  }

  Result<void> update_message(const Posted& where, const Message& message, const Context& context) override {
    auto arguments = message_arguments("chat.update", message);
    if (!arguments) return tl::unexpected(arguments.error());
    arguments->erase("thread_ts");
    (*arguments)["channel"] = where.channel;
    (*arguments)["ts"] = where.ts;
    // Those of before must not stay.
    if (message.blocks.empty()) (*arguments)["blocks"] = Json::array();
    return done(caller_.call(json_call("chat.update", *arguments, Repeat::kFreely), context));
  }

  Result<void> post_ephemeral(const Message& message, const std::string& user, const Context& context) override {
    auto arguments = message_arguments("chat.postEphemeral", message);
    if (!arguments) return tl::unexpected(arguments.error());
    arguments->erase("metadata");
    (*arguments)["user"] = user;
    return done(caller_.call(json_call("chat.postEphemeral", *arguments, Repeat::kOnlyUnsent), context));
  }

  Result<std::optional<Posted>> find_delivery(const std::string& channel, const std::string& thread_ts,
                                              const std::string& delivery_id, const Context& context) override {
    return find_delivery_in(caller_, channel, thread_ts, delivery_id, context);
  }

  Result<bool> find_file(const std::string& channel, const std::string& thread_ts, const std::string& file_id,
                         const Context& context) override {
    return find_file_in(caller_, channel, thread_ts, file_id, context);
  }

  Result<std::string> open_view(const std::string& trigger_id, const std::string& view,
                                const Context& context) override {
    const auto form = own_json(view, Json::value_t::object);
    if (!form) return broken("views.open", "the view is no JSON object");
    const WebCall call = json_call("views.open", Json{{"trigger_id", trigger_id}, {"view", *form}}, Repeat::kFreely);
    return id_of(call, {"view", "id"}, context);
  }

  Result<void> update_view(const std::string& view_id, const std::string& view, const Context& context) override {
    const auto form = own_json(view, Json::value_t::object);
    if (!form) return broken("views.update", "the view is no JSON object");
    return done(
        caller_.call(json_call("views.update", Json{{"view_id", view_id}, {"view", *form}}, Repeat::kFreely), context));
  }

  Result<UserInfo> user_info(const std::string& user, const Context& context) override {
    const WebCall call = form_call("users.info", {{"user", user}, {"include_locale", "true"}});
    const auto answer = caller_.call(call, context);
    if (!answer) return tl::unexpected(answer.error());
    const Json* found = member_at(*answer, {"user"});
    if (found == nullptr || !found->is_object()) return tl::unexpected(caller_.incomplete(call));
    const Json* bot = member_at(*found, {"is_bot"});
    UserInfo info{id_at(*found, {"id"}), id_at(*found, {"tz"}), id_at(*found, {"locale"}), false};
    if (info.id.empty()) info.id = user;
    info.is_bot = bot != nullptr && bot->is_boolean() && bot->get<bool>();
    return info;
  }

  Result<std::string> permalink(const Posted& where, const Context& context) override {
    return id_of(form_call("chat.getPermalink", {{"channel", where.channel}, {"message_ts", where.ts}}), {"permalink"},
                 context);
  }

  Result<std::string> upload_bytes(const FileUpload& file, const Context& context) override {
    return upload_file(caller_, file, context);
  }

  Result<void> share_file(const std::string& file_id, const FileUpload& file, const Context& context) override {
    return share_uploaded(caller_, file_id, file, context);
  }

  Result<void> respond(const std::string& response_url, const std::string& text, const std::string& blocks,
                       bool replace_original, const Context& context) override {
    Json body{{"text", text}, {"replace_original", replace_original}};
    if (!replace_original) body["response_type"] = "ephemeral";
    if (!blocks.empty()) {
      auto list = own_json(blocks, Json::value_t::array);
      if (!list) return broken("response_url", "the blocks are no JSON array");
      body["blocks"] = std::move(*list);
    }
    AddressCall call;
    call.name = "response_url";
    call.host = "hooks";
    call.url = response_url;
    call.content_type = "application/json; charset=utf-8";
    call.body = json_text(body);
    // A replacement of a replacement is the same message.
    call.repeat = replace_original ? Repeat::kFreely : Repeat::kOnlyUnsent;
    return caller_.post_to(call, context);
  }

  Result<Identity> identify(const Context& context) override {
    const WebCall call = form_call("auth.test", {});
    const auto answer = caller_.call(call, context);
    if (!answer) return tl::unexpected(answer.error());
    Identity identity{id_at(*answer, {"team_id"}), id_at(*answer, {"user_id"}), id_at(*answer, {"bot_id"})};
    if (identity.user_id.empty()) return tl::unexpected(caller_.incomplete(call));
    return identity;
  }

  Result<std::string> open_connection(const Context& context) override {
    WebCall call = form_call("apps.connections.open", {});
    call.token = TokenKind::kApp;
    auto url = id_of(call, {"url"}, context);
    if (!url || url->starts_with("wss://") || (caller_.speaks_plain() && url->starts_with("ws://"))) return url;
    return tl::unexpected(caller_.incomplete(call));
  }

  std::map<std::string, MethodCounts> counts() const override { return caller_.counts(); }

 private:
  static Result<void> done(const Result<Json>& answer) {
    if (!answer) return tl::unexpected(answer.error());
    return {};
  }

  /// The one thing that is wanted of an answer.
  Result<std::string> id_of(const WebCall& call, JsonPath path, const Context& context) {
    const auto answer = caller_.call(call, context);
    if (!answer) return tl::unexpected(answer.error());
    std::string id = id_at(*answer, path);
    if (id.empty()) return tl::unexpected(caller_.incomplete(call));
    return id;
  }

  WebCaller caller_;
};

}  // namespace

std::unique_ptr<SlackApi> make_web_api(WebApiOptions options, HttpClient& http, const Clock& clock, Sleeper& sleeper,
                                       Random& random) {
  return std::make_unique<WebApi>(std::move(options), http, clock, sleeper, random);
}

}  // namespace fa::slack
