#include "sources/aws/xray_fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <set>

#include "aws/services/pages.h"
#include "base/hash.h"
#include "base/shell_quote.h"
#include "sources/aws/xray_select.h"

namespace fa {
namespace {

constexpr std::size_t kThreads = 6;
constexpr std::size_t kMostSummaryPages = 2000;  ///< Of one piece; while it scans, X-Ray gives pages with few traces.
/// Pages in a row that bring no trace that was not there before: the service repeats itself.
constexpr int kMostRepeatedPages = 3;
constexpr std::size_t kMostGraphPages = 500;
constexpr std::size_t kMostTracePages = 100;  ///< Of one call.
constexpr std::size_t kIdsOfACall = 5;
constexpr int kTries = 3;
constexpr auto kFirstWait = std::chrono::milliseconds(500);

Error internal(const std::exception& error) { return {ErrorCode::kInternal, error.what()}; }

std::string reproduce_summaries(const AwsScope& scope, const XRayPiece& piece, const SummaryQuestion& question) {
  std::string command =
      fmt::format("aws xray get-trace-summaries --region {} --start-time {} --end-time {}", shell_word(scope.region),
                  format_rfc3339(piece.range.begin), format_rfc3339(piece.range.end));
  if (question.share < 1) {
    command += fmt::format(" --sampling --sampling-strategy Name=FixedRate,Value={:g}", question.share);
  }
  if (!question.filter.empty()) command += " --filter-expression " + shell_word(question.filter);
  return command;
}

PieceAnswer fetch_piece(const AwsScope& scope, const std::string& folder_name, const XRayPiece& piece,
                        const SummaryQuestion& question, CollectedFolder& folder, std::atomic<std::size_t>& total,
                        const Context& context) {
  PieceAnswer answer;
  aws::PageGuard guard(kMostSummaryPages);
  std::set<std::uint64_t> seen;
  int repeated = 0;
  aws::xray::GetTraceSummaries call{.range = piece.range, .filter = question.filter};
  call.sampling = question.share < 1;
  call.sampling_value = question.share;
  const std::string name =
      fmt::format("{}/{}-{}-{}.json", folder_name, question.kind, xray_period_name(piece.period), piece.number);
  while (true) {
    auto page = aws::xray::get_trace_summaries(scope.client, call, context);
    if (!page) {
      answer.error = page.error();
      break;
    }
    answer.processed = std::max(answer.processed, page->processed);  // each page states the count so far
    std::size_t fresh = 0;
    for (const auto& trace : page->traces) {
      if (seen.insert(stable_hash(trace.id)).second) ++fresh;
    }
    repeated = page->traces.empty() || fresh > 0 ? 0 : repeated + 1;
    if (repeated == kMostRepeatedPages) {
      answer.error = Error{ErrorCode::kUnavailable, "GetTraceSummaries: the service repeats its pages"};
      break;
    }
    // Pages without (new) traces are common while X-Ray scans; they hold nothing to read.
    if (fresh > 0) {
      if (answer.file == nullptr) {
        auto file = folder.open(name, CollectedFolder::Storage::kAsIs);
        if (!file) {
          answer.error = file.error();
          break;
        }
        answer.file = std::move(*file);
      }
      if (auto ok = answer.file->write(page->raw + "\n"); !ok) {
        answer.error = ok.error();
        answer.file.reset();
        break;
      }
    }
    total += fresh;
    if (fresh > 0) std::move(page->traces.begin(), page->traces.end(), std::back_inserter(answer.traces));
    if (page->next_token.empty() || total > question.most) break;
    if (const auto why = guard.refuse(page->next_token)) {
      answer.error = Error{ErrorCode::kUnavailable, "GetTraceSummaries: " + *why};
      break;
    }
    call.next_token = page->next_token;
  }
  answer.processed = std::max(answer.processed, static_cast<double>(answer.traces.size()));
  answer.origin.source = "xray";
  answer.origin.account = scope.account;
  answer.origin.region = scope.region;
  answer.origin.resource = "trace summaries";
  answer.origin.query = question.filter;
  if (question.share < 1) {
    answer.origin.query += fmt::format("{}sampled at {:g}", question.filter.empty() ? "" : ", ", question.share);
  }
  answer.origin.range = piece.range;
  answer.origin.reproduce = reproduce_summaries(scope, piece, question);
  return answer;
}

GraphAnswer fetch_graph(const AwsScope& scope, const XRayPiece& piece, const Context& context) {
  GraphAnswer answer;
  answer.requests = 0;
  aws::PageGuard guard(kMostGraphPages);
  std::string token;
  while (true) {
    auto page = aws::xray::get_service_graph(scope.client, piece.range, token, context);
    if (!page) {
      answer.error = page.error();
      break;
    }
    const auto requests = requests_in_graph(page->raw);
    answer.requests = requests && answer.requests ? std::optional(*answer.requests + *requests) : std::nullopt;
    answer.services += page->services;
    if (page->services > 0) answer.pages.push_back(std::move(page->raw));
    if (page->next_token.empty()) break;
    if (const auto why = guard.refuse(page->next_token)) {
      answer.error = Error{ErrorCode::kUnavailable, "GetServiceGraph: " + *why};
      break;
    }
    token = page->next_token;
  }
  // A graph with services but no entry, or read in part, tells no number.
  if (answer.error || (answer.services > 0 && answer.requests == 0.0)) answer.requests.reset();
  return answer;
}

struct CallAnswer {
  std::vector<std::string> pages;
  std::uint64_t traces = 0;
  std::vector<std::string> unprocessed;
  std::optional<Error> error;
};

CallAnswer fetch_call(const AwsScope& scope, const std::vector<std::string>& ids, const Context& context) {
  CallAnswer answer;
  aws::PageGuard guard(kMostTracePages);
  std::string token;
  while (true) {
    auto page = aws::xray::batch_get_traces(scope.client, ids, token, context);
    if (!page) {
      answer.error = page.error();
      return answer;
    }
    answer.traces += page->traces;
    std::move(page->unprocessed.begin(), page->unprocessed.end(), std::back_inserter(answer.unprocessed));
    if (page->traces > 0) answer.pages.push_back(std::move(page->raw));
    if (page->next_token.empty()) return answer;
    if (const auto why = guard.refuse(page->next_token)) {
      answer.error = Error{ErrorCode::kUnavailable, "BatchGetTraces: " + *why};
      return answer;
    }
    token = page->next_token;
  }
}

/// One round over the ids; returns those not processed.
std::vector<std::string> fetch_round(const AwsScope& scope, const std::vector<std::string>& ids, TracesAnswer& all,
                                     const Context& context) {
  const std::size_t calls = (ids.size() + kIdsOfACall - 1) / kIdsOfACall;
  std::vector<CallAnswer> answers(calls);
  const auto ids_of = [&](std::size_t i) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(i * kIdsOfACall);
    return std::vector<std::string>(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(kIdsOfACall, ids.size() - i * kIdsOfACall)));
  };
  for_each_parallel(calls, kThreads, [&](std::size_t i) {
    try {
      answers[i] = fetch_call(scope, ids_of(i), context);
    } catch (const std::exception& error) {
      answers[i].error = internal(error);
    }
  });
  std::vector<std::string> unprocessed;
  for (std::size_t i = 0; i < calls; ++i) {
    CallAnswer& answer = answers[i];
    std::move(answer.pages.begin(), answer.pages.end(), std::back_inserter(all.pages));
    all.traces += answer.traces;
    if (answer.error) {
      if (!all.error) all.error = answer.error;
      all.failed += ids_of(i).size() - std::min<std::uint64_t>(answer.traces, ids_of(i).size());
      continue;
    }
    std::move(answer.unprocessed.begin(), answer.unprocessed.end(), std::back_inserter(unprocessed));
  }
  return unprocessed;
}

}  // namespace

