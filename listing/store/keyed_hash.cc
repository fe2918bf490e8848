#include "listing/store/keyed_hash.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"

namespace fairlist::store {

KeyedHash::KeyedHash(const SecretKey& key, std::string_view purpose) {
    FAIRLIST_CHECK(crypto_generichash_init(&state_, key.data(), key.size(), Hash32{}.size()) == 0);
    add_part(purpose);
}

KeyedHash& KeyedHash::add(std::string_view bytes) {
    FAIRLIST_CHECK(crypto_generichash_update(&state_,
                                             reinterpret_cast<const unsigned char*>(bytes.data()),
                                             bytes.size()) == 0);
    return *this;
}

KeyedHash& KeyedHash::add_part(std::string_view bytes) {
    return add_number(bytes.size()).add(bytes);
}

KeyedHash& KeyedHash::add_number(std::uint64_t number) {
    ByteWriter out;
    out.u64(number);
    return add(out.bytes());
}

Hash32 KeyedHash::finish() {
    Hash32 hash{};
    FAIRLIST_CHECK(crypto_generichash_final(&state_, hash.data(), hash.size()) == 0);
    return hash;
}

std::uint64_t short_hash(const Hash32& hash) noexcept {
    ByteReader in(as_bytes(hash));
    const std::uint64_t number = in.u64();
    return number == 0 ? 1 : number;
}

std::string_view as_bytes(const Hash32& hash) noexcept {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

SecretKey random_key() {
    FAIRLIST_CHECK(sodium_init() >= 0);
    SecretKey key{};
    randombytes_buf(key.data(), key.size());
    return key;
}

}  // namespace fairlist::store
