#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/phrases.h"
#include "report/render.h"
#include "report/sample_report.h"
#include "report/words.h"

namespace fa {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RenderText, keeps_to_the_width_except_for_commands) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    for (const std::size_t width : {40U, 60U, 80U, 120U}) {
      const Report report = sample_report(language);
      const std::string text = render_text(report, {false, width});
      for (const std::string_view line : split(text, '\n')) {
        const bool command =
            line.find("jq ") != std::string_view::npos || line.find("sed -n") != std::string_view::npos;
        EXPECT_TRUE(command || display_width(line) <= width) << line;
      }
    }
  }
}

TEST(RenderText, widths_below_40_count_as_40) {
  EXPECT_EQ(render_text(sample_report(Language::kEnglish), {false, 3}),
            render_text(sample_report(Language::kEnglish), {false, 40}));
}

TEST(RenderText, commands_stay_whole) {
  const Report report = sample_report(Language::kEnglish);
  const std::string text = render_text(report, {false, 40});
  for (const Evidence& item : report.evidence) EXPECT_THAT(text, HasSubstr(item.reproduce));
}

TEST(RenderText, shows_three_hypotheses_and_names_the_rest) {
  const std::string text = render_text(sample_report(Language::kEnglish));
  EXPECT_THAT(text, HasSubstr(" 3. edge-proxy (edge-proxy-2)"));
  EXPECT_THAT(text, Not(HasSubstr("\n 4. ")));
  EXPECT_THAT(text, HasSubstr("Ranked lower: 4. cart 2%, 5. PetSearch_AWS::ECS::Fargate <1%"));
}

TEST(RenderText, quotes_the_innermost_cause_and_marks_failed_checks) {
  const std::string text = render_text(sample_report(Language::kEnglish));
  EXPECT_THAT(text, HasSubstr("│ Caused by: java.net.SocketTimeoutException: connect timed out"));
  EXPECT_THAT(text, HasSubstr("✗ 08:32:00 · orders-db"));
  EXPECT_THAT(text, HasSubstr("✗ M2 median_window: 11 was claimed, the stored bytes give 12.4"));
  EXPECT_THAT(text, HasSubstr("4 of 5 statements verified"));
}

TEST(RenderText, other_verdicts_have_no_hypotheses_but_say_what_was_read_and_asked) {
  const std::string none = render_text(sample_no_incident(Language::kEnglish));
  EXPECT_TRUE(none.starts_with("No incident visible\n"));
  EXPECT_THAT(none, Not(HasSubstr("Likeliest causes")));
  EXPECT_THAT(none, HasSubstr("What was read"));
  const std::string cannot = render_text(sample_cannot_tell(Language::kEnglish));
  EXPECT_TRUE(cannot.starts_with("The data cannot tell\n"));
  EXPECT_LT(cannot.find("What would settle it"), cannot.find("What was read"));
}

TEST(RenderText, an_empty_report_renders) {
  for (const auto* text : {"The data cannot tell", "What could not be seen"}) {
    EXPECT_THAT(render_text(Report{}), HasSubstr(text));
  }
  EXPECT_FALSE(render_markdown(Report{}).empty());
  EXPECT_FALSE(render_html(Report{}).empty());
}

TEST(EveryRendering, says_that_these_are_hypotheses_to_be_checked_and_how) {
  EXPECT_THAT(render_html(sample_report(Language::kEnglish)), HasSubstr(say(Language::kEnglish, Phrase::kNotice)));
  EXPECT_THAT(render_markdown(sample_report(Language::kEnglish)), HasSubstr(say(Language::kEnglish, Phrase::kNotice)));
  EXPECT_THAT(render_html(sample_report(Language::kJapanese)), HasSubstr(say(Language::kJapanese, Phrase::kNotice)));
  EXPECT_THAT(render_markdown(sample_report(Language::kJapanese)),
              HasSubstr(say(Language::kJapanese, Phrase::kNotice)));
  EXPECT_THAT(render_text(sample_report(Language::kEnglish)), HasSubstr("These are hypotheses"));
  EXPECT_THAT(render_text(sample_report(Language::kJapanese)), HasSubstr("機械的に導いた仮説です"));
}

