#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "model/collection.h"
#include "model/report.h"
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

/// Sets where a piece of evidence stands and how to see it again: the place in `file` and, when it was collected, the
/// service it came from. `e.kind` is set already: a measurement is about the whole `window`.
void locate_evidence(Evidence& e, const InputFile& file, const BytePosition& position, const TimeRange& window,
                     const CollectedInputs& collected);

}  // namespace fa
