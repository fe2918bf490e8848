#include "listing/manager/feed_record.h"

#include "listing/store/bytes.h"

#include <cstdint>
#include <string_view>

namespace fairlist {

namespace {

constexpr std::uint8_t kFeedVersion = 1;
constexpr std::size_t kTextBytesMax = 2000;

// Bits of the flags.
constexpr unsigned kHeld = 1;
constexpr unsigned kRolledBack = 2;

std::string_view cut(std::string_view text) noexcept {
    return text.substr(0, kTextBytesMax);
}

}  // namespace

std::string encode_feed(const FeedState& state) {
    store::ByteWriter out;
    out.u8(kFeedVersion);
    out.u8(static_cast<std::uint8_t>((state.held ? kHeld : 0U) |
                                     (state.rolled_back ? kRolledBack : 0U)));
    out.u64(state.version);
    out.u32(state.imported.seconds);
    out.u32(state.checked.seconds);
    out.u64(state.entries);
    out.text(cut(state.digest));
    out.text(cut(state.etag));
    out.text(cut(state.last_modified));
    out.text(cut(state.last_error));
    out.text(cut(state.held_why));
    out.u32(state.data_end.seconds);
    return out.bytes();
}

std::optional<FeedState> decode_feed(store::Bytes name, store::Bytes record) {
    store::ByteReader in(record);
    FeedState state;
    state.name = name;
    const std::uint8_t version = in.u8();
    const unsigned flags = in.u8();
    state.held = (flags & kHeld) != 0;
    state.rolled_back = (flags & kRolledBack) != 0;
    state.version = in.u64();
    state.imported = Time{in.u32()};
    state.checked = Time{in.u32()};
    state.entries = in.u64();
    state.digest = in.text();
    state.etag = in.text();
    state.last_modified = in.text();
    state.last_error = in.text();
    state.held_why = in.text();
    // Records of before it was kept end here.
    state.data_end = Time{in.at_end() ? 0 : in.u32()};
    if (!in.ok() || version != kFeedVersion) {
        return std::nullopt;
    }
    return state;
}

}  // namespace fairlist
