// Envelope text: words of a mail's envelope, made harmless and compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kEnvelopeTextBytesMax = 255;

// The first kEnvelopeTextBytesMax bytes; what is not printable ASCII becomes "?".
[[nodiscard]] std::string envelope_text(std::string_view raw);

// Equal but for the case of ASCII letters, as verbs and keywords are compared (RFC 5321
// section 2.4).
[[nodiscard]] bool same_keyword(std::string_view a, std::string_view b) noexcept;

// Takes what comes before the first blank, and all blanks behind it, off the front of `text`.
[[nodiscard]] std::string_view take_argument(std::string_view& text) noexcept;

}  // namespace fairlist::importer
