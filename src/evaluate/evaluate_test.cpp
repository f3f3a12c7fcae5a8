// The figures that are promised, held on what comes with the project. (Over the recorded incidents of others: fa2
// eval.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/evaluate_claims.h"
#include "evaluate/evaluate_hostile.h"
#include "evaluate/evaluate_model.h"
#include "evaluate/injection_corpus.h"
#include "redact/planted_secrets.h"

namespace fa {
namespace {

const std::string kExamples = std::string(FA_PROJECT_DIR) + "/examples";

TEST(Evaluate, false_claims_are_caught_and_true_ones_kept) {
  const auto result = evaluate_claims(kExamples, SystemClock(), {});
  ASSERT_TRUE(result) << result.error().message;
  const ClaimCount wrong = result->all_false();
  const ClaimCount text = result->free_text();
  const ClaimCount right = result->all_true();
  ASSERT_GT(wrong.claims, 500U);
  EXPECT_GE(3 * text.claims, wrong.claims) << "a third must be false in the text alone";
  EXPECT_GE(static_cast<double>(wrong.struck), 0.99 * static_cast<double>(wrong.claims))
      << render_claims_text(*result, true);
  EXPECT_LE(static_cast<double>(right.struck), 0.02 * static_cast<double>(right.claims))
      << render_claims_text(*result, true);
}

TEST(Evaluate, no_secret_leaves) {
  EXPECT_GE(planted_secrets().size(), 60U);
  const auto result = evaluate_redaction(SystemClock(), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->clean()) << render_hostile_text(*result);
}

TEST(Evaluate, hostile_lines_achieve_nothing) {
  EXPECT_GE(hostile_lines().size(), 50U);
  const auto result = evaluate_injection(SystemClock(), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->clean()) << render_hostile_text(*result);
}

TEST(Evaluate, the_first_prompt_is_small_and_holds_what_decides) {
  const auto prompts = evaluate_first_prompts(kExamples, SystemClock(), {});
  ASSERT_TRUE(prompts) << prompts.error().message;
  ASSERT_FALSE(prompts->empty());
  for (const FirstPrompt& p : *prompts) {
    EXPECT_LE(p.tokens, 8000U) << p.incident << " " << p.language;
    EXPECT_TRUE(p.decided) << p.incident << " " << p.language;
  }
}

}  // namespace
}  // namespace fa
