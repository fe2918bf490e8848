#include "importer/dkim/dkim_verifier.h"

#include "importer/dkim/dkim_canon.h"
#include "importer/dkim/dkim_key.h"
#include "importer/dkim/dkim_signature.h"
#include "importer/dkim/raw_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <expected>
#include <map>
#include <utility>

namespace fairlist::importer {

namespace {

using Verdict = std::expected<void, DkimFault>;

constexpr std::string_view kFieldName = "DKIM-Signature";

// RFC 5322 section 3.6, RFC 2045 section 3.
constexpr std::array<std::string_view, 10> kOnceOnly = {
    "sender", "reply-to",   "to",           "cc",           "subject",
    "date",   "message-id", "mime-version", "content-type", "content-transfer-encoding"};

std::unexpected<DkimFault> no_pass(DkimRule rule, std::string detail = {}) {
    return std::unexpected(DkimFault{rule, std::move(detail)});
}

DkimResult result_of(DkimFault fault, std::optional<DomainName> domain) {
    const std::string_view meaning = meaning_of(fault.rule);
    return {
        fault.rule, std::move(domain),
        fault.detail.empty() ? std::string(meaning) : fmt::format("{}: {}", meaning, fault.detail)};
}

Digest256 header_hash(const RawMail& mail, const RawField& own, const DkimSignature& signature) {
    Sha256 hash;
    for (const RawField* field : signed_fields(mail.fields, signature.names, own)) {
        hash.add(canonical_field(*field, signature.header_canon));
        hash.add("\r\n");
    }
    hash.add(canonical_own_field(own, signature));
    return hash.finish();
}

// What stays the same between the signatures of one mail.
class MailCheck {
  public:
    MailCheck(const RawMail& mail, Time received, DkimKeys& keys)
        : mail_(mail), received_(received), keys_(keys) {}

    DkimResult check(const RawField& own) {
        const auto signature = parse_dkim_signature(own.value);
        if (!signature) {
            return result_of(signature.error(), claimed_domain(own.value));
        }
        const Verdict verdict = check_parsed(own, *signature);
        return result_of(verdict ? DkimFault{DkimRule::Pass, {}} : verdict.error(),
                         signature->domain);
    }

  private:
    // Cheap checks first, and the look-up, which others see, as late as can be.
    Verdict check_parsed(const RawField& own, const DkimSignature& signature) {
        if (auto sound = check_fields(signature); !sound) {
            return sound;
        }
        if (auto sound = check_times(signature); !sound) {
            return sound;
        }
        const BodyHash& body = body_hash(signature);
        if (!std::ranges::equal(body.digest, signature.body_hash)) {
            return no_pass(DkimRule::FailBody);
        }
        // Section 3.5, l=: it must not be larger than the body.
        if (signature.body_bytes.value_or(0) > body.bytes) {
            return no_pass(DkimRule::FailBody, "it is shorter than l= says");
        }
        const auto key = find_key(signature);
        if (!key) {
            return std::unexpected(key.error());
        }
        if (!key->verifies(header_hash(mail_, own, signature), signature.signature)) {
            return no_pass(DkimRule::FailSignature);
        }
        if (key->testing()) {
            return no_pass(DkimRule::Testing);
        }
        if (signature.body_bytes.value_or(body.bytes) < body.bytes) {
            return no_pass(DkimRule::BodyTruncated);
        }
        return {};
    }

    // RFC 5322 wants each of these once. A second one, added on top of a signed mail, is what
    // readers show (RFC 6376 section 8.15), so that the signer does not vouch for what they see.
    [[nodiscard]] Verdict check_fields(const DkimSignature& signature) const {
        const auto present_from = count_fields("from");
        if (present_from == 0 || present_from > std::ranges::count(signature.names, "from")) {
            return no_pass(DkimRule::FromNotSigned);
        }
        for (const std::string_view name : kOnceOnly) {
            const auto covered = std::ranges::count(signature.names, name);
            if (covered > 0 && count_fields(name) > covered) {
                return no_pass(DkimRule::FieldRepeated);
            }
        }
        return {};
    }

    [[nodiscard]] std::ptrdiff_t count_fields(std::string_view name) const {
        return std::ranges::count_if(
            mail_.fields, [&](const RawField& field) { return same_name(field.name, name); });
    }

    [[nodiscard]] Verdict check_times(const DkimSignature& signature) const {
        if (signature.expires && !received_.is_set()) {
            return no_pass(DkimRule::Expired, "it has an end, and when the mail came is unknown");
        }
        if (signature.expires && *signature.expires < received_.seconds) {
            return no_pass(DkimRule::Expired);
        }
        if (received_.is_set() &&
            signature.signed_at.value_or(0) > received_.seconds + kClockSkewSeconds) {
            return no_pass(DkimRule::NotYetSigned);
        }
        return {};
    }

    const BodyHash& body_hash(const DkimSignature& signature) {
        const auto key = std::pair(signature.body_canon, signature.body_bytes);
        const auto [at, is_new] = bodies_.try_emplace(key);
        if (is_new) {
            at->second = hash_body(mail_.body, signature.body_canon, signature.body_bytes);
        }
        return at->second;
    }

    std::expected<DkimKey, DkimFault> find_key(const DkimSignature& signature) {
        if (failed_lookups_ == kFailedLookupsMax) {
            return no_pass(DkimRule::TemporaryError, "too many look-ups for this mail failed");
        }
        const auto records = keys_.find(key_record_name(signature));
        if (!records && records.error().code == Errc::NotFound) {
            return no_pass(DkimRule::KeyMissing);
        }
        if (!records) {
            ++failed_lookups_;
            return no_pass(DkimRule::TemporaryError, records.error().message);
        }
        auto key = choose_dkim_key(*records);
        if (key && key->algorithm() != signature.algorithm) {
            return no_pass(DkimRule::KeyUnusable, "it is of another kind (k=)");
        }
        if (key && key->no_subdomains() && signature.identity_below) {
            return no_pass(DkimRule::KeyUnusable, "it is not for domains below d= (t=s)");
        }
        return key;
    }

    const RawMail& mail_;
    Time received_;
    DkimKeys& keys_;
    std::size_t failed_lookups_ = 0;
    std::map<std::pair<DkimCanon, std::optional<std::uint64_t>>, BodyHash> bodies_;
};

}  // namespace

std::vector<DkimResult> verify_dkim(std::string_view mail, Time received, DkimKeys& keys) {
    const auto split = split_mail(mail);
    if (!split) {
        return {result_of({DkimRule::Malformed, split.error().message}, {})};
    }
    MailCheck check(*split, received, keys);
    std::vector<DkimResult> results;
    for (const RawField& field : split->fields) {
        if (!same_name(field.name, kFieldName)) {
            continue;
        }
        if (results.size() == kSignaturesMax) {
            results.push_back(result_of({DkimRule::TooManySignatures, {}}, {}));
            break;
        }
        results.push_back(check.check(field));
    }
    return results;
}

}  // namespace fairlist::importer
