#include "importer/mail/reader/sandbox.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace fairlist::importer {

namespace {

// GMime takes 140 times the memory of many small parts, of which prescan() leaves 2,000.
[[maybe_unused]] constexpr rlim_t kMemoryBytesMax = rlim_t{512} << 20U;
constexpr rlim_t kProcessorSecondsMax = 60;
constexpr rlim_t kStackBytesMax = rlim_t{8} << 20U;

// AddressSanitizer reserves terabytes, and asks the kernel for more than our list allows.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

bool limit(__rlimit_resource resource, rlim_t value) {
    const rlimit both{value, value};
    return ::setrlimit(resource, &both) == 0;
}

bool limit_resources() {
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, kProcessorSecondsMax) &&
           limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_STACK, kStackBytesMax) && (kSanitized || limit(RLIMIT_AS, kMemoryBytesMax));
}

bool allow_calls(scmp_filter_ctx filter) {
    constexpr std::array kAllowed = {SCMP_SYS(read),
                                     SCMP_SYS(write),
                                     SCMP_SYS(exit),
                                     SCMP_SYS(exit_group),
                                     SCMP_SYS(brk),
                                     SCMP_SYS(munmap),
                                     SCMP_SYS(mremap),
                                     SCMP_SYS(madvise),
                                     SCMP_SYS(futex),
                                     SCMP_SYS(rt_sigreturn),
                                     SCMP_SYS(rt_sigprocmask),
                                     SCMP_SYS(clock_gettime),
                                     SCMP_SYS(gettimeofday),
                                     SCMP_SYS(getpid),
                                     SCMP_SYS(gettid),
                                     SCMP_SYS(sched_yield),
                                     SCMP_SYS(getrandom),
                                     SCMP_SYS(restart_syscall)};
    for (const int call : kAllowed) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) {
            return false;
        }
    }
    // Memory, but none that can be run: without PROT_EXEC in the third argument.
    const scmp_arg_cmp not_to_run{
        .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &not_to_run) != 0) {
            return false;
        }
    }
    // iconv looks for converters that are not loaded: it does without.
    for (const int call : {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(newfstatat), SCMP_SYS(access),
                           SCMP_SYS(readlink)}) {
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0) != 0) {
            return false;
        }
    }
    return true;
}

bool filter_calls() {
    struct Release {
        void operator()(void* filter) const noexcept { seccomp_release(filter); }
    };
    const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
    return filter && allow_calls(filter.get()) && seccomp_load(filter.get()) == 0;
}

}  // namespace

Result<void> enter_sandbox() {
    const bool closed = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                        ::prctl(PR_SET_DUMPABLE, 0) == 0 && limit_resources() &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        (kSanitized || filter_calls());
    if (!closed) {
        return fail(Errc::Io, "the mail reader cannot be closed in");
    }
    return {};
}

}  // namespace fairlist::importer
