#include "investigate/claim_words.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "analysis/text/failure_words.h"
#include "base/text.h"

namespace fa {
namespace {

/// A pattern over lower-case text, English words and Japanese ones together.
std::unique_ptr<RE2> pattern(std::string_view text) {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return std::make_unique<RE2>(re2::StringPiece(text.data(), text.size()), options);
}

bool found(const RE2& p, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), p);
}

struct TopicWords {
  Topic topic;
  std::string_view words;
  std::string_view english;
  std::string_view japanese;
};

constexpr std::array<TopicWords, 21> kTopics{{
    {Topic::kCpu, R"(\bcpu|processor|throttled_time|load average|プロセッサ)", "CPU", "CPU"},
    {Topic::kMemory, R"(\b(memory|heap|oom|out.of.memory|rss|swap|garbage)\b|outofmemory|memory|メモリ|ヒープ)",
     "memory", "メモリ"},
    {Topic::kDisk,
     R"(\b(disk|disks|filesystem|inode|volume|no space left|iops|ebs|storage)\b|disk|ディスク|ストレージ)", "disk",
     "ディスク"},
    {Topic::kNetwork,
     R"(network|packet|\b(latency between|unreachable|no route|connect|connection reset|socket|vpc|subnet|firewall|security group|endpoint|partition)|ネットワーク|通信|到達|ファイアウォール|egress|ingress|outside of both)",
     "the network", "ネットワーク"},
    {Topic::kDns, R"(\bdns\b|name resolution|resolver|nxdomain|unknownhost|no such host|getaddrinfo|名前解決)", "DNS",
     "DNS"},
    {Topic::kCertificate, R"(certificate|\btls\b|\bssl\b|x509|handshake|証明書)", "certificates", "証明書"},
    {Topic::kTimeout, R"(time[sd]?[ -]?out|timing out|timeout|deadline|タイムアウト|時間切れ)", "timeouts",
     "タイムアウト"},
    {Topic::kLatency,
     R"(latency|latencies|\bslow|response time|duration|took|takes|\bdelay|\bspends?\b|p50|p90|p95|p99|遅延|遅く|遅い|レイテンシ|所要時間|応答時間|処理時間|時間が)",
     "latency", "遅延"},
    {Topic::kError,
     R"(error|fail|fault|5xx|exception|refus|reject|denied|timed? ?out|availability|unavailable|エラー|失敗|異常終了|障害|例外|拒否)",
     "errors", "エラー"},
    {Topic::kException, R"(exception|traceback|stack ?trace|panic|raised|threw|thrown|例外|スタックトレース)",
     "exceptions", "例外"},
    {Topic::kDeployment,
     R"(deploy|roll ?out|release|new version|rollback|taskdefinition|update_?function|updateservice|revision|デプロイ|リリース)",
     "deployments", "デプロイ"},
    {Topic::kSettings,
     R"(config|setting|parameter|feature flag|environment variable|\bmodif|policy|設定|構成変更|ポリシー)", "settings",
     "設定"},
    {Topic::kPermission,
     R"(permission|access ?denied|unauthori|authenticat|authoriz|\biam\b|credential|forbidden|token expired|権限|認証|認可)",
     "permissions", "権限"},
    {Topic::kThrottling, R"(throttl|rate limit|too many requests|quota|スロットリング|レート制限|クォータ)",
     "throttling", "スロットリング"},
    {Topic::kConnections,
     R"(connection pool|pool exhaust|too many connections|hikari|\bpool\b|コネクションプール|接続プール)",
     "connection pools", "コネクションプール"},
    {Topic::kCrash,
     R"(crash|restart|\bkilled\b|terminated|exit code|segfault|sigkill|shutdown|shutting down|クラッシュ|再起動|強制終了)",
     "crashes", "クラッシュ"},
    {Topic::kTraffic,
     R"(traffic|\bload (on|of|increas|rose|grew|spike)|(under|high|heavy|more|higher) load\b|surge of requests|request rate|throughput|トラフィック|アクセス数|流量)",
     "traffic", "トラフィック"},
    {Topic::kDatabase,
     R"(database|\bdb\b|\bsql|postgres|mysql|\brds\b|aurora|dynamo|mongo|oracle|\bquery|queries|jdbc|\btable\b|データベース|クエリ|テーブル)",
     "databases", "データベース"},
    {Topic::kCache, R"(\bcache|caching|redis|memcache|elasticache|キャッシュ)", "caches", "キャッシュ"},
    {Topic::kQueue, R"(\bqueue|\bsqs\b|kafka|rabbit|\bbroker|backlog|consumer lag|キュー)", "queues", "キュー"},
    {Topic::kLock, R"(deadlock|lock wait|\blocks?\b|locked|contention|mutex|デッドロック|ロック)", "locks", "ロック"},
}};

