// fairlist-mail: reads mails from its standard input, one frame each, and answers each with the
// frame of a record. Started by MailChild; not for people.

#include "importer/mail/reader/mail_reader.h"
#include "importer/mail/reader/sandbox.h"

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

using namespace fairlist::importer;

constexpr std::size_t kMailBytesMax = std::size_t{64} << 20U;

bool read_exactly(std::string& out, std::size_t bytes) {
    out.resize(bytes);
    for (std::size_t at = 0; at < bytes;) {
        const ssize_t got = ::read(STDIN_FILENO, out.data() + at, bytes - at);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        at += got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

int main() {
    prepare_mail_reader();
    if (!enter_sandbox()) {
        return 1;
    }
    std::string bytes;
    while (read_exactly(bytes, kFrameHeadBytes)) {
        const std::size_t size = frame_bytes(bytes);
        if (size > kMailBytesMax || !read_exactly(bytes, size)) {
            return 1;
        }
        const std::string record = encode_record(read_mail(bytes));
        if (!write_all(frame_head(record.size()) + record)) {
            return 1;
        }
    }
    return 0;
}
