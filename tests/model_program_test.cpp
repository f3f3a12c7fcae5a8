/// The built fa2 with a language model, memory and documents, the way a user runs it: the model is a stand-in on
/// loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/http_server.h"
#include "support/report_schema.h"
#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kStorefront = FA_PROJECT_DIR "/examples/storefront/incident";
const std::vector<std::string> kLanguages = {"en", "ja"};

/// One tool call as a streamed completion.
test::ServerAnswer streamed_call(const std::string& tool, const Json& input) {
  const Json call{{"index", 0}, {"id", "c1"}, {"function", {{"name", tool}, {"arguments", json_text(input)}}}};
  const Json first{{"choices", Json::array({Json{{"delta", {{"tool_calls", Json::array({call})}}}}})}};
  const Json last{{"choices", Json::array({Json{{"delta", Json::object()}, {"finish_reason", "tool_calls"}}})}};
  const Json usage{{"choices", Json::array()}, {"usage", {{"prompt_tokens", 5000}, {"completion_tokens", 200}}}};
  test::ServerAnswer answer;
  answer.response.status = 200;
  answer.response.headers = {{"Content-Type", "text/event-stream"}};
  for (const Json* event : {&first, &last, &usage}) answer.response.body += "data: " + json_text(*event) + "\n\n";
  answer.response.body += "data: [DONE]\n\n";
  return answer;
}

test::ServerAnswer plain_answer(int status, const std::string& body) {
  test::ServerAnswer answer;
  answer.response.status = status;
  answer.response.headers = {{"Content-Type", "application/json"}};
  answer.response.body = body;
  return answer;
}

bool is_in_japanese(const Json& request) {
  return json_text(request.at("messages").at(0)).find("あなたは") != std::string::npos;
}

/// What a good model answers of the storefront: one sentence that is so, one that is not.
Json storefront_answer(bool japanese) {
  const auto sentence = [](const std::string& text) { return Json{{"text", text}, {"evidence", Json::array({"L1"})}}; };
  const Json summary = japanese ? Json::array({sentence("orders は対象期間に 248 回出力しました [L1]。"),
                                               sentence("orders は対象期間に 251 回出力しました [L1]。")})
                                : Json::array({sentence("orders logged it 248 times in the window [L1]."),
                                               sentence("orders logged it 251 times in the window [L1].")});
  return Json{
      {"summary", summary},
      {"hypotheses",
       Json::array({Json{{"subject", "orders"}, {"mechanism", "dependency_timeout"}, {"statements", Json::array()}}})},
      {"impact", Json::array()},
      {"actions", Json::array()},
      {"prevention", Json::array()},
      {"missing", Json::array()}};
}

/// An OpenAI-compatible server that does as it is told, and remembers what it was asked.
class ModelServer {
 public:
  using Script = std::function<test::ServerAnswer(const Json& request)>;

  explicit ModelServer(Script script)
      : script_(std::move(script)), server_([this](const HttpRequest& request) { return answer(request); }) {}

  /// Searches once, then answers.
  static test::ServerAnswer investigates(const Json& request) {
    if (json_text(request.at("messages")).find("\"role\":\"tool\"") == std::string::npos) {
      return streamed_call("search_logs", Json{{"contains", "checkout of customer"}});
    }
    return streamed_call("answer", storefront_answer(is_in_japanese(request)));
  }

  [[nodiscard]] std::string url() const { return server_.url() + "/v1"; }
  [[nodiscard]] std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  test::ServerAnswer answer(const HttpRequest& request) {
    {
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request.body);
    }
    if (!request.url.ends_with("/v1/chat/completions")) return plain_answer(404, "{}");
    return script_(parse_json(request.body));
  }

  Script script_;
  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;
  test::HttpServer server_;
};

/// What the command printed as a report in JSON.
Json report_of_run(const test::CommandResult& run) {
  EXPECT_EQ(run.status, 0) << run.err;
  Json report = parse_json(run.out);
  EXPECT_TRUE(report.is_object()) << run.out.substr(0, 300);
  return report.is_object() ? report : Json::object();
}