const RE2& topic_pattern(std::size_t i) {
  static const auto patterns = [] {
    std::array<std::unique_ptr<RE2>, kTopics.size()> all;
    for (std::size_t k = 0; k < kTopics.size(); ++k) all[k] = pattern(kTopics[k].words);
    return all;
  }();
  return *patterns[i];
}

const RE2& words(std::string_view text) {
  // One entry per call site's literal; a literal's address is its identity.
  struct Entry {
    const char* key;
    std::unique_ptr<RE2> compiled;
  };
  static std::mutex mutex;
  static std::vector<Entry> entries;
  const std::lock_guard lock(mutex);
  for (const Entry& e : entries) {
    if (e.key == text.data()) return *e.compiled;
  }
  entries.push_back({text.data(), pattern(text)});
  return *entries.back().compiled;
}

constexpr std::string_view kRises =
    R"(\b(rises?|rose|risen|rising|increas\w*|grew|grows?|grown|surg\w*|spik\w*|jump\w*|climb\w*|higher|slower|longer|soar\w*|doubled|tripled|exceed\w*|went up)\b|上昇|増加|増え|急増|高く|高騰|遅く|長く|悪化|増大|倍増|延び|伸び|跳ね上)";
constexpr std::string_view kFalls =
    R"(\b(falls?|fell|fallen|drop\w*|decreas\w*|declin\w*|lower|fewer|faster|shorter|shrank|shrunk|halved|plung\w*|went down|dwindl\w*)\b|低下|減少|減り|減った|減っ|下が|速く|短く|改善|急減|半減|落ち込)";
constexpr std::string_view kNotRisen =
    R"(\b(did not|does not|has not|have not|didn't|hasn't|neither|not|no) (rise|risen|increase|increased|grow|grown|higher|slower|longer|get slower|get longer)\b|(遅く|長く|高く|多く)(は)?(なって)?(は)?(い)?(ありません|ません|ない|なかった)|(増えて|増加して|上昇して|悪化して)(は)?(いません|いない|おらず))";
constexpr std::string_view kNoLonger =
    R"(\bno longer\b|\bnot any ?more\b|\bstopped (writing|calling|appearing|logging|being)|\b(vanish|disappear)\w*|\bceased?\b|なくなり|なくなった|なくなって|途絶え|消え)";
constexpr std::string_view kNew =
    R"(\b(never (seen |occurred |appeared |logged |written )?(in the baseline|before)|never in the baseline|not once (in the baseline|before)|new|newly|first time|for the first time|did not (occur|appear|exist) (in the baseline|before)|not (seen|present|logged) (in the baseline|before))\b|初めて|新しい|新たに|新規|(基準|比較)期間には(一度も|全く|まったく)?.{0,18}(ない|ありません|なかった|いません)|(基準|比較)期間では.{0,24}(ない|ありません|なかった|いません))";
constexpr std::string_view kUniversal =
    R"(\b(all|every|always|each|entire(ly)?|completely)\b|すべて|全て|全部|全ての|常に|毎回|必ず|完全に)";
