#include "analysis/logs/exception_text.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

struct Row {
  const char* name;
  const char* text;
  const char* type;
  const char* root_type;
  const char* root_message;
  const char* root_frame;
};

class FindException : public testing::TestWithParam<Row> {};

TEST_P(FindException, finds_the_innermost_cause) {
  const Row& row = GetParam();
  const auto found = find_exception(row.text);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->type, row.type);
  EXPECT_EQ(found->root_type, row.root_type);
  EXPECT_EQ(found->root_message, row.root_message);
  EXPECT_EQ(found->root_frame, row.root_frame);
}

const Row kRows[] = {
    {"java_chain",
     "Request failed\n"
     "javax.servlet.ServletException: Request processing failed\n"
     "\tat org.apache.X.run(X.java:1)\n"
     "\tSuppressed: java.io.IOException: closed\n"
     "\t\tat a.b.C(C.java:2)\n"
     "\tCaused by: java.lang.Exception: of the suppressed\n"
     "Caused by: java.sql.SQLException: no pool\n"
     "\tat db.Pool.get(Pool.java:7)\n"
     "\t... 23 more\n"
     "Caused by: java.net.ConnectException: Connection refused\n"
     "\tat java.net.Socket.connect(Socket.java:99)\n"
     "\t... 42 more",
     "javax.servlet.ServletException", "java.net.ConnectException", "Connection refused",
     "java.net.Socket.connect(Socket.java:99)"},
    {"java_in_thread", "Exception in thread \"main\" java.lang.NullPointerException\n\tat A.main(A.java:3)",
     "java.lang.NullPointerException", "java.lang.NullPointerException", "", "A.main(A.java:3)"},
    {"spring_nested",
     "threw exception [Request processing failed; nested exception is java.lang.IllegalStateException: No instances "
     "available for ts-food-service] with root cause",
     "java.lang.IllegalStateException", "java.lang.IllegalStateException", "No instances available for ts-food-service",
     ""},
    {"logback_root_first",
     "java.net.ConnectException: refused\n\tat a.B.c(B.java:1)\nWrapped by: org.X: outer\n\tat d.E.f(E.java:2)",
     "org.X", "java.net.ConnectException", "refused", "a.B.c(B.java:1)"},
    {"python_during_handling",
     "Traceback (most recent call last):\n"
     "  File \"a.py\", line 1, in f\n"
     "    x()\n"
     "KeyError: 'id'\n\n"
     "During handling of the above exception, another exception occurred:\n\n"
     "Traceback (most recent call last):\n"
     "  File \"b.py\", line 2, in g\n"
     "    y()\n"
     "app.errors.NotFound: no item",
     "app.errors.NotFound", "KeyError", "'id'", "File \"a.py\", line 1, in f"},
    {"python_direct_cause",
     "error in job\nTraceback (most recent call last):\n  File \"a.py\", line 9, in <module>\nOSError: [Errno 28] No "
     "space left\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent "
     "call last):\n  File \"c.py\", line 3, in h\nRuntimeError: job failed",
     "RuntimeError", "OSError", "[Errno 28] No space left", "File \"a.py\", line 9, in <module>"},
    {"go_panic",
     "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\npanic({0x1, 0x2})\n"
     "\t/usr/lib/go/panic.go:8\nmain.work(...)\n\t/app/main.go:12 +0x1d",
     "panic", "panic", "runtime error: index out of range [5] with length 3", "main.work(...)"},
    {"rust_panic", "thread 'main' panicked at 'no config', src/main.rs:4:5\nnote: run with", "panic", "panic",
     "'no config'", "src/main.rs:4:5"},
    {"node",
     "TypeError: Cannot read properties of undefined (reading 'id')\n    at get (/app/a.js:3:9)\n    at next "
     "(/app/b.js:1:1)",
     "TypeError", "TypeError", "Cannot read properties of undefined (reading 'id')", "get (/app/a.js:3:9)"},
    {"node_cause",
     "Error: query failed\n    at q (/app/db.js:3:9) {\n  [cause]: Error: connect ECONNREFUSED 10.0.0.5:5432\n"
     "      at TCPConnectWrap.afterConnect (node:net:1187:16)",
     "Error", "Error", "connect ECONNREFUSED 10.0.0.5:5432", "TCPConnectWrap.afterConnect (node:net:1187:16)"},
    {"dotnet",
     "Unhandled exception. System.InvalidOperationException: outer ---> System.Net.Sockets.SocketException: refused\n"
     "   at A.B() in /x.cs:line 3\n   --- End of inner exception stack trace ---\n   at C.D()",
     "System.InvalidOperationException", "System.Net.Sockets.SocketException", "refused", "A.B() in /x.cs:line 3"},
    {"ruby", "app.rb:12:in 'run': undefined method 'x' (NoMethodError)", "NoMethodError", "NoMethodError",
     "undefined method 'x'", "app.rb:12:in 'run'"},
    {"one_line", "close of session 0x0 due to java.io.IOException: ZooKeeperServer not running", "java.io.IOException",
     "java.io.IOException", "ZooKeeperServer not running", ""},
    {"one_line_chain", "failed: org.h.RemoteException: java.net.ConnectException: refused", "org.h.RemoteException",
     "java.net.ConnectException", "refused", ""},
};

INSTANTIATE_TEST_SUITE_P(Languages, FindException, testing::ValuesIn(kRows),
                         [](const testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

TEST(FindExceptionNone, leaves_ordinary_text_alone) {
  for (const char* text : {"", "Error: something went wrong", "error reading file", "no Exception here", "at last\nat",
                           "ErrorCode: 5", "Traceback (most recent call last):", "panic", "Caused by: nothing"}) {
    EXPECT_FALSE(find_exception(text)) << text;
  }
}

TEST(FindExceptionNone, survives_hostile_text) {
  std::string text = "a.BException: x";
  for (int i = 0; i < 50'000; ++i) text += "\nCaused by: x.YException: z ---> ";
  EXPECT_TRUE(find_exception(text));
  std::string tracebacks;
  for (int i = 0; i < 5'000; ++i) tracebacks += "Traceback (most recent call last):\n";
  EXPECT_FALSE(find_exception(tracebacks));
  EXPECT_FALSE(find_exception(std::string(1 << 20, '\0')));
}

}  // namespace
}  // namespace fa