/// The report without what a model may add: its part, its account, and evidence that only it looked for.
std::string without_model(Json report) {
  for (const char* key : {"model", "usage", "verification", "versions"}) report.erase(key);
  Json kept = Json::array();
  for (const Json& e : report.at("evidence")) {
    if (!e.at("key").is_string() || !e.at("key").get<std::string>().starts_with("tool:")) kept.push_back(e);
  }
  report["evidence"] = std::move(kept);
  return json_text(report);
}

std::vector<std::string> in_json(const std::string& language, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"investigate", kStorefront, "--format", "json", "--lang", language};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string deterministic_report(const std::string& language) {
  return without_model(report_of_run(test::run_fa2(in_json(language), "/")));
}

std::string model_section(const std::string& url, const std::string& more) {
  return "[model]\nprovider = \"openai\"\nid = \"model-x\"\nbase_url = \"" + url + "\"\n" + more;
}

// ---- A model that works ----

TEST(ModelProgram, a_recorded_investigation_gives_the_same_bytes_again) {
  const test::TempFolder folder;
  for (const std::string& language : kLanguages) {
    ModelServer server(ModelServer::investigates);
    const std::string cassette = folder.path() / (language + ".jsonl");
    const test::CommandResult live = test::run_fa2(
        in_json(language, {"--model", "openai:model-x", "--model-url", server.url(), "--record-cassette", cassette}),
        folder.path());
    const Json report = report_of_run(live);
    const Json& model = report.at("model");
    EXPECT_EQ(model.at("outcome"), "answered");
    ASSERT_THAT(model.at("summary"), SizeIs(2)) << model.dump();
    EXPECT_EQ(model.at("summary")[0].at("verified"), true);
    EXPECT_EQ(model.at("summary")[1].at("verified"), false);
    EXPECT_EQ(model.at("verification").at("sent_back"), 1);
    ASSERT_THAT(model.at("steps"), SizeIs(1));
    EXPECT_EQ(model.at("steps")[0].at("status"), "ok");
    EXPECT_THAT(server.bodies(), SizeIs(3)) << "search, answer, answer again";
    EXPECT_EQ(without_model(report), deterministic_report(language));
    EXPECT_EQ(report.at("usage").at("model_input_tokens"), 15000);
    EXPECT_GT(report.at("usage").at("cost_usd").get<double>(), 0);

    // Without the server.
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(test::run_fa2(in_json(language, {"--model-cassette", cassette}), folder.path()).out, live.out);
    }
    EXPECT_THAT(server.bodies(), SizeIs(3));
    const auto shown = [&](const std::string& format) {
      const test::CommandResult run = test::run_fa2(
          {"investigate", kStorefront, "--lang", language, "--format", format, "--model-cassette", cassette},
          folder.path());
      EXPECT_EQ(run.status, 0) << run.err;
      return run.out;
    };
    for (const std::string format : {"text", "markdown", "html"}) {
      const std::string once = shown(format);
      EXPECT_EQ(once, shown(format)) << format;
      EXPECT_THAT(once, AllOf(HasSubstr("248"), HasSubstr("251"))) << format;
    }
    // A recording is of one question only.
    const Json other = report_of_run(test::run_fa2(
        in_json(language, {"--model-cassette", cassette, "--description", "Something else"}), folder.path()));
    EXPECT_EQ(other.at("model").at("outcome"), "failed");
    EXPECT_NE(other.at("model").at("note"), "");
  }
}

