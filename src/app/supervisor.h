#pragma once

#include <string_view>

namespace fa {

/// Tells a service manager how the process is doing, by the protocol of sd_notify(3): `READY=1`, `STOPPING=1`. Does
/// nothing where there is none (NOTIFY_SOCKET is not set), and nothing is worth failing for: without an answer the
/// manager acts by its own timeouts.
void notify_supervisor(std::string_view state);

}  // namespace fa
