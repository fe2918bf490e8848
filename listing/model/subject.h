// Subject: what an entry lists: an address prefix, a domain name or a digest.
#pragma once

#include "listing/base/result.h"
#include "listing/model/digest.h"
#include "listing/model/domain.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace fairlist {

// What a domain entry covers. These numbers are on disk (FORMAT.md): never reuse one.
enum class NameScope : std::uint8_t {
    Exact = 1,         // "name": the name itself
    Below = 2,         // "*.name": every name below it, at any depth
    ExactAndBelow = 3  // ".name": both
};

struct NameSubject {
    DomainName name;
    NameScope scope = NameScope::Exact;

    friend auto operator<=>(const NameSubject&, const NameSubject&) noexcept = default;
};

using Subject = std::variant<Prefix, NameSubject, Digest>;

// "name", "*.name" or ".name" (as rbldnsd's dnset writes them).
[[nodiscard]] Result<NameSubject> parse_name_subject(std::string_view text);

// As a person writes it; parsed again by parse_prefix, parse_name_subject or parse_digest.
[[nodiscard]] std::string to_string(const NameSubject& subject);
[[nodiscard]] std::string to_string(const Subject& subject);

}  // namespace fairlist
