#include "analysis/text/named_subject.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(SubjectNamedIn, reads_whom_kernels_supervisors_and_shells_speak_of) {
  struct Case {
    std::string_view line;
    std::string_view subject;
  };
  const Case cases[] = {
      {"Out of memory: Killed process 1874 (java) total-vm:1kB", "java"},
      {"oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/system.slice/quotes.service,task=java,pid=1874", "quotes"},
      {"oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/shop/cart,task_memcg=/shop/cart,task=node,pid=7", "cart"},
      {"oom-kill:task_memcg=/docker/0a1b2c3d4e5f60718293a4b5c6d7e8f9,task=node,pid=7", ""},
      {"oom-kill:task_memcg=/kubepods.slice/kubepods-burstable.slice/cri-containerd-0a1b.scope,task=node", ""},
      {"[88120.551201] resizer[5120]: segfault at 10 ip 00007f", "resizer"},
      {"haproxy.service: Main process exited, code=exited, status=1/FAILURE", "haproxy"},
      {"Failed to start postgresql@15-main.service - PostgreSQL Cluster", "postgresql@15-main"},
      {"exited: resizer (terminated by SIGSEGV (core dumped); not expected)", "resizer"},
      {"Back-off restarting failed container invoices in pod invoices-5f7b6c9d77-zt4mw_shop", "invoices"},
      {"4s Warning Failed pod/ledger-7c6d5b8f94-m4x7q Error: secret not found", "ledger"},
      {"/usr/local/bin/nightly-dump.sh: line 41: syntax error near unexpected token `fi'", "nightly-dump"},
      {"fatal: [mon-2]: FAILED! => {}", "mon-2"},
      {"connection refused", ""},
      {"", ""},
      {"in main.c: 12", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(subject_named_in(c.line), c.subject) << c.line;
}

TEST(SpeakerNamedIn, is_the_script_or_host_a_line_begins_with) {
  EXPECT_EQ(speaker_named_in("./sync.sh: line 12: TARGET: unbound variable"), "sync");
  EXPECT_EQ(speaker_named_in("fatal: [mon-2]: FAILED! => {}"), "mon-2");
  EXPECT_EQ(speaker_named_in("a.service: Failed with result 'exit-code'."), "");
}

TEST(IsObserver, knows_who_reports_on_others) {
  EXPECT_TRUE(is_observer("kernel"));
  EXPECT_TRUE(is_observer("CRON"));
  EXPECT_FALSE(is_observer("checkout"));
  EXPECT_FALSE(is_observer(""));
}

}  // namespace
}  // namespace fa
