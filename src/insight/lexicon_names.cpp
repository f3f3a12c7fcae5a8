#include <algorithm>
#include <array>

#include "insight/lexicon.h"

namespace fa::insight {
namespace {

/// Sorted.
constexpr std::array kCommonWords = std::to_array<std::string_view>({
    "a",           "about",     "above",      "after",  "again",   "ago",      "all",       "almost",
    "also",        "always",    "am",         "an",     "and",     "any",      "anybody",   "anyone",
    "anything",    "are",       "around",     "as",     "at",      "average",  "aws",       "back",
    "bad",         "be",        "because",    "been",   "before",  "behave",   "being",     "best",
    "between",     "big",       "both",       "but",    "by",      "came",     "can",       "change",
    "changed",     "check",     "cloudwatch", "come",   "coming",  "compare",  "compared",  "could",
    "count",       "current",   "currently",  "daily",  "data",    "day",      "days",      "did",
    "different",   "do",        "does",       "doing",  "done",    "down",     "drop",      "during",
    "each",        "either",    "else",       "enough", "even",    "ever",     "every",     "everyone",
    "everything",  "exceed",    "exceeded",   "fast",   "few",     "figure",   "find",      "fine",
    "first",       "for",       "from",       "full",   "get",     "gets",     "getting",   "give",
    "go",          "goes",      "going",      "good",   "got",     "graph",    "group",     "grow",
    "growing",     "growth",    "had",        "has",    "have",    "having",   "hello",     "help",
    "her",         "here",      "hey",        "hi",     "high",    "higher",   "highest",   "hit",
    "hitting",     "hot",       "hour",       "hours",  "how",     "i",        "if",        "in",
    "increase",    "increased", "increasing", "into",   "is",      "it",       "its",       "just",
    "keep",        "keeps",     "know",       "large",  "last",    "late",     "lately",    "less",
    "let",         "like",      "limit",      "limits", "long",    "look",     "looking",   "looks",
    "lot",         "low",       "lower",      "lowest", "made",    "make",     "many",      "max",
    "maximum",     "may",       "me",         "mean",   "metric",  "metrics",  "min",       "minute",
    "minutes",     "month",     "more",       "most",   "much",    "must",     "my",        "near",
    "need",        "never",     "new",        "next",   "no",      "normal",   "not",       "nothing",
    "now",         "number",    "of",         "off",    "often",   "ok",       "okay",      "old",
    "on",          "once",      "one",        "only",   "or",      "other",    "our",       "out",
    "over",        "p50",       "p90",        "p95",    "p99",     "past",     "peak",      "people",
    "per",         "please",    "rate",       "reach",  "reached", "reaching", "really",    "recent",
    "recently",    "right",     "rise",       "rising", "rose",    "run",      "running",   "same",
    "saturated",   "say",       "see",        "seem",   "seems",   "shall",    "she",       "should",
    "show",        "since",     "small",      "so",     "some",    "somebody", "someone",   "something",
    "soon",        "spike",     "spiked",     "spikes", "spiking", "start",    "started",   "starting",
    "still",       "stop",      "stopped",    "such",   "sudden",  "suddenly", "sum",       "sure",
    "take",        "taking",    "tell",       "than",   "thank",   "thanks",   "that",      "the",
    "their",       "them",      "then",       "there",  "these",   "they",     "thing",     "things",
    "think",       "this",      "those",      "time",   "times",   "to",       "today",     "tomorrow",
    "too",         "top",       "total",      "trend",  "try",     "under",    "until",     "up",
    "us",          "usage",     "use",        "used",   "using",   "usual",    "usually",   "utilisation",
    "utilization", "value",     "very",       "want",   "was",     "we",       "week",      "weekend",
    "weeks",       "well",      "went",       "were",   "what",    "what's",   "when",      "where",
    "which",       "while",     "who",        "whole",  "why",     "will",     "with",      "without",
    "working",     "worse",     "worst",      "would",  "year",    "yes",      "yesterday", "yet",
    "you",         "your",
});

constexpr std::array kGenericParts = std::to_array<std::string_view>({
    "acl",      "alb",     "api",       "app",    "asg",      "aurora",   "aws",      "bucket",  "bus",
    "cache",    "cluster", "container", "core",   "data",     "db",       "default",  "ddb",     "dlq",
    "dynamodb", "ec2",     "ecs",       "elb",    "event",    "events",   "external", "fn",      "func",
    "function", "group",   "handler",   "http",   "instance", "internal", "job",      "jobs",    "lambda",
    "lb",       "log",     "logs",      "main",   "master",   "mysql",    "nat",      "net",     "network",
    "new",      "nlb",     "node",      "old",    "pg",       "postgres", "primary",  "private", "processor",
    "public",   "queue",   "rds",       "read",   "reader",   "redis",    "replica",  "role",    "rule",
    "s3",       "server",  "service",   "shared", "sns",      "sqs",      "srv",      "stack",   "state",
    "stream",   "svc",     "system",    "table",  "target",   "task",     "tg",       "topic",   "v1",
    "v2",       "v3",      "vpc",       "waf",    "web",      "worker",   "write",    "writer",
});

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_common_word(std::string_view word) { return is_among(kCommonWords, word); }

bool is_generic_name_part(std::string_view word) {
  return stage_of_word(word) != Stage::kNone || is_among(kGenericParts, word);
}

Stage stage_of_word(std::string_view word) {
  static constexpr std::array kProduction =
      std::to_array<std::string_view>({"prod", "production", "prd", "live", "本番"});
  static constexpr std::array kOther = std::to_array<std::string_view>(
      {"stg", "stage", "staging", "dev", "develop", "development", "test", "qa", "uat", "sandbox", "preprod", "sbx",
       "検証", "開発", "ステージング", "テスト環境", "検証環境", "開発環境"});
  if (is_among(kProduction, word)) return Stage::kProduction;
  return is_among(kOther, word) ? Stage::kOther : Stage::kNone;
}

std::vector<std::pair<std::string_view, std::vector<std::string_view>>> japanese_name_words() {
  return {{"決済", {"payment", "pay", "settlement", "checkout"}},
          {"支払", {"payment", "pay"}},
          {"注文", {"order"}},
          {"受注", {"order"}},
          {"在庫", {"inventory", "stock"}},
          {"検索", {"search"}},
          {"ログイン", {"login", "auth", "signin"}},
          {"認証", {"auth", "login", "identity"}},
          {"カート", {"cart", "basket"}},
          {"チェックアウト", {"checkout"}},
          {"通知", {"notification", "notify", "notifier"}},
          {"メール", {"mail", "email", "mailer"}},
          {"画像", {"image", "thumbnail", "photo"}},
          {"商品", {"product", "catalog", "item"}},
          {"カタログ", {"catalog"}},
          {"配送", {"shipping", "shipment", "delivery"}},
          {"出荷", {"shipping", "shipment"}},
          {"請求", {"billing", "invoice"}},
          {"予約", {"booking", "reservation"}},
          {"会員", {"member", "user", "account"}},
          {"顧客", {"customer"}},
          {"レポート", {"report", "reporting"}},
          {"帳票", {"report", "invoice"}},
          {"おすすめ", {"recommend", "recommendation"}},
          {"レコメンド", {"recommend", "recommendation"}},
          {"管理画面", {"admin", "console"}},
          {"バッチ", {"batch"}},
          {"取り込み", {"import", "ingest"}},
          {"分析", {"analytics"}},
          {"価格", {"price", "pricing"}},
          {"クーポン", {"coupon"}},
          {"ポイント", {"point", "loyalty"}},
          {"動画", {"video", "media"}},
          {"チャット", {"chat"}},
          {"セッション", {"session"}},
          {"プロフィール", {"profile"}},
          {"レビュー", {"review"}},
          {"倉庫", {"warehouse"}}};
}

}  // namespace fa::insight
