#include "importer/dkim/base64.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace fairlist::importer {

Result<Bytes> decode_base64(std::string_view text, std::size_t bytes_max) {
    Bytes bytes(std::min(bytes_max, text.size()));
    std::size_t size = 0;
    const char* end = nullptr;
    const int code = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(),
                                       " \t\r\n", &size, &end, sodium_base64_VARIANT_ORIGINAL);
    if (code != 0) {
        return fail(Errc::Malformed,
                    fmt::format("no base64 text, or one of more than {} bytes", bytes_max));
    }
    if (end != text.data() + text.size()) {
        return fail(Errc::Malformed, "a character that is none of base64's");
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace fairlist::importer
