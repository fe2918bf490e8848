#include "listing/manager/audit_checkpoint.h"

#include "listing/base/check.h"
#include "listing/store/records.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <expected>
#include <tuple>
#include <vector>

namespace fairlist {

namespace {

constexpr std::string_view kHead = "fairlist-audit 1 ";
constexpr std::size_t kFields = 7;

static_assert(std::tuple_size_v<AuditPublicKey> == crypto_sign_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<AuditSecretKey> == crypto_sign_SECRETKEYBYTES);
static_assert(std::tuple_size_v<AuditSignature> == crypto_sign_BYTES);

const unsigned char* as_unsigned(const std::string& text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string signed_part(const AuditCheckpoint& checkpoint) {
    return fmt::format("{}{} {} {} {}", kHead, checkpoint.number, to_string(checkpoint.time),
                       to_hex(checkpoint.hash), to_hex(checkpoint.key));
}

template <std::size_t Size>
bool read_hex(std::string_view text, std::array<std::uint8_t, Size>& out) noexcept {
    std::size_t size = 0;
    return text.size() == 2 * Size &&
           sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size,
                          nullptr) == 0 &&
           size == Size;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

bool read_number(std::string_view text, std::uint64_t& number) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string text(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

std::string to_line(const AuditCheckpoint& checkpoint) {
    return signed_part(checkpoint) + " " + to_hex(checkpoint.signature);
}

Result<AuditCheckpoint> parse_checkpoint(std::string_view line) {
    const std::vector<std::string_view> words = words_of(line);
    AuditCheckpoint checkpoint;
    const bool has_form = line.starts_with(kHead) && words.size() == kFields;
    const auto time = has_form ? parse_time(words[3]) : Result<Time>(Time{});
    if (!has_form || !time || !read_number(words[2], checkpoint.number) ||
        !read_hex(words[4], checkpoint.hash) || !read_hex(words[5], checkpoint.key) ||
        !read_hex(words[6], checkpoint.signature)) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected \"{}NUMBER TIME HASH KEY "
                                                 "SIGNATURE\", as \"fairlist audit checkpoint\" "
                                                 "prints it",
                                                 line.substr(0, 80), kHead));
    }
    checkpoint.time = *time;
    return checkpoint;
}

AuditCheckpoint sign_checkpoint(const store::AuditHead& head, Time time,
                                const AuditSecretKey& key) {
    AuditCheckpoint checkpoint{head.number, time, head.hash, public_key(key), {}};
    const std::string text = signed_part(checkpoint);
    const int done = crypto_sign_detached(checkpoint.signature.data(), nullptr, as_unsigned(text),
                                          text.size(), key.data());
    FAIRLIST_CHECK(done == 0);
    return checkpoint;
}

bool has_good_signature(const AuditCheckpoint& checkpoint) {
    const std::string text = signed_part(checkpoint);
    return crypto_sign_verify_detached(checkpoint.signature.data(), as_unsigned(text), text.size(),
                                       checkpoint.key.data()) == 0;
}

void save_checkpoint(store::WriteTxn& txn, const AuditCheckpoint& checkpoint) {
    txn.put(store::Table::Checkpoints, store::number_key(checkpoint.number), to_line(checkpoint));
}

std::vector<AuditCheckpoint> read_checkpoints(const store::Txn& txn) {
    std::vector<AuditCheckpoint> all;
    store::Cursor cursor(txn, store::Table::Checkpoints);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        // A line that was tampered with is kept as what it is: a checkpoint that does not hold.
        all.push_back(parse_checkpoint(cursor.value()).value_or(AuditCheckpoint{}));
    }
    return all;
}

AuditSecretKey make_audit_key() {
    FAIRLIST_CHECK(sodium_init() >= 0);
    AuditPublicKey open{};
    AuditSecretKey secret{};
    crypto_sign_keypair(open.data(), secret.data());
    return secret;
}

AuditPublicKey public_key(const AuditSecretKey& key) noexcept {
    AuditPublicKey open{};
    std::copy(key.end() - open.size(), key.end(), open.begin());
    return open;
}

Result<AuditPublicKey> parse_public_key(std::string_view text) {
    AuditPublicKey key{};
    if (!read_hex(text, key)) {
        return fail(Errc::Malformed, "a public key of the audit log is 64 hex digits");
    }
    return key;
}

Result<AuditSecretKey> parse_secret_key(std::string_view text) {
    AuditSecretKey key{};
    AuditPublicKey open{};
    // The public half must be the seed's own: signatures of a mixed pair would give the key away.
    AuditSecretKey whole{};
    if (!read_hex(text, key) ||
        crypto_sign_seed_keypair(open.data(), whole.data(), key.data()) != 0 || whole != key) {
        return fail(Errc::Malformed,
                    "not a secret key of the audit log: 128 hex digits, as "
                    "\"fairlist audit key\" writes them");
    }
    return key;
}

}  // namespace fairlist
