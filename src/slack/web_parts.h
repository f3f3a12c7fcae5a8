#pragma once

#include <optional>
#include <string>

#include "slack/web_api.h"

/// What SlackApi does in more than one call.
namespace fa::slack {

class WebCaller;

Result<std::optional<Posted>> find_delivery_in(WebCaller& caller, const std::string& channel,
                                               const std::string& thread_ts, const std::string& delivery_id,
                                               const Context& context);
Result<bool> find_file_in(WebCaller& caller, const std::string& channel, const std::string& thread_ts,
                          const std::string& file_id, const Context& context);

Result<std::string> upload_file(WebCaller& caller, const FileUpload& file, const Context& context);
Result<void> share_uploaded(WebCaller& caller, const std::string& file_id, const FileUpload& file,
                            const Context& context);

/// `event_type` of the metadata that carries a delivery's id.
inline constexpr const char* kDeliveryEvent = "fa2_delivery";

}  // namespace fa::slack
