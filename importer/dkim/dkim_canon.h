// DkimCanon: the two forms in which header and body are hashed (RFC 6376 section 3.4).
#pragma once

#include "importer/dkim/raw_mail.h"
#include "importer/dkim/sha256.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

enum class DkimCanon : std::uint8_t { Simple, Relaxed };

// The field without its last CRLF. Whatever ends its lines, folds become CRLF (simple) or nothing.
[[nodiscard]] std::string canonical_field(const RawField& field, DkimCanon canon);

using CanonSink = std::function<void(std::string_view)>;

// Hands the body on in pieces; lines end in CRLF whatever ended them. Linear time, bounded memory.
void canonical_body(std::string_view body, DkimCanon canon, const CanonSink& sink);

struct BodyHash {
    Digest256 digest{};
    std::uint64_t bytes = 0;  // of the canonical body, hashed or not
};

// `limit`: how many bytes of the canonical body are hashed (l=, section 3.4.5); not set: all.
[[nodiscard]] BodyHash hash_body(std::string_view body, DkimCanon canon,
                                 std::optional<std::uint64_t> limit);

// The fields that h= stands for: of several with one name each mention takes the next from the
// bottom, and what is not there counts as nothing (section 5.4.2). `own` is the signature's own
// field, which is never one of them (section 3.5, h=).
[[nodiscard]] std::vector<const RawField*> signed_fields(std::span<const RawField> fields,
                                                         std::span<const std::string> names,
                                                         const RawField& own);

}  // namespace fairlist::importer