TEST(ModelProgram, no_secret_of_the_logs_leaves) {
  const test::TempFolder folder;
  const std::string secret = std::string("AKIA") + "Q7RZ2PXW" + "M4NTVB3C";
  std::string lines;
  for (int i = 0; i < 60; ++i) {
    const std::string minute = (i < 10 ? "0" : "") + std::to_string(i);
    lines += "2026-03-14T08:" + minute + ":00Z INFO order accepted\n";
    if (i >= 40) lines += "2026-03-14T08:" + minute + ":01Z ERROR upload refused for key " + secret + "\n";
  }
  static_cast<void>(folder.write("orders.log", lines));
  ModelServer server([](const Json& request) {
    if (json_text(request.at("messages")).find("\"role\":\"tool\"") == std::string::npos) {
      return streamed_call("search_logs", Json{{"contains", "upload refused"}});
    }
    return streamed_call("answer", storefront_answer(false));
  });
  const test::CommandResult run =
      test::run_fa2({"investigate", ".", "--format", "json", "--model", "openai:model-x", "--model-url", server.url()},
                    folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("upload refused"), Not(HasSubstr(secret))));
  EXPECT_THAT(server.bodies(), AllOf(Not(IsEmpty()), Each(HasSubstr("upload refused")), Each(Not(HasSubstr(secret)))));
}

// ---- Models that do not work ----

TEST(ModelProgram, a_server_that_fails_leaves_the_report) {
  struct Case {
    const char* name;
    ModelServer::Script script;
    std::vector<std::string> outcomes;
  };
  test::ServerAnswer never;
  never.never = true;
  test::ServerAnswer garbage;
  garbage.garbage = true;
  test::ServerAnswer stalled = streamed_call("answer", storefront_answer(false));
  stalled.stall = true;
  test::ServerAnswer cut = streamed_call("answer", storefront_answer(false));
  cut.cut = true;
  const auto always = [](const test::ServerAnswer& answer) { return [answer](const Json&) { return answer; }; };
  const std::vector<std::string> failed = {"failed"};
  const std::vector<std::string> either = {"failed", "deadline"};  // it is tried again until the time is over
  const Case kCases[] = {
      {"500", always(plain_answer(500, R"({"error":{"message":"broken"}})")), either},
      {"401", always(plain_answer(401, R"({"error":{"message":"no key"}})")), failed},
      {"404", always(plain_answer(404, R"({"error":{"message":"no such model"}})")), failed},
      {"429", always(plain_answer(429, R"({"error":{"message":"slow down"}})")), either},
      {"no HTTP", always(garbage), either},
      {"no JSON", always(plain_answer(200, "<html>welcome</html>")), either},
      {"nothing", always(plain_answer(200, "")), either},
      {"cut", always(cut), either},
      {"never", always(never), {"deadline"}},
      {"stalled", always(stalled), {"deadline"}},
  };
  const test::TempFolder folder;
  for (const std::string& language : kLanguages) {
    const std::string expected = deterministic_report(language);
    for (const Case& c : kCases) {
      SCOPED_TRACE(std::string(c.name) + ", " + language);
      ModelServer server(c.script);
      const std::string config = folder.write("fa2.toml", model_section(server.url(), "deadline_seconds = 1\n"));
      const Json report = report_of_run(test::run_fa2(in_json(language, {"--config", config}), folder.path()));
      EXPECT_THAT(c.outcomes, testing::Contains(report.at("model").at("outcome").get<std::string>()));
      EXPECT_THAT(report.at("model").at("note").get<std::string>(),
                  HasSubstr(language == "ja" ? "言語モデル" : "model"));
      EXPECT_THAT(report.at("model").at("summary"), IsEmpty());
      EXPECT_EQ(without_model(report), expected);
      EXPECT_THAT(server.bodies(), Not(IsEmpty()));
    }
  }
  // Nobody listens there at all.
  std::string nowhere;
  {
    const ModelServer server(always(never));
    nowhere = server.url();
  }
  const std::string config = folder.write("fa2.toml", model_section(nowhere, "deadline_seconds = 1\n"));
  const test::CommandResult run = test::run_fa2({"investigate", kStorefront, "--config", config}, folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("The language model could not be asked."));
}

