/// What a text or a finding is about.
#include <re2/re2.h>

#include <array>
#include <memory>

#include "investigate/claim_words.h"
#include "investigate/claim_words_pattern.h"

namespace fa {
namespace {

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
    for (std::size_t k = 0; k < kTopics.size(); ++k) all[k] = claim_words::pattern(kTopics[k].words);
    return all;
  }();
  return *patterns[i];
}

}  // namespace

std::set<Topic> topics_in(std::string_view text) {
  std::set<Topic> topics;
  for (std::size_t i = 0; i < kTopics.size(); ++i) {
    if (claim_words::found(topic_pattern(i), text)) topics.insert(kTopics[i].topic);
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

}  // namespace fa