constexpr std::string_view kNegates =
    R"(\b(no|not|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|can't|absent|absence|lacks?|lacking|free of|\w+n't)\b|ない|なかった|なし|ません|無い|無し|なく|せず|れず|欠如|皆無)";
constexpr std::string_view kOnlyInJapanese =
    R"(しか[^、。]{0,60}?(ていません|ていない|ておらず|ていなかった|ません|なかった|ない)|かもしれません|かもしれない|に違いない|に違いありません|にほかなりません|だけでなく|のみならず|なくては|なければ|含まれない時間|含まれていない時間|(見合わ|間に合わ|足り)ない|ではなく|判断できません|わかりません|分かりません|特定できません)";
constexpr std::string_view kHealthy =
    R"(\b(healthy|normal|normally|unaffected|stable|unchanged|as usual)\b|正常|健全|影響を受けて(い)?な|影響はな|影響はあり|問題な|問題はな|問題はあり|安定|変化な|変化はな|変化はあり|異常な(し|く)|異常はな|異常はあり)";
constexpr std::string_view kBaselineWords =
    R"(\b(baseline|before|previously|earlier|formerly|normally)\b|基準期間|比較期間|以前|従来|平常|普段)";
constexpr std::string_view kWindowWords = R"(\b(window|during the incident|now)\b|対象期間|調査期間|障害中|現在)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAbsentThings{{
    {"errors", R"(\b(errors?|failures?|failed|fails?|exceptions?|faults?|5xx)\b|エラー|失敗|例外|障害)"},
    {"logs", R"(\b(logs?|log lines?|log records?|messages?|logged|logging)\b|ログ|メッセージ)"},
    {"traces", R"(\b(traces?|spans?|tracing)\b|トレース|スパン)"},
    {"metrics", R"(\b(metrics?|data ?points?)\b|メトリクス|指標|データ点)"},
    {"changes", R"(\b(changes?|changed|deployments?|deploys?|deployed|releases?|rollouts?)\b|変更|デプロイ|リリース)"},
    {"requests", R"(\b(requests?|traffic|calls?)\b|リクエスト|トラフィック|呼び出し)"},
    {"anomalies",
     R"(\b(anomal\w+|abnormal\w*|unusual|symptoms?|healthy|normal|normally|unaffected|impact|problems?|issues?|deviations?|stable|unchanged|fine)\b|異常|正常|問題|影響|症状|安定|変化|健全)"},
}};

/// Forward: cause, word, effect. Longer words first where one holds another.
constexpr std::string_view kCauseFirst =
    R"(\b(caus(?:es|ed|ing)?|led to|leads? to|leading to|triggers?|triggered|triggering|results? in|resulted in|resulting in|brought about|brings about|provoked?|is (?:the )?(?:root )?cause of|was (?:the )?(?:root )?cause of|is responsible for|was responsible for|explains?|explained|therefore|as a result|consequently|so that)\b|が原因で|を原因として|によって|により|のために|のため|ために|を引き起こ|が引き起こ|の結果|した結果|を招|に起因して|が発端で|をきっかけに)";
/// Backward: effect, word, cause.
constexpr std::string_view kEffectFirst =
    R"(\b(because of|because|due to|owing to|caused by|was caused by|were caused by|is caused by|are caused by|triggered by|explained by|stems? from|stemmed from|results? from|resulted from|result(?:s|ed)? of|as a result of|thanks to|attributable to|attributed to|since)\b|の原因は|は、?原因が)";

}  // namespace

std::set<Topic> topics_in(std::string_view text) {
  std::set<Topic> topics;
  for (std::size_t i = 0; i < kTopics.size(); ++i) {
    if (found(topic_pattern(i), text)) topics.insert(kTopics[i].topic);
  }
  return topics;
}

