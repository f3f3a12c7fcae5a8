// A question as people type it: its times, its words, its choice.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "insight/question.h"
#include "insight/refine.h"
#include "insight/select.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fa::insight::Catalogue catalogue(
      {{"eu-west-1", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {{"QueueName", "orders-dlq"}}},
       {"eu-west-1", "予約", "在庫同期遅延秒", {{"支店", "京都"}}}});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)fa::insight::read_refinement(text, catalogue, {}, {0, 1});
  const auto question =
      fa::insight::read_question(text, {.time_zone = "Asia/Tokyo"}, fa::from_unix_nanos(1'773'000'000'000'000'000));
  if (question) (void)fa::insight::select_metrics(catalogue, question->folded);
  return 0;
}
