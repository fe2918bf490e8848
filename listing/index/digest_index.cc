#include "listing/index/digest_index.h"

#include "listing/index/name_index.h"

#include <cstdint>
#include <cstring>

namespace fairlist::index {

using store::Bytes;

namespace {

struct Key {
    std::array<char, 3 + kSha256Bytes> bytes;
    std::size_t size;

    [[nodiscard]] Bytes view() const noexcept { return {bytes.data(), size}; }
};

Key make_key(ListId list, const Digest& digest) noexcept {
    Key key{};
    const auto number = static_cast<std::uint16_t>(list);
    key.bytes[0] = static_cast<char>(number >> 8U);
    key.bytes[1] = static_cast<char>(number & 0xFFU);
    key.bytes[2] = static_cast<char>(digest.kind);
    std::memcpy(key.bytes.data() + 3, digest.bytes.data(), digest.size);
    key.size = 3U + digest.size;
    return key;
}

}  // namespace

std::string digest_key(ListId list, const Digest& digest) {
    return std::string(make_key(list, digest).view());
}

DigestIndex::DigestIndex(const store::Txn& txn) : cursor_(txn, store::Table::Digests) {}

void DigestIndex::renew(const store::Snapshot& snapshot) {
    cursor_.renew(snapshot);
}

Bytes DigestIndex::find(ListId list, const Digest& digest) {
    const Key key = make_key(list, digest);
    return cursor_.seek(key.view()) ? cursor_.value() : Bytes{};
}

bool DigestIndex::any_listed(ListId list, DigestClass kind, Time now) {
    Digest none;
    none.kind = kind;
    const Key key = make_key(list, none);
    bool found = cursor_.seek_at_least(key.view());
    for (unsigned step = 0; found && cursor_.key().starts_with(key.view()); ++step) {
        if (step == kBelowStepsMax || is_listed(cursor_.value(), NameScope::Exact, now)) {
            return true;
        }
        found = cursor_.next();
    }
    return false;
}

}  // namespace fairlist::index
