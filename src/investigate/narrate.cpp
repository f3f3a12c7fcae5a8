#include "investigate/narrate.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "investigate/claim_check.h"
#include "investigate/claim_text.h"
#include "investigate/model_answer.h"
#include "investigate/model_digest.h"
#include "investigate/verify.h"
#include "llm/token_bound.h"

namespace fa {
namespace {

/// At least this much is left for the digest, however long prompts and tools are.
constexpr std::uint64_t kLeastDigestTokens = 1500;
constexpr std::size_t kEarlierTurns = 6;
constexpr std::size_t kEarlierBytes = 1200;
constexpr std::uint64_t kEarlierTokens = 1200;
constexpr std::size_t kQuestionBytes = 1200;
constexpr std::size_t kObjectionBytes = 6000;

/// A statement that failed, for sending back.
struct FailedStatement {
  std::string text;
  std::string reason;
};

/// Details of a trouble, after a sentence that says it: errors of services come in their own language.
std::string problem_detail(bool japanese, const std::string& problem) {
  if (problem.empty()) return {};
  return japanese ? " 詳細 (原文):「" + problem + "」" : " " + problem;
}

/// What is left to read where the model broke off.
std::string what_remains(bool japanese, bool usable) {
  if (japanese) return usable ? "それまでの回答を示します。" : "上の順位はこれに依存しません。";
  return usable ? " What it had answered before is shown." : " The ranking above does not depend on it.";
}

/// The note where the model could not be reached, before the run or in it.
std::string failure_note(bool japanese, bool usable, const std::string& problem) {
  const std::string_view said =
      japanese ? "言語モデルに問い合わせできませんでした。" : "The language model could not be asked.";
  return std::string(said) + what_remains(japanese, usable) + problem_detail(japanese, problem);
}

class Narration {
 public:
  Narration(Report& report, const Study& study, const Narrator& narrator)
      : report_(report),
        study_(study),
        narrator_(narrator),
        japanese_(report.language == Language::kJapanese),
        book_(report.evidence) {
    for (const SimilarView& s : report.similar) {
      passages_[s.id] = s.headline + "\n" + s.cause + "\n" + s.fix + "\n" + format_rfc3339(s.time) + "\n" + s.incident;
    }
    for (const PassageView& p : report.passages) make_citable(p);
  }

  void run(const std::optional<FollowUp>& follow_up, const Context& context) {
    InvestigationTools tools(study_, book_, narrator_.prompts.tools, remembered_knowledge());
    llm::LoopRequest request;
    request.system = narrator_.prompts.system;
    request.answer = answer_tool(narrator_.prompts);
    request.texts = loop_texts();
    request.max_cycles = narrator_.max_cycles;
    request.max_objections = 2;
    request.max_output_tokens = narrator_.max_output_tokens;
    request.review = [this](const std::string& input) { return review(input); };
    request.messages = {first_message(request, tools, follow_up)};
    const llm::LoopResult result =
        llm::run_tool_loop(narrator_.model, request, tools, context.within(narrator_.deadline));
    take(result);
  }

 private:
  [[nodiscard]] std::string text(const char* key, std::string_view argument = {}) const {
    return narrator_.prompts.text(key, argument);
  }
  [[nodiscard]] std::string say(std::string_view english, std::string_view japanese) const {
    return std::string(japanese_ ? japanese : english);
  }

  [[nodiscard]] llm::LoopTexts loop_texts() const {
    return {text("unknown_tool"),  text("repeated_call"), text("not_executed"),
            text("please_answer"), text("last_turn"),     text("cut_off")};
  }

  void make_citable(const PassageView& p) { passages_[p.id] = p.document + "\n" + p.heading + "\n" + p.text; }

  /// Passages that a tool gives can be cited like those of the digest: ids go on where the digest's end.
  KnowledgeSearch remembered_knowledge() {
    if (!narrator_.knowledge) return {};
    return [this](std::string_view query, std::size_t limit) {
      std::vector<KnowledgePassage> found = narrator_.knowledge(query, limit);
      for (KnowledgePassage& p : found) {
        const auto same = std::find_if(report_.passages.begin(), report_.passages.end(), [&](const PassageView& known) {
          return known.document == p.document && known.text == p.text;
        });
        if (same != report_.passages.end()) {
          p.id = same->id;
          continue;
        }
        p.id = "K" + std::to_string(report_.passages.size() + 1);
        report_.passages.push_back({p.id, p.document, p.heading, 0, p.text});
        make_citable(report_.passages.back());
      }
      return found;
    };
  }

