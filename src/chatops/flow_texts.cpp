#include "chatops/flow_texts.h"

#include <fmt/core.h>

namespace fa::chatops::texts {
namespace {

std::string pick(Language language, std::string english, std::string japanese) {
  return language == Language::kJapanese ? std::move(japanese) : std::move(english);
}

std::string_view kind_in_japanese(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "入力が正しくありません";
    case ErrorCode::kNotFound:
      return "対象が見つかりません";
    case ErrorCode::kUnreadable:
      return "データを読み書きできません";
    case ErrorCode::kLimit:
      return "上限に達しました";
    case ErrorCode::kCancelled:
      return "処理が中止されました";
    case ErrorCode::kDenied:
      return "権限がありません";
    case ErrorCode::kUnavailable:
      return "サービスが応答しません";
    case ErrorCode::kInternal:
      return "内部エラーです";
  }
  return "内部エラーです";
}

}  // namespace

std::string why(Language language, const Error& error) {
  if (language == Language::kEnglish) return error.message;
  if (error.reason.empty()) return fmt::format("{}。", kind_in_japanese(error.code));
  return fmt::format("{}（{}）。", kind_in_japanese(error.code), error.reason);
}

std::string not_allowed(Language language) {
  return pick(language,
              "You may not start analyses here. Ask whoever runs FA2 to add you, this channel or this workspace to its "
              "allow-list.",
              "ここでは分析を開始できません。FA2 "
              "の管理者に、あなた、このチャンネルまたはこのワークスペースを許可リストへ追加する"
              "よう依頼してください。");
}

std::string too_many_waiting(Language language, std::size_t waiting) {
  return pick(
      language,
      fmt::format("{} analyses are waiting already. Nothing was lost: send the form again in a few minutes.", waiting),
      fmt::format("すでに {} 件の分析が待機中です。入力内容は失われていません。数分後にもう一度送信してください。",
                  waiting));
}

std::string cannot_store(Language language) {
  return pick(
      language,
      "The request could not be stored, so it was not accepted. Send it again; if this stays, tell whoever runs "
      "FA2 to look at its disk and log.",
      "リクエストを保存できなかったため、受け付けていません。もう一度送信してください。解消しない場合は、FA2 の管理者に"
      "ディスクとログの確認を依頼してください。");
}

std::string cannot_open_form(Language language, const Error& error) {
  return pick(language, fmt::format("The form could not be opened: {} Please try again.", why(language, error)),
              fmt::format("フォームを開けませんでした: {}もう一度お試しください。", why(language, error)));
}

std::string too_busy(Language language) {
  return pick(language, "Too many requests at once. Please try again in a moment.",
              "リクエストが集中しています。少し待ってからもう一度お試しください。");
}

std::string help(Language language, std::string_view command, std::string_view insight, std::string_view findings) {
  std::string out = pick(
      language,
      fmt::format("{} opens the form; what you write behind it becomes the description. Slack allows no commands "
                  "inside threads: use the message shortcut there, or mention the app in the thread of a finished "
                  "analysis to ask a question about it.",
                  command),
      fmt::format("{} でフォームを開きます。続けて書いた文は説明欄に入ります。スレッド内ではコマンドを使えないため、"
                  "メッセージのショートカットを使ってください。分析が終わったスレッドでアプリにメンションすると、"
                  "その分析について質問できます。",
                  command));
  if (!insight.empty()) {
    out += pick(language, fmt::format("\n{} answers a question about metrics.", insight),
                fmt::format("\n{} はメトリクスについての質問に答えます。", insight));
  }
  if (!findings.empty()) {
    out += pick(language, fmt::format("\n{} makes a report on security findings.", findings),
                fmt::format("\n{} はセキュリティ検出結果のレポートを作成します。", findings));
  }
  return out;
}

std::string alarm_fired(Language language, std::string_view name) {
  return pick(language, fmt::format("Alarm: {}", name), fmt::format("アラーム: {}", name));
}

std::string form_for_alarm(Language language, std::string_view name) {
  if (name.empty()) return pick(language, "Why did this alarm fire?", "このアラームの原因を調べますか？");
  return pick(language, fmt::format("Why did “{}” fire?", name), fmt::format("「{}」の原因を調べますか？", name));
}

std::string form_for_question(Language language) {
  return pick(language, "There is no finished analysis in this thread. Start one here:",
              "このスレッドには完了した分析がありません。ここから開始できます。");
}

