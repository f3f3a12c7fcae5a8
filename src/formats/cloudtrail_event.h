#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "formats/cloudtrail_rules.h"
#include "model/telemetry.h"

namespace fa {

class JsonParser;

/// What was read of `userIdentity`.
struct CloudTrailIdentity {
  std::string type, user_name, arn, principal, account, invoked_by, issuer, on_behalf_of;
};

/// One CloudTrail event, whatever it was written in (a log file, an answer, a row of a table).
struct CloudTrailEvent {
  std::string time, source, name, region, address, error_code, error_message, category, lookup_user;
  std::optional<bool> read_only;
  CloudTrailIdentity identity;
  std::string resource;    ///< First named in `resources`.
  std::string parameters;  ///< requestParameters, compact.
  RequestTarget target;
  bool sets_count = false;  ///< desiredCount is among the parameters.
  bool sets_code = false;   ///< taskDefinition or forceNewDeployment is.

  /// It changed nothing and was not refused either.
  [[nodiscard]] bool only_looks() const { return read_only.value_or(is_read_action(name)) && error_code.empty(); }
};

/// Takes request parameters apart. Not thread-safe.
class CloudTrailParameters {
 public:
  CloudTrailParameters();
  ~CloudTrailParameters();
  /// Fills the event's parameters, target and what they set. `json` is one object, with kReadPadding readable bytes
  /// behind it; broken JSON is read up to where it breaks.
  void read(std::string_view json, CloudTrailEvent& event);

 private:
  std::unique_ptr<JsonParser> parser_;
};

/// Hands the event over as a change; one without a usable time too, which is counted as truncated.
void hand_over(CloudTrailEvent&& event, const BytePosition& position, TelemetrySink& sink);

}  // namespace fa