  llm::Message first_message(const llm::LoopRequest& request, const InvestigationTools& tools,
                             const std::optional<FollowUp>& follow_up) {
    std::string behind = text("task") + "\n";
    std::vector<std::string> earlier;
    if (follow_up) {
      earlier = earlier_turns(*follow_up);
      behind += text("question", utf8_prefix(follow_up->question, kQuestionBytes)) + "\n";
    }
    // What the request takes without the digest decides how much of it fits.
    llm::ChatRequest probe;
    probe.system = request.system;
    probe.tools = tools.tools();
    probe.tools.push_back(request.answer);
    probe.messages = {{llm::Role::kUser, {llm::Text{behind}}}};
    std::uint64_t taken = llm::token_bound(probe);
    for (const std::string& turn : earlier) taken += llm::token_bound(turn);
    const std::uint64_t budget = narrator_.first_call_tokens > taken + kLeastDigestTokens
                                     ? narrator_.first_call_tokens - taken
                                     : kLeastDigestTokens;
    ModelDigest digest = write_model_digest(report_, narrator_.architecture, budget);
    // Earlier answers quote logs: they are data, too.
    if (!earlier.empty()) {
      std::string turns;
      for (const std::string& turn : earlier) turns += turn;
      digest.text.insert(digest.text.rfind("</data>"), turns);
    }
    return {llm::Role::kUser, {llm::Text{digest.text + "\n" + behind}}};
  }

  /// What was asked and said before, as lines of the digest: the newest turns that fit, oldest first.
  static std::vector<std::string> earlier_turns(const FollowUp& follow_up) {
    std::vector<std::string> lines;
    std::uint64_t tokens = 0;
    for (auto turn = follow_up.earlier.rbegin(); turn != follow_up.earlier.rend(); ++turn) {
      std::string line = fenced_line("earlier", {{"question", std::string(utf8_prefix(turn->question, kQuestionBytes))},
                                                 {"answer", std::string(utf8_prefix(turn->answer, kEarlierBytes))}});
      tokens += llm::token_bound(line);
      if (tokens > kEarlierTokens || lines.size() >= kEarlierTurns) break;
      lines.insert(lines.begin(), std::move(line));
    }
    return lines;
  }

  // --- checking ---------------------------------------------------------------------------------------------------

  /// All statements of an answer, checked.
  Narrative checked(const ModelAnswer& answer, std::vector<FailedStatement>& failed) {
    // A new checker each time: tools may have added evidence since.
    const ClaimContext context{study_, book_, report_, passages_};
    ClaimChecker checker(context);
    Narrative n;
    const auto statement = [&](const Claim& claim, std::string reason, bool counts = true) {
      Statement s;
      s.text = claim.text;
      s.evidence = ClaimChecker::cited(claim);
      s.verified = reason.empty();
      s.reason = std::move(reason);
      // Advice states nothing that could be so or not; only what is invented in it counts.
      n.checked += counts || !s.verified ? 1U : 0U;
      n.verified += counts && s.verified ? 1U : 0U;
      if (!s.verified) failed.push_back({s.text, s.reason});
      return s;
    };
    const std::string first = answer.hypotheses.empty() ? std::string() : answer.hypotheses.front().subject;
    for (const Claim& c : answer.summary) n.summary.push_back(statement(c, checker.check(c, first)));
    for (const ModelAnswer::Cause& cause : answer.hypotheses) {
      NarrativeHypothesis h;
      h.service = cause.subject;
      h.component = cause.component;
      h.mechanism = cause.mechanism;
      for (const Hypothesis& ranked : report_.hypotheses) {
        if (ranked.subject.service == cause.subject) h.rank = ranked.rank;
      }
      const bool known =
          std::binary_search(study_.digest.services.begin(), study_.digest.services.end(), cause.subject);
      for (const Claim& c : cause.statements) {
        std::string reason = checker.check(c, cause.subject);
        if (!known)
          reason = say("There is no such service in what was read.", "そのサービスは読み取ったデータにありません。");
        h.statements.push_back(statement(c, std::move(reason)));
      }
      if (!known && cause.statements.empty()) continue;
      n.hypotheses.push_back(std::move(h));
    }
    for (const Claim& c : answer.impact) n.impact.push_back(statement(c, checker.check(c, first)));
    for (const Claim& c : answer.actions) n.actions.push_back(statement(c, checker.check_advice(c), false));
    for (const Claim& c : answer.prevention) n.prevention.push_back(statement(c, checker.check_advice(c), false));
    for (const std::string& m : answer.missing) {
      // What is missing cannot be checked; so it must state nothing: no numbers, no times, nothing that acts.
      Claim c;
      c.text = m;
      const SpokenSentence said = read_sentence(m, {});
      const bool states =
          !said.times.empty() || std::any_of(said.numbers.begin(), said.numbers.end(), [](const SpokenNumber& x) {
            return x.unit != UnitClass::kNone && x.unit != UnitClass::kOther;
          });
      if (has_japanese(m) == japanese_ && !states && checker.is_inert(c)) {
        n.missing.push_back(m);
      } else {
        ++n.checked;
      }
    }
    if (!n.hypotheses.empty() && !report_.hypotheses.empty() && report_.verdict == Verdict::kIncident) {
      n.contradicts = n.hypotheses.front().service != report_.hypotheses.front().subject.service;
    }
    return n;
  }

