// DomainName: a canonical domain name, and the key that sorts a domain before what lies below it.
#pragma once

#include "listing/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist {

// Lower-case A-labels without a trailing dot: "xn--bcher-kva.example". Labels of 1 to 63 bytes of
// printable ASCII other than a dot, at most 253 bytes in all (RFC 1035 section 2.3.4, the 255
// octets of the wire less the root and one length octet). Never empty.
class DomainName {
  public:
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    friend auto operator<=>(const DomainName&, const DomainName&) noexcept = default;

  private:
    friend Result<DomainName> parse_domain(std::string_view text);
    explicit DomainName(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

// Accepts a trailing dot, upper case and U-labels in UTF-8 (converted by IDNA 2008, RFC 5891).
// Underscores are allowed (RFC 8552).
[[nodiscard]] Result<DomainName> parse_domain(std::string_view text);

// The labels from the root down, each followed by a zero byte: "a.example" gives
// "example\0a\0". So the names below a name are exactly the keys that begin with its key and are
// longer. At most 254 bytes.
[[nodiscard]] std::string to_key(const DomainName& name);
[[nodiscard]] Result<DomainName> domain_from_key(std::string_view key);

}  // namespace fairlist
