#include "model/report_json.h"
#include "report/render.h"

namespace fa {

std::string render_json(const Report& report) { return report_to_json(report) + "\n"; }

}  // namespace fa
