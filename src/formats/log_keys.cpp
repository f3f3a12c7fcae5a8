#include "formats/log_keys.h"

#include "formats/log_text.h"

namespace fa {
namespace {

struct Entry {
  std::string_view key;
  LogRole role;
  std::uint8_t rank;
};

using enum LogRole;

constexpr Entry kEntries[] = {
    {"timestamp", kTime, 0},
    {"time", kTime, 1},
    {"ts", kTime, 1},
    {"asctime", kTime, 1},
    {"tdate", kTime, 1},  // MongoDB: {"t":{"$date":...}}
    {"timemillis", kTime, 1},
    {"timetimestamp", kTime, 1},  // loguru: record.time.timestamp
    {"logtime", kTime, 2},
    {"logtimestamp", kTime, 2},
    {"eventtime", kTime, 2},
    {"eventtimestamp", kTime, 2},
    {"timestampms", kTime, 2},
    {"timeunixnano", kTime, 2},
    {"realtimetimestamp", kTime, 2},  // journald
    {"writtenat", kTime, 2},
    {"timeiso8601", kTime, 2},
    {"timelocal", kTime, 3},
    {"localtime", kTime, 3},
    {"datetime", kTime, 3},
    {"date", kTime, 4},
    {"t", kTime, 4},
    {"@t", kTime, 0},  // Serilog
    {"eventcreated", kTime, 5},
    {"observedtimestamp", kTime, 6},
    {"receivetimestamp", kTime, 7},
    {"awstimestamp", kTime, 8},  // Embedded Metric Format
    {"timestampseconds", kTimeSeconds, 0},
    {"instantepochsecond", kTimeSeconds, 0},
    {"timestampnanos", kTimeNanos, 0},
    {"instantnanoofsecond", kTimeNanos, 0},

    {"level", kLevel, 0},
    {"severity", kLevel, 0},
    {"loglevel", kLevel, 0},
    {"levelname", kLevel, 0},
    {"lvl", kLevel, 1},
    {"severitytext", kLevel, 1},
    {"@l", kLevel, 2},  // Serilog @l
    {"logseverity", kLevel, 2},
    {"syslogseverityname", kLevel, 2},
    {"syslogseverity", kLevel, 3},
    {"priority", kLevel, 4},
    {"s", kLevel, 5},  // MongoDB
    {"levelno", kPythonLevel, 0},
    {"severitynumber", kOtelLevel, 0},

    {"message", kMessage, 0},
    {"msg", kMessage, 0},
    {"renderedmessage", kMessage, 0},
    {"shortmessage", kMessage, 0},  // GELF
    {"@m", kMessage, 1},            // Serilog
    {"@mt", kMessage, 2},
    {"messagetemplate", kMessage, 2},
    {"logmessage", kMessage, 1},
    {"textpayload", kMessage, 1},
    {"log", kMessage, 2},
    {"text", kMessage, 4},
    {"event", kMessage, 4},
    {"body", kMessage, 4},
    {"bodystringvalue", kMessage, 4},

    {"logger", kLogger, 0},
    {"loggername", kLogger, 0},
    {"loglogger", kLogger, 0},
    {"sourcecontext", kLogger, 0},
    {"category", kLogger, 2},
    {"caller", kLogger, 3},
    {"name", kLogger, 4},
    {"target", kLogger, 4},
    {"module", kLogger, 5},
    {"component", kLogger, 5},
    {"class", kLogger, 5},
    {"c", kLogger, 6},

    {"servicename", kService, 0},
    {"service", kService, 1},
    {"ddservice", kService, 1},
    {"resourceservicename", kService, 1},
    {"appname", kService, 2},
    {"applicationname", kService, 2},
    {"application", kService, 2},
    {"app", kService, 2},
    {"kuberneteslabelsapp", kService, 3},
    {"kuberneteslabelsappkubernetesioname", kService, 3},
    {"kubernetescontainername", kService, 4},
    {"k8scontainername", kService, 4},
    {"resourcelabelscontainername", kService, 4},
    {"containername", kService, 5},
    {"syslogidentifier", kService, 5},
    {"functionname", kService, 6},
    {"program", kService, 7},

    {"serviceinstanceid", kInstance, 0},
    {"kubernetespodname", kInstance, 1},
    {"k8spodname", kInstance, 1},
    {"resourcelabelspodname", kInstance, 1},
    {"podname", kInstance, 1},
    {"pod", kInstance, 1},
    {"instance", kInstance, 2},
    {"instanceid", kInstance, 2},
    {"hostname", kInstance, 3},
    {"host", kInstance, 4},

    {"traceid", kTraceId, 0},
    {"oteltraceid", kTraceId, 0},
    {"ddtraceid", kTraceId, 1},
    {"xraytraceid", kTraceId, 1},
    {"xamzntraceid", kTraceId, 1},
    {"xb3traceid", kTraceId, 1},
    {"loggingcomgoogleapistrace", kTraceId, 1},
    {"loggingclouddotgooglecomtrace", kTraceId, 1},
    {"logginggoogleapiscomtrace", kTraceId, 1},
    {"trace", kTraceId, 2},
    {"@tr", kTraceId, 3},

    {"spanid", kSpanId, 0},
    {"otelspanid", kSpanId, 0},
    {"ddspanid", kSpanId, 1},
    {"xb3spanid", kSpanId, 1},
    {"logginggoogleapiscomspanid", kSpanId, 1},
    {"span", kSpanId, 2},
    {"@sp", kSpanId, 3},

    {"errortype", kErrorType, 0},
    {"exceptiontype", kErrorType, 0},
    {"exceptionclass", kErrorType, 0},
    {"exceptionexceptionclass", kErrorType, 0},
    {"errtype", kErrorType, 1},
    {"errorname", kErrorType, 1},
    {"errname", kErrorType, 1},
    {"errorclass", kErrorType, 1},
    {"errorkind", kErrorType, 1},
    {"exceptionname", kErrorType, 1},
    {"thrownname", kErrorType, 1},

    {"errormessage", kErrorMessage, 0},
    {"exceptionmessage", kErrorMessage, 0},
    {"exceptionexceptionmessage", kErrorMessage, 0},
    {"errmessage", kErrorMessage, 0},
    {"thrownmessage", kErrorMessage, 0},
    {"errormsg", kErrorMessage, 1},
    {"errmsg", kErrorMessage, 1},
    {"error", kErrorMessage, 2},
    {"err", kErrorMessage, 2},

    {"errorstacktrace", kErrorStack, 0},
    {"exceptionstacktrace", kErrorStack, 0},
    {"stacktrace", kErrorStack, 0},
    {"errorstack", kErrorStack, 0},
    {"errstack", kErrorStack, 0},
    {"exceptionstack", kErrorStack, 0},
    {"thrownextendedstacktrace", kErrorStack, 0},
    {"excinfo", kErrorStack, 1},
    {"exctext", kErrorStack, 1},
    {"traceback", kErrorStack, 1},
    {"errorverbose", kErrorStack, 1},  // zap
    {"exception", kErrorStack, 2},
    {"stack", kErrorStack, 2},
    {"@x", kErrorStack, 3},           // Serilog
    {"fullmessage", kErrorStack, 4},  // GELF
};

constexpr std::size_t kSlots = 512;

constexpr std::size_t slot_of(std::string_view key) {
  std::uint32_t h = 2166136261U;
  for (const char c : key) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return (h ^ (h >> 15)) % kSlots;
}

/// Open addressing over kEntries: 0 is empty, else index + 1.
constexpr auto kTable = [] {
  std::array<std::uint8_t, kSlots> table{};
  std::uint8_t index = 0;
  for (const Entry& entry : kEntries) {
    std::size_t slot = slot_of(entry.key);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = ++index;
  }
  return table;
}();

constexpr std::string_view kTransparent[] = {"jsonpayload", "fields",  "record", "attributes", "context",    "mdc",
                                             "contextmap",  "extra",   "labels", "resource",   "properties", "data",
                                             "structured",  "payload", "attrs",  "attr",       "metadata"};

}  // namespace

void KeyPath::append(std::string_view key) {
  const bool serilog = key.size() <= 3 && !key.empty() && key[0] == '@';  // @t, @mt, @x: the sign tells them apart
  for (const char c : key) {
    const bool plain = serilog || is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
    if (!plain) continue;
    if (size_ >= buffer_.size()) {
      size_ = buffer_.size() + 1;
      return;
    }
    buffer_[size_++] = lower(c);
  }
}

KeyMeaning meaning_of_key(std::string_view normalised_path) {
  if (normalised_path.empty()) return {};
  for (std::size_t slot = slot_of(normalised_path); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const Entry& entry = kEntries[kTable[slot] - 1];
    if (entry.key == normalised_path) return {entry.role, entry.rank};
  }
  return {};
}

bool is_transparent_key(std::string_view normalised_path) {
  for (const auto key : kTransparent) {
    if (key == normalised_path) return true;
  }
  return false;
}

}  // namespace fa
