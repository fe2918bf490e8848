#include "listing/store/open_failure.h"

#include <fmt/format.h>
#include <lmdb.h>

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace fairlist::store {

namespace fs = std::filesystem;

namespace {

// Bits of the group class in a file's mode.
constexpr mode_t kGroupReads = S_IRGRP;
constexpr mode_t kGroupWrites = S_IRGRP | S_IWGRP;

// One file that opening needs, and with which rights.
struct Need {
    fs::path path;
    int access;       // of faccessat()
    mode_t of_group;  // that give a member of the file's group the same
    std::string_view why;
};

// As the effective user, with which files are opened.
bool is_denied(const Need& need) noexcept {
    return ::faccessat(AT_FDCWD, need.path.c_str(), need.access, AT_EACCESS) != 0 &&
           errno == EACCES;
}

// NOLINTBEGIN(concurrency-mt-unsafe): said once, by the thread that opens the store
std::string user_name(uid_t user) {
    const passwd* entry = ::getpwuid(user);
    return entry == nullptr ? fmt::format("{}", user) : entry->pw_name;
}

std::string group_name(gid_t group) {
    const ::group* entry = ::getgrgid(group);
    return entry == nullptr ? fmt::format("{}", group) : entry->gr_name;
}
// NOLINTEND(concurrency-mt-unsafe)

std::string remedy(const Need& need) {
    struct stat file{};
    if (::stat(need.path.c_str(), &file) != 0) {
        return "run as the owner of the store";
    }
    std::string text = fmt::format("run as its owner {}", user_name(file.st_uid));
    if ((file.st_mode & need.of_group) == need.of_group) {
        text += fmt::format(" or join its group {}", group_name(file.st_gid));
    }
    return text;
}

std::string denied(const Need& need) {
    return fmt::format("store {}: permission denied{}; {}", need.path.string(), need.why,
                       remedy(need));
}

std::string permission_failure(const fs::path& folder, bool read_only) {
    const Need inside{folder, X_OK, S_IXGRP, ""};
    const Need lock{folder / "lock.mdb", R_OK | W_OK, kGroupWrites,
                    " (reading a store needs write access to its lock file)"};
    const Need data = read_only ? Need{folder / "data.mdb", R_OK, kGroupReads, ""}
                                : Need{folder / "data.mdb", R_OK | W_OK, kGroupWrites,
                                       " (changing a store needs write access to it)"};
    for (const Need* need : {&inside, &lock, &data}) {
        if (is_denied(*need)) {
            return denied(*need);
        }
    }
    return denied({folder, W_OK | X_OK, S_IWGRP | S_IXGRP, " (its lock file is to be made)"});
}

}  // namespace

std::string open_failure(const fs::path& folder, int code, bool read_only) {
    switch (code) {
        case EACCES:
            return permission_failure(folder, read_only);
        case MDB_INVALID:
        case MDB_VERSION_MISMATCH:
        case MDB_NOTFOUND:
        case MDB_INCOMPATIBLE:
            return fmt::format("store {}: is no store of Fairlist, or is damaged",
                               (folder / "data.mdb").string());
        default:
            return fmt::format("store {}: {}", folder.string(), mdb_strerror(code));
    }
}

}  // namespace fairlist::store
