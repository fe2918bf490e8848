// Any bytes as a table of networks: what it tells keeps its promises, and the reads' sizes change
// nothing.

#include "importer/networks/network_text.h"
#include "importer/networks/open_networks.h"
#include "listing/base/check.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr std::uint32_t kErrorsMax = 5;

constexpr std::array kAsked = std::to_array<std::string_view>(
    {"0.0.0.0", "1.0.0.1", "10.0.0.1", "192.0.2.1", "192.0.2.130", "255.255.255.255",
     "::", "2001:db8::1", "2001:db8:1::1",
     "2002:c000:0201::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"});

struct Seen {
    std::string error;
    std::vector<std::optional<Network>> networks;
    std::vector<std::string> faults;

    bool operator==(const Seen&) const = default;
};

void check(const Network& network) {
    FAIRLIST_CHECK(network.asn != 0);
    FAIRLIST_CHECK(network.name.size() <= kNetworkNameBytesMax);
    FAIRLIST_CHECK(tidy_text(network.name, kNetworkNameBytesMax) == network.name);
    FAIRLIST_CHECK(parse_country(network.country) == network.country);
}

Seen read(std::string_view bytes, std::size_t piece) {
    std::size_t at = 0;
    Input input("nets", [&](std::span<char> out) -> Result<std::size_t> {
        const std::size_t count = std::min({out.size(), piece, bytes.size() - at});
        std::memcpy(out.data(), bytes.data() + at, count);
        at += count;
        return count;
    });
    Seen seen;
    const auto table = read_networks({"nets", {}, std::move(input)}, {.max_errors = kErrorsMax});
    if (!table) {
        seen.error = table.error().message;
        FAIRLIST_CHECK(seen.error.starts_with("nets: "));
        return seen;
    }
    for (const std::string_view text : kAsked) {
        seen.networks.push_back((*table)->find(parse_address(text).value()));
        if (seen.networks.back()) {
            check(*seen.networks.back());
        }
    }
    for (const std::string& fault : (*table)->faults()) {
        FAIRLIST_CHECK(fault.starts_with("nets:"));
        seen.faults.push_back(fault);
    }
    FAIRLIST_CHECK(seen.faults.size() <= kErrorsMax);
    FAIRLIST_CHECK(!(*table)->source().empty() && !(*table)->is_stale());
    return seen;
}

}  // namespace
}  // namespace fairlist::importer

// libmaxminddb 1.7 forgets some memory when the description in the metadata of a file is damaged
// (its pull request 356).
extern "C" const char* __lsan_default_suppressions();   // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libmaxminddb\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const auto whole = fairlist::importer::read(bytes, SIZE_MAX);
    const auto in_pieces = fairlist::importer::read(bytes, 7);
    FAIRLIST_CHECK(whole == in_pieces);
    return 0;
}