  /// Every sentence of an answer, in the order they are checked in.
  static std::vector<Claim*> sentences(ModelAnswer& answer) {
    std::vector<Claim*> all;
    const auto add = [&](std::vector<Claim>& list) {
      for (Claim& c : list) all.push_back(&c);
    };
    add(answer.summary);
    for (ModelAnswer::Cause& cause : answer.hypotheses) add(cause.statements);
    add(answer.impact);
    add(answer.actions);
    add(answer.prevention);
    return all;
  }

  /// Puts corrected sentences in the place of those that were sent back; those left out are dropped.
  void correct(const std::vector<ModelAnswer::Correction>& corrections) {
    const std::vector<Claim*> all = sentences(*answer_);
    for (const FailedStatement& f : objected_) {
      const auto number = static_cast<std::size_t>(&f - objected_.data()) + 1;
      const auto it = std::find_if(corrections.begin(), corrections.end(),
                                   [&](const ModelAnswer::Correction& c) { return c.number == number; });
      for (Claim* claim : all) {
        if (claim->text != f.text) continue;
        if (it == corrections.end() || it->claim.text.empty()) ++dropped_;
        *claim = it == corrections.end() ? Claim{} : it->claim;
        break;
      }
    }
    const auto drop = [](std::vector<Claim>& list) {
      std::erase_if(list, [](const Claim& c) { return c.text.empty(); });
    };
    for (auto* list : {&answer_->summary, &answer_->impact, &answer_->actions, &answer_->prevention}) drop(*list);
    for (ModelAnswer::Cause& cause : answer_->hypotheses) drop(cause.statements);
  }

  llm::Review review(const std::string& input) {
    auto answer = parse_answer(input);
    if (!answer) return {false, text("malformed", answer.error().message)};
    if (!answer->corrections.empty() && answer_) {
      correct(answer->corrections);
    } else {
      answer_ = std::move(*answer);
    }
    std::vector<FailedStatement> failed;
    reviewed_ = checked(*answer_, failed);
    // Failures go back once; what fails again is struck out.
    if (failed.empty() || sent_back_ > 0) return {};
    sent_back_ = failed.size();
    std::string objection = text("objection") + "\n";
    // What does not fit is not sent back, and is struck out.
    for (const FailedStatement& f : failed) {
      const std::string line = fmt::format("{}. {}\n   → {}\n", objected_.size() + 1, f.text, f.reason);
      if (objection.size() + line.size() > kObjectionBytes && !objected_.empty()) break;
      objection += line;
      objected_.push_back(f);
    }
    return {false, objection};
  }

  // --- the outcome --------------------------------------------------------------------------------------------------

