#pragma once

#include <string>

#include "server/web_server.h"

namespace fa::server {

/// How the connection wants its answer.
struct ResponseForm {
  bool head = false;  ///< Without the body (its length is still told).
  bool keep_alive = true;
  bool http10 = false;  ///< Such clients close the connection unless told that it stays.
};

/// The bytes of an answer. A status that no final answer can have becomes 500, a content type that is none
/// `application/octet-stream`.
[[nodiscard]] std::string response_text(const ServerResponse& response, const ResponseForm& form);

/// An answer of the server's own: the status and its name.
[[nodiscard]] ServerResponse plain_response(int status);

}  // namespace fa::server
