#include "server/dns/wire_reader.h"

namespace fairlist::dns {

std::uint64_t WireReader::read_number(std::size_t count) noexcept {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : read_bytes(count)) {
        number = number << 8U | byte;
    }
    return number;
}

}  // namespace fairlist::dns
