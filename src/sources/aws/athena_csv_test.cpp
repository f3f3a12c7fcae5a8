#include "sources/aws/athena_csv.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/text.h"
#include "formats/csv.h"

namespace fa {
namespace {

using namespace std::string_literals;
using Cells = std::vector<std::optional<std::string>>;

std::string row(const Cells& cells) {
  std::string out;
  append_csv_row(out, cells);
  return out;
}

TEST(AthenaCsv, quotes_what_must_be_quoted_and_nothing_else) {
  struct Case {
    Cells cells;
    std::string text;
  };
  const Case cases[] = {
      {{"a", "b"}, "a,b\r\n"},
      {{"a,b", "c"}, "\"a,b\",c\r\n"},
      {{"say \"no\""}, "\"say \"\"no\"\"\"\r\n"},
      {{"\""}, "\"\"\"\"\r\n"},
      {{"two\nlines", "two\r\nmore"}, "\"two\nlines\",\"two\r\nmore\"\r\n"},
      {{std::nullopt, "", std::nullopt}, ",\"\",\r\n"},
      {{"nul\0inside"s}, "\"nul\0inside\"\r\n"s},
      {{" leading", "trailing "}, "\" leading\",\"trailing \"\r\n"},
      {{"日本語", "é"}, "日本語,é\r\n"},
      {{"bad \xFF byte"}, "bad \xEF\xBF\xBD byte\r\n"},
      {{"tab\there"}, "\"tab\there\"\r\n"},
      {{"=1+1", "'"}, "=1+1,'\r\n"},
      {{}, "\r\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(row(c.cells), c.text);
}

TEST(AthenaCsv, what_is_written_is_read_back) {
  const Cells all[] = {
      {"plain", "with, comma", "with \"quotes\"", "line\nbreak\r\nagain", "", std::nullopt, "nul\0x"s, "日本語", " x "},
      {R"({"cluster":"shop","list":[1,2],"text":"a \"b\" , c"})", "\"\"", "\",\"", ",", "\r", "\n", ";", "|", "\t"},
  };
  std::string text;
  for (const Cells& cells : all) append_csv_row(text, cells);
  std::string_view rest = text;
  for (const Cells& cells : all) {
    CsvRow read;
    ASSERT_EQ(read_csv_row(rest, ',', true, read), CsvStep::kRow);
    ASSERT_EQ(read.cells.size(), cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(read.cells[i], cells[i].value_or("")) << i;
    rest.remove_prefix(read.length);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(AthenaCsv, any_bytes_survive_in_cells_of_any_number) {
  std::uint32_t state = 7;
  const auto next = [&] { return state = state * 1664525U + 1013904223U; };
  for (int round = 0; round < 300; ++round) {
    Cells cells(1 + next() % 5);
    for (auto& cell : cells) {
      std::string bytes;
      for (std::size_t n = (next() >> 16) % 12; n > 0; --n) bytes += "\",\r\n a\0\x7F\xC3\xA9="[(next() >> 20) % 12];
      cell = bytes;
    }
    const std::string text = row(cells);
    CsvRow read;
    ASSERT_EQ(read_csv_row(text, ',', true, read), CsvStep::kRow) << visible(text);
    ASSERT_EQ(read.cells.size(), cells.size()) << visible(text);
    EXPECT_EQ(read.length, text.size());
    for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(read.cells[i], sanitize_utf8(*cells[i])) << visible(text);
  }
}

TEST(AthenaCsv, header_is_names) {
  const std::string_view names[] = {"a", "b c", "d,e"};
  std::string out;
  append_csv_header(out, names);
  EXPECT_EQ(out, "a,b c,\"d,e\"\r\n");
}

}  // namespace
}  // namespace fa
