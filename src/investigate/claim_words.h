#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

/// The words that carry a claim's meaning, in English and Japanese. Closed lists: what they do not know is not judged
/// by them. Pure, thread-safe.
namespace fa {

/// What a word is about; a claim that speaks of a topic needs evidence that does, too.
enum class Topic {
  kCpu,
  kMemory,
  kDisk,
  kNetwork,
  kDns,
  kCertificate,
  kTimeout,
  kLatency,
  kError,
  kException,
  kDeployment,
  kSettings,
  kPermission,
  kThrottling,
  kConnections,
  kCrash,
  kTraffic,
  kDatabase,
  kCache,
  kQueue,
  kLock,
};

/// Topics of a text (a sentence, an excerpt, a metric's name).
std::set<Topic> topics_in(std::string_view text);
/// Topics that a finding stands for by its kind and hint, whatever its words.
std::set<Topic> topics_of(const Finding& finding);
std::set<Topic> topics_of(Mechanism mechanism);
std::string topic_name(Topic topic, Language language);

struct MeaningWords {
  bool rises = false;
  bool falls = false;
  bool not_risen = false;  ///< "did not increase"
  bool is_new = false;     ///< Never seen before.
  bool universal = false;  ///< all, every, always
  bool negates = false;    ///< no, not, never, without
  bool healthy = false;    ///< healthy, normal, unaffected
  bool no_longer = false;
  bool baseline = false;  ///< Speaks of the time before.
  bool window = false;
};
/// `plain` as SpokenSentence has it.
MeaningWords meaning_of(std::string_view plain);

/// What a negated sentence says is not there: errors, logs, traces, metrics, changes, requests, anomalies.
std::set<std::string> absent_things(std::string_view plain);

/// Where a sentence says that one thing brought about another.
struct Causal {
  std::size_t begin = 0;  ///< In the text given.
  std::size_t end = 0;
  bool cause_first = true;  ///< The cause stands before the word, the effect behind.
};
/// Causal words of a text, left to right.
std::vector<Causal> causal_words(std::string_view text);

/// English hyphenated words and abbreviations that name nothing.
bool is_common_compound(std::string_view lower);
bool is_common_abbreviation(std::string_view word);
/// Katakana words of general use.
bool is_common_katakana(std::string_view word);
/// Names of products and kinds of resources in lower case that exist only where the data says so: redis, kafka, ...
bool is_product_name(std::string_view lower);
/// A word before "service", "database", ... that names none: the, this, affected, downstream.
bool is_generic_adjective(std::string_view lower);
/// service, database, queue, ...
bool is_resource_noun(std::string_view lower);

}  // namespace fa
