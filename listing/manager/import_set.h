// ImportSet::Impl: the entries of one import in compact form.
#pragma once

#include "listing/index/range_tree.h"
#include "listing/manager/manager.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// What an entry says, without list and source: the same for most entries of a feed.
struct Saying {
    bool exempt = false;
    ReturnCode code;
    std::uint32_t ttl_seconds = 0;
    Time until;
    std::string reason;

    friend auto operator<=>(const Saying&, const Saying&) noexcept = default;
};

struct ImportSet::Impl {
    struct V6Item {
        Prefix prefix;
        std::uint32_t saying = 0;
        friend auto operator<=>(const V6Item&, const V6Item&) noexcept = default;
    };
    struct NameItem {
        std::string key;  // to_key(), without a list
        NameScope scope = NameScope::Exact;
        std::uint32_t saying = 0;
        friend auto operator<=>(const NameItem&, const NameItem&) noexcept = default;
    };
    struct DigestItem {
        Digest digest;
        std::uint32_t saying = 0;
        friend auto operator<=>(const DigestItem&, const DigestItem&) noexcept = default;
    };

    // IPv4 items in one number, so that sorting numbers sorts entries: address, length, saying.
    static constexpr unsigned kSayingBits = 26;
    static constexpr unsigned kLengthBits = 6;
    static constexpr std::uint64_t pack(const Prefix& prefix, std::uint32_t saying) noexcept {
        return std::uint64_t{prefix.base.v4()} << 32U |
               std::uint64_t{prefix.length - Prefix::kV4Offset} << kSayingBits | saying;
    }
    static constexpr Prefix unpack_prefix(std::uint64_t item) noexcept {
        const auto length = static_cast<unsigned>(item >> kSayingBits) & ((1U << kLengthBits) - 1);
        return {Address::from_v4(static_cast<std::uint32_t>(item >> 32U)),
                static_cast<std::uint8_t>(length + Prefix::kV4Offset)};
    }
    static constexpr std::uint32_t unpack_saying(std::uint64_t item) noexcept {
        return static_cast<std::uint32_t>(item) & ((1U << kSayingBits) - 1);
    }

    std::vector<std::uint64_t> v4;
    std::vector<V6Item> v6;
    std::vector<NameItem> names;
    std::vector<DigestItem> digests;
    std::vector<const Saying*> sayings;
    std::map<Saying, std::uint32_t> numbers;
    std::uint32_t last = 0;
    std::map<Saying, std::uint32_t>::iterator last_at;  // when there is one
    bool sorted = false;

    std::uint32_t number_of(bool exempt, ReturnCode code, std::uint32_t ttl_seconds, Time until,
                            std::string_view reason);
    // Sorts, and drops all but one of several with the same subject, code and exemption.
    void finish();
};

}  // namespace fairlist