TEST(ModelProgram, a_model_or_memory_that_cannot_be_opened_leaves_the_report) {
  const test::TempFolder folder;
  const std::string no_tape = folder.write("no.jsonl", "this is no cassette\n");
  const std::string no_memory = folder.write("no.db", std::string(4096, 'x'));
  const std::string unset =
      folder.write("unset.toml", model_section("http://127.0.0.1:9/v1", "key = \"env:FA_NO_SUCH_VARIABLE\"\n"));
  const auto with_model = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"--model", "openai:x", "--model-url", "http://127.0.0.1:9/v1"});
    return more;
  };
  struct Case {
    std::vector<std::string> arguments;
    std::string told;
  };
  const Case kCases[] = {
      {{"--model-cassette", "/nonexistent.jsonl"}, "/nonexistent.jsonl"},
      {{"--model-cassette", no_tape}, "no.jsonl:1"},
      {with_model({"--record-cassette", "/nonexistent/x.jsonl"}), "/nonexistent/x.jsonl"},
      {with_model({"--prompts", "/nonexistent"}), "/nonexistent"},
      {{"--config", unset}, "FA_NO_SUCH_VARIABLE"},
  };
  for (const std::string& language : kLanguages) {
    const std::string expected = deterministic_report(language);
    for (const Case& c : kCases) {
      SCOPED_TRACE(testing::PrintToString(c.arguments));
      const Json report = report_of_run(test::run_fa2(in_json(language, c.arguments), folder.path()));
      EXPECT_EQ(report.at("model").at("outcome"), "failed");
      EXPECT_THAT(report.at("model").at("note").get<std::string>(),
                  AllOf(HasSubstr(c.told), HasSubstr(language == "ja" ? "言語モデル" : "The language model")));
      EXPECT_EQ(without_model(report), expected);
    }
    Json report = report_of_run(test::run_fa2(in_json(language, {"--memory", no_memory}), folder.path()));
    ASSERT_THAT(report.at("gaps"), SizeIs(1));
    EXPECT_EQ(report.at("gaps")[0].at("source"), "memory");
    EXPECT_THAT(report.at("gaps")[0].at("error").get<std::string>(), HasSubstr("no.db"));
    report["gaps"] = Json::array();
    EXPECT_EQ(without_model(report), expected);
  }
  // Those that are about the model or memory alone cannot go on.
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"incidents", "--memory", no_memory},
                                                    {"knowledge", "search", "x", "--memory", no_memory},
                                                    {"ask", "storefront", "Why?", "--memory", no_memory}}) {
    const test::CommandResult run = test::run_fa2(arguments, folder.path());
    EXPECT_EQ(run.status, 2) << run.err;
    EXPECT_THAT(run.err, HasSubstr("no.db"));
  }
}

TEST(ModelProgram, a_model_that_calls_tools_for_ever_ends) {
  int calls = 0;
  ModelServer server([&](const Json&) {
    return streamed_call("search_logs", Json{{"contains", "timeout"}, {"limit", 1 + ++calls % 20}});
  });
  const Json report =
      report_of_run(test::run_fa2(in_json("en", {"--model", "openai:model-x", "--model-url", server.url()}), "/"));
  EXPECT_THAT(report.at("model").at("outcome").get<std::string>(), AnyOf("no_answer", "budget"));
  EXPECT_NE(report.at("model").at("note"), "");
  EXPECT_EQ(without_model(report), deterministic_report("en"));
  EXPECT_LE(server.bodies().size(), 9U);
}

TEST(ModelProgram, a_budget_too_small_for_one_call_asks_nothing) {
  const test::TempFolder folder;
  const std::string memory = folder.path() / "memory.db";
  struct Case {
    const char* setting;
    std::vector<std::string> more;
  };
  const Case kCases[] = {{"max_usd", {}}, {"max_usd_per_month", {"--memory", memory}}};
  for (const std::string& language : kLanguages) {
    for (const Case& c : kCases) {
      ModelServer server(ModelServer::investigates);
      const std::string config =
          folder.write("fa2.toml", model_section(server.url(), std::string(c.setting) + " = 0.00001\n"));
      std::vector<std::string> arguments = in_json(language, {"--config", config});
      arguments.insert(arguments.end(), c.more.begin(), c.more.end());
      const Json report = report_of_run(test::run_fa2(arguments, folder.path()));
      EXPECT_EQ(report.at("model").at("outcome"), "budget");
      EXPECT_THAT(report.at("model").at("note").get<std::string>(), HasSubstr(std::string("model.") + c.setting));
      EXPECT_THAT(server.bodies(), IsEmpty());
      EXPECT_EQ(report.at("usage").at("cost_usd"), 0);
    }
  }
}

