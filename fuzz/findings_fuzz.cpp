#include "findings/finding_files.h"
#include "findings/group.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::vector<fa::findings::SecurityFinding> found;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fa::findings::read_finding_bytes(bytes, [&](fa::findings::SecurityFinding&& f) { found.push_back(std::move(f)); });
  fa::findings::group_findings(found, {});
  return 0;
}