std::string_view xray_period_name(XRayPeriod period) { return period == XRayPeriod::kWindow ? "window" : "baseline"; }

double SummaryAnswer::processed() const {
  double sum = 0;
  for (const PieceAnswer& piece : pieces) sum += piece.processed;
  return sum;
}

std::vector<aws::xray::SummaryInfo> SummaryAnswer::traces(const std::vector<XRayPiece>& asked, XRayPeriod of) const {
  std::vector<aws::xray::SummaryInfo> all;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (asked[i].period == of) all.insert(all.end(), pieces[i].traces.begin(), pieces[i].traces.end());
  }
  return all;
}

SummaryAnswer fetch_summaries(const AwsScope& scope, const std::string& folder_name,
                              const std::vector<XRayPiece>& pieces, const SummaryQuestion& question,
                              CollectedFolder& folder, const Context& context) {
  SummaryAnswer answer;
  answer.pieces.resize(pieces.size());
  std::atomic<std::size_t> total{0};
  for_each_parallel(pieces.size(), kThreads, [&](std::size_t i) {
    try {
      answer.pieces[i] = fetch_piece(scope, folder_name, pieces[i], question, folder, total, context);
    } catch (const std::exception& error) {
      answer.pieces[i].error = internal(error);
    }
  });
  answer.too_many = total > question.most;
  return answer;
}

std::vector<GraphAnswer> fetch_graphs(const AwsScope& scope, const std::vector<XRayPiece>& pieces,
                                      const Context& context) {
  std::vector<GraphAnswer> answers(pieces.size());
  for_each_parallel(pieces.size(), kThreads, [&](std::size_t i) {
    try {
      answers[i] = fetch_graph(scope, pieces[i], context);
    } catch (const std::exception& error) {
      answers[i].error = internal(error);
    }
  });
  return answers;
}

TracesAnswer fetch_traces(const AwsScope& scope, const std::vector<std::string>& ids, const Context& context) {
  TracesAnswer all;
  std::vector<std::string> left = ids;
  Nanoseconds wait = kFirstWait;
  for (int attempt = 0; attempt < kTries && !left.empty() && !context.stopped(); ++attempt) {
    if (attempt > 0) {
      if (!scope.sleeper.sleep(wait, context)) break;
      wait *= 2;
    }
    left = fetch_round(scope, left, all, context);
  }
  all.unprocessed = std::move(left);
  return all;
}

}  // namespace fa