std::set<Topic> topics_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kCpuSaturation:
      return {Topic::kCpu, Topic::kLatency};
    case Mechanism::kMemoryPressure:
      return {Topic::kMemory};
    case Mechanism::kDiskFull:
      return {Topic::kDisk};
    case Mechanism::kNetworkDelay:
      return {Topic::kNetwork, Topic::kLatency};
    case Mechanism::kNetworkPartition:
      return {Topic::kNetwork, Topic::kError, Topic::kTimeout};
    case Mechanism::kDependencyTimeout:
      return {Topic::kTimeout, Topic::kError};
    case Mechanism::kDependencyError:
      return {Topic::kError};
    case Mechanism::kDependencySlow:
    case Mechanism::kSlowProcessing:
      return {Topic::kLatency};
    case Mechanism::kCodeException:
      return {Topic::kException, Topic::kError};
    case Mechanism::kWrongResult:
      return {};
    case Mechanism::kConfigChange:
      return {Topic::kSettings};
    case Mechanism::kDeployment:
      return {Topic::kDeployment};
    case Mechanism::kThrottling:
      return {Topic::kThrottling};
    case Mechanism::kCertificate:
      return {Topic::kCertificate};
    case Mechanism::kDns:
      return {Topic::kDns};
    case Mechanism::kAuthentication:
      return {Topic::kPermission};
    case Mechanism::kConnectionPoolExhausted:
      return {Topic::kConnections};
    case Mechanism::kResourceExhaustion:
      return {};
    case Mechanism::kCrash:
      return {Topic::kCrash};
    case Mechanism::kTrafficSurge:
    case Mechanism::kTrafficDrop:
      return {Topic::kTraffic};
    case Mechanism::kUnknown:
      return {};
  }
  return {};
}

std::set<Topic> topics_of(const Finding& f) {
  std::set<Topic> topics = topics_of(f.hint);
  switch (f.kind) {
    case FindingKind::kLatencyRise:
    case FindingKind::kAccessLatency:
    case FindingKind::kOwnTimeRise:
      topics.insert(Topic::kLatency);
      break;
    case FindingKind::kCallTimeRise:
      topics.insert({Topic::kLatency, Topic::kNetwork});
      break;
    case FindingKind::kErrorRise:
    case FindingKind::kErrorOrigin:
    case FindingKind::kErrorPassedOn:
    case FindingKind::kAccessErrors:
      topics.insert(Topic::kError);
      break;
    case FindingKind::kCallTimeout:
      topics.insert({Topic::kError, Topic::kTimeout});
      break;
    case FindingKind::kException:
      topics.insert({Topic::kException, Topic::kError});
      break;
    case FindingKind::kTrafficFall:
    case FindingKind::kTrafficRise:
      topics.insert(Topic::kTraffic);
      break;
    default:
      break;
  }
  if (f.evidence == EvidenceKind::kLog && f.severity >= Severity::kError) topics.insert(Topic::kError);
  if (f.unit == "s" && f.evidence != EvidenceKind::kChange) topics.insert(Topic::kLatency);
  return topics;
}

std::string topic_name(Topic topic, Language language) {
  for (const TopicWords& t : kTopics) {
    if (t.topic == topic) return std::string(language == Language::kJapanese ? t.japanese : t.english);
  }
  return {};
}

MeaningWords meaning_of(std::string_view plain) {
  MeaningWords m;
  m.no_longer = found(words(kNoLonger), plain);
  std::string rest(plain);
  // "no longer" is no "longer".
  for (const std::string_view idiom : {"no longer", "fell into", "fall into", "falls into", "fell within",
                                       "fall within", "falls within", "longer than"}) {
    for (std::size_t at = rest.find(idiom); at != std::string::npos; at = rest.find(idiom))
      rest.erase(at, idiom.size());
  }
  m.not_risen = found(words(kNotRisen), rest);
  if (m.not_risen) RE2::GlobalReplace(&rest, words(kNotRisen), " ");
  m.rises = found(words(kRises), rest);
  m.falls = found(words(kFalls), rest);
  m.is_new = found(words(kNew), plain);
  m.universal = found(words(kUniversal), plain);
  // "Only" and "maybe" are spelled with a negation in Japanese.
  std::string affirmed(plain);
  RE2::GlobalReplace(&affirmed, words(kOnlyInJapanese), "だけ");
  RE2::GlobalReplace(&affirmed, words(kNotRisen), " ");
  m.negates = found(words(kNegates), affirmed);
  m.healthy = found(words(kHealthy), plain);
  m.baseline = found(words(kBaselineWords), plain);
  m.window = found(words(kWindowWords), plain);
  return m;
}

