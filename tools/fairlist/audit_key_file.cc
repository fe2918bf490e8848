#include "tools/fairlist/audit_key_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <expected>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fairlist::cli {

namespace {

std::unexpected<Error> failed(const std::filesystem::path& file, int error) {
    const Errc code = error == EEXIST   ? Errc::Conflict
                      : error == ENOENT ? Errc::NotFound
                                        : Errc::Io;
    return fail(code, fmt::format("{}: {}", file.string(),
                                  error == EEXIST ? "exists already, and stays as it is"
                                                  : std::generic_category().message(error)));
}

}  // namespace

Result<AuditSecretKey> read_audit_key(const std::filesystem::path& file) {
    if (file.empty()) {
        return fail(Errc::NotFound,
                    "no key to sign with: make one with \"fairlist audit key FILE\" and name it as "
                    "key of [audit] in the configuration");
    }
    struct stat state{};
    if (::stat(file.c_str(), &state) != 0) {
        return failed(file, errno);
    }
    if ((state.st_mode & S_IRWXO) != 0) {
        return fail(Errc::Refused,
                    fmt::format("{}: everyone may read this secret key; chmod o= it, and make a "
                                "new one if others could have",
                                file.string()));
    }
    std::string text;
    std::ifstream in(file);
    if (!std::getline(in, text)) {
        return failed(file, errno == 0 ? EIO : errno);
    }
    const auto key = parse_secret_key(text);
    if (!key) {
        return fail(Errc::Malformed, fmt::format("{}: {}", file.string(), key.error().message));
    }
    return *key;
}

Result<void> write_audit_key(const std::filesystem::path& file, const AuditSecretKey& key) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR);
    if (descriptor < 0) {
        return failed(file, errno);
    }
    const std::string text = to_hex(key) + "\n";
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(descriptor) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!written) {
        ::unlink(file.c_str());
        return failed(file, error);
    }
    return {};
}

}  // namespace fairlist::cli
