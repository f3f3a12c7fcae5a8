#include "document/sample_document.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>

namespace fa::document {
namespace {

struct Tongue {
  Language language;
  std::string operator()(const char* english, const char* japanese) const {
    return language == Language::kJapanese ? japanese : english;
  }
};

draw::Drawing sample_chart(const Tongue& t) {
  draw::Drawing chart{640, 170, t("Findings per day", "日ごとの検出件数"), {}};
  const auto text = [&](double x, double y, std::string words, draw::Anchor anchor) {
    chart.shapes.push_back(draw::Text{{x, y}, std::move(words), 11, draw::Ink::kMuted, anchor});
  };
  chart.shapes.push_back(draw::Box{{40, 60}, 590, 40, 0, true, draw::Ink::kBand, {.width = 0}});
  for (int i = 0; i <= 3; ++i) {
    const double y = 20 + 40 * i;
    chart.shapes.push_back(draw::Polyline{{{40, y}, {630, y}}, {draw::Ink::kGrid, 1}});
    text(34, y + 4, fmt::format("{}", 30 - 10 * i), draw::Anchor::kEnd);
  }
  draw::Polyline line{{}, {draw::Ink::kWindow, 2}};
  for (int i = 0; i <= 29; ++i) line.points.push_back({40 + i * 20.3, 110 - 3.0 * (i % 5) - (i > 20 ? 45 : 0)});
  chart.shapes.push_back(line);
  chart.shapes.push_back(draw::Polyline{{{456, 20}, {456, 140}}, {draw::Ink::kOnset, 1.5, draw::Dash::kDotted}});
  text(40, 158, "2026-02-12", draw::Anchor::kStart);
  text(630, 158, "2026-03-13", draw::Anchor::kEnd);
  text(460, 32, t("rule changed", "ルール変更"), draw::Anchor::kStart);
  return chart;
}

void add_summary(const Tongue& t, Document& d) {
  d.blocks.push_back(
      Paragraph{{{t("One critical finding", "緊急の検出が 1 件"), Emphasis::kStrong},
                 {t(": an access key is used from an anonymising network. Deactivate it first, then read on.",
                    "あります。アクセスキーが匿名化ネットワークから使用されています。まずキーを無効化してください。")}},
                Tone::kBad});
  d.blocks.push_back(
      Facts{{{t("Period", "対象期間"), {{"2026-03-07 00:00 – 2026-03-14 00:00 UTC"}}},
             {t("Accounts", "アカウント"), {{"123456789012", Emphasis::kCode}, {t(", 1 more", "、ほか 1 件")}}},
             {t("Found", "検出件数"), {{t("3 findings with 2 causes", "3 件（原因は 2 種類）")}}}}});
  d.blocks.push_back(Heading{1, {{t("Summary", "概要")}}, "summary"});
  d.blocks.push_back(Table{
      {{{{t("Severity", "重要度")}}},
       {{{t("Source", "検出元")}}},
       {{{t("What", "内容")}}},
       {{{t("Resources", "リソース数")}}, Align::kRight}},
      {{{{t("critical", "緊急"), Emphasis::kStrong}},
        {{"GuardDuty"}},
        {{t("Access key used from Tor", "Tor からのアクセスキーの使用"), Emphasis::kPlain, "#f1"}},
        {{"1"}}},
       {{{t("high", "高")}},
        {{"Security Hub"}},
        {{t("Security groups open to everybody on port 22", "ポート 22 を全世界に公開しているセキュリティグループ"),
          Emphasis::kPlain, "#f2"}},
        {{"12"}}}}});
  d.blocks.push_back(Picture{sample_chart(t),
                             t("Findings per day; the band is what was usual in the month before.",
                               "日ごとの検出件数。帯は前月の通常の範囲です。"),
                             "▁▁▂▁▂▇▇▇",
                             {}});
}

void add_findings(const Tongue& t, Document& d) {
  d.blocks.push_back(Heading{1, {{t("Findings", "検出内容")}}});
  d.blocks.push_back(Heading{2, {{t("Access key used from Tor", "Tor からのアクセスキーの使用")}}, "f1"});
  d.blocks.push_back(Paragraph{
      {{t("The access key ", "IAM ユーザー ")},
       {"deploy-bot", Emphasis::kCode},
       {t(" called 41 different APIs within four minutes, from an address of the Tor network. Its owner is at work in "
          "Tokyo and uses it from one build server only.",
          " のアクセスキーが、Tor ネットワークのアドレスから 4 分間に 41 種類の API "
          "を呼び出しました。このキーは通常、東京のビルドサーバー 1 台からのみ使用されています。")},
       {t(" See ", "詳しくは ")},
       {t("the type's page", "検出タイプの説明"), Emphasis::kPlain,
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html"},
       {t(".", "をご覧ください。")}}});
  d.blocks.push_back(Heading{3, {{t("What to do", "対応")}}});
  d.blocks.push_back(Bullets{{{{t("Deactivate the key.", "アクセスキーを無効化します。")}},
                              {{t("List what it did, and undo it.", "実行された操作を一覧にして、元に戻します。")}},
                              {{t("Replace it by a role that the build server assumes.",
                                  "ビルドサーバーが引き受ける IAM ロールに置き換えます。")}}},
                             true});
  d.blocks.push_back(
      Code{"aws iam update-access-key --user-name deploy-bot --access-key-id AKIAIOSFODNN7EXAMPLE "
           "--status Inactive\naws cloudtrail lookup-events --lookup-attributes "
           "AttributeKey=AccessKeyId,AttributeValue=AKIAIOSFODNN7EXAMPLE --max-results 50",
           "sh"});
  d.blocks.push_back(Heading{
      2,
      {{t("Security groups open to everybody on port 22", "ポート 22 を全世界に公開しているセキュリティグループ")}},
      "f2"});
  d.blocks.push_back(Paragraph{{{t("Twelve groups let every address reach the SSH port of their instances.",
                                   "12 個のセキュリティグループが、任意のアドレスからの SSH 接続を許可しています。")}},
                               Tone::kWarn});
  Table groups{{{{{t("Group", "グループ")}}},
                {{{t("Used by", "使用元")}}},
                {{{t("First seen", "初回検出")}}},
                {{{t("Rules", "ルール数")}}, Align::kRight}},
               {}};
  for (int i = 1; i <= 12; ++i) {
    groups.rows.push_back({{{fmt::format("sg-0{:02x}b42e{:04x}", i, i * 4099), Emphasis::kCode}},
                           {{i % 3 == 0 ? t("no instance; can be deleted", "使用なし（削除できます）")
                                        : fmt::format("arn:aws:ec2:ap-northeast-1:123456789012:instance/i-0{:015x}",
                                                      0x5bd1e995ULL * static_cast<unsigned>(i))}},
                           {{fmt::format("2026-03-{:02d} 08:15", i)}},
                           {{fmt::format("{}", i * i)}}});
  }
  d.blocks.push_back(std::move(groups));
}

void add_rest(const Tongue& t, Document& d) {
  d.blocks.push_back(Heading{1, {{t("What could not be seen", "確認できなかったこと")}}});
  d.blocks.push_back(Bullets{{{{"us-west-2", Emphasis::kStrong},
                               {t(": GuardDuty is not enabled there.", ": GuardDuty が有効になっていません。")}},
                              {{"eu-central-1", Emphasis::kStrong},
                               {t(": no permission for ", ": 権限がありません（")},
                               {"securityhub:GetFindings", Emphasis::kCode},
                               {t(".", "）。")}}}});
  d.blocks.push_back(Paragraph{
      {{t("All accounts answered within the period.", "すべてのアカウントから、対象期間のデータを取得できました。")}},
      Tone::kGood});
  d.blocks.push_back(Paragraph{{{t("Times are in UTC. Severities are those of the service that found it.",
                                   "時刻はすべて UTC です。重要度は検出したサービスの値です。"),
                                 Emphasis::kMuted}}});
}

}  // namespace

Document sample_document(Language language) {
  const Tongue t{language};
  Document d;
  d.language = language;
  d.title = t("Security findings of the week", "セキュリティ検出レポート（週次）");
  d.subtitle = t("shop, 2 accounts · 2026-03-07 – 2026-03-14", "shop（2 アカウント）・2026-03-07 – 2026-03-14");
  d.created = parse_rfc3339("2026-03-14T00:05:00Z");
  d.contents = true;
  add_summary(t, d);
  add_findings(t, d);
  add_rest(t, d);
  return d;
}

Document many_findings(Language language, std::size_t count) {
  const Tongue t{language};
  Document d;
  d.language = language;
  d.title = t("All findings", "検出結果の一覧");
  d.contents = true;
  d.blocks.push_back(Heading{1, {{t("Findings", "検出内容")}}});
  for (std::size_t i = 1; i <= count; ++i) {
    d.blocks.push_back(
        Heading{2, {{fmt::format("{}. {}", i, t("Bucket without encryption", "暗号化されていないバケット"))}}});
    d.blocks.push_back(Paragraph{{{t(
        "Objects in this bucket are stored without a key of the account, so that everybody who gets hold of the "
        "disks or of the storage service's credentials could read them. Turn default encryption on; objects that "
        "are there already must be copied onto themselves.",
        "このバケットのオブジェクトは、アカウントの鍵で暗号化されずに保存されています。ストレージの認証情報が漏洩した"
        "場合に、第三者が内容を読み取るおそれがあります。既定の暗号化を有効にし、既存のオブジェクトは同じ場所へ"
        "コピーし直してください。")}}});
    Table table{
        {{{{t("Resource", "リソース")}}}, {{{t("Region", "リージョン")}}}, {{{t("Age", "経過日数")}}, Align::kRight}},
        {}};
    for (std::size_t k = 0; k < 4; ++k) {
      table.rows.push_back({{{fmt::format("arn:aws:s3:::shop-{}-{}", i, k * 7919), Emphasis::kCode}},
                            {{"ap-northeast-1"}},
                            {{fmt::format("{}", i + k)}}});
    }
    d.blocks.push_back(std::move(table));
    d.blocks.push_back(Facts{{{t("First seen", "初回検出"), {{"2026-03-07 08:15:00 UTC"}}},
                              {t("Risk", "リスク"), {{t("medium", "中"), Emphasis::kStrong}}}}});
    d.blocks.push_back(Code{fmt::format("aws s3api get-bucket-encryption --bucket shop-{}-0", i), "sh"});
  }
  return d;
}

const std::string& hostile_words() {
  static const std::string kWords = [] {
    std::string text =
        "\x1b[2J\x1b]0;owned\x07</script></svg></title></style>--><img src=x onerror=alert(1)>\"' onload='x' "
        "[click](javascript:alert(1)) ![i](http://evil.example/p.png) @everyone #12 `code` ```\n# heading\n- item\r\n"
        "| a | b |\n&lt;b&gt; <b>bold</b> & <span foreground='red'> {{x}} ${x} *bold* "
        "\xe2\x80\xae"                               // U+202E right-to-left override
        "gnp.exe\xe2\x80\xac \xe2\x81\xa6 \xc2\x9b"  // U+202C, U+2066, U+009B (C1 CSI)
        "31m \xe2\x80\xa8 \xe2\x80\xa9 \xff\xfe\xc3( \xed\xa0\x80 "
        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d ";  // Hebrew, which runs to the left
    text.push_back('\0');
    text += "\x7f tail ";
    text.append(1000, 'A');
    return text;
  }();
  return kWords;
}

Document hostile_document() {
  const std::string& h = hostile_words();
  const Line line{{h, Emphasis::kPlain, h},
                  {h, Emphasis::kStrong, "https://e.example/'\"><x\n)" + h.substr(0, 200)},
                  {h, Emphasis::kCode, "#no-such-anchor"},
                  {h, Emphasis::kMuted, "javascript:alert(1)"}};
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Document d;
  d.title = d.subtitle = h;
  d.created = TimePoint::max();
  d.contents = true;
  d.blocks = {Heading{-5, line, h},
              Heading{99, {}, "twice"},
              Heading{2, {{std::string(10000, 'A')}}, "twice"},
              Paragraph{line, Tone::kBad, "section-1"},
              Paragraph{},
              Bullets{},
              Bullets{{line, {}}, true},
              Code{h, h},
              Code{},
              Table{},
              Table{{{line}, {{}, Align::kRight}}, {}},
              Table{{{{{"a"}}}, {line}}, {{}, {line}, {line, line, line}}},
              Facts{},
              Facts{{{h, line}, {"", {}}}},
              Picture{},
              Picture{{kNan, 10, h, {}}, h, h, h},
              Picture{{1e300, 1, h, {draw::Text{{kNan, 1e300}, h, 1e9}}}, h, {}, {}},
              Picture{{100, 1e9, h, {draw::Text{{0, 0}, h, 12}}}, {}, {}, {}},
              PageBreak{},
              PageBreak{}};
  return d;
}

}  // namespace fa::document