TEST(EveryRendering, shows_times_in_the_readers_zone) {
  const Report en = sample_report(Language::kEnglish);
  const Report ja = sample_report(Language::kJapanese);
  for (const std::string& shown : {render_text(en, {.time_zone = "Asia/Tokyo"}), render_markdown(en, {"Asia/Tokyo"}),
                                   render_html(en, {"Asia/Tokyo"})}) {
    EXPECT_THAT(shown, HasSubstr("2026-03-14 17:30:00 – 17:45:00 JST"));
    EXPECT_THAT(shown, HasSubstr("Timeline (Asia/Tokyo)"));
    EXPECT_THAT(shown, Not(HasSubstr("All times are in UTC.")));
  }
  EXPECT_THAT(render_text(ja, {.time_zone = "Asia/Tokyo"}), HasSubstr("時刻は Asia/Tokyo、文中の時刻は UTC です。"));
  EXPECT_EQ(render_html(en, {"Mars/Olympus"}), render_html(en));
}

TEST(Words, ranges_name_the_clocks_at_both_ends_where_they_were_changed) {
  const auto t = [](const char* text) { return parse_rfc3339(text).value(); };
  const TimeZone zone = TimeZone::find_or_utc("America/New_York");
  EXPECT_EQ(range_zone({t("2026-03-08T06:30:00Z"), t("2026-03-08T07:30:00Z")}, zone),
            "2026-03-08 01:30:00 EST – 03:30:00 EDT");
  EXPECT_EQ(range_zone({t("2026-03-09T06:30:00Z"), t("2026-03-09T07:30:00Z")}, zone),
            "2026-03-09 02:30:00 – 03:30:00 EDT");
  EXPECT_EQ(range_zone({t("2026-03-09T06:30:00Z"), t("2026-03-09T07:30:00Z")}, {}),
            "2026-03-09 06:30:00 – 07:30:00 UTC");
}

TEST(Words, times_ranges_and_places) {
  const auto t = [](const char* text) { return parse_rfc3339(text).value(); };
  EXPECT_EQ(date_and_time(kNoTime, {}), "–");
  EXPECT_EQ(time_near(t("2026-03-14T08:00:01.5Z"), t("2026-03-14T23:00:00Z"), {}), "08:00:01");
  EXPECT_EQ(time_near(t("2026-03-13T08:00:01Z"), t("2026-03-14T23:00:00Z"), {}), "2026-03-13 08:00:01");
  EXPECT_EQ(range_text({}, {}), "–");
  EXPECT_EQ(range_text({t("2026-03-13T23:00:00Z"), t("2026-03-14T01:00:00Z")}, {}),
            "2026-03-13 23:00:00 – 2026-03-14 01:00:00");
  EXPECT_EQ(duration_text(Language::kJapanese, std::chrono::seconds{3900}), "1 時間 5 分");
  EXPECT_EQ(duration_text(Language::kEnglish, std::chrono::seconds{250}), "4m 10s");
  Locator l;
  EXPECT_EQ(place(l), "");
  l.query = "fields @message";
  EXPECT_EQ(place(l), "fields @message");
  l.resource = "a.log";
  l.position.line = 7;
  EXPECT_EQ(place(l), "a.log:7");
  l.position.line_count = 3;
  EXPECT_EQ(place(l), "a.log:7-9");
}

TEST(Words, percentages_never_claim_certainty) {
  EXPECT_EQ(percent(0.824), "82%");
  EXPECT_EQ(percent(1), ">99%");
  EXPECT_EQ(percent(0), "<1%");
  EXPECT_EQ(percent(0.0 / 0.0), "–");
}

TEST(Words, quantities_leave_out_units_that_say_nothing) {
  EXPECT_EQ(quantity(5.1, "s"), "5.1 s");
  EXPECT_EQ(quantity(12, "%"), "12%");
  EXPECT_EQ(quantity(12, "1"), "12");
  EXPECT_EQ(quantity(12, "{requests}"), "12");
}

TEST(Words, telling_lines_keep_the_start_and_the_innermost_cause) {
  EXPECT_THAT(telling_lines("one\n\n  \ntwo", 3), ElementsAre("one", "two"));
  EXPECT_THAT(telling_lines("E\n at a\n at b\nCaused by: X\n at c\nCaused by: Y\n at d", 3),
              ElementsAre("E", " at a", "…", "Caused by: Y"));
  EXPECT_THAT(telling_lines("1\n2\n3\n4", 2), ElementsAre("1", "2", "…"));
  EXPECT_TRUE(telling_lines("", 2).empty());
}

}  // namespace
}  // namespace fa
