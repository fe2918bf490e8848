// libmaxminddb 1.7 forgets some memory when the description in the metadata of a file is damaged
// (its pull request 356). Builds without a leak checker never call this.

extern "C" const char* __lsan_default_suppressions();   // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libmaxminddb\n";
}
