/// Sentences that say what brought about what, and the same the wrong way round.
#include <set>
#include <utility>

#include "evaluate/claim_corpus_maker.h"

namespace fa::claim_corpus {

void Corpus::causal() {
  std::set<std::pair<std::string, std::string>> edges;
  for (const TopologyEdge& e : c_.study.digest.topology) edges.emplace(e.caller, e.callee);
  // Along calls: who is reached from whom.
  const auto reaches = [&](const std::string& from, const std::string& to) {
    std::set<std::string> seen{from};
    for (bool grew = true; grew;) {
      grew = false;
      for (const auto& [caller, callee] : edges) {
        if (seen.contains(caller) && seen.insert(callee).second) grew = true;
      }
    }
    return from != to && seen.contains(to);
  };
  std::size_t made = 0;
  for (const Evidence& cause : c_.report.evidence) {
    for (const Evidence& effect : c_.report.evidence) {
      if (cause.id == effect.id || made >= 8 || cause.time == kNoTime || effect.time == kNoTime) continue;
      const bool change = cause.kind == EvidenceKind::kChange && effect.kind != EvidenceKind::kChange;
      const bool below = edges.contains({effect.entity, cause.entity}) && !reaches(cause.entity, effect.entity);
      if (effect.kind == EvidenceKind::kChange || (!change && !below)) continue;
      if (cause.time > effect.time || effect.entity.empty()) continue;
      const Finding* cf = finding_of(cause);
      const Finding* ef = finding_of(effect);
      // Onsets are what order in time is judged by; take pairs in which everything agrees.
      if (cf == nullptr || ef == nullptr || cf->onset == kNoTime || ef->onset == kNoTime || cf->onset > ef->onset)
        continue;
      const auto load = [](const Finding* f) {  // which way load travels is not known by the calls alone
        return f->kind == FindingKind::kTrafficRise || f->kind == FindingKind::kTrafficFall;
      };
      if (load(cf) || load(ef)) continue;
      ++made;
      Slots s{{"a", change ? (japanese_ ? "変更「" + cf->label + "」" : "the change “" + cf->label + "”")
                           : (japanese_ ? cause.entity + " の異常" : "the trouble of " + cause.entity)},
              {"b", effect.entity},
              {"ia", cause.id},
              {"ib", effect.id}};
      Claim fields;
      fields.evidence = {cause.id, effect.id};
      fields.cause = cause.id;
      fields.effect = effect.id;
      Claim reversed = fields;
      std::swap(reversed.cause, reversed.effect);
      struct Pair {
        std::string_view right;
        std::string_view wrong;
      };
      static constexpr Pair kEnglish[] = {
          {"Because of {a} ({ia}), {b} was hit ({ib}).", "Because {b} was hit ({ib}), there was {a} ({ia})."},
          {"What happened at {b} ({ib}) was caused by {a} ({ia}).", "What happened at {b} ({ib}) caused {a} ({ia})."}};
      static constexpr Pair kJapanese[] = {
          {"{a} ({ia}) により、{b} に影響が出ました ({ib})。", "{b} の異常 ({ib}) により、{a} が起きました ({ia})。"},
          {"{a} ({ia}) が原因で {b} に症状が出ています ({ib})。",
           "{b} の症状 ({ib}) が原因で {a} が生じました ({ia})。"}};
      for (const Pair& p : japanese_ ? kJapanese : kEnglish) {
        add_true(filled(p.right, s), fields);
        // Reversed only where the data can show that it is: a change is no effect, a caller's trouble does not travel
        // down, what came minutes later is no cause.
        add_false("reversed_cause", false, filled(p.wrong, s), reversed);
        add_false("reversed_cause", true, filled(p.wrong, s), fields);
      }
    }
  }
}

}  // namespace fa::claim_corpus
