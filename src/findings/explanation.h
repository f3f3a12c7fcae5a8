#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "findings/group.h"
#include "model/report.h"

namespace fa::findings {

/// Why a cause fires, what may come of it and how to mend it.
struct Explanation {
  enum class By {
    kBuiltIn,  ///< A text of ours on this very control or type.
    kFamily,   ///< A text of ours on its family: all types that begin so.
    kModel,    ///< A language model, checked (model_explain.h).
    kProduct,  ///< What the finding itself recommends: quoted, not ours.
    kNobody,
  };
  By by = By::kNobody;
  std::string why;
  std::string risk;
  std::vector<std::string> fix;
  std::string url;  ///< Official documentation; empty when none is known.
};
/// `built_in`, `family`, `model`, `finding`, `none`.
std::string_view explained_by_name(Explanation::By by);

/// The text that comes with the program (texts/*.toml), of the cause itself or its longest known family. nullopt where
/// there is neither. Thread-safe.
std::optional<Explanation> built_in_explanation(const Cause& cause, Language language);

/// Whether the control says by its very definition that a resource can be reached from outside (`S3.2`).
bool is_about_exposure(const Cause& cause);

/// AWS's own page on a control or a type of GuardDuty; empty for other causes.
std::string documentation_url(const Cause& cause);

/// Where the built-in texts are wrong (a key missing, a remedy that is not there), one line each; a test holds that
/// there are none.
std::vector<std::string> mistakes_in_built_in_texts();
/// Controls and types that have a text of their own.
std::vector<Cause> explained_causes();

}  // namespace fa::findings