std::set<std::string> absent_things(std::string_view plain) {
  std::set<std::string> things;
  for (const auto& [name, text] : kAbsentThings) {
    if (found(words(text), plain)) things.insert(std::string(name));
  }
  return things;
}

std::vector<Causal> causal_words(std::string_view text) {
  std::vector<Causal> all;
  const auto collect = [&](std::string_view source, bool cause_first) {
    const RE2& p = words(source);
    const re2::StringPiece whole(text.data(), text.size());
    std::size_t at = 0;
    re2::StringPiece match;
    while (at <= text.size() && p.Match(whole, at, text.size(), RE2::UNANCHORED, &match, 1) && !match.empty()) {
      const auto begin = static_cast<std::size_t>(match.data() - text.data());
      all.push_back({begin, begin + match.size(), cause_first});
      at = begin + match.size();
    }
  };
  collect(kEffectFirst, false);
  const std::vector<Causal> backward = all;
  collect(kCauseFirst, true);
  // "caused by" holds "caused": the backward reading wins where both match.
  std::vector<Causal> kept;
  for (const Causal& c : all) {
    const bool inside = c.cause_first && std::any_of(backward.begin(), backward.end(), [&](const Causal& b) {
                          return c.begin < b.end && b.begin < c.end;
                        });
    if (!inside) kept.push_back(c);
  }
  std::sort(kept.begin(), kept.end(), [](const Causal& a, const Causal& b) { return a.begin < b.begin; });
  std::vector<Causal> apart;
  for (const Causal& c : kept) {
    if (apart.empty() || c.begin >= apart.back().end) apart.push_back(c);
  }
  return apart;
}

bool is_common_compound(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "end-to-end",  "read-only",   "time-out",      "out-of-memory",    "follow-up",     "up-to-date",
      "real-time",   "so-called",   "non-existent",  "well-known",       "root-cause",    "on-call",
      "built-in",    "in-flight",   "back-end",      "front-end",        "e-mail",        "long-running",
      "short-lived", "user-facing", "high-latency",  "knock-on",         "run-time",      "one-off",
      "start-up",    "shut-down",   "roll-back",     "roll-out",         "load-balancer", "data-point",
      "data-points", "x-ray",       "post-incident", "pre-incident",     "server-side",   "client-side",
      "half-open",   "first-time",  "re-try",        "trade-off",        "cross-check",   "double-check",
      "stack-trace", "log-lines",   "error-free",    "state-of-the-art", "day-to-day",    "read-write",
      "tear-down",   "build-up",    "break-down"};
  if (kWords.contains(lower)) return true;
  static const std::set<std::string_view> kParts{
      "of",    "to",     "up",    "out",  "in",   "on",      "off",   "by",   "the", "and",  "non",
      "re",    "pre",    "post",  "self", "well", "long",    "short", "high", "low", "over", "under",
      "multi", "single", "first", "last", "half", "full",    "per",   "anti", "mid", "sub",  "co",
      "cross", "round",  "same",  "near", "then", "related", "based", "wide", "only"};
  for (const std::string_view part : split(lower, '-')) {
    if (kParts.contains(part)) return true;
  }
  return false;
}

