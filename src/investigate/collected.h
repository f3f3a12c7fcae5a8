#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "model/collection.h"
#include "sources/file/discover.h"

namespace fa {

/// What the accounts of collected folders say of the inputs of a run; empty where nothing was collected.
struct CollectedInputs {
  bool any = false;
  std::string identity;
  std::vector<Gap> gaps;
  std::vector<Note> notes;
  Usage usage;
  std::map<std::string, Origin> origins;  ///< By InputFile::name.
};

/// Reads them. One that cannot be read is a gap, and its files are read like any others.
CollectedInputs read_collected_inputs(const InputSet& inputs);

}  // namespace fa
