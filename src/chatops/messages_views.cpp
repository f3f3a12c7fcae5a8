#include "base/json.h"
#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_phrases.h"
#include "slack/block_kit.h"

namespace fa::chatops {
namespace {

class ViewWords {
 public:
  explicit ViewWords(Language language) : language_(language) {}
  std::string operator()(Says phrase) const { return std::string(say(language_, phrase)); }

 private:
  Language language_;
};

slack::Block cause_input(const ViewWords& words, Says label, const std::string& initial, bool optional) {
  return slack::text_input({std::string(kCauseBlock), std::string(kInputAction), words(label),
                            words(Says::kCauseExample), initial, optional});
}

slack::Block fix_input(const ViewWords& words) {
  return slack::text_input(
      {std::string(kFixBlock), std::string(kInputAction), words(Says::kFixLabel), words(Says::kFixExample), "", true});
}

std::string view_json(std::string_view callback_id, const ViewWords& words, Says title, Says submit,
                      const std::string& metadata, const std::vector<slack::Block>& blocks) {
  return slack::modal_json({std::string(callback_id), words(title), words(submit), words(Says::kCancel), metadata},
                           blocks);
}

}  // namespace

std::string confirm_view(const std::string& headline, const std::string& metadata, const Reader& reader) {
  const ViewWords words(reader.language);
  return view_json(kConfirmView, words, Says::kConfirmTitle, Says::kSave, metadata,
                   {slack::section(words(Says::kConfirmHint)), cause_input(words, Says::kCauseLabel, headline, false),
                    fix_input(words)});
}

std::string wrong_view(const std::string& metadata, const Reader& reader) {
  const ViewWords words(reader.language);
  return view_json(
      kWrongView, words, Says::kWrongTitle, Says::kSave, metadata,
      {slack::section(words(Says::kWrongHint)), cause_input(words, Says::kRealCauseLabel, "", true), fix_input(words)});
}

std::string question_view(const std::string& metadata, const Reader& reader) {
  const ViewWords words(reader.language);
  return view_json(kQuestionView, words, Says::kQuestionTitle, Says::kSend, metadata,
                   {slack::text_input({std::string(kQuestionBlock), std::string(kInputAction),
                                       words(Says::kQuestionLabel), words(Says::kQuestionExample), "", false})});
}

std::string view_errors(const std::vector<FormProblem>& problems) {
  Json errors = Json::object();
  for (const FormProblem& problem : problems) {
    Json& told = errors[problem.block_id];
    told = told.is_string() ? told.get<std::string>() + " " + visible(problem.text) : visible(problem.text);
  }
  return json_text(Json{{"response_action", "errors"}, {"errors", std::move(errors)}});
}

}  // namespace fa::chatops
