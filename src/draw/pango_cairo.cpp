#include "draw/pango_cairo.h"

#include <dlfcn.h>
#include <fmt/core.h>

namespace fa {

#define FA_DEFINE_POINTER(name) decltype(&::name) name = nullptr;
FA_PANGO_CAIRO_FUNCTIONS(FA_DEFINE_POINTER)
#undef FA_DEFINE_POINTER

namespace {

// The one library that depends on all of the others: what is looked up in it is looked up in them too. The number is
// that of its binary interface, which the headers belong to.
constexpr const char* kLibrary = "libpangocairo-1.0.so.0";

tl::unexpected<Error> not_loaded() {
  const char* reason = dlerror();
  return fail(ErrorCode::kUnavailable, fmt::format("pictures and PDFs need {}, which cannot be used: {}", kLibrary,
                                                   reason == nullptr ? "no reason given" : reason));
}

template <class Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

Result<void> load() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) return not_loaded();
#define FA_FIND(name) \
  if (!find(library, #name, name)) return not_loaded();
  FA_PANGO_CAIRO_FUNCTIONS(FA_FIND)
#undef FA_FIND
  return {};
}

}  // namespace

Result<void> load_pango_cairo() {
  static const Result<void> loaded = load();
  return loaded;
}

}  // namespace fa
