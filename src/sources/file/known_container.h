#pragma once

#include <string_view>

namespace fa {

/// What a file that is not telemetry by itself is, judged by its first bytes: `an xz file`, `a tar archive`, ...;
/// empty when it is none of the packings people send logs in. Only used to word a message.
[[nodiscard]] std::string_view known_container(std::string_view head);

}  // namespace fa