// ---- Memory ----

/// The storefront under another id, as if it happened again.
std::string storefront_again(const test::TempFolder& folder, const std::string& id) {
  const fs::path copy = folder.path() / id;
  fs::copy(kStorefront, copy, fs::copy_options::recursive);
  Json incident = parse_json(test::file_bytes(copy / "incident.json"));
  incident["id"] = id;
  static_cast<void>(folder.write(id + "/incident.json", json_text(incident)));
  return copy;
}

TEST(MemoryProgram, an_incident_that_was_confirmed_is_seen_again) {
  const test::TempFolder folder;
  const std::string memory = folder.path() / "memory.db";
  const std::string again = storefront_again(folder, "again");
  const auto fa2 = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--memory", memory});
    return test::run_fa2(arguments, folder.path());
  };
  const test::CommandResult first = fa2({"investigate", kStorefront});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, Not(HasSubstr("Seen on")));
  EXPECT_THAT(fa2({"incidents"}).out, AllOf(HasSubstr("storefront"), HasSubstr("open")));

  const test::CommandResult confirmed =
      fa2({"confirm", "storefront", "--cause", "an egress rule was removed", "--fix", "the rule put back"});
  EXPECT_EQ(confirmed.status, 0) << confirmed.err;
  EXPECT_THAT(confirmed.out, HasSubstr("storefront: confirmed."));
  EXPECT_THAT(fa2({"incidents"}).out, AllOf(HasSubstr("confirmed"), HasSubstr("it was: an egress rule was removed"),
                                            HasSubstr("fixed by: the rule put back")));

  const test::CommandResult second = fa2({"investigate", again, "--format", "markdown"});
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.out, AllOf(HasSubstr("Seen on 2026-11-23"), HasSubstr("It was: an egress rule was removed"),
                                HasSubstr("the rule put back")));
  EXPECT_THAT(fa2({"investigate", again, "--lang", "ja", "--format", "markdown"}).out,
              AllOf(HasSubstr("過去の類似インシデント"), HasSubstr("2026-11-23"),
                    HasSubstr("実際の原因: an egress rule was removed")));
  // The same investigation made again, with the same memory, says the same.
  const std::string once = fa2({"investigate", again, "--format", "json", "--lang", "ja"}).out;
  EXPECT_EQ(test::schema_violations(once), "");
  EXPECT_EQ(fa2({"investigate", again, "--format", "json", "--lang", "ja"}).out, once);

  EXPECT_EQ(fa2({"confirm", "storefront", "--reject"}).status, 0);
  EXPECT_THAT(fa2({"investigate", again}).out, Not(HasSubstr("Seen on")));
}

