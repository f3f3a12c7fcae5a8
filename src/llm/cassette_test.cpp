#include "llm/cassette.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "base/json.h"
#include "llm/cassette_lines.h"
#include "llm/scripted_model.h"

namespace fa::llm {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::filesystem::path cassette_file(const std::string& name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (std::string("fa2-cassette-") + test->name() + "-" + std::to_string(::getpid()) + "-" + name);
  std::filesystem::remove(path);
  return path;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::filesystem::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

ChatRequest full_request() {
  ChatRequest request;
  request.system = "あなたは障害を調べます。";
  request.messages = {
      {Role::kUser, {Text{"What \"broke\"?\n"}}},
      {Role::kAssistant, {Text{"Let me see."}, ToolCall{"t1", "logs", R"({"q": "x"})"}}},
      {Role::kUser, {ToolResult{"t1", "nothing", true}, Text{"Go on."}}},
  };
  request.tools = {{"logs", "Searches.", R"({"type":"object"})"}, {"answer", "Answers.", "{}"}};
  request.choice = ToolChoice::kOnly;
  request.only_tool = "answer";
  request.max_output_tokens = 777;
  return request;
}

ChatRequest ask_for(std::string text) {
  ChatRequest request;
  request.messages = {{Role::kUser, {Text{std::move(text)}}}};
  return request;
}

void expect_same(const Result<ChatAnswer>& a, const Result<ChatAnswer>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (a) {
    EXPECT_EQ(a->blocks, b->blocks);
    EXPECT_EQ(a->stop, b->stop);
    EXPECT_EQ(a->stop_detail, b->stop_detail);
    EXPECT_EQ(a->usage, b->usage);
  } else {
    EXPECT_EQ(a.error().code, b.error().code);
    EXPECT_EQ(a.error().message, b.error().message);
    EXPECT_EQ(a.error().reason, b.error().reason);
  }
}

TEST(RequestHash, everything_in_a_request_counts) {
  const ChatRequest base = full_request();
  using Change = void (*)(ChatRequest&);
  const Change changes[] = {
      [](ChatRequest& r) { r.system += " "; },
      [](ChatRequest& r) { r.messages.pop_back(); },
      [](ChatRequest& r) { r.messages[0].role = Role::kAssistant; },
      [](ChatRequest& r) { std::get<Text>(r.messages[0].blocks[0]).text += "!"; },
      [](ChatRequest& r) { std::get<ToolCall>(r.messages[1].blocks[1]).id = "t2"; },
      [](ChatRequest& r) { std::get<ToolCall>(r.messages[1].blocks[1]).name = "log"; },
      [](ChatRequest& r) { std::get<ToolCall>(r.messages[1].blocks[1]).input = "{}"; },
      [](ChatRequest& r) { std::get<ToolResult>(r.messages[2].blocks[0]).text = "no"; },
      [](ChatRequest& r) { std::get<ToolResult>(r.messages[2].blocks[0]).failed = false; },
      [](ChatRequest& r) { std::get<ToolResult>(r.messages[2].blocks[0]).call_id = "t2"; },
      [](ChatRequest& r) { std::swap(r.messages[2].blocks[0], r.messages[2].blocks[1]); },
      [](ChatRequest& r) { r.tools.pop_back(); },
      [](ChatRequest& r) { r.tools[0].name = "x"; },
      [](ChatRequest& r) { r.tools[0].description = "x"; },
      [](ChatRequest& r) { r.tools[0].schema = "{}"; },
      [](ChatRequest& r) { r.choice = ToolChoice::kAny; },
      [](ChatRequest& r) { r.only_tool = "logs"; },
      [](ChatRequest& r) { r.max_output_tokens = 778; },
      // The same bytes, cut elsewhere.
      [](ChatRequest& r) { r.tools[0].name = "logsS", r.tools[0].description = "earches."; },
      [](ChatRequest& r) {
        r.messages[0].blocks = {Text{"What \"bro"}, Text{"ke\"?\n"}};
      },
  };
  std::set<std::string> hashes = {request_hash(base)};
  EXPECT_EQ(request_hash(full_request()), request_hash(base));
  for (const Change change : changes) {
    ChatRequest changed = full_request();
    change(changed);
    EXPECT_TRUE(hashes.insert(request_hash(changed)).second) << "change " << hashes.size();
  }
  EXPECT_EQ(hashes.begin()->size(), 64U);
}

TEST(RequestHash, does_not_change_with_versions) {
  // Cassettes outlive builds: a new value here makes every recorded one worthless.
  EXPECT_EQ(request_hash(full_request()), "c9eb40ad0b9dbeaf1b053c1332c403caa7568fbe5c253fc751bcc2f9e7a78273");
}

TEST(Cassette, what_was_recorded_is_replayed_in_order) {
  const auto file = cassette_file("a");
  ChatAnswer calls = scripted_calls({{"t1", "logs", R"({"a":)"}}, StopReason::kMaxTokens);
  calls.blocks.emplace_back(Text{std::string("nul\0 and \"quotes\"\n障害", 24)});
  calls.stop_detail = "max_tokens";
  calls.usage = {1, 2, 3, 4};
  const std::vector<Result<ChatAnswer>> answers = {
      calls, scripted_text("second"), ChatAnswer{},
      tl::unexpected<Error>(Error{ErrorCode::kUnavailable, "throttled", "ThrottlingException"}),
      scripted_text("other")};
  const std::vector<ChatRequest> requests = {full_request(), full_request(), full_request(), full_request(),
                                             ask_for("other")};
  ScriptedModel model(answers);
  {
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder) << recorder.error().message;
    EXPECT_EQ((*recorder)->name(), "scripted");
    for (std::size_t i = 0; i < requests.size(); ++i) expect_same((*recorder)->ask(requests[i], {}), answers[i]);
  }
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay) << replay.error().message;
  EXPECT_EQ((*replay)->name(), "scripted");
  expect_same((*replay)->ask(requests[4], {}), answers[4]);
  for (std::size_t i = 0; i < 4; ++i) expect_same((*replay)->ask(requests[i], {}), answers[i]);
  expect_same((*replay)->ask(full_request(), {}), answers[3]);  // the last one again
  expect_same((*replay)->ask(requests[4], {}), answers[4]);
}

