#include "insight/insight_notes.h"

#include <fmt/core.h>

#include "base/text.h"
#include "insight/answer_words.h"
#include "insight/query_math.h"

namespace fa::insight {
namespace {

std::string list_of(const std::vector<std::string>& names, Language language) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : in_language(language, ", ", "、"));
    text += language == Language::kJapanese ? "「" + visible(name) + "」" : "“" + visible(name) + "”";
  }
  return text;
}

}  // namespace

Note note_on_selection(const Selection& selection, std::size_t listed, Language language) {
  const bool japanese = language == Language::kJapanese;
  const auto say = [&](std::string english, std::string in_japanese) {
    return Note{kInsightSource, japanese ? std::move(in_japanese) : std::move(english)};
  };
  switch (selection.nothing) {
    case NothingChosen::kSmallTalk:
      return say("The question names nothing that is measured, so no metrics were chosen.",
                 "質問に計測対象が含まれないため、メトリクスは選びませんでした。");
    case NothingChosen::kUnknownName: {
      const std::string names = list_of(selection.unknown, language);
      return say(fmt::format("Nothing here is called {}, so no metrics were chosen.", names),
                 fmt::format("{} という名前のものはないため、メトリクスは選びませんでした。", names));
    }
    case NothingChosen::kNoMetric:
      return say(fmt::format("None of the {} metrics shows what is asked for.", format_count(listed)),
                 fmt::format("{} 個のメトリクスの中に、質問に答えるものはありません。", format_count(listed)));
    case NothingChosen::kNo:
      break;
  }
  std::string english = fmt::format("{} of {} metrics were chosen for the question.",
                                    format_count(selection.metrics.size()), format_count(listed));
  std::string in_japanese = fmt::format("{} 個のメトリクスから {} 個を選びました。", format_count(listed),
                                        format_count(selection.metrics.size()));
  if (selection.left_out > 0) {
    english += fmt::format(" {} more would fit: ask for one service or one figure.", format_count(selection.left_out));
    in_japanese += fmt::format("ほかに {} 個が当てはまります。サービスや項目を絞って質問してください。",
                               format_count(selection.left_out));
  }
  return say(std::move(english), std::move(in_japanese));
}

Note note_on_search(const std::string& figure, std::size_t metrics, Language language) {
  const std::string name = list_of({figure}, language);
  return {
      kInsightSource,
      language == Language::kJapanese
          ? fmt::format("{} は {} 個のリソースにあるため、CloudWatch の検索式で最も目立つ {} 個だけを取得しました。",
                        name, format_count(metrics), kMostOfSearch)
          : fmt::format("{} resources have {}: a CloudWatch search fetched only the {} that stand out most.",
                        format_count(metrics), name, kMostOfSearch)};
}

Note note_on_refinement(const Refinement& refinement, Language language) {
  const bool japanese = language == Language::kJapanese;
  if (!refinement.refined) {
    return {kInsightSource, japanese ? "言語モデルの選択は使えなかったため、語から選んだものをそのまま使います。"
                                     : "The language model's choice could not be used; what the words chose stands."};
  }
  std::string text =
      japanese ? fmt::format("言語モデルが {} 個に絞り込みました。", refinement.metrics.size())
               : fmt::format("The language model settled on {} of them and of others.", refinement.metrics.size());
  if (refinement.ignored > 0) {
    text += japanese ? fmt::format("一覧にない、または重複した {} 個は無視しました。", refinement.ignored)
                     : fmt::format(" {} that it named are not in the list or were named twice, and were ignored.",
                                   refinement.ignored);
  }
  return {kInsightSource, std::move(text)};
}

}  // namespace fa::insight
