#include "importer/policy/policy_fields.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/host_name.h"
#include "importer/formats/utf8_line.h"
#include "listing/base/check.h"
#include "listing/base/suggestion.h"
#include "listing/model/contact.h"
#include "listing/model/provider.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <expected>
#include <system_error>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::array kDocumentFields = std::to_array<PolicyFieldRow>({
    {PolicyField::MailPolicy, "mail_policy", true},
    {PolicyField::Provider, "provider", true},
    {PolicyField::Published, "published", true},
    {PolicyField::Ranges, "ranges", true},
    {PolicyField::Exemptions, "exemptions"},
});
constexpr std::array kProviderFields = std::to_array<PolicyFieldRow>({
    {PolicyField::Name, "name", true},
    {PolicyField::Asn, "asn"},
    {PolicyField::Abuse, "abuse"},
    {PolicyField::Support, "support"},
});
constexpr std::array kHeadFields = std::to_array<PolicyFieldRow>({
    {PolicyField::MailPolicy, "mail_policy", true},
    {PolicyField::Name, "name", true},
    {PolicyField::Asn, "asn"},
    {PolicyField::Abuse, "abuse"},
    {PolicyField::Support, "support"},
    {PolicyField::Published, "published", true},
});
constexpr std::array kRangeFields = std::to_array<PolicyFieldRow>({
    {PolicyField::Prefix, "prefix", true},
    {PolicyField::Use, "use", true},
    {PolicyField::DirectMail, "direct_mail"},
    {PolicyField::Port25, "port25"},
    {PolicyField::Ptr, "ptr"},
    {PolicyField::Smarthost, "smarthost"},
    {PolicyField::Policy, "policy"},
    {PolicyField::Customer, "customer"},
    {PolicyField::Contact, "contact"},
    {PolicyField::Since, "since"},
});
constexpr std::array kExemptionFields = std::to_array<PolicyFieldRow>({
    {PolicyField::Prefix, "prefix", true},
    {PolicyField::Reason, "reason", true},
    {PolicyField::Customer, "customer"},
    {PolicyField::Until, "until"},
});

// What a policy may say; "mail-service" is for us to say.
constexpr std::string_view kUses =
    "dynamic, static, shared, dedicated, assigned, smarthost, quarantine, infrastructure or "
    "unassigned";

template <typename Value>
Result<void> take(Result<Value> value, Value& out) {
    if (!value) {
        return std::unexpected(std::move(value.error()));
    }
    out = std::move(*value);
    return {};
}

Result<void> take_text(std::string_view text, std::size_t bytes_max, std::string& out) {
    if (text.size() > bytes_max) {
        return fail(Errc::OutOfRange, fmt::format("has {} bytes: at most {} are shown, so say it "
                                                  "shorter",
                                                  text.size(), bytes_max));
    }
    if (!is_utf8_line(text)) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": expected one line of text without control characters",
                                excerpt(text)));
    }
    out = text;
    return {};
}

Result<void> take_use(std::string_view text, SpaceUse& out) {
    const auto use = parse_space_use(text);
    if (!use || *use == SpaceUse::MailService) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected {}", excerpt(text), kUses));
    }
    out = *use;
    return {};
}

Result<void> take_date(std::string_view text, Time& out) {
    const auto time = parse_time(text);
    // Unix seconds are no date that people write.
    if (!time || text.find('-') == std::string_view::npos) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": expected a day such as 2026-11-21 or a time in UTC such "
                                "as 2026-11-21T08:30:00Z",
                                excerpt(text)));
    }
    out = *time;
    return {};
}

Result<void> take_host(std::string_view text, std::string& out) {
    const auto name = parse_host_name(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    if (name->scope != NameScope::Exact || name->name.text().find('.') == std::string::npos) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected the full name of a host such as "
                                                 "smtp.example.net",
                                                 excerpt(text)));
    }
    out = name->name.text();
    return {};
}

// A mail address or a page.
Result<void> take_contact(std::string_view text, std::string& out) {
    constexpr std::string_view kHttps = "https://";
    return take(text.starts_with(kHttps) ? parse_https_url(text) : parse_mailbox(text), out);
}

}  // namespace

std::string_view to_string(PolicyRow row) noexcept {
    constexpr std::array<std::string_view, 5> kNames = {"document", "provider", "policy", "range",
                                                        "exemption"};
    return kNames[static_cast<std::size_t>(row)];
}

