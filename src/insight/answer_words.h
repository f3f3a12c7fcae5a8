#pragma once

#include <string>
#include <string_view>

#include "insight/insight_types.h"

/// What facts say, in words. Names from the data stand in quotation marks and are not escaped: that is done by whoever
/// renders the text.
namespace fa::insight {

/// The text of the language.
[[nodiscard]] std::string_view in_language(Language language, std::string_view english, std::string_view japanese);

/// One or two sentences with the fact's numbers and times (in the result's time zone), in the result's language.
[[nodiscard]] std::string fact_sentence(const InsightResult& result, const InsightFact& fact);

/// `“CPUUtilization” (Average) of “orders”`, with the dimensions where others of the result are called the same.
[[nodiscard]] std::string series_label(const InsightResult& result, std::size_t series);

/// A value as people write it: `93.2%`, `1.5 GB`, `350 ms`, `2.5 s`. Units as CloudWatch names them; others stand
/// behind the number.
[[nodiscard]] std::string amount(double value, std::string_view unit);

}  // namespace fa::insight
