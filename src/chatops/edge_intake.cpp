#include "chatops/edge_intake.h"

#include "chatops/flow_texts.h"

namespace fa::chatops {

void Intake::audit(AuditEntry entry) {
  entry.time = parts_.clock.now();
  parts_.log.info("request", {{"action", entry.action},
                              {"subject", entry.subject},
                              {"team", entry.team},
                              {"channel", entry.channel},
                              {"user", entry.user}});
  if (const auto kept = parts_.jobs.audit(entry); !kept) {
    parts_.log.error("audit_not_kept", {{"subject", entry.subject}, {"error", kept.error().message}});
  }
}

Intake::Outcome Intake::store(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                              const AuditEntry& who, bool is_analysis) {
  const auto count = [&](const char* outcome) {
    parts_.metrics.add("fa2_requests_total", 1, {{"action", who.action}, {"outcome", outcome}});
  };
  if (is_analysis) {
    const auto counts = parts_.jobs.counts(JobLane::kAnalysis);
    if (counts && counts->queued >= parts_.settings.max_queued) {
      count("too_many");
      return Outcome::kTooMany;
    }
  }
  const auto accepted = parts_.jobs.accept(keys, jobs, parts_.clock.now());
  if (!accepted) {
    const bool full = accepted.error().code == ErrorCode::kLimit;
    count(full ? "too_many" : "not_stored");
    parts_.log.error("request_not_stored", {{"action", who.action}, {"error", accepted.error().message}});
    return full ? Outcome::kTooMany : Outcome::kBroken;
  }
  if (!accepted->is_new) {
    count("seen_before");
    return Outcome::kSeenBefore;
  }
  count("stored");
  parts_.on_new_jobs();
  audit(who);
  return Outcome::kStored;
}

void Intake::refused(const AuditEntry& who) {
  AuditEntry entry = who;
  entry.subject = entry.action;
  entry.action = "refused";
  parts_.metrics.add("fa2_requests_total", 1, {{"action", who.action}, {"outcome", "not_allowed"}});
  audit(entry);
}

std::string Intake::complaint(Outcome outcome, Language language) const {
  switch (outcome) {
    case Outcome::kStored:
      return {};
    case Outcome::kSeenBefore:
      return texts::already_started(language);
    case Outcome::kTooMany: {
      const auto counts = parts_.jobs.counts(JobLane::kAnalysis);
      return texts::too_many_waiting(language, counts ? counts->queued : 0);
    }
    case Outcome::kBroken:
      return texts::cannot_store(language);
  }
  return {};
}

}  // namespace fa::chatops