TEST(MemoryProgram, documents_are_added_found_quoted_and_forgotten) {
  const test::TempFolder folder;
  const std::string memory = folder.path() / "memory.db";
  const std::string runbook =
      folder.write("runbooks/egress.md", "# Egress\n\nRevert the egress policy when orders-db connections end.\n");
  const std::string japanese =
      folder.write("runbooks/障害対応.md", "# 障害対応\n\n障害のときは接続プールを再起動する。\n");
  static_cast<void>(folder.write("runbooks/picture.png", "no document"));
  const auto knowledge = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "knowledge");
    arguments.insert(arguments.end(), {"--memory", memory});
    return test::run_fa2(arguments, folder.path());
  };
  EXPECT_THAT(knowledge({"list"}).out, HasSubstr("No documents yet"));
  const test::CommandResult added = knowledge({"add", "runbooks"});
  EXPECT_EQ(added.status, 0) << added.err;
  EXPECT_THAT(added.out, AllOf(HasSubstr("2 documents added."), Not(HasSubstr("picture"))));
  EXPECT_THAT(knowledge({"list"}).out, AllOf(HasSubstr(runbook), HasSubstr(japanese)));
  EXPECT_EQ(knowledge({"add", runbook}).status, 0) << "again";

  struct Case {
    const char* query;
    const char* found;
    const char* not_found;
  };
  const Case kCases[] = {{"障害", "障害対応.md", "egress.md"},
                         {"接続プール", "接続プールを再起動する", "egress.md"},
                         {"EGRESS", "egress.md", "障害対応.md"},
                         {"revert policy", "Revert the egress policy", "障害対応.md"},
                         {"banana", "Nothing found.", "egress.md"}};
  for (const Case& c : kCases) {
    const test::CommandResult found = knowledge({"search", c.query});
    EXPECT_EQ(found.status, 0) << found.err;
    EXPECT_THAT(found.out, AllOf(HasSubstr(c.found), Not(HasSubstr(c.not_found)))) << c.query;
  }
  EXPECT_THAT(test::run_fa2({"investigate", kStorefront, "--memory", memory}, folder.path()).out,
              AllOf(HasSubstr("egress.md"), HasSubstr("Revert the egress policy")));

  EXPECT_EQ(knowledge({"remove", runbook}).status, 0);
  EXPECT_THAT(knowledge({"list"}).out, AllOf(Not(HasSubstr(runbook)), HasSubstr(japanese)));
  EXPECT_THAT(knowledge({"search", "egress"}).out, HasSubstr("Nothing found."));
  const test::CommandResult unknown = knowledge({"remove", runbook});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("is not among the documents"));
  const test::CommandResult missing = knowledge({"add", "no-such-folder"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("no-such-folder"));
}

// ---- Questions ----

TEST(AskProgram, without_a_model_shows_what_the_words_find) {
  const test::TempFolder folder;
  const std::string memory = folder.path() / "memory.db";
  EXPECT_EQ(test::run_fa2({"investigate", kStorefront, "--memory", memory}, folder.path()).status, 0);
  const auto ask = [&](const std::string& question, const std::string& language) {
    const test::CommandResult run =
        test::run_fa2({"ask", "storefront", question, "--memory", memory, "--lang", language}, folder.path());
    EXPECT_EQ(run.status, 0) << run.err;
    return run.out;
  };
  EXPECT_THAT(ask("was the egress policy changed?", "en"),
              AllOf(HasSubstr("No language model is configured"), HasSubstr("apply egress policy revision")));
  EXPECT_THAT(ask("egress の変更", "ja"),
              AllOf(HasSubstr("言語モデルが設定されていない"), HasSubstr("apply egress policy revision")));
  EXPECT_THAT(ask("zzzz", "en"), HasSubstr("Nothing was found."));
}

TEST(AskProgram, keeps_the_thread) {
  for (const std::string& language : kLanguages) {
    const test::TempFolder folder;
    const std::string memory = folder.path() / "memory.db";
    EXPECT_EQ(test::run_fa2({"investigate", kStorefront, "--memory", memory}, folder.path()).status, 0);
    ModelServer server(
        [](const Json& request) { return streamed_call("answer", storefront_answer(is_in_japanese(request))); });
    const auto ask = [&](const std::string& question) {
      const test::CommandResult run =
          test::run_fa2({"ask", "storefront", question, "--memory", memory, "--lang", language, "--model",
                         "openai:model-x", "--model-url", server.url()},
                        folder.path());
      EXPECT_EQ(run.status, 0) << run.err;
      return run.out;
    };
    const std::string first = ask("How often did orders fail?");
    EXPECT_THAT(first, AllOf(HasSubstr("✓ orders"), HasSubstr("✗ orders"), HasSubstr("orders.log")));
    EXPECT_THAT(first, HasSubstr(language == "ja" ? "2 件中 1 件" : "1 of 2 statements verified"));
    EXPECT_THAT(server.bodies().at(0), HasSubstr("How often did orders fail?"));
    const std::size_t before = server.bodies().size();
    static_cast<void>(ask("And who changed what?"));
    ASSERT_GT(server.bodies().size(), before);
    EXPECT_THAT(server.bodies().at(before),
                AllOf(HasSubstr("And who changed what?"), HasSubstr("How often did orders fail?"), HasSubstr("248")));
  }
}