bool is_common_abbreviation(std::string_view word) {
  static const std::set<std::string_view> kWords{
      "UTC",  "API", "AWS",  "CPU",  "DNS", "HTTP", "HTTPS", "I",   "ID",  "IDs", "IO",   "IP",
      "JSON", "OK",  "OOM",  "OS",   "SDK", "SQL",  "SSL",   "TCP", "TLS", "UDP", "URL",  "VPC",
      "JST",  "SLA", "SLO",  "APIs", "RAM", "GC",   "i.e",   "e.g", "etc", "vs",  "No",   "JVM",
      "PID",  "RPC", "gRPC", "REST", "DB",  "KB",   "MB",    "GB",  "TB",  "A",   "Japan"};
  return kWords.contains(word);
}

bool is_common_katakana(std::string_view word) {
  static const std::set<std::string_view> kWords{"サービス",
                                                 "サーバ",
                                                 "サーバー",
                                                 "エラー",
                                                 "タイムアウト",
                                                 "リクエスト",
                                                 "レスポンス",
                                                 "ログ",
                                                 "メトリクス",
                                                 "トレース",
                                                 "スパン",
                                                 "データ",
                                                 "データベース",
                                                 "テーブル",
                                                 "クエリ",
                                                 "キャッシュ",
                                                 "キュー",
                                                 "コネクション",
                                                 "プール",
                                                 "プールサイズ",
                                                 "メモリ",
                                                 "ディスク",
                                                 "ネットワーク",
                                                 "アクセス",
                                                 "アプリケーション",
                                                 "インスタンス",
                                                 "コンテナ",
                                                 "ポッド",
                                                 "ホスト",
                                                 "クラスタ",
                                                 "クラスター",
                                                 "ノード",
                                                 "エンドポイント",
                                                 "ポート",
                                                 "ポリシー",
                                                 "ルール",
                                                 "ルート",
                                                 "ロール",
                                                 "ロールバック",
                                                 "デプロイ",
                                                 "リリース",
                                                 "バージョン",
                                                 "コード",
                                                 "メソッド",
                                                 "クラス",
                                                 "スレッド",
                                                 "プロセス",
                                                 "ジョブ",
                                                 "バッチ",
                                                 "スタックトレース",
                                                 "メッセージ",
                                                 "テンプレート",
                                                 "パターン",
                                                 "レコード",
                                                 "ファイル",
                                                 "パス",
                                                 "ステータス",
                                                 "コマンド",
                                                 "クライアント",
                                                 "ユーザー",
                                                 "ユーザ",
                                                 "トラフィック",
                                                 "スループット",
                                                 "レイテンシ",
                                                 "レイテンシー",
                                                 "スロットリング",
                                                 "レート",
                                                 "リトライ",
                                                 "バックオフ",
                                                 "ヒープ",
                                                 "ダンプ",
                                                 "ヒープダンプ",
                                                 "クラッシュ",
                                                 "アラーム",
                                                 "アラート",
                                                 "ダッシュボード",
                                                 "モニタリング",
                                                 "テスト",
                                                 "リソース",
                                                 "リージョン",
                                                 "アカウント",
                                                 "バケット",
                                                 "オブジェクト",
                                                 "ロードバランサ",
                                                 "ロードバランサー",
                                                 "ターゲット",
                                                 "グループ",
                                                 "セキュリティグループ",
                                                 "セキュリティ",
                                                 "サブネット",
                                                 "ゲートウェイ",
                                                 "プロキシ",
                                                 "ファイアウォール",
                                                 "リゾルバー",
                                                 "リゾルバ",
                                                 "トークン",
                                                 "キー",
                                                 "シークレット",
                                                 "パラメータ",
                                                 "パラメーター",
                                                 "オプション",
                                                 "フラグ",
                                                 "スケール",
                                                 "スケーリング",
                                                 "オートスケーリング",
                                                 "ピーク",
                                                 "ベースライン",
                                                 "ウィンドウ",
                                                 "タイミング",
                                                 "イベント",
                                                 "ケース",
                                                 "ステップ",
                                                 "フロー",
                                                 "ポイント",
                                                 "レベル",
                                                 "ピーク",
                                                 "グラフ",
                                                 "チーム",
                                                 "オペレーター",
                                                 "ドキュメント",
                                                 "ランブック",
                                                 "システム",
                                                 "コンポーネント",
                                                 "モジュール",
                                                 "ライブラリ",
                                                 "フレームワーク",
                                                 "ドライバ",
                                                 "ドライバー",
                                                 "セッション",
                                                 "ソケット",
                                                 "パケット",
                                                 "ストレージ",
                                                 "ボリューム",
                                                 "バックエンド",
                                                 "フロントエンド",
                                                 "スロー",
                                                 "デッドロック",
                                                 "ロック",
                                                 "オーバーヘッド",
                                                 "ボトルネック",
                                                 "ダウンタイム",
                                                 "ユーザーアクセス",
                                                 "サイズ",
                                                 "カウント",
                                                 "スコア",
                                                 "ランク",
                                                 "リスト",
                                                 "ミリ",
                                                 "マイクロ",
                                                 "パーセント",
                                                 "ダウン",
                                                 "オン",
                                                 "オフ",
                                                 "クォータ",
                                                 "レート",
                                                 "フェーズ",
                                                 "トランザクション",
                                                 "マイクロサービス",
                                                 "ヘルスチェック",
                                                 "チェック",
                                                 "メンテナンス",
                                                 "インシデント",
                                                 "サイクル",
                                                 "ツール",
                                                 "コスト",
                                                 "ビジネス",
                                                 "リスク",
                                                 "キャパシティ",
                                                 "スレッドプール",
                                                 "コネクションプール",
                                                 "イメージ",
                                                 "スナップショット",
                                                 "バックアップ",
                                                 "フェイルオーバー",
                                                 "レプリカ",
                                                 "プライマリ",
                                                 "シャード",
                                                 "パーティション",
                                                 "トピック",
                                                 "コンシューマ",
                                                 "プロデューサ",
                                                 "ワーカー",
                                                 "タスク",
                                                 "キーワード",
                                                 "テキスト",
                                                 "スクリプト",
                                                 "ブラウザ",
                                                 "モバイル",
                                                 "デバイス",
                                                 "サーキットブレーカー",
                                                 "サーキットブレーカ",
                                                 "エスカレーション",
                                                 "オンコール",
                                                 "ユニット",
                                                 "ライン",
                                                 "チェックアウト",
                                                 "ログイン",
                                                 "カート",
                                                 "メール",
                                                 "ページ",
                                                 "サイト",
                                                 "スケジュール",
                                                 "ブロック",
                                                 "ドロップ",
                                                 "パーミッション",
                                                 "チケット",
                                                 "キャンセル",
                                                 "フォールバック",
                                                 "リダイレクト",
                                                 "レイヤー",
                                                 "モデル",
                                                 "サンプル",
                                                 "カウンタ",
                                                 "カウンター",
                                                 "タグ",
                                                 "コメント",
                                                 "アップデート",
                                                 "インストール",
                                                 "スタートアップ",
                                                 "シャットダウン",
                                                 "スパイク",
                                                 "ヘッダー",
                                                 "ヘッダ",
                                                 "ボディ",
                                                 "クッキー",
                                                 "フィールド",
                                                 "カラム",
                                                 "インデックス",
                                                 "スキーマ",
                                                 "バッファ",
                                                 "スワップ",
                                                 "ガベージ",
                                                 "コレクション",
                                                 "ハンドシェイク",
                                                 "ドメイン",
                                                 "ネームスペース",
                                                 "コントローラ",
                                                 "コントローラー",
                                                 "コンフィグ",
                                                 "マウント",
                                                 "セグメント",
                                                 "ミス",
                                                 "バグ",
                                                 "ロードバランシング",
                                                 "サイドカー",
                                                 "アプリ",
                                                 "フロント",
                                                 "エージェント",
                                                 "ハンドラ",
                                                 "ハンドラー",
                                                 "ループ",
                                                 "カーネル",
                                                 "ジッター",
                                                 "ロス",
                                                 "パケットロス",
                                                 "ピア",
                                                 "ホップ",
                                                 "ドレイン",
                                                 "デプロイメント",
                                                 "ロールアウト",
                                                 "パッチ",
                                                 "アプローチ",
                                                 "ステータスコード",
                                                 "コール",
                                                 "リクエストパス",
                                                 "アドレス",
                                                 "キャパシティー",
                                                 "バースト",
                                                 "リミット",
                                                 "スケールアウト"};
  return kWords.contains(word);
}

