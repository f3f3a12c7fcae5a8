#include "chatops/courier.h"

#include <optional>

#include "base/json.h"

namespace fa::chatops {
namespace {

std::string receipt_of(const slack::Posted& where) {
  return json_text(Json{{"channel", where.channel}, {"ts", where.ts}});
}

std::string text_member(const std::string& json, const char* key) {
  const Json document = parse_json(json);
  if (!document.is_object()) return {};
  const auto it = document.find(key);
  return it != document.end() && it->is_string() ? it->get<std::string>() : std::string();
}

slack::Posted place_in(const std::string& receipt) {
  return {text_member(receipt, "channel"), text_member(receipt, "ts")};
}

bool is_person(const std::string& channel) { return channel.starts_with("U") || channel.starts_with("W"); }

bool may_have_arrived(const Error& error) { return error.reason == slack::kMaybeSent; }

}  // namespace

Result<slack::Posted> Courier::arrived(const JobClaim& claim, const std::string& id, const slack::Posted& where) {
  if (auto kept = jobs_.finish_delivery(claim, id, receipt_of(where)); !kept) return tl::unexpected(kept.error());
  return where;
}

Result<slack::Posted> Courier::post(const JobClaim& claim, const std::string& id, slack::Message message,
                                    const Context& context) {
  const auto known = jobs_.begin_delivery(claim, id);
  if (!known) return tl::unexpected(known.error());
  if (known->state == Delivery::State::kSent) return place_in(known->receipt);
  if (known->state == Delivery::State::kBegun) {
    const auto found = slack_.find_delivery(message.channel, message.thread_ts, id, context);
    // Direct messages that are addressed by a person's id cannot be looked through: rather twice than never.
    if (!found && !is_person(message.channel)) return tl::unexpected(found.error());
    if (found && *found) return arrived(claim, id, **found);
  }
  message.delivery_id = id;
  const auto posted = slack_.post_message(message, context);
  if (posted) return arrived(claim, id, *posted);
  if (!may_have_arrived(posted.error())) {
    if (auto forgotten = jobs_.forget_delivery(claim, id); !forgotten) return tl::unexpected(forgotten.error());
    return tl::unexpected(posted.error());
  }
  // It stays begun: whoever comes next looks again, should it arrive late.
  const auto found = slack_.find_delivery(message.channel, message.thread_ts, id, context);
  if (found && *found) return arrived(claim, id, **found);
  return tl::unexpected(posted.error());
}

Result<void> Courier::share(const JobClaim& claim, const std::string& id, const slack::FileUpload& file,
                            const Context& context) {
  const auto known = jobs_.begin_delivery(claim, id);
  if (!known) return tl::unexpected(known.error());
  if (known->state == Delivery::State::kSent) return {};
  // The file's id is noted before it is shared, so a noted one may be in the thread already.
  std::string file_id = text_member(known->receipt, "file");
  const auto is_there = [&]() -> Result<bool> {
    return slack_.find_file(file.channel, file.thread_ts, file_id, context);
  };
  if (!file_id.empty()) {
    const auto found = is_there();
    if (!found) return tl::unexpected(found.error());
    if (*found) return jobs_.finish_delivery(claim, id, known->receipt);
  }
  // An upload address can say yes on behalf of a proxy and keep nothing: Slack then knows no such file when it is to be
  // shared. Uploading is free of effects, so it is done again.
  constexpr int kUploads = 3;
  for (int upload = 1;; ++upload) {
    auto uploaded = slack_.upload_bytes(file, context);
    if (!uploaded) return tl::unexpected(uploaded.error());
    file_id = std::move(*uploaded);
    const std::string receipt = json_text(Json{{"file", file_id}});
    if (auto noted = jobs_.note_delivery(claim, id, receipt); !noted) return noted;
    const auto shared = slack_.share_file(file_id, file, context);
    if (shared) return jobs_.finish_delivery(claim, id, receipt);
    if (shared.error().reason == slack::kNoSuchFile) {
      if (upload < kUploads) continue;
      return tl::unexpected(Error{ErrorCode::kUnavailable, shared.error().message, shared.error().reason});
    }
    if (!may_have_arrived(shared.error())) return shared;
    const auto found = is_there();
    if (!found || !*found) return shared;
    return jobs_.finish_delivery(claim, id, receipt);
  }
}

Result<std::optional<slack::Posted>> delivered_to(JobStore& jobs, const std::string& id) {
  const auto receipt = jobs.delivered(id);
  if (!receipt) return tl::unexpected(receipt.error());
  if (!*receipt) return std::optional<slack::Posted>();
  return std::optional(place_in(**receipt));
}

}  // namespace fa::chatops
