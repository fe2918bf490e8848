// DkimRule: what became of one DKIM signature, and the words for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

// Only Pass says that the domain vouches for the whole mail.
enum class DkimRule : std::uint8_t {
    Pass,
    FailBody,           // the body is not the one that was signed
    FailSignature,      // the signature does not belong to these header lines and this key
    Testing,            // it verifies, but the domain says that it is only trying (t=y)
    BodyTruncated,      // it verifies, but the body goes on where it ends (l=)
    FromNotSigned,      // the mail has no From line, or more of them than were signed
    FieldRepeated,      // a field that may stand once stands twice, and not each is signed
    Expired,            // x= lies before the mail was received
    NotYetSigned,       // t= lies after it
    KeyMissing,         // the domain publishes no such key
    KeyRevoked,         // p= is empty
    KeyUnusable,        // no key can be read there, or it is not for this signature
    WeakKey,            // RSA below 1024 bits, or with an exponent that proves nothing
    Unsupported,        // an algorithm or a way that is not verified, rsa-sha1 among them
    Malformed,          // the mail's header or the signature breaks the grammar
    TemporaryError,     // the key could not be looked up now
    TooManySignatures,  // this one and those below it were not looked at
};

// Stable: scripts read them.
[[nodiscard]] std::string_view to_string(DkimRule rule) noexcept;

// What the rule means: "the body is not the one that was signed".
[[nodiscard]] std::string_view meaning_of(DkimRule rule) noexcept;

// Why a signature, a key or a mail cannot be used. `detail` may be empty. It never quotes the mail
// or the key's record: selectors and identities may name a trap.
struct DkimFault {
    DkimRule rule = DkimRule::Malformed;
    std::string detail;
};

}  // namespace fairlist::importer