  [[nodiscard]] std::string note(const llm::LoopResult& r, bool usable) const {
    const std::string why = problem_detail(japanese_, r.problem);
    const std::string kept = what_remains(japanese_, usable);
    switch (r.end) {
      case llm::LoopEnd::kAnswered:
        if (!usable) return say("Its answer could not be read.", "回答を読み取れませんでした。") + kept;
        if (r.out_of_cycles) {
          return say("It had no turns left to look further, and answered from what was known.",
                     "調査の回数を使い切ったため、それまでに分かったことから回答しました。");
        }
        return r.problem.empty() ? std::string() : say("It answered early.", "予定より早く回答しました。") + why;
      case llm::LoopEnd::kNoAnswer:
        return say("The language model gave no answer.", "言語モデルから回答がありませんでした。") + kept + why;
      case llm::LoopEnd::kRefused:
        return say("The language model, or a filter of its service, refused to answer.",
                   "言語モデルまたはサービスのフィルターが回答を拒否しました。") +
               kept + why;
      case llm::LoopEnd::kBudget:
        return say("The budget for the language model is used up.", "言語モデルの予算を使い切りました。") + kept + why;
      case llm::LoopEnd::kDeadline:
        return say("The language model did not answer in time.", "言語モデルが時間内に回答しませんでした。") + kept +
               why;
      case llm::LoopEnd::kFailed:
        return failure_note(japanese_, usable, r.problem);
    }
    return {};
  }

  void take(const llm::LoopResult& result) {
    const bool usable = answer_.has_value();
    Narrative n = std::move(reviewed_);
    n.model = narrator_.model.name();
    n.prompts = narrator_.prompts.version;
    const bool unreadable = result.end == llm::LoopEnd::kAnswered && !usable;
    n.outcome = llm::loop_end_name(unreadable ? llm::LoopEnd::kNoAnswer : result.end);
    n.note = note(result, usable);
    n.sent_back = sent_back_;
    n.checked += dropped_;  // taken back: it was said, and did not hold
    for (const llm::LoopStep& s : result.steps) {
      n.steps.push_back({s.cycle, s.tool, s.input, s.refused ? "refused" : std::string(llm::tool_status_name(s.status)),
                         s.query, s.rows, s.truncated});
    }
    report_.usage.model_input_tokens += result.usage.input + result.usage.cache_read + result.usage.cache_write;
    report_.usage.model_output_tokens += result.usage.output;
    keep_cited(n);
    report_.narrative = std::move(n);
  }

  /// Records that tools found and the answer cites become evidence of the report, checked like any other.
  void keep_cited(const Narrative& n) {
    const std::set<std::string> cited = cited_ids(n);
    std::set<std::string> counted;
    for (const Evidence& e : book_.all()) {
      if (!book_.added(e.id) || !cited.contains(e.id)) continue;
      Evidence kept = e;
      if (kept.claim.empty())
        kept.claim = say("Found by the language model's search.", "言語モデルの検索で見つかった記録です。");
      counted.insert(kept.id);
      report_.evidence.push_back(std::move(kept));
    }
    // What tools counted besides of an item that was there already.
    for (Evidence& e : report_.evidence) {
      const Evidence* known = book_.find(e.id);
      if (known == nullptr || known->facts.size() <= e.facts.size() || !cited.contains(e.id)) continue;
      e.facts = known->facts;
      counted.insert(e.id);
    }
    // Passages that only tools gave and nobody cites need not be shown.
    std::erase_if(report_.passages, [&](const PassageView& p) { return p.line == 0 && !cited.contains(p.id); });
    if (counted.empty()) return;
    verify(report_, {study_.digest.services, study_.findings.all, study_.inputs, counted});
  }

  Report& report_;
  const Study& study_;
  const Narrator& narrator_;
  bool japanese_;
  EvidenceBook book_;
  std::map<std::string, std::string> passages_;
  std::optional<ModelAnswer> answer_;      ///< The last that could be read, corrections put in.
  Narrative reviewed_;                     ///< `answer_`, checked.
  std::vector<FailedStatement> objected_;  ///< What was sent back, in the order it was numbered.
  std::uint64_t sent_back_ = 0;
  std::uint64_t dropped_ = 0;  ///< Sentences that were not corrected but taken back.
};

}  // namespace

void narrator_missing(Report& report, const std::string& name, const Error& error) {
  Narrative n;
  n.model = name;
  n.outcome = llm::loop_end_name(llm::LoopEnd::kFailed);
  n.note = failure_note(report.language == Language::kJapanese, false, error.message);
  report.narrative = std::move(n);
}

void narrate(Report& report, const Study& study, const Narrator& narrator, const std::optional<FollowUp>& follow_up,
             const Context& context) {
  Narration(report, study, narrator).run(follow_up, context);
}

}  // namespace fa
