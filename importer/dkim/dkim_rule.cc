#include "importer/dkim/dkim_rule.h"

#include <algorithm>
#include <array>

namespace fairlist::importer {

namespace {

struct RuleWords {
    DkimRule rule;
    std::string_view name;
    std::string_view meaning;
};

constexpr std::array<RuleWords, 17> kWords = {{
    {DkimRule::Pass, "pass", "the domain signed this mail"},
    {DkimRule::FailBody, "fail-body", "the body is not the one that was signed"},
    {DkimRule::FailSignature, "fail-signature",
     "the signature does not belong to this header and the domain's key"},
    {DkimRule::Testing, "testing",
     "it verifies, but the domain is only testing and is to be treated as if it had not signed"},
    {DkimRule::BodyTruncated, "body-truncated",
     "it verifies, but covers only the beginning of the body, and anyone can have written the "
     "rest"},
    {DkimRule::FromNotSigned, "from-not-signed",
     "the mail has no From line, or one more than was signed"},
    {DkimRule::FieldRepeated, "field-repeated",
     "a header field that may stand only once stands more often than it was signed"},
    {DkimRule::Expired, "expired", "the signature had expired when the mail was received"},
    {DkimRule::NotYetSigned, "not-yet-signed",
     "the signature says that it was made after the mail was received"},
    {DkimRule::KeyMissing, "key-missing", "the domain publishes no such key"},
    {DkimRule::KeyRevoked, "key-revoked", "the domain has revoked the key"},
    {DkimRule::KeyUnusable, "key-unusable", "the domain's key cannot be used for this signature"},
    {DkimRule::WeakKey, "weak-key", "the domain's key is too weak to prove anything"},
    {DkimRule::Unsupported, "unsupported", "this kind of signature is not verified"},
    {DkimRule::Malformed, "malformed", "the signature or the mail's header cannot be read"},
    {DkimRule::TemporaryError, "temporary-error", "the key cannot be looked up now"},
    {DkimRule::TooManySignatures, "too-many-signatures",
     "the mail has more signatures than are looked at"},
}};

}  // namespace

std::string_view to_string(DkimRule rule) noexcept {
    return std::ranges::find(kWords, rule, &RuleWords::rule)->name;
}

std::string_view meaning_of(DkimRule rule) noexcept {
    return std::ranges::find(kWords, rule, &RuleWords::rule)->meaning;
}

}  // namespace fairlist::importer
