#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

/// Takes secrets out of text before it leaves the process: to a model, to Slack, into logs of our own, into reports.
namespace fa {

/// What else than secrets is taken out. Secrets (keys, tokens, passwords, private keys, card numbers) always are.
struct RedactionPolicy {
  enum class Addresses { kKeep, kPublic, kAll };
  bool emails = true;
  /// kPublic: all but private, loopback, link-local and documentation ranges, which say nothing outside.
  Addresses ip_addresses = Addresses::kPublic;
};

/// Replaces secrets by placeholders such as `[AWS_KEY_1]`: the same secret gives the same placeholder for as long as
/// the Redactor lives, so that one can still reason about it, and different ones different placeholders; numbered in
/// order of appearance. Another spelling of the same secret (escaped, percent-encoded) is `[AWS_KEY_1.2]`.
/// Once found, a secret of six bytes or more is replaced wherever it stands, also where nothing beside it says what it
/// is. Thread-safe.
class Redactor {
 public:
  explicit Redactor(RedactionPolicy policy = {});
  ~Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  /// The text without its secrets; all else byte for byte as it was, but that what looks like a placeholder already
  /// gets a mark, `[AWS_KEY_1:literal]`: redact a text once, where it leaves. Linear in the length of the text. Sees
  /// secrets that stand in JSON strings (escaped, twice escaped), URLs (percent-encoded), base64, across a line break
  /// that
  /// `\n` spells, in any case of the key that names them.
  [[nodiscard]] std::string redact(std::string_view text);
  /// What `redact` made of them, turned back: for comparing a model's quotation with the stored bytes. For any text,
  /// restore(redact(text)) is the text. Placeholders that were never given out stay.
  [[nodiscard]] std::string restore(std::string_view text) const;
  /// Only what is known already is replaced, and nothing is looked for; addresses and e-mails stay.
  [[nodiscard]] std::string hide_known(std::string_view text) const;
  /// How many different secrets were found, by kind (`AWS_KEY`, `PASSWORD`, `EMAIL`, ...).
  [[nodiscard]] std::map<std::string, std::uint64_t> counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fa
