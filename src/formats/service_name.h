#pragma once

#include <string>
#include <string_view>

namespace fa {

struct PathNames {
  std::string service;   ///< Empty only when the path is; `stdin` for `-`.
  std::string instance;  ///< The pod, for paths of the Kubernetes node.
};

/// What a log file's path says about who wrote it: `/var/log/pods/<ns>_<pod>_<uid>/<container>/0.log`,
/// `/var/log/containers/<pod>_<ns>_<container>-<hash>.log`, else the base name without extensions, dates and rotation
/// numbers (`orders.log.1`, `orders-2026-03-14.log.gz` -> `orders`); a name that any program could use (`app`,
/// `stdout`, `messages`, ...) gives way to its folder's.
PathNames names_of_path(std::string_view path);

}  // namespace fa
