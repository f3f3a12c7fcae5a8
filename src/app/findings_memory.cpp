#include "app/findings_memory.h"

#include <fstream>
#include <iterator>

#include "app/output.h"
#include "base/json.h"

namespace fa {
namespace {

std::string member_text(const Json& json, const char* name) {
  const auto it = json.is_object() ? json.find(name) : json.end();
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

std::string FindingsMemory::before(const std::string& run) const {
  std::ifstream in(file_, std::ios::binary);
  const Json kept = parse_json(std::string((std::istreambuf_iterator<char>(in)), {}));
  return member_text(kept, member_text(kept, "run") == run ? "before" : "state");
}

Result<void> FindingsMemory::keep(const std::string& run, const std::string& state) {
  return write_output(json_text(Json{{"run", run}, {"before", before(run)}, {"state", state}}), file_);
}

}  // namespace fa
