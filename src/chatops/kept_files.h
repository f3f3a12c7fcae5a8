#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "chatops/result_file.h"
#include "store/job_store.h"

/// Files of a result between being made and being delivered: however often delivering is tried, they are made once.
namespace fa::chatops {

/// Keeps them all, or, where it fails, none that kept_files() would find.
[[nodiscard]] Result<void> keep_files(BlobStore& blobs, const std::string& run, const std::vector<ResultFile>& files);
/// kNotFound where none were kept for that run.
[[nodiscard]] Result<std::vector<ResultFile>> kept_files(BlobStore& blobs, const std::string& run);

}  // namespace fa::chatops
