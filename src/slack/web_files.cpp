#include "base/text.h"
#include "slack/json_members.h"
#include "slack/web_call.h"
#include "slack/web_parts.h"

namespace fa::slack {

Result<std::string> upload_file(WebCaller& caller, const FileUpload& file, const Context& context) {
  if (file.name.empty() || file.bytes.empty()) {
    return fail(ErrorCode::kInvalidInput, "Slack takes no files without a name or without content.");
  }
  // https://docs.slack.dev/reference/methods/files.getUploadURLExternal: alt_txt has at most 1,000 characters.
  constexpr std::size_t kAltTextBytes = 1000;
  FormFields arguments{{"filename", file.name}, {"length", std::to_string(file.bytes.size())}};
  if (!file.alt_text.empty())
    arguments.emplace_back("alt_txt", std::string(utf8_prefix(visible(file.alt_text), kAltTextBytes)));
  const WebCall ask = form_call("files.getUploadURLExternal", arguments);
  const auto answer = caller.call(ask, context);
  if (!answer) return tl::unexpected(answer.error());
  std::string file_id = id_at(*answer, {"file_id"});
  AddressCall bytes;
  bytes.name = "upload address";
  bytes.host = "files";
  bytes.bare = true;
  bytes.url = text_at(*answer, {"upload_url"});
  bytes.content_type = "application/octet-stream";
  bytes.body = file.bytes;
  if (file_id.empty() || bytes.url.empty()) return tl::unexpected(caller.incomplete(ask));
  if (auto sent = caller.post_to(bytes, context); !sent) return tl::unexpected(sent.error());
  return file_id;
}

Result<void> share_uploaded(WebCaller& caller, const std::string& file_id, const FileUpload& file,
                            const Context& context) {
  Json arguments{
      {"files", Json::array({Json{{"id", file_id}, {"title", file.title.empty() ? file.name : file.title}}})},
      {"channel_id", file.channel}};
  if (!file.thread_ts.empty()) arguments["thread_ts"] = file.thread_ts;
  if (!file.comment.empty()) arguments["initial_comment"] = file.comment;
  const auto answer = caller.call(json_call("files.completeUploadExternal", arguments, Repeat::kOnlyUnsent), context);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace fa::slack
