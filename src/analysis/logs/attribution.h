#pragma once

#include "analysis/logs/log_digest.h"

namespace fa {

/// Gives what observers wrote of a failure (kernels, supervisors, orchestrators) to whom it is about, where the line
/// names it (subject_named_in): `kernel: Killed process 7 (java)` is about `java`. A script that a shell reports on is
/// taken as its own subject whoever kept the output. Activities stay sorted and unique; traced events keep their
/// service, since they are matched with spans.
void attribute_to_named(LogDigest& digest);

}  // namespace fa
