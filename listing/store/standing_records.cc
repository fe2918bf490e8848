#include "listing/store/standing_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/fields.h"

#include <cstddef>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kStandingVersion = 1;

bool is_known(Tier tier) noexcept {
    return tier >= Tier::Poor && tier <= Tier::Good;
}

}  // namespace

std::string encode_standing(const Standing& standing) {
    ByteWriter out;
    out.u8(kStandingVersion);
    out.u32(standing.computed.seconds);
    out.u8(static_cast<std::uint8_t>(standing.tier));
    out.u8(static_cast<std::uint8_t>(standing.before));
    out.u32(static_cast<std::uint32_t>(standing.points));
    out.u8(kStandingInputs);
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        out.u64(standing.inputs[i].part);
        out.u64(standing.inputs[i].whole);
        out.u32(static_cast<std::uint32_t>(standing.given[i]));
    }
    return out.bytes();
}

std::optional<Standing> decode_standing(Bytes bytes) {
    ByteReader in(bytes);
    Standing standing;
    const std::uint8_t version = in.u8();
    standing.computed = Time{in.u32()};
    standing.tier = static_cast<Tier>(in.u8());
    standing.before = static_cast<Tier>(in.u8());
    standing.points = static_cast<std::int32_t>(in.u32());
    const std::uint8_t inputs = in.u8();
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        standing.inputs[i].part = in.u64();
        standing.inputs[i].whole = in.u64();
        standing.given[i] = static_cast<std::int32_t>(in.u32());
    }
    if (!in.ok() || !in.at_end() || version != kStandingVersion || inputs != kStandingInputs ||
        !is_known(standing.tier) || !is_known(standing.before)) {
        return std::nullopt;
    }
    return standing;
}

std::string standing_key(std::string_view slug) {
    FAIRLIST_CHECK(slug.size() <= 255);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(slug.size()));
    out.bytes(slug);
    return out.bytes();
}

std::string standing_key(std::string_view slug, std::uint32_t day) {
    ByteWriter out;
    out.bytes(standing_key(slug));
    write_big(out, day);
    return out.bytes();
}

std::optional<StandingKey> key_standing(Bytes key) {
    ByteReader in(key);
    StandingKey found;
    found.slug = in.bytes(in.u8());
    found.day = read_big<std::uint32_t>(in);
    return in.ok() && in.at_end() ? std::optional(std::move(found)) : std::nullopt;
}

std::optional<Standing> standing_before(const Txn& txn, std::string_view slug, std::uint32_t day) {
    const std::string prefix = standing_key(slug);
    Cursor cursor(txn, Table::Standings);
    const bool is_behind = cursor.seek_at_least(standing_key(slug, day));
    const bool good = is_behind ? cursor.previous() : cursor.last();
    return good && cursor.key().starts_with(prefix) ? decode_standing(cursor.value())
                                                    : std::nullopt;
}

// No day of a Time is the last that a key can name.
std::optional<Standing> latest_standing(const Txn& txn, std::string_view slug) {
    return standing_before(txn, slug, UINT32_MAX);
}

std::map<std::string, Tier> latest_tiers(const Txn& txn) {
    std::map<std::string, Tier> tiers;
    Cursor cursor(txn, Table::Standings);
    for (bool good = cursor.first(); good; good = cursor.next()) {
        auto key = key_standing(cursor.key());
        const auto standing = decode_standing(cursor.value());
        if (key && standing) {
            tiers[std::move(key->slug)] = standing->tier;
        }
    }
    return tiers;
}

}  // namespace fairlist::store
