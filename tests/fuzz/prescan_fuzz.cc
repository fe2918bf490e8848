// Any bytes as a mail: the limits are kept, and a second pass finds nothing more to take away.

#include "importer/mail/prescan.h"

#include "listing/base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist::importer;
    PrescanLimits limits;
    limits.message_bytes = 2000;
    limits.header_block_bytes = 1000;
    limits.header_bytes = 200;
    limits.headers = 10;
    limits.address_header_colons = 4;
    limits.part_separators = 8;
    limits.boundary_parameters = 3;
    const Prescanned out = prescan(std::string(data, data + size), limits);
    FAIRLIST_CHECK(out.message.size() <= limits.message_bytes);
    FAIRLIST_CHECK(out.message.find('\0') == std::string::npos);
    FAIRLIST_CHECK(out.received.size() <= limits.headers);
    FAIRLIST_CHECK(out.cuts.any() == !cut_texts(out.cuts, limits).empty());
    // Without headers the empty line comes first, and a second pass takes it away.
    if (!out.message.starts_with('\n')) {
        FAIRLIST_CHECK(prescan(out.message, limits).message == out.message);
    }
    return 0;
}