TEST(AskProgram, a_model_that_fails_is_said) {
  const test::TempFolder folder;
  const std::string memory = folder.path() / "memory.db";
  EXPECT_EQ(test::run_fa2({"investigate", kStorefront, "--memory", memory}, folder.path()).status, 0);
  ModelServer server([](const Json&) { return plain_answer(401, R"({"error":{"message":"no key"}})"); });
  const test::CommandResult run = test::run_fa2(
      {"ask", "storefront", "Why?", "--memory", memory, "--model", "openai:model-x", "--model-url", server.url()},
      folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("The language model could not be asked."));
}

// ---- Bedrock ----

TEST(ModelProgram, bedrock_is_asked_with_the_credentials_of_the_environment) {
  const test::TempFolder folder;
  std::mutex mutex;
  std::vector<HttpRequest> asked;
  const test::HttpServer server([&](const HttpRequest& request) {
    const std::lock_guard lock(mutex);
    asked.push_back(request);
    const Json call{{"toolUse", {{"toolUseId", "t1"}, {"name", "answer"}, {"input", storefront_answer(false)}}}};
    const Json answer{{"output", {{"message", {{"role", "assistant"}, {"content", Json::array({call})}}}}},
                      {"stopReason", "tool_use"},
                      {"usage", {{"inputTokens", 4000}, {"outputTokens", 300}, {"cacheReadInputTokens", 1000}}}};
    return plain_answer(200, json_text(answer));
  });
  const std::string config =
      folder.write("fa2.toml",
                   "[model]\nprovider = \"bedrock\"\nid = \"global.anthropic.claude-x\"\nregion = \"ap-northeast-1\"\n"
                   "stream = false\n");
  const test::CommandResult run = test::run_command(
      {"/usr/bin/env", "HOME=" + folder.path().string(), "AWS_EC2_METADATA_DISABLED=true", "AWS_ACCESS_KEY_ID=key-id",
       "AWS_SECRET_ACCESS_KEY=not-a-secret", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME=" + server.url(), FA2_BINARY,
       "investigate", kStorefront, "--config", config, "--format", "json"},
      folder.path());
  const Json report = report_of_run(run);
  EXPECT_EQ(report.at("model").at("outcome"), "answered") << report.at("model").at("note");
  EXPECT_EQ(report.at("model").at("model"), "bedrock global.anthropic.claude-x");
  EXPECT_EQ(report.at("model").at("verification").at("verified"), 1);
  EXPECT_EQ(without_model(report), deterministic_report("en"));
  ASSERT_FALSE(asked.empty());
  EXPECT_THAT(asked.front().url, AllOf(HasSubstr("/model/"), HasSubstr("claude-x"), HasSubstr("/converse")));
  const auto signature = find_header(asked.front().headers, "authorization");
  ASSERT_TRUE(signature);
  EXPECT_THAT(std::string(*signature), AllOf(HasSubstr("key-id/"), HasSubstr("/ap-northeast-1/bedrock/aws4_request")));
  const Json body = parse_json(asked.front().body);
  EXPECT_FALSE(body.at("inferenceConfig").contains("topP"));
  EXPECT_TRUE(body.at("messages").back().at("content").back().contains("cachePoint")) << "the default for Claude";
  EXPECT_NE(report.at("usage").at("cost_usd").get<double>(), 0.0);
}

// ---- The recordings that come with the example ----