TEST(Cassette, every_stop_and_every_error_comes_back) {
  for (int stop = 0; stop <= static_cast<int>(StopReason::kOther); ++stop) {
    ChatAnswer answer = scripted_text("x", static_cast<StopReason>(stop));
    const auto content = read_cassette(cassette_header("m") + cassette_entry(full_request(), answer), "c");
    ASSERT_TRUE(content) << content.error().message;
    expect_same(content->answers.at(request_hash(full_request())).at(0), answer);
  }
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const Result<ChatAnswer> error = fail(static_cast<ErrorCode>(code), "why");
    const auto content = read_cassette(cassette_header("m") + cassette_entry(full_request(), error), "c");
    ASSERT_TRUE(content) << content.error().message;
    expect_same(content->answers.at(request_hash(full_request())).at(0), error);
  }
}

TEST(Cassette, the_same_run_gives_the_same_bytes_which_people_can_read) {
  std::string first;
  for (int round = 0; round < 2; ++round) {
    const auto file = cassette_file(std::to_string(round));
    ScriptedModel model({scripted_text("a"), fail(ErrorCode::kDenied, "no access")});
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder);
    (void)(*recorder)->ask(full_request(), {});
    (void)(*recorder)->ask(ask_for("b"), {});
    if (round == 0) first = content_of(file);
    EXPECT_EQ(content_of(file), first);
  }
  EXPECT_THAT(first, StartsWith(R"({"format":"fa2-model-cassette","version":1,"model":"scripted"})"
                                "\n{\"hash\":\""));
  EXPECT_THAT(first, HasSubstr("あなたは障害を調べます。"));
  EXPECT_THAT(first, HasSubstr(R"("error":{"code":"denied","message":"no access","reason":""})"));
}

TEST(Cassette, a_request_that_was_not_recorded_is_not_found) {
  const auto file = cassette_file("a");
  put(file, cassette_header("m") + cassette_entry(full_request(), scripted_text("x")));
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay);
  const auto answer = (*replay)->ask(ask_for("something else"), {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(answer.error().message, HasSubstr("the prompts or the settings are others"));
}

TEST(Cassette, a_stopped_replay_says_so) {
  const auto file = cassette_file("a");
  put(file, cassette_header("m") + cassette_entry(full_request(), scripted_text("x")));
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ((*replay)->ask(full_request(), {stop.get_token(), std::nullopt}).error().code, ErrorCode::kCancelled);
}

TEST(Cassette, recording_goes_on_in_an_old_file) {
  const auto file = cassette_file("a");
  std::string whole;
  for (const char* text : {"one", "two"}) {
    ScriptedModel model({scripted_text(text)});
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder) << recorder.error().message;
    ASSERT_TRUE((*recorder)->ask(ask_for(text), {}));
  }
  // An editor may have taken off the last newline.
  whole = content_of(file);
  put(file, whole.substr(0, whole.size() - 1));
  ScriptedModel model({scripted_text("three")});
  {
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder);
    ASSERT_TRUE((*recorder)->ask(ask_for("three"), {}));
  }
  EXPECT_THAT(content_of(file), StartsWith(whole));
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay) << replay.error().message;
  for (const char* text : {"one", "two", "three"}) expect_same((*replay)->ask(ask_for(text), {}), scripted_text(text));
}