bool is_product_name(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "redis",      "kafka",       "rabbitmq",  "mysql",         "mariadb",     "postgres",   "postgresql", "mongodb",
      "mongo",      "cassandra",   "dynamodb",  "elasticsearch", "opensearch",  "memcached",  "nginx",      "envoy",
      "haproxy",    "istio",       "consul",    "etcd",          "zookeeper",   "vault",      "jenkins",    "terraform",
      "docker",     "kubernetes",  "lambda",    "fargate",       "ecs",         "eks",        "ec2",        "rds",
      "aurora",     "s3",          "sqs",       "sns",           "kinesis",     "cloudfront", "route53",    "apache",
      "tomcat",     "spring",      "hibernate", "oracle",        "sqlite",      "snowflake",  "spark",      "hadoop",
      "airflow",    "celery",      "sidekiq",   "nats",          "pulsar",      "couchbase",  "neo4j",      "influxdb",
      "prometheus", "grafana",     "datadog",   "splunk",        "cloudflare",  "akamai",     "fastly",     "stripe",
      "paypal",     "okta",        "auth0",     "ldap",          "kerberos",    "nfs",        "ceph",       "minio",
      "varnish",    "squid",       "traefik",   "kong",          "linkerd",     "calico",     "coredns",    "hikaricp",
      "pgbouncer",  "elasticache", "cognito",   "appsync",       "eventbridge", "bigquery",   "spanner",    "firestore",
      "cosmosdb",   "solr",        "activemq",  "logstash",      "fluentd",     "bastion",    "vpn"};
  return kWords.contains(lower);
}