std::span<const PolicyFieldRow> fields_of(PolicyRow row) noexcept {
    switch (row) {
        case PolicyRow::Document:
            return kDocumentFields;
        case PolicyRow::Provider:
            return kProviderFields;
        case PolicyRow::Head:
            return kHeadFields;
        case PolicyRow::Range:
            return kRangeFields;
        case PolicyRow::Exemption:
            break;
    }
    return kExemptionFields;
}

const PolicyFieldRow* find_field(PolicyRow row, std::string_view name) noexcept {
    const auto fields = fields_of(row);
    const auto found = std::ranges::find(fields, name, &PolicyFieldRow::name);
    return found == fields.end() ? nullptr : &*found;
}

std::string unknown_field(PolicyRow row, std::string_view name) {
    std::vector<std::string> known;
    for (const PolicyFieldRow& field : fields_of(row)) {
        known.emplace_back(field.name);
    }
    return fmt::format("unknown, and left out{}: the {} has {}", did_you_mean(name, known),
                       to_string(row), fmt::join(known, ", "));
}

Result<void> set_field(PolicyRange& range, PolicyField field, std::string_view text) {
    switch (field) {
        case PolicyField::Prefix:
            return take(parse_prefix(text), range.prefix);
        case PolicyField::Use:
            return take_use(text, range.use);
        case PolicyField::DirectMail:
            return take(parse_direct_mail(text), range.direct_mail);
        case PolicyField::Port25:
            return take(parse_port25(text), range.port25);
        case PolicyField::Ptr:
            return take(parse_ptr_care(text), range.ptr);
        case PolicyField::Smarthost:
            return take_host(text, range.smarthost);
        case PolicyField::Policy:
            return take_text(text, kPolicyTextBytesMax, range.policy);
        case PolicyField::Customer:
            return take_text(text, kPolicyWordBytesMax, range.customer);
        case PolicyField::Contact:
            return take_contact(text, range.contact);
        default:
            FAIRLIST_CHECK(field == PolicyField::Since);
            return take_date(text, range.since);
    }
}

Result<void> set_field(PolicyExemption& exemption, PolicyField field, std::string_view text) {
    switch (field) {
        case PolicyField::Prefix:
            return take(parse_prefix(text), exemption.prefix);
        case PolicyField::Reason:
            if (text.empty()) {
                return fail(Errc::Malformed, "is empty: say why, for those who read the list");
            }
            return take_text(text, kPolicyTextBytesMax, exemption.reason);
        case PolicyField::Customer:
            return take_text(text, kPolicyWordBytesMax, exemption.customer);
        default:
            FAIRLIST_CHECK(field == PolicyField::Until);
            return take_date(text, exemption.until);
    }
}

Result<void> set_field(MailPolicy& policy, PolicyField field, std::string_view text) {
    switch (field) {
        case PolicyField::Name:
            if (text.empty()) {
                return fail(Errc::Malformed, "is empty: expected the provider's name");
            }
            return take_text(text, kPolicyWordBytesMax, policy.provider_name);
        case PolicyField::Abuse:
            return take(parse_mailbox(text), policy.abuse);
        case PolicyField::Support:
            return take_contact(text, policy.support);
        default:
            FAIRLIST_CHECK(field == PolicyField::Published);
            return take_date(text, policy.published);
    }
}

Result<void> add_asn(MailPolicy& policy, std::string_view number) {
    std::uint32_t asn = 0;
    const char* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, asn);
    if (error != std::errc{} || stop != end || asn == 0) {
        return fail(
            Errc::Malformed,
            fmt::format("\"{}\": expected the number of a network such as 64500", excerpt(number)));
    }
    if (std::ranges::find(policy.asns, asn) != policy.asns.end()) {
        return fail(Errc::Malformed, fmt::format("{} stands here twice", asn));
    }
    if (policy.asns.size() == kProviderAsnsMax) {
        return fail(Errc::OutOfRange, fmt::format("more than {} networks", kProviderAsnsMax));
    }
    policy.asns.push_back(asn);
    return {};
}

Result<void> check_version(std::string_view number) {
    if (number != "1") {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": the version of the format is 1", excerpt(number)));
    }
    return {};
}

std::string oddity(const PolicyRange& range) {
    const bool is_closed = range.port25 == Port25::Closed;
    if (range.direct_mail == DirectMail::Allowed && is_closed) {
        return "direct_mail is allowed, but port25 is closed: one of them is not so";
    }
    if (range.use == SpaceUse::Smarthost && (range.direct_mail == DirectMail::Never || is_closed)) {
        return "a smarthost that may not send mail: leave out direct_mail and port25, or say "
               "allowed and open";
    }
    return {};
}

}  // namespace fairlist::importer
