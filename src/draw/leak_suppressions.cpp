// Compiled into every sanitized program that paints. Fontconfig keeps pointers as offsets, so that LeakSanitizer takes
// what its caches hold for lost (a thousand pictures need as much memory as ten). Cairo 1.16 loses 768 bytes for every
// font that it embeds in a PDF, an index of its CFF subsetter.

extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libcairo.so\n"; }
