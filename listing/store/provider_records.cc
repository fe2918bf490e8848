#include "listing/store/provider_records.h"

#include "listing/store/bytes.h"
#include "listing/store/fields.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kProviderVersion = 1;
constexpr std::uint8_t kRangeVersion = 1;
constexpr unsigned kShowsStanding = 1;
constexpr std::size_t kDomainsMax = 1000;

bool is_known(SpaceOrigin origin) noexcept {
    return origin >= SpaceOrigin::Given && origin <= SpaceOrigin::Feed;
}

}  // namespace

std::string encode_provider(const Provider& provider) {
    ByteWriter out;
    out.u8(kProviderVersion);
    out.u8(static_cast<std::uint8_t>(provider.shows_standing ? kShowsStanding : 0U));
    out.u32(provider.added.seconds);
    out.u32(provider.changed.seconds);
    for (const std::string* text :
         {&provider.name, &provider.abuse, &provider.postmaster, &provider.support,
          &provider.webhook, &provider.policy_url, &provider.space_url, &provider.space_format}) {
        write_cut(out, *text, kProviderTextBytesMax);
    }
    const std::size_t asns = std::min(provider.asns.size(), kProviderAsnsMax);
    out.u16(static_cast<std::uint16_t>(asns));
    for (std::size_t i = 0; i < asns; ++i) {
        out.u32(provider.asns[i]);
    }
    const std::size_t domains = std::min(provider.domains.size(), kDomainsMax);
    out.u16(static_cast<std::uint16_t>(domains));
    for (std::size_t i = 0; i < domains; ++i) {
        out.text(provider.domains[i].text());
    }
    return out.bytes();
}

std::optional<Provider> decode_provider(Bytes slug, Bytes bytes) {
    ByteReader in(bytes);
    Provider provider;
    provider.slug = slug;
    const std::uint8_t version = in.u8();
    provider.shows_standing = (in.u8() & kShowsStanding) != 0;
    provider.added = Time{in.u32()};
    provider.changed = Time{in.u32()};
    for (std::string* text :
         {&provider.name, &provider.abuse, &provider.postmaster, &provider.support,
          &provider.webhook, &provider.policy_url, &provider.space_url, &provider.space_format}) {
        *text = in.text();
    }
    for (std::uint16_t left = in.u16(); left > 0 && in.ok(); --left) {
        provider.asns.push_back(in.u32());
    }
    for (std::uint16_t left = in.u16(); left > 0 && in.ok(); --left) {
        auto name = parse_domain(in.text());
        if (!name) {
            return std::nullopt;
        }
        provider.domains.push_back(std::move(*name));
    }
    if (!in.ok() || !in.at_end() || version != kProviderVersion) {
        return std::nullopt;
    }
    return provider;
}

std::string range_key(const Prefix& prefix) {
    ByteWriter out;
    write_prefix(out, prefix);
    return out.bytes();
}

std::optional<Prefix> key_range(Bytes key) {
    ByteReader in(key);
    const auto prefix = read_prefix(in);
    return in.at_end() ? prefix : std::nullopt;
}

std::string encode_range(const RangeRecord& record) {
    ByteWriter out;
    out.u8(kRangeVersion);
    out.u8(static_cast<std::uint8_t>(record.origin));
    out.u32(record.since.seconds);
    out.text(record.slug);
    return out.bytes();
}

std::optional<RangeRecord> decode_range(Bytes bytes) {
    ByteReader in(bytes);
    RangeRecord record;
    const std::uint8_t version = in.u8();
    record.origin = static_cast<SpaceOrigin>(in.u8());
    record.since = Time{in.u32()};
    record.slug = in.text();
    if (!in.ok() || !in.at_end() || version != kRangeVersion || !is_known(record.origin)) {
        return std::nullopt;
    }
    return record;
}

}  // namespace fairlist::store
