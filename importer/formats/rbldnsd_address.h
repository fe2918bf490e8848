// RbldnsdAddress: the short and odd ways in which rbldnsd's files write addresses.
#pragma once

#include "listing/base/result.h"
#include "listing/model/address.h"

#include <cstdint>
#include <string_view>

namespace fairlist::importer {

// first <= last, both of one family.
struct AddressRange {
    Address first;
    Address last;
    bool is_prefix = true;  // written as one: it needs no splitting
    unsigned length = 128;  // of the prefix, in the 128-bit space
};

enum class Ip4Syntax : std::uint8_t {
    Set,   // prefix, CIDR or range: "127.0.0", "127/8", "127.16-31"
    Trie,  // prefix or CIDR
    Tset   // one whole address
};

// Leading zeros are decimal, as rbldnsd reads them.
[[nodiscard]] Result<AddressRange> parse_rbldnsd_ip4(std::string_view text, Ip4Syntax syntax,
                                                     bool allow_host_bits);

// "2001:db8", "2001:db8::1", "2001:db8:1:2/64": trailing zero words may be left out.
[[nodiscard]] Result<AddressRange> parse_rbldnsd_ip6(std::string_view text, bool allow_host_bits);

// A /64 as exactly four words, or for an exclusion a whole address.
[[nodiscard]] Result<AddressRange> parse_rbldnsd_ip6tset(std::string_view text, bool exclusion);

}  // namespace fairlist::importer