TEST(ModelProgram, the_example_s_recordings_still_replay) {
  for (const std::string language : {"en", "ja"}) {
    const std::string cassette = std::string(FA_PROJECT_DIR) + "/examples/storefront/model-" + language + ".cassette";
    const auto replayed = [&] {
      return test::run_fa2(
          {"investigate", kStorefront, "--lang", language, "--model-cassette", cassette, "--format", "json", "--quiet"},
          "/");
    };
    const test::CommandResult run = replayed();
    ASSERT_EQ(run.status, 0) << run.err;
    const Json model = parse_json(run.out).at("model");
    EXPECT_EQ(model.at("outcome"), "answered")
        << "prompts, tools or digest have changed: record it again (CONTRIBUTING.md) " << model.at("note");
    EXPECT_GE(model.at("verification").at("verified").get<int>(), 12) << language;
    EXPECT_FALSE(model.at("contradicts_ranking").get<bool>());
    EXPECT_EQ(test::schema_violations(run.out), "");
    EXPECT_EQ(replayed().out, run.out);
  }
}

// ---- Wrong usage ----

TEST(ModelProgram, wrong_usage_ends_with_2_and_says_what_to_do) {
  const test::TempFolder folder;
  const std::string no_tape = folder.write("no.jsonl", "this is no cassette\n");
  const std::string key = folder.write("key.toml", model_section("http://127.0.0.1:9/v1", "key = \"sesame\"\n"));
  const std::string nameless = folder.write("nameless.toml", "[model]\nprovider = \"bedrock\"\n");
  const std::string month =
      folder.write("month.toml", model_section("http://127.0.0.1:9/v1", "max_usd_per_month = 5\n"));
  const std::string memory = folder.path() / "memory.db";
  struct Case {
    std::vector<std::string> arguments;
    std::string told;
  };
  const auto investigate = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"investigate", kStorefront});
    return more;
  };
  const Case kCases[] = {
      {investigate({"--model", "gpt"}), "--model must be bedrock:MODEL or openai:MODEL"},
      {investigate({"--model", "azure:gpt"}), "--model must be bedrock:MODEL or openai:MODEL"},
      {investigate({"--model", "openai:"}), "--model must be bedrock:MODEL or openai:MODEL"},
      {investigate({"--model", "openai:x"}), "--model-url"},
      {investigate({"--model-url", "http://127.0.0.1:9/v1"}), "need a model"},
      {investigate({"--record-cassette", "x.jsonl"}), "need a model"},
      {investigate({"--no-model", "--model", "openai:x"}), "--no-model does not go with"},
      {investigate({"--no-model", "--model-cassette", no_tape}), "--no-model does not go with"},
      {investigate({"--model-cassette", no_tape, "--record-cassette", "x.jsonl"}), "nothing to record"},
      {investigate({"--config", key}), "never the key itself"},
      {investigate({"--config", nameless}), "id"},
      {investigate({"--config", month}), "--memory"},
      {{"knowledge"}, "subcommand"},
      {{"knowledge", "add", "--memory", memory}, "PATH"},
      {{"knowledge", "list"}, "No memory is named"},
      {{"knowledge", "search", "x", "--memory", memory, "--limit", "0"}, "--limit"},
      {{"incidents"}, "No memory is named"},
      {{"confirm", "storefront", "--memory", memory}, "--cause"},
      {{"confirm", "nothing", "--memory", memory, "--cause", "x"}, "nothing"},
      {{"ask", "storefront", "Why?"}, "--memory"},
      {{"ask", "nothing", "Why?", "--memory", memory}, "nothing"},
      {{"ask", "storefront", "--memory", memory}, "QUESTION"},
  };
  for (const Case& c : kCases) {
    const test::CommandResult run = test::run_fa2(c.arguments, folder.path());
    const std::string shown = testing::PrintToString(c.arguments);
    EXPECT_EQ(run.status, 2) << shown << run.err;
    EXPECT_THAT(run.err, HasSubstr(c.told)) << shown;
    EXPECT_EQ(run.out, "") << shown;
    EXPECT_THAT(run.err, Not(HasSubstr("sesame"))) << shown;
  }
}

}  // namespace
}  // namespace fa
