#include "report/sample_report.h"

#include <cmath>
#include <limits>

namespace fa {
namespace {

TimePoint at(std::string_view time_of_day) {
  return parse_rfc3339("2026-03-14T" + std::string(time_of_day) + "Z").value_or(kNoTime);
}

/// Picks the language's text.
struct Tongue {
  Language language;
  std::string operator()(const char* english, const char* japanese) const {
    return language == Language::kJapanese ? japanese : english;
  }
};

TimeRange window() { return {at("08:30:00"), at("08:45:00")}; }
TimeRange baseline() { return {at("08:15:00"), at("08:30:00")}; }

/// 30 values: `usual` with a small ripple, and `fault` from `from` on.
ChartSeries series(const TimeRange& range, double usual, double fault, std::size_t from, std::string unit) {
  ChartSeries s{range, {}, std::move(unit)};
  for (std::size_t i = 0; i < 30; ++i) {
    const double ripple = 1.0 + 0.15 * static_cast<double>((i * 7) % 5) / 5.0;
    s.values.emplace_back(i >= from ? fault * ripple : usual * ripple);
  }
  return s;
}

Locator file(std::string resource, std::uint64_t offset, std::uint64_t length, std::uint64_t line,
             std::uint32_t lines) {
  Locator l;
  l.source = "file";
  l.resource = std::move(resource);
  l.position = {offset, length, line, lines};
  return l;
}

Evidence log_evidence(const Tongue& t) {
  Evidence e;
  e.id = "L1";
  e.kind = EvidenceKind::kLog;
  e.entity = "checkout";
  e.time = at("08:31:14.482");
  e.claim = t("“Failed to place order <*>” appears 412 times in the window and never in the baseline.",
              "「Failed to place order <*>」が調査期間に 412 回出力され、比較期間には一度も出力されていません。");
  e.excerpt =
      "2026-03-14T08:31:14.482Z ERROR [checkout,4bf92f3577b34da6] OrderController - Failed to place order 8812\n"
      "org.springframework.dao.DataAccessResourceFailureException: Unable to acquire JDBC Connection\n"
      "\tat com.example.checkout.OrderRepository.save(OrderRepository.java:57)\n"
      "\tat com.example.checkout.OrderController.place(OrderController.java:31)\n"
      "Caused by: java.net.SocketTimeoutException: connect timed out\n"
      "\tat java.base/sun.nio.ch.NioSocketImpl.timedFinishConnect(NioSocketImpl.java:546)";
  e.locator = file("logs/checkout.log.gz", 1048211, 512, 10423, 6);
  e.sha256 = "8c6f1d5f0a0b8f4f2f6f8f7c5b1f6f9e2a4c3d1b0e9f8a7c6b5d4e3f2a1b0c9d";
  e.reproduce = "zcat logs/checkout.log.gz | sed -n '10423,10428p'";
  e.key = "checkout#17";
  e.facts = {{"count_window", 412, ""}, {"count_baseline", 0, ""}};
  e.window_chart = series(window(), 0, 14, 3, "");
  e.baseline_chart = series(baseline(), 0, 0, 30, "");
  e.check = CheckStatus::kPassed;
  return e;
}

Evidence metric_evidence(const Tongue& t) {
  Evidence e;
  e.id = "M1";
  e.kind = EvidenceKind::kMetric;
  e.entity = "edge-proxy";
  e.time = at("08:31:30");
  e.claim = t("TargetResponseTime (p90) rises from 0.021 s to 5.1 s at 08:31:30.",
              "TargetResponseTime（p90）が 08:31:30 に 0.021 s から 5.1 s へ上昇しています。");
  e.locator = file("metrics/alb.json", 2210, 9120, 41, 1);
  e.sha256 = "1f0b";
  e.reproduce = "jq '.MetricDataResults[] | select(.Label == \"TargetResponseTime\")' metrics/alb.json";
  e.key = "AWS/ApplicationELB TargetResponseTime";
  e.facts = {{"median_window", 5.1, "s"}, {"median_baseline", 0.021, "s"}};
  e.window_chart = series(window(), 0.019, 4.6, 3, "s");
  e.window_chart->values[20] = std::nullopt;
  e.window_chart->values[21] = std::nullopt;
  e.baseline_chart = series(baseline(), 0.019, 0, 30, "s");
  e.check = CheckStatus::kPassed;
  return e;
}

Evidence trace_evidence(const Tongue& t) {
  Evidence e;
  e.id = "T1";
  e.kind = EvidenceKind::kTrace;
  e.entity = "checkout";
  e.time = at("08:31:12.004");
  e.claim =
      t("In 96% of the failing traces the first error is the span “connect orders-db”; it lasts 5.00 s and has no "
        "child.",
        "失敗したトレースの 96% で、最初のエラーはスパン「connect orders-db」です。所要時間は 5.00 s "
        "で、子スパンはありません。");
  e.excerpt = R"({"name":"connect orders-db","kind":3,"status":{"code":2,"message":"connect timed out"}})";
  e.locator = file("traces.otlp.jsonl.zst", 99120, 88, 310, 1);
  e.sha256 = "77aa";
  e.reproduce =
      "zstdcat traces.otlp.jsonl.zst | sed -n '310p' | jq '.. | objects | select(.name? == \"connect orders-db\")'";
  e.key = "checkout/connect orders-db";
  e.facts = {{"share_window", 0.96, ""}, {"median_window", 5.0, "s"}};
  e.check = CheckStatus::kPassed;
  return e;
}

Evidence change_evidence(const Tongue& t) {
  Evidence e;
  e.id = "C1";
  e.kind = EvidenceKind::kChange;
  e.entity = "orders-db";
  e.time = at("08:30:58");
  e.claim = t("RevokeSecurityGroupIngress on sg-0db42 by ci-deployer, 14 s before the onset.",
              "異常開始の 14 秒前に、ci-deployer が sg-0db42 に対して RevokeSecurityGroupIngress を実行しています。");
  e.excerpt =
      R"({"eventName":"RevokeSecurityGroupIngress","requestParameters":{"groupId":"sg-0db42","fromPort":5432}})";
  e.locator = file("cloudtrail.json", 5120, 101, 77, 1);
  e.reproduce = "jq '.Records[] | select(.eventName == \"RevokeSecurityGroupIngress\")' cloudtrail.json";
  e.check = CheckStatus::kPassed;
  return e;
}

Evidence failed_evidence(const Tongue& t) {
  Evidence e;
  e.id = "M2";
  e.kind = EvidenceKind::kMetric;
  e.entity = "orders-db";
  e.time = at("08:32:00");
  e.claim = t("CPU of orders-db stays at 11% throughout, so the database itself is not overloaded.",
              "orders-db の CPU 使用率は期間を通じて 11% であり、データベース自体は過負荷ではありません。");
  e.locator = file("metrics/rds.csv", 0, 0, 12, 1);
  e.reproduce = "cut -d, -f1,3 metrics/rds.csv";
  e.window_chart = series(window(), 11, 11, 30, "%");
  e.baseline_chart = series(baseline(), 11, 11, 30, "%");
  e.check = CheckStatus::kFailed;
  e.check_reason = t("median_window: 11 was claimed, the stored bytes give 12.4",
                     "median_window: 記載は 11 ですが、保存されたデータでは 12.4 です");
  return e;
}

Hypothesis hypothesis(int rank, Subject subject, Mechanism mechanism, double confidence, std::string statement) {
  Hypothesis h;
  h.rank = rank;
  h.subject = std::move(subject);
  h.mechanism = mechanism;
  h.score = confidence * 10;
  h.confidence = confidence;
  h.statement = std::move(statement);
  return h;
}

void fill_hypotheses(const Tongue& t, Report& r) {
  Hypothesis first = hypothesis(
      1, {"checkout", "", "orders-db"}, Mechanism::kDependencyTimeout, 0.82,
      t("checkout can no longer open connections to orders-db: every attempt ends after 5 s with “connect timed out”, "
        "and "
        "the requests waiting for it fail.",
        "checkout から orders-db への接続を確立できなくなっています。接続の試行はすべて 5 秒後に「connect timed "
        "out」で終わり、それを待つリクエストが失敗しています。"));
  first.location = {"Acquiring connection to orders-db for order <*>", "Order <*> stored in <*> ms"};
  first.supports = {"L1", "T1", "M1", "C1"};
  first.contradicts = {"M2"};
  first.status = HypothesisStatus::kVerified;
  Hypothesis second = hypothesis(2, {"orders-db", "", ""}, Mechanism::kNetworkPartition, 0.11,
                                 t("The network path to orders-db is closed for all callers.",
                                   "orders-db への通信経路が、すべての呼び出し元に対して閉じられています。"));
  second.supports = {"C1", "T1"};
  Hypothesis third = hypothesis(3, {"edge-proxy", "edge-proxy-2", ""}, Mechanism::kSlowProcessing, 0.03,
                                t("edge-proxy answers slowly by itself.", "edge-proxy 自体の応答が遅くなっています。"));
  third.supports = {"M1"};
  third.contradicts = {"T1"};
  third.status = HypothesisStatus::kUntested;
  r.hypotheses = {
      first, second, third,
      hypothesis(4, {"cart", "", ""}, Mechanism::kUnknown, 0.02, t("cart is slow.", "cart の応答が遅延しています。")),
      hypothesis(5, {"PetSearch_AWS::ECS::Fargate", "", ""}, Mechanism::kCpuSaturation, 0.004,
                 t("Its CPU is saturated.", "CPU が飽和しています。"))};
}

void fill_study(const Tongue& t, Report& r) {
  r.language = t.language;
  r.incident.id = "2026-03-14-checkout";
  r.incident.description = t("Customers cannot place orders since half past eight.",
                             "8 時半ごろから注文ができないという問い合わせが来ています。");
  r.incident.window = window();
  r.incident.window_given = true;
  r.incident.baseline = baseline();
  r.coverage = {
      {"logs/checkout.log.gz", "text", 48210, 9120345, 0, 0, {at("08:15:00"), at("08:44:59.9")}, ""},
      {"traces.otlp.jsonl.zst",
       "otlp",
       120331,
       210334120,
       2,
       1,
       {at("08:15:00"), at("08:44:58")},
       t("line 88: expected a JSON object, the line ends after 1,204 bytes",
         "88 行目: JSON オブジェクトを期待しましたが、1,204 バイトで行が終わっています")},
      {"notes.bin",
       "unrecognised",
       0,
       512,
       0,
       0,
       {},
       t("starts with 7f 45 4c 46: not a telemetry format", "先頭は 7f 45 4c 46 で、既知の形式ではありません")}};
  r.topology.nodes = {{"cart", NodeKind::kService, true, {}},
                      {"cart-cache", NodeKind::kCache, true, {}},
                      {"checkout", NodeKind::kService, true, {"T1", "L1"}},
                      {"edge-proxy", NodeKind::kLoadBalancer, true, {}},
                      {"mail", NodeKind::kExternal, false, {}},
                      {"orders-db", NodeKind::kDatabase, true, {}}};
  r.topology.edges = {{.caller = "cart",
                       .callee = "cart-cache",
                       .window = CallFigures{5400, 0, 360, 0.0011, 0.004, std::nullopt},
                       .baseline = CallFigures{10800, 0, 360, 0.001, 0.004, std::nullopt}},
                      {.caller = "checkout", .callee = "mail", .origin = EdgeOrigin::kDescription, .protocol = "SMTP"},
                      {.caller = "checkout",
                       .callee = "orders-db",
                       .window = CallFigures{612, 598, 40.8, 5.0, 5.02, std::nullopt},
                       .baseline = CallFigures{3600, 0, 120, 0.004, 0.012, std::nullopt},
                       .evidence = {"T1"}},
                      {.caller = "edge-proxy",
                       .callee = "cart",
                       .origin = EdgeOrigin::kProxyLog,
                       .window = CallFigures{5500, 0, 366.7, 0.02, 0.06, std::nullopt},
                       .baseline = CallFigures{11000, 1, 366.7, 0.02, 0.06, std::nullopt}},
                      {.caller = "edge-proxy",
                       .callee = "checkout",
                       .origin = EdgeOrigin::kProxyLog,
                       .window = CallFigures{640, 598, 42.7, 5.1, 5.6, std::nullopt},
                       .baseline = CallFigures{3650, 2, 121.7, 0.05, 0.11, std::nullopt}}};
  r.usage.bytes_read = 219454977;
  r.usage.records_read = 168541;
  r.identity = "arn:aws:sts::123456789012:assumed-role/on-call/kim";
  r.notes = {{"CloudWatch Logs", t("12.4 MB in 3 log groups: every line was fetched",
                                   "ロググループ 3 件で 12.4 MB のため、すべての行を取得しました")}};
  r.usage.api_calls = 214;
  r.usage.cost_usd = 0.0123;
  r.usage.prices_of = "2026-11-01";
  r.usage.sources = {{"CloudWatch Logs", 150, 0, 12'400'000, 0}, {"CloudWatch metrics", 64, 0, 810'000, 0.0123}};
  r.fa2_version = "0.1.0";
}

}  // namespace

Report sample_report(Language language) {
  const Tongue t{language};
  Report r;
  fill_study(t, r);
  r.verdict = Verdict::kIncident;
  r.severity = ReportSeverity::kHigh;
  r.headline = t("checkout cannot reach orders-db: connection attempts time out since 08:31:12 UTC",
                 "checkout から orders-db に接続できません（08:31:12 UTC から接続がタイムアウト）");
  r.incident.onset = at("08:31:12");
  r.incident.alarm = Alarm{"edge-proxy", "HTTPCode_Target_5XX_Count", "Sum", at("08:33:00")};
  r.impact.summary = t("41% of the requests to edge-proxy fail with HTTP 504; before it was 0%.",
                       "edge-proxy へのリクエストの 41% が HTTP 504 で失敗しています（以前は 0%）。");
  r.impact.affected = {"edge-proxy", "checkout"};
  r.impact.since = at("08:31:12");
  r.evidence = {log_evidence(t), trace_evidence(t), metric_evidence(t), change_evidence(t), failed_evidence(t)};
  fill_hypotheses(t, r);
  r.timeline = {
      {at("08:30:00"), t("The window begins.", "調査期間の開始。"), ""},
      {at("08:30:58"),
       t("RevokeSecurityGroupIngress on sg-0db42 by ci-deployer.",
         "ci-deployer が sg-0db42 に対して RevokeSecurityGroupIngress を実行。"),
       "C1"},
      {at("08:31:12"), t("First connect timeout in checkout.", "checkout で最初の接続タイムアウトが発生。"), "T1"},
      {at("08:31:30"),
       t("Response time of edge-proxy leaves its usual range.", "edge-proxy の応答時間が通常の範囲を超過。"), "M1"},
      {at("08:33:00"), t("The alarm fires.", "アラームが発報。"), ""}};
  r.actions = {{t("Restore the inbound rule for port 5432 on sg-0db42.",
                  "sg-0db42 のポート 5432 の受信ルールを元に戻してください。"),
                {"C1"}},
               {t("Then check that “connect timed out” no longer appears in the log of checkout.",
                  "その後、checkout のログに「connect timed out」が出力されなくなったことを確認してください。"),
                {"L1", "T1"}}};
  r.prevention = {{t("Let changes to security groups of databases pass a review.",
                     "データベースのセキュリティグループの変更には、レビューを必須としてください。"),
                   {"C1"}}};
  r.gaps = {{"traces.otlp.jsonl.zst",
             {at("08:40:00"), at("08:42:00")},
             t("no spans between 08:40 and 08:42", "08:40 から 08:42 までのスパンがありません"),
             t("Recovery attempts in these two minutes would not be seen.",
               "この 2 分間に復旧の動きがあっても、確認できません。")}};
  r.questions = {t("Does `nc -vz orders-db 5432` from a checkout pod time out?",
                   "checkout の Pod から `nc -vz orders-db 5432` を実行するとタイムアウトするか。")};
  r.verification = {5, 4};
  return r;
}

Report sample_no_incident(Language language) {
  const Tongue t{language};
  Report r;
  fill_study(t, r);
  r.verdict = Verdict::kNoIncident;
  r.headline = t("Nothing in the window differs from the baseline", "調査期間と比較期間の間に、有意な差は見られません");
  Evidence e = metric_evidence(t);
  e.claim = t("TargetResponseTime (p90) stays at 0.021 s.", "TargetResponseTime（p90）は 0.021 s のままです。");
  e.window_chart = e.baseline_chart;
  r.evidence = {e};
  r.verification = {1, 1};
  return r;
}

Report sample_cannot_tell(Language language) {
  const Tongue t{language};
  Report r;
  fill_study(t, r);
  r.verdict = Verdict::kCannotTell;
  r.incident.baseline = {};
  r.headline = t("The data is not enough to name a cause", "原因を特定するにはデータが不足しています");
  r.questions = {t("Which requests fail? The access log of the window would tell.",
                   "どのリクエストが失敗しているか。調査期間のアクセスログがあれば分かります。")};
  r.gaps = {
      {"traces",
       {},
       t("no traces were given", "トレースがありません"),
       t("Where a request spends its time cannot be seen.", "リクエストがどこで時間を要しているかを確認できません。")}};
  return r;
}

const std::string& hostile_text() {
  static const std::string kText = [] {
    std::string text =
        "\x1b[2J\x1b]0;owned\x07</script></svg></title></style>--><img src=x onerror=alert(1)>\"' onload='x' "
        "<!channel> <@U123> @everyone [click](javascript:alert(1)) ![i](http://evil.example/p.png) "
        "https://evil.example www.evil.example a@evil.example #123 GH-7 `code` ```\n# heading\n- item\n1. one\n\r\n"
        "~~~\n| a | b |\n&lt;b&gt; &#60;b&#62; {{x}} ${x} *bold* _em_ ~s~ "
        "\xe2\x80\xae"                               // U+202E right-to-left override
        "gnp.exe\xe2\x80\xac \xe2\x81\xa6 \xc2\x9b"  // U+202C, U+2066, U+009B (C1 CSI)
        "31m \xe2\x80\xa8 \xe2\x80\xa9 \xff\xfe\xc3( \xed\xa0\x80 ";
    text.push_back('\0');
    text += "\x7f tail ";
    text.append(10000, 'A');
    return text;
  }();
  return kText;
}

Report hostile_report(Language language) {
  const std::string& h = hostile_text();
  Report r = sample_report(language);
  const double nan = std::nan("");
  r.incident.id = r.incident.description = r.headline = r.impact.summary = r.fa2_version = h;
  r.incident.window.end = kNoTime;
  r.incident.baseline = {TimePoint::max() - Nanoseconds{5}, TimePoint::max()};
  r.incident.onset = TimePoint::max();
  r.incident.alarm = Alarm{h, h, h, kNoTime};
  r.impact.affected = {h, h};
  r.impact.since = kNoTime;
  for (Evidence& e : r.evidence) {
    e.entity = e.claim = e.excerpt = e.sha256 = e.reproduce = e.key = e.check_reason = h;
    e.locator.source = e.locator.account = e.locator.region = e.locator.resource = e.locator.query = h;
    e.locator.position.line = std::numeric_limits<std::int64_t>::max();
    e.facts = {{h, nan, h}, {h, INFINITY, h}, {h, 1e308, h}};
    e.window_chart = ChartSeries{{kNoTime, at("08:00:00")}, {nan, -1e308, std::nullopt, 1e308, INFINITY}, h};
    e.baseline_chart = ChartSeries{{}, {}, h};
    e.check = CheckStatus::kFailed;
  }
  r.evidence.front().id = h;
  for (Hypothesis& x : r.hypotheses) {
    x.subject = {h, h, h};
    x.location = {h, h};
    x.statement = h;
    x.score = nan;
    x.confidence = nan;
    x.supports = {h, "T1", "no such evidence"};
    x.contradicts = {h};
  }
  for (TimelineEntry& entry : r.timeline) entry = {TimePoint::max(), h, h};
  for (ActionItem& item : r.actions) item = {h, {h}};
  for (ActionItem& item : r.prevention) item = {h, {h}};
  for (CoverageItem& item : r.coverage) item.source = item.format = item.note = h;
  for (Gap& gap : r.gaps) gap = {h, {kNoTime, at("08:00:00")}, h, h};
  r.questions = {h};
  r.topology.nodes = {{h, NodeKind::kQueue, true, {h, h, h, h, h}}};
  r.topology.edges = {{.caller = h, .callee = h, .protocol = h},
                      {.caller = h,
                       .callee = h + "\"];n0->n0;}",
                       .origin = EdgeOrigin::kDescription,
                       .protocol = h,
                       .window = CallFigures{0, 9, nan, -1e308, INFINITY, nan},
                       .baseline = CallFigures{1, 1, 1e308, nan, 1e308, nan},
                       .evidence = {h}}};
  r.usage.cost_usd = nan;
  r.identity = h;
  r.notes = {{h, h}};
  r.usage.prices_of = h;
  r.usage.sources = {{h, 1, 2, 3, nan}};
  r.usage.model_input_tokens = std::numeric_limits<std::int64_t>::max();
  return r;
}

}  // namespace fa
