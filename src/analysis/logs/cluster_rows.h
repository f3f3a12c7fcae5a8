#pragma once

#include <cstdint>
#include <vector>

#include "analysis/logs/shape_table.h"

/// The working form of shapes inside the clustering, and its passes over shapes in masses.
namespace fa::cluster {

inline constexpr std::uint32_t kValueWord = 0;

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  // Not symmetric: sums of these tell which word stands at which place (finalizer constants of MurmurHash3).
  a = a * 0x9e3779b97f4a7c15U + b;
  a = (a ^ (a >> 33)) * 0xff51afd7ed558ccdU;
  return a ^ (a >> 33);
}

/// A shape as the clustering sees it.
struct Row {
  std::vector<ShapeToken> tokens;
  std::vector<std::uint32_t> words;   ///< Per token: number of its text, or kValueWord.
  std::vector<std::uint32_t> origin;  ///< Per token: which token of the shape it was.
  std::uint64_t count = 0;            ///< Messages.
  std::uint64_t structure = 0;        ///< Hash of delimiters, spaces and where words or values stand.
  std::uint64_t content = 0;          ///< Sum over the tokens' words, so that one can be taken out.
  std::size_t anchors = 0;            ///< Words of at least two letters.

  [[nodiscard]] bool open(std::size_t i) const { return tokens[i].kind != TokenKind::kDelimiter; }
  [[nodiscard]] bool anchor(std::size_t i) const {
    return open(i) && words[i] != kValueWord && tokens[i].text.size() >= 2;
  }
};

/// Recomputes the sums after a change of the tokens.
void refresh(Row& row);

/// Statements with several free words each (`Customer alice of acme bought tea`) never differ in one place alone: in a
/// mass of shapes of one structure that share words, places where nearly every shape has a word of its own are
/// variables. True when anything changed.
bool generalise_floods(std::vector<Row>& rows);

/// A mass of rare shapes with one beginning and all lengths is free text behind that beginning: one variable.
void cut_free_text(std::vector<Row>& rows);

}  // namespace fa::cluster
