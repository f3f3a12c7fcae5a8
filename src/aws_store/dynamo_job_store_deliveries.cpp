// What was said already.
#include <fmt/core.h>

#include "aws_store/dynamo_job_store.h"

namespace fa {
namespace {

const std::string kBegunState = "begun";
const std::string kSentState = "sent";

tl::unexpected<Error> no_begun_delivery(const std::string& id) {
  return fail(ErrorCode::kNotFound, fmt::format("no delivery {} was begun that is not sent yet", id));
}

/// Makes the claim a condition of the whole transaction.
Write claim_check(const JobClaim& claim) {
  return {.kind = Write::Kind::kCheck, .key = job_key(claim.job), .condition = kHeld, .values = held_values(claim)};
}

}  // namespace

Result<Delivery> DynamoJobStore::begin_delivery(const JobClaim& claim, const std::string& id) {
  return table_.until_written([&]() -> Result<std::optional<Delivery>> {
    if (const auto job = held(claim); !job) return tl::unexpected(job.error());
    const auto known = table_.get(delivery_key(id));
    if (!known) return tl::unexpected(known.error());
    if (*known) {
      const bool sent = text_at(**known, "delivery_state") == kSentState;
      return Delivery{sent ? Delivery::State::kSent : Delivery::State::kBegun, text_at(**known, "receipt_text")};
    }
    // The job knows its deliveries, so that they are forgotten with it.
    Write listed{.kind = Write::Kind::kUpdate,
                 .key = job_key(claim.job),
                 .update = "ADD delivery_ids :ids",
                 .condition = kHeld,
                 .values = held_values(claim)};
    listed.values[":ids"] = std::vector<std::string>{id};
    const auto written = table_.write(
        {listed,
         {.key = delivery_key(id),
          .attributes = {{"delivery_state", kBegunState}, {"receipt_text", std::string()}, {"job_id", claim.job}},
          .condition = "attribute_not_exists(pk)"}});
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(Delivery{}) : std::nullopt;
  });
}

Result<void> DynamoJobStore::change_begun(const JobClaim& claim, const std::string& id, const Write& change) const {
  Write changed = change;
  changed.key = delivery_key(id);
  changed.condition = "delivery_state = :begun";
  changed.values[":begun"] = kBegunState;
  const auto written = table_.until_written([&]() -> Attempt {
    if (const auto job = held(claim); !job) return tl::unexpected(job.error());
    const auto known = table_.get(changed.key);
    if (!known) return tl::unexpected(known.error());
    if (!*known || text_at(**known, "delivery_state") != kBegunState) return no_begun_delivery(id);
    const auto done = table_.write({claim_check(claim), changed});
    if (!done) return tl::unexpected(done.error());
    return *done ? std::optional(true) : std::nullopt;
  });
  return written ? Result<void>() : tl::unexpected(written.error());
}

Result<void> DynamoJobStore::note_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) {
  return change_begun(
      claim, id,
      {.kind = Write::Kind::kUpdate, .update = "SET receipt_text = :receipt", .values = {{":receipt", receipt}}});
}

Result<void> DynamoJobStore::finish_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) {
  auto finished = change_begun(claim, id,
                               {.kind = Write::Kind::kUpdate,
                                .update = "SET receipt_text = :receipt, delivery_state = :sent",
                                .values = {{":receipt", receipt}, {":sent", kSentState}}});
  if (finished || finished.error().code != ErrorCode::kNotFound) return finished;
  // The same again is no error.
  const auto sent = delivered(id);
  if (!sent) return tl::unexpected(sent.error());
  return *sent ? Result<void>() : finished;
}

Result<void> DynamoJobStore::forget_delivery(const JobClaim& claim, const std::string& id) {
  return change_begun(claim, id, {.kind = Write::Kind::kDelete});
}

Result<std::optional<std::string>> DynamoJobStore::delivered(const std::string& id) {
  const auto known = table_.get(delivery_key(id));
  if (!known) return tl::unexpected(known.error());
  if (!*known || text_at(**known, "delivery_state") != kSentState) return std::nullopt;
  return text_at(**known, "receipt_text");
}

}  // namespace fa
