#pragma once

#include <string>
#include <string_view>

namespace fa {

/// True for programs that report on others and are hardly ever at fault themselves: the kernel, supervisors,
/// schedulers, and commands that show the state of a machine or a cluster.
bool is_observer(std::string_view service);

/// Whom an observer's line is about, where it says so in a form that cannot be mistaken: the process that the kernel
/// killed or that crashed, the unit of a supervisor, the pod of an orchestrator, and what speaker_named_in() reads.
/// Empty when it names nobody. Pure.
std::string subject_named_in(std::string_view line);

/// Who failed in a line that others only kept: the script a shell reports on, the host a playbook failed on. Empty when
/// the line does not begin so. Pure.
std::string speaker_named_in(std::string_view line);

}  // namespace fa