TEST(Cassette, files_that_are_no_cassette_are_never_written_to) {
  const std::string entry = cassette_entry(full_request(), scripted_text("x"));
  struct Case {
    std::string text;
    const char* says;
  };
  const Case cases[] = {
      {"my notes\n", ":1: this is no cassette"},
      {"{}\n", ":1: this is no cassette"},
      {cassette_header("another model"), ":1: this cassette is of the model \"another model\""},
      {cassette_header("scripted") + entry + "{\"hash\":", ":3: the line is no JSON object"},
  };
  for (const Case& c : cases) {
    const auto file = cassette_file("a");
    put(file, c.text);
    ScriptedModel model({scripted_text("a")});
    const auto recorder = RecordingModel::open(model, file);
    ASSERT_FALSE(recorder);
    EXPECT_EQ(recorder.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(recorder.error().message, HasSubstr(file.string() + c.says));
    EXPECT_EQ(content_of(file), c.text);
  }
}

TEST(Cassette, broken_lines_are_named) {
  const std::string head = cassette_header("m");
  const std::string entry = cassette_entry(full_request(), scripted_text("x"));
  const std::string hash = "{\"hash\":\"" + std::string(64, 'a') + "\",";
  const std::string usage = R"("stop":"end_turn","usage":{}}})";
  struct Case {
    std::string text;
    const char* says;  // empty: it is right
  };
  const Case cases[] = {
      {head, ""},
      {head + "\n \r\n" + entry, ""},
      {head + entry + entry, ""},
      {head.substr(0, head.size() - 1), ""},
      {head + hash + R"("from":"the future","answer":{"blocks":[{"type":"text","text":"x","new":1}],)" + usage, ""},
      {"\xff\n", "c:1: this is no cassette: its first line is no JSON object"},
      {"[1]\n", "c:1: this is no cassette: its first line is no JSON object"},
      {entry, "c:1: this is no cassette: its first line does not say"},
      {R"({"format":"fa2-model-cassette","version":2,"model":"m"})", "c:1: this cassette is of a version"},
      {R"({"format":"fa2-model-cassette","version":"1","model":"m"})", "c:1: this cassette is of a version"},
      {R"({"format":"fa2-model-cassette","version":1})", "c:1: the first line names no model"},
      {head + entry + entry.substr(0, entry.size() / 2), "c:3: the line is no JSON object"},
      {head + "\n\n7\n", "c:4: the line is no JSON object"},
      {head + "{}\n", "c:2: the entry's hash"},
      {head + R"({"hash":"AB"})", "c:2: the entry's hash"},
      {head + hash + "\"x\":1}", "c:2: the entry must hold an answer or an error"},
      {head + hash + R"("answer":{},"error":{}})", "c:2: the entry must hold an answer or an error"},
      {head + hash + R"("answer":{}})", "c:2: the answer has no list of blocks"},
      {head + hash + R"("answer":{"blocks":[7],)" + usage, "c:2: a block of the answer"},
      {head + hash + R"("answer":{"blocks":[{"type":"tool_result","text":"x"}],)" + usage,
       "c:2: a block of the answer"},
      {head + hash + R"("answer":{"blocks":[],"stop":"tired"}})", "c:2: the answer's stop"},
      {head + hash + R"("error":{"code":"odd"}})", "c:2: the error's code"},
      {head + std::string(100'000, '['), "c:2: the line is no JSON object"},
      {head + std::string(5, '\0') + "\n", "c:2: the line is no JSON object"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text.substr(0, 300));
    const auto content = read_cassette(c.text, "c");
    EXPECT_EQ(content.has_value(), *c.says == '\0');
    if (!content) {
      EXPECT_EQ(content.error().code, ErrorCode::kInvalidInput);
      EXPECT_THAT(content.error().message, StartsWith(c.says));
    }
  }
}

TEST(Cassette, files_that_cannot_be_read_or_written_are_named) {
  const auto missing = cassette_file("missing");
  const auto replay = ReplayModel::open(missing);
  ASSERT_FALSE(replay);
  EXPECT_EQ(replay.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(replay.error().message, HasSubstr(missing.string()));

  put(missing, "");
  const auto empty = ReplayModel::open(missing);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::kInvalidInput);

  ScriptedModel model({scripted_text("a")});
  const auto recorder = RecordingModel::open(model, missing / "below" / "a file");
  ASSERT_FALSE(recorder);
  EXPECT_EQ(recorder.error().code, ErrorCode::kUnreadable);
  EXPECT_FALSE(ReplayModel::open(testing::TempDir()));
}

TEST(Cassette, a_recording_is_for_its_owner_only) {
  const auto file = cassette_file("a");
  ScriptedModel model({scripted_text("a")});
  ASSERT_TRUE(RecordingModel::open(model, file));
  struct ::stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(Cassette, devices_are_no_cassettes) {
  ScriptedModel model({scripted_text("a")});
  for (const char* device : {"/dev/full", "/dev/zero", "/dev/null"}) {
    const auto recorder = RecordingModel::open(model, device);
    ASSERT_FALSE(recorder);
    EXPECT_EQ(recorder.error().code, ErrorCode::kUnreadable);
    EXPECT_FALSE(ReplayModel::open(device));
  }
}

/// While it lives, no file of this process may grow beyond `bytes`.
class SmallDisk {
 public:
  explicit SmallDisk(std::uint64_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const struct ::rlimit small = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  struct ::rlimit before_ = {};
};

TEST(Cassette, an_answer_that_cannot_be_recorded_is_an_error_and_leaves_no_half_line) {
  const auto file = cassette_file("a");
  ScriptedModel model({scripted_text("one"), scripted_text("two"), scripted_text("three")});
  auto recorder = RecordingModel::open(model, file);
  ASSERT_TRUE(recorder);
  ASSERT_TRUE((*recorder)->ask(ask_for("1"), {}));
  const std::string before = content_of(file);
  {
    const SmallDisk disk(before.size() + 20);
    const auto answer = (*recorder)->ask(ask_for("2"), {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kUnreadable);
    EXPECT_THAT(answer.error().message, HasSubstr(file.string()));
  }
  EXPECT_EQ(content_of(file), before);
  ASSERT_TRUE((*recorder)->ask(ask_for("3"), {}));
  EXPECT_TRUE(ReplayModel::open(file));
}

TEST(Cassette, bytes_that_are_no_text_are_used_as_they_are_recorded) {
  const auto file = cassette_file("a");
  ScriptedModel model({scripted_text("caf\xe9"), tl::unexpected<Error>(Error{ErrorCode::kInternal, "\xff", ""})});
  std::vector<Result<ChatAnswer>> live;
  {
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder);
    live.push_back((*recorder)->ask(ask_for("\xc3 1"), {}));
    live.push_back((*recorder)->ask(ask_for("2"), {}));
  }
  EXPECT_EQ(live[0]->blocks.at(0), Block(Text{"caf\xef\xbf\xbd"}));
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay) << replay.error().message;
  expect_same((*replay)->ask(ask_for("\xc3 1"), {}), live[0]);
  expect_same((*replay)->ask(ask_for("2"), {}), live[1]);
}

TEST(Cassette, threads_record_whole_lines) {
  const auto file = cassette_file("a");
  ScriptedModel model([](const ChatRequest& request, const Context&) -> Result<ChatAnswer> {
    return scripted_text("re: " + std::get<Text>(request.messages[0].blocks[0]).text);
  });
  constexpr int kEach = 50;
  {
    auto recorder = RecordingModel::open(model, file);
    ASSERT_TRUE(recorder);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&recorder, t] {
        for (int i = 0; i < kEach; ++i) (void)(*recorder)->ask(ask_for(std::to_string(t * kEach + i)), {});
      });
    }
  }
  auto replay = ReplayModel::open(file);
  ASSERT_TRUE(replay) << replay.error().message;
  for (int i = 0; i < 4 * kEach; ++i) {
    expect_same((*replay)->ask(ask_for(std::to_string(i)), {}), scripted_text("re: " + std::to_string(i)));
  }
}

}  // namespace
}  // namespace fa::llm
