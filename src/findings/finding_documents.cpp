#include "findings/finding_documents.h"

#include "findings/finding_fields.h"
#include "formats/json_slices.h"

namespace fa::findings {
namespace {

constexpr int kMostWrappers = 4;  // an array of events of lists of findings, and one to spare

class Reading {
 public:
  explicit Reading(const FindingConsumer& consume) : consume_(consume) {}

  /// Looks by brackets alone for what is inside, so that a list of 100 MB is never one tree.
  void document(const JsonSlice& slice, int wrappers) {
    if (wrappers > kMostWrappers) {
      ++count_.broken;
      return;
    }
    if (slice.is_array()) {
      list(slice.text, wrappers);
      return;
    }
    if (!slice.is_object()) {
      ++count_.broken;
      return;
    }
    JsonMembers members(slice.text);
    std::string_view key;
    JsonSlice value;
    bool wrapper = false;
    while (members.next(key, value)) {
      if (iequals(key, "findings") && value.is_array()) {
        list(value.text, wrappers + 1);
        wrapper = true;
      } else if (key == "detail" && value.is_object()) {
        document(value, wrappers + 1);
        wrapper = true;
      }
    }
    if (!wrapper) finding(slice);
  }

  [[nodiscard]] ReadCount count() const { return count_; }

 private:
  void list(std::string_view array, int wrappers) {
    JsonElements elements(array);
    JsonSlice element;
    while (elements.next(element)) document(element, wrappers + 1);
  }

  void finding(const JsonSlice& slice) {
    const Json value = slice.complete ? parse_json(slice.text) : Json();
    auto read = member(value, "ProductArn").is_string() || member(value, "AwsAccountId").is_string()
                    ? read_asff(value)
                    : read_guardduty(value);
    if (!read) {
      ++count_.broken;
      return;
    }
    ++count_.read;
    consume_(std::move(*read));
  }

  const FindingConsumer& consume_;
  ReadCount count_;
};

}  // namespace

ReadCount read_findings(std::string_view text, const FindingConsumer& consume) {
  text = trim(text);
  Reading reading(consume);
  reading.document({text, true}, 0);
  return reading.count();
}

}  // namespace fa::findings
