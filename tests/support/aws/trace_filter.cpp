#include "support/aws/trace_filter.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"

namespace fa::test {

struct TraceFilter::Node {
  enum class Kind { kAnd, kOr, kNot, kFlag, kNumber, kText, kService };
  Kind kind = Kind::kFlag;
  std::string name;
  std::string op;
  double number = 0;
  std::string text;
  std::vector<std::shared_ptr<const Node>> children;
};

class TraceFilterParser {
 public:
  using Node = TraceFilter::Node;
  using Kind = TraceFilter::Node::Kind;
  using Pointer = std::shared_ptr<const TraceFilter::Node>;

  explicit TraceFilterParser(std::string_view text) : rest_(text) {}

  tl::expected<TraceFilter, std::string> parse() {
    TraceFilter filter;
    filter.root_ = either(0);
    skip();
    if (problem_.empty() && !rest_.empty()) problem_ = "unexpected '" + std::string(rest_) + "'";
    if (!problem_.empty()) return tl::unexpected("Invalid filter expression: " + problem_);
    return filter;
  }

 private:
  static constexpr int kMaxDepth = 64;

  void skip() { rest_ = rest_.substr(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }
  bool take(std::string_view symbol) {
    skip();
    if (!rest_.starts_with(symbol)) return false;
    rest_.remove_prefix(symbol.size());
    return true;
  }
  std::string_view peek_word() {
    skip();
    std::size_t n = 0;
    while (n < rest_.size() && ((rest_[n] >= 'a' && rest_[n] <= 'z') || (rest_[n] >= 'A' && rest_[n] <= 'Z') ||
                                (n > 0 && (rest_[n] == '.' || rest_[n] == '_')))) {
      ++n;
    }
    return rest_.substr(0, n);
  }
  bool take_word(std::string_view word) {
    const std::string_view next = peek_word();
    if (!iequals(next, word)) return false;
    rest_.remove_prefix(next.size());
    return true;
  }
  void wrong(std::string why) {
    if (problem_.empty()) problem_ = std::move(why);
  }

  Pointer either(int depth) {
    auto node = std::make_shared<Node>();
    node->kind = Kind::kOr;
    do {
      node->children.push_back(both(depth));
    } while (problem_.empty() && take_word("OR"));
    return node;
  }
  Pointer both(int depth) {
    auto node = std::make_shared<Node>();
    node->kind = Kind::kAnd;
    do {
      node->children.push_back(single(depth));
    } while (problem_.empty() && take_word("AND"));
    return node;
  }
  Pointer single(int depth) {
    auto node = std::make_shared<Node>();
    if (depth > kMaxDepth) {
      wrong("too deep");
      return node;
    }
    if (take("!") || take_word("NOT")) {
      node->kind = Kind::kNot;
      node->children.push_back(single(depth + 1));
      return node;
    }
    if (take("(")) {
      const Pointer inner = either(depth + 1);
      if (!take(")")) wrong("')' expected");
      return inner;
    }
    return predicate(depth);
  }

  Pointer predicate(int depth) {
    auto node = std::make_shared<Node>();
    const std::string_view word = peek_word();
    node->name = to_lower(word);
    rest_.remove_prefix(word.size());
    const std::string& name = node->name;
    if (name == "service") {
      node->kind = Kind::kService;
      if (!take("(")) wrong("'(' expected behind service");
      if (!take(")")) {
        node->text = quoted();
        if (!take(")")) wrong("')' expected");
      }
      if (take("{")) {
        node->children.push_back(either(depth + 1));
        if (!take("}")) wrong("'}' expected");
      }
      return node;
    }
    if (name == "fault" || name == "error" || name == "throttle" || name == "ok" || name == "partial") {
      node->kind = Kind::kFlag;
      node->number = 1;
      const std::string op = comparison();
      if (op.empty()) return node;
      const bool yes = take_word("true");
      if (!yes && !take_word("false")) wrong("true or false expected");
      node->number = (op == "=") == yes ? 1 : 0;
      return node;
    }
    node->op = comparison();
    if (node->op.empty()) {
      wrong("unknown keyword '" + name + "'");
    } else if (name == "responsetime" || name == "duration" || name == "http.status") {
      node->kind = Kind::kNumber;
      node->number = number();
    } else if (name == "http.url" || name == "http.method") {
      node->kind = Kind::kText;
      node->text = quoted();
    } else {
      wrong("unknown keyword '" + name + "'");
    }
    return node;
  }

  std::string comparison() {
    for (const std::string_view op : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (take(op)) return std::string(op);
    }
    for (const std::string_view op : {"CONTAINS", "BEGINSWITH", "ENDSWITH"}) {
      if (take_word(op)) return std::string(op);
    }
    return {};
  }
  double number() {
    skip();
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) wrong("number expected");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  std::string quoted() {
    if (!take("\"")) {
      wrong("text in quotes expected");
      return {};
    }
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) {
      wrong("closing quote expected");
      return {};
    }
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::string_view rest_;
  std::string problem_;
};

namespace {

bool compare(const std::string& op, double a, double b) {
  if (op == "=") return a == b;
  if (op == "!=") return a != b;
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  return op == ">=" && a >= b;
}

bool compare(const std::string& op, const std::string& a, const std::string& b) {
  if (op == "=") return a == b;
  if (op == "!=") return a != b;
  if (op == "CONTAINS") return a.find(b) != std::string::npos;
  if (op == "BEGINSWITH") return a.starts_with(b);
  return op == "ENDSWITH" && a.ends_with(b);
}

bool flag(const std::string& name, const TraceFacts& facts) {
  if (name == "fault") return facts.fault;
  if (name == "error") return facts.error;
  if (name == "throttle") return facts.throttle;
  if (name == "partial") return facts.partial;
  return !facts.fault && !facts.error && !facts.throttle;
}

bool holds(const auto& node, const TraceFacts& facts) {
  using Kind = std::decay_t<decltype(node.kind)>;
  const auto child = [&](const auto& c) { return holds(*c, facts); };
  switch (node.kind) {
    case Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), child);
    case Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), child);
    case Kind::kNot:
      return !child(node.children.front());
    case Kind::kFlag:
      return flag(node.name, facts) == (node.number != 0);
    case Kind::kNumber:
      return compare(node.op,
                     node.name == "responsetime" ? facts.response_time
                     : node.name == "duration"   ? facts.duration
                                                 : facts.http_status,
                     node.number);
    case Kind::kText:
      return compare(node.op, node.name == "http.url" ? facts.http_url : facts.http_method, node.text);
    case Kind::kService: {
      const bool there = node.text.empty() ||
                         std::find(facts.services.begin(), facts.services.end(), node.text) != facts.services.end();
      return there && std::all_of(node.children.begin(), node.children.end(), child);
    }
  }
  return false;
}

}  // namespace

tl::expected<TraceFilter, std::string> TraceFilter::parse(std::string_view expression) {
  if (trim(expression).empty()) return TraceFilter();
  return TraceFilterParser(expression).parse();
}

bool TraceFilter::matches(const TraceFacts& facts) const { return root_ == nullptr || holds(*root_, facts); }

}  // namespace fa::test
