#pragma once

#include <string>
#include <string_view>

#include "aws/profile.h"

namespace fa::aws {

enum class ProfileFileKind { kConfig, kCredentials };

/// Reads one file into `files`; keys already there are replaced, so the file that wins comes last. `file` names it in
/// errors. Format: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; where that is silent, the
/// published parser cases of the SDKs decide. Linear in the text.
Result<void> parse_profile_text(std::string_view text, ProfileFileKind kind, const std::string& file,
                                ProfileFiles& files);

}  // namespace fa::aws
