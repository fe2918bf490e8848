#include "listing/model/digest.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32Digits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t kSha1LabelBytes = 40;
constexpr std::size_t kSha256LabelBytes = 52;

constexpr std::array<std::string_view, 5> kLabels = {"", "_email", "_url", "_file", "_cw"};

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Reads digits of `bits` bits each, most significant first; false on any other character or when
// the bits left over at the end are not zero.
bool decode(std::string_view text, std::string_view digits, unsigned bits, Digest& out) noexcept {
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    std::size_t at = 0;
    for (const char c : text) {
        const std::size_t digit = digits.find(to_lower(c));
        if (digit == std::string_view::npos) {
            return false;
        }
        pending = pending << bits | static_cast<std::uint32_t>(digit);
        pending_bits += bits;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            out.bytes[at++] = static_cast<std::uint8_t>(pending >> pending_bits);
            pending &= (1U << pending_bits) - 1;
        }
    }
    out.size = static_cast<std::uint8_t>(at);
    return pending == 0;
}

}  // namespace

Digest digest_from_label(std::string_view label) noexcept {
    Digest digest;
    const bool is_digest =
        (label.size() == kSha1LabelBytes && decode(label, kHexDigits, 4, digest)) ||
        (label.size() == kSha256LabelBytes && decode(label, kBase32Digits, 5, digest));
    return is_digest ? digest : Digest{};
}

DigestClass digest_class_from_label(std::string_view label) noexcept {
    for (std::size_t i = 1; i < kLabels.size(); ++i) {
        if (std::ranges::equal(label, kLabels[i], {}, to_lower)) {
            return static_cast<DigestClass>(i);
        }
    }
    return DigestClass::Plain;
}

std::string_view label_of(DigestClass kind) noexcept {
    return kLabels[static_cast<std::size_t>(kind)];
}

Result<Digest> parse_digest(std::string_view text) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    Digest digest = digest_from_label(label);
    if (label.size() == 2 * kSha256Bytes && !decode(label, kHexDigits, 4, digest)) {
        digest = Digest{};
    }
    if (dot != std::string_view::npos) {
        digest.kind = digest_class_from_label(text.substr(dot + 1));
    }
    const bool bad_class = dot != std::string_view::npos && digest.kind == DigestClass::Plain;
    if (digest.size == 0 || bad_class) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\" is no digest: expected SHA-1 (40 hex digits) or SHA-256 "
                                "(52 Base32 or 64 hex digits), then nothing, ._email, ._url, "
                                "._file or ._cw",
                                text.substr(0, 100)));
    }
    return digest;
}

std::string to_string(const Digest& digest) {
    const bool is_sha1 = digest.size == kSha1Bytes;
    const unsigned bits = is_sha1 ? 4 : 5;
    const std::string_view digits = is_sha1 ? kHexDigits : kBase32Digits;
    std::string text;
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (std::size_t i = 0; i < digest.size; ++i) {
        pending = pending << 8U | digest.bytes[i];
        pending_bits += 8;
        while (pending_bits >= bits) {
            pending_bits -= bits;
            text.push_back(digits[pending >> pending_bits & ((1U << bits) - 1)]);
        }
    }
    if (pending_bits != 0) {
        text.push_back(digits[pending << (bits - pending_bits) & ((1U << bits) - 1)]);
    }
    if (digest.kind != DigestClass::Plain) {
        text.push_back('.');
        text.append(label_of(digest.kind));
    }
    return text;
}

}  // namespace fairlist
