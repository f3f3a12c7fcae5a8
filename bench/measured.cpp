// Runs a program and says what it took: "SECONDS KIB" (wall clock; maximum resident set, mapped pages included) into a
// file. A program inherits the peak of whoever started it (it survives exec), so the one that starts what is measured
// has to be small: Python is not.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

int main(int count, char** words) {
  if (count < 3) {
    std::fputs("usage: fa_bench_measured RESULT-FILE PROGRAM [ARGUMENT ...]\n", stderr);
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execvp(words[2], words + 2);
    std::perror(words[2]);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    std::perror("fa_bench_measured");
    return 126;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::FILE* result = std::fopen(words[1], "w");
  if (result == nullptr || std::fprintf(result, "%.6f %ld\n", took.count(), usage.ru_maxrss) < 0 ||
      std::fclose(result) != 0) {
    std::perror(words[1]);
    return 126;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
