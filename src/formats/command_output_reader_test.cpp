#include <gtest/gtest.h>

#include <string>

#include "formats/command_output.h"
#include "formats/reader.h"
#include "formats/record_collector.h"
#include "formats/shell_prompt.h"

namespace fa {
namespace {

constexpr std::string_view kSession =
    "$ kubectl -n shop get pods\n"
    "NAME                           READY   STATUS             RESTARTS        AGE\n"
    "cart-6c7f9d8b54-8xkvz          1/1     Running            0               12d\n"
    "invoices-5f7b6c9d77-zt4mw      0/1     CrashLoopBackOff   7 (2m11s ago)   13m\n"
    "$ kubectl -n shop logs invoices-5f7b6c9d77-zt4mw --previous\n"
    "Traceback (most recent call last):\n"
    "  File \"/srv/a.py\", line 3, in <module>\n"
    "ModuleNotFoundError: No module named 'x'\n"
    "$ true\n"
    "$ kubectl describe pod search-84b7d5f6c9-kk2hj\n"
    "Name:             search-84b7d5f6c9-kk2hj\n"
    "    Last State:     Terminated\n"
    "      Reason:       OOMKilled\n"
    "ops@box-3:~$ journalctl -u mailer\n"
    "Apr 07 09:31:11 box-3 mailer[7]: started\n"
    "done";

TEST(CommandOutputReader, gives_each_part_the_name_of_whom_it_is_about) {
  const RecordCollector found = collect(Format::kCommandOutput, kSession);
  std::string seen;
  for (const LogRecord& r : found.logs) {
    seen += std::string(r.service) + "@" + std::string(r.instance) + " " + std::to_string(r.position.line) + "\n";
    EXPECT_NE(bytes_of(kSession, r.position).find(r.message.substr(0, 8)), std::string_view::npos) << r.message;
  }
  EXPECT_EQ(seen, "cart@ 3\ninvoices@ 4\ninvoices@ 6\nsearch@ 11\nsearch@ 12\nsearch@ 13\nmailer@box-3 15\n");
}

TEST(CommandOutputReader, does_not_depend_on_how_the_bytes_come) {
  const RecordCollector whole = collect(Format::kCommandOutput, kSession);
  for (const std::size_t piece : {1U, 7U, 64U, 200U}) {
    const RecordCollector cut = collect(Format::kCommandOutput, kSession, piece);
    ASSERT_EQ(cut.logs.size(), whole.logs.size()) << piece;
    for (std::size_t i = 0; i < cut.logs.size(); ++i) {
      EXPECT_EQ(cut.logs[i].service, whole.logs[i].service) << piece;
      EXPECT_EQ(cut.logs[i].message, whole.logs[i].message) << piece;
      EXPECT_EQ(cut.logs[i].position.line, whole.logs[i].position.line) << piece;
      EXPECT_EQ(cut.logs[i].position.offset, whole.logs[i].position.offset) << piece;
    }
  }
}

TEST(CommandOutput, is_recognised_by_its_first_line_only) {
  for (const std::string_view text :
       {"$ df -h\nx\n", "[root@db-1 ~]# free -m\n", "NAME   READY   STATUS\na 1/1 Running\n",
        "● nginx.service - A server\n", "Name:             cart\nNamespace:  shop\n",
        "CONTAINER ID   IMAGE   COMMAND   NAMES\n"}) {
    EXPECT_EQ(detect_format(text, true).format, Format::kCommandOutput) << text;
  }
  for (const std::string_view text : {"# a comment\n", "12:00 INFO $ run\n", "$ \n", "ERROR  FAILED  ABORTED\n",
                                      "Name: x\n", "a@b.c wrote: pay $ 5\n", "$5 paid\n", "* a list item\n"}) {
    EXPECT_EQ(detect_format(text, true).format, Format::kLogLines) << text;
  }
}

TEST(SubjectOfCommand, is_whom_the_output_is_about) {
  struct Case {
    std::string_view command;
    std::string_view subject;
  };
  const Case cases[] = {
      {"kubectl -n shop logs cart-6c7f9d8b54-8xkvz --previous", "cart"},
      {"kubectl logs -n shop deploy/cart -c app --tail 20", "cart"},
      {"kubectl describe pod db-0 -n shop", "db"},
      {"docker logs --tail 30 mailer", "mailer"},
      {"docker compose logs ingest", "ingest"},
      {"sudo journalctl -u nginx --since today", "nginx"},
      {"systemctl status haproxy.service", "haproxy"},
      {"curl -v -H 'a: b' https://ledger.example.internal:8443/health", "ledger.example.internal"},
      {"echo | openssl s_client -connect ledger.example.internal:443 2>/dev/null | openssl x509 -noout",
       "ledger.example.internal"},
      {"tail -n 50 /var/log/shop/orders.log", "orders"},
      {"./deploy.sh production", "deploy"},
      {"terraform apply -auto-approve", "terraform"},
      {"dmesg | tail", "dmesg"},
  };
  for (const Case& c : cases) EXPECT_EQ(subject_of_command(c.command), c.subject) << c.command;
  EXPECT_EQ(parse_shell_prompt("root@db-1:/var# df -i")->host, "db-1");
  EXPECT_EQ(parse_shell_prompt("root@db-1:/var# df -i")->command, "df -i");
}

}  // namespace
}  // namespace fa