std::string fired_again(Language language, std::uint64_t notices) {
  return pick(language, fmt::format("The same alarm again, time number {}.", notices),
              fmt::format("同じアラームの {} 回目の通知です。", notices));
}

std::string joined(Language language, std::uint64_t notices) {
  return pick(language, fmt::format("The same alarm, time number {}. Its analysis is in the first thread:", notices),
              fmt::format("同じアラームの {} 回目の通知です。分析は最初のスレッドにあります:", notices));
}

std::string analysis_started(Language language, std::string_view when) {
  return pick(language, fmt::format("Analysis started for {}.", when), fmt::format("{} の分析を開始しました。", when));
}

std::string already_started(Language language) {
  return pick(
      language,
      "This form was sent already with the same values; its answer is in the thread. Change the time or "
      "the description for another analysis.",
      "このフォームは同じ内容ですでに送信されており、回答はスレッドにあります。別の分析をするには、時間または説明を変更"
      "してください。");
}

std::string not_in_channel(Language language) {
  return pick(
      language,
      "I am not a member of the channel you asked from, so the answer comes here. Invite the app to the channel "
      "(/invite) to have it there.",
      "ご依頼のチャンネルに参加していないため、ここで回答します。チャンネルで回答を受け取るには、アプリを招待（/"
      "invite）"
      "してください。");
}

std::string nothing_to_ask_about(Language language) {
  return pick(language, "There is no finished analysis to ask about yet.",
              "質問の対象となる完了した分析がまだありません。");
}

std::string forgotten(Language language) {
  return pick(language, "This request is not kept any more. Please ask again.",
              "このリクエストはすでに保存期間を過ぎています。もう一度ご依頼ください。");
}

std::string cannot_answer(Language language, const Error& error) {
  return pick(language, fmt::format("The question could not be answered. {}", why(language, error)),
              fmt::format("質問に回答できませんでした。{}", why(language, error)));
}

std::string confirmed(Language language, std::string_view cause) {
  return pick(language, fmt::format("Thank you. Kept as the confirmed cause: {}", cause),
              fmt::format("ありがとうございます。確認済みの原因として記録しました: {}", cause));
}

std::string rejected(Language language, std::string_view cause) {
  if (cause.empty()) {
    return pick(language, "Thank you. Kept as a wrong answer.", "ありがとうございます。誤った回答として記録しました。");
  }
  return pick(language, fmt::format("Thank you. Kept as a wrong answer; the cause was: {}", cause),
              fmt::format("ありがとうございます。誤った回答として記録しました。実際の原因: {}", cause));
}

std::string not_decided(Language language, const Error& error) {
  return pick(language, fmt::format("What you said could not be kept. {}", why(language, error)),
              fmt::format("内容を記録できませんでした。{}", why(language, error)));
}

std::string file_missing(Language language, std::string_view name, const Error& error) {
  return pick(language,
              fmt::format("The answer above is complete, but {} could not be attached: {}", name, why(language, error)),
              fmt::format("上の回答は完全ですが、{} を添付できませんでした: {}", name, why(language, error)));
}

std::string analysis_failed(Language language, std::string_view why) {
  return pick(language, fmt::format("The analysis failed: {} What you typed is kept below; send it again.", why),
              fmt::format("分析に失敗しました: {} 入力内容は下に残っています。もう一度送信できます。", why));
}

std::string inquiry_failed(Language language, std::string_view why) {
  return pick(language, fmt::format("This could not be answered: {} What you asked is kept; send it again.", why),
              fmt::format("回答できませんでした: {} 入力内容は残っています。もう一度送信できます。", why));
}

std::string interrupted_too_often(Language language, int attempts) {
  return pick(language, fmt::format("it was interrupted {} times.", attempts),
              fmt::format("{} 回中断されました。", attempts));
}

std::string report_file_title(Language language, std::string_view what) {
  return pick(language, fmt::format("FA2 report {}", what), fmt::format("FA2 レポート {}", what));
}

std::string diagram_title(Language language, std::string_view what) {
  return pick(language, fmt::format("Architecture and the place of the failure {}", what),
              fmt::format("構成図と障害箇所 {}", what));
}

std::string charts_title(Language language, std::string_view what) {
  return pick(language, fmt::format("Charts {}", what), fmt::format("グラフ {}", what));
}

}  // namespace fa::chatops::texts