bool is_generic_adjective(std::string_view lower) {
  static const std::set<std::string_view> kWords{
      "the",         "a",          "an",        "this",      "that",        "these",      "those",      "its",
      "their",       "each",       "other",     "another",   "same",        "whole",      "affected",   "failing",
      "downstream",  "upstream",   "dependent", "called",    "calling",     "one",        "any",        "every",
      "all",         "no",         "of",        "to",        "in",          "by",         "for",        "from",
      "which",       "what",       "and",       "or",        "slow",        "faulty",     "unhealthy",  "first",
      "second",      "last",       "single",    "many",      "several",     "some",       "both",       "two",
      "three",       "target",     "source",    "backing",   "external",    "internal",   "remote",     "local",
      "own",         "at",         "on",        "with",      "is",          "was",        "as",         "new",
      "old",         "main",       "core",      "named",     "different",   "particular", "our",        "your",
      "than",        "requesting", "sending",   "receiving", "responsible", "underlying", "whose",      "dependency",
      "application", "web",        "backend",   "frontend",  "edge",        "more",       "between",    "neighbouring",
      "neighboring", "per",        "services",  "service",   "server",      "servers",    "connection", "message",
      "in-memory",   "into",       "their"};
  return kWords.contains(lower);
}

bool is_resource_noun(std::string_view lower) {
  static const std::set<std::string_view> kWords{"service",  "server",    "database", "cluster",  "table",   "queue",
                                                 "topic",    "bucket",    "broker",   "cache",    "host",    "node",
                                                 "pod",      "container", "gateway",  "proxy",    "replica", "instance",
                                                 "function", "stream",    "volume",   "balancer", "cronjob", "job"};
  return kWords.contains(lower);
}

}  // namespace fa
