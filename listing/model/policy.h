// Policy: what a provider says of its ranges: their use, port 25, smarthosts, exceptions.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/code.h"
#include "listing/model/prefix.h"
#include "listing/model/space.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class DirectMail : std::uint8_t { Unsaid = 0, Never = 1, OnRequest = 2, Allowed = 3 };
enum class Port25 : std::uint8_t { Unsaid = 0, Closed = 1, OnRequest = 2, Open = 3 };
enum class PtrCare : std::uint8_t {
    Unsaid = 0,
    SelfService = 1,
    OnRequest = 2,
    Generic = 3,
    None = 4
};

// "never", "on-request"; empty: unsaid.
[[nodiscard]] std::string_view to_string(DirectMail value) noexcept;
[[nodiscard]] std::string_view to_string(Port25 value) noexcept;
[[nodiscard]] std::string_view to_string(PtrCare value) noexcept;
[[nodiscard]] Result<DirectMail> parse_direct_mail(std::string_view text);
[[nodiscard]] Result<Port25> parse_port25(std::string_view text);
[[nodiscard]] Result<PtrCare> parse_ptr_care(std::string_view text);

inline constexpr std::size_t kPolicyTextBytesMax = 500;  // of policy and reason
inline constexpr std::size_t kPolicyWordBytesMax = 255;  // of the other texts
inline constexpr std::size_t kPolicyRangesMax = 100000;
inline constexpr std::size_t kPolicyExemptionsMax = 1000000;

struct PolicyRange {
    Prefix prefix;
    SpaceUse use = SpaceUse::Unassigned;  // not MailService
    DirectMail direct_mail = DirectMail::Unsaid;
    Port25 port25 = Port25::Unsaid;
    PtrCare ptr = PtrCare::Unsaid;
    std::string smarthost;  // host name
    std::string policy;     // the provider's own words
    std::string customer;
    std::string contact;  // mail address or URL
    Time since;

    friend bool operator==(const PolicyRange&, const PolicyRange&) = default;
};

struct PolicyExemption {
    Prefix prefix;
    std::string reason;
    std::string customer;
    Time until;  // not set: stays

    friend bool operator==(const PolicyExemption&, const PolicyExemption&) = default;
};

// Narrower ranges override wider ones.
struct MailPolicy {
    std::uint32_t version = 1;
    std::string provider_name;
    std::vector<std::uint32_t> asns;
    std::string abuse;
    std::string support;
    Time published;
    std::vector<PolicyRange> ranges;          // sorted by prefix, none twice
    std::vector<PolicyExemption> exemptions;  // the same

    friend bool operator==(const MailPolicy&, const MailPolicy&) = default;
};

// Who says it: RFC 5782's reader is told apart by the return code. On disk.
enum class PolicyVoice : std::uint8_t {
    Provider = 1,  // published by the provider
    Operator = 2   // made by us where the provider is silent
};
[[nodiscard]] std::string_view to_string(PolicyVoice voice) noexcept;

// What a policy makes of the index. Lists that are not named get nothing.
struct PolicyRules {
    std::string list;                        // the policy list; empty: policies list nothing
    ReturnCode provider_code{0x7F00000A};    // 127.0.0.10
    ReturnCode operator_code{0x7F00000B};    // 127.0.0.11
    ReturnCode quarantine_code{0x7F00000C};  // 127.0.0.12, of quarantine pools
    std::string allow_list;                  // gets the smarthosts; empty: none
    // How old a published policy may be: after that it lists nothing more (exemptions stay).
    std::uint32_t fresh_seconds = 30 * 86400;
    // Of a new version against the one in force; else it waits for an operator.
    std::uint32_t shrink_percent_max = 50;
    std::uint32_t grow_percent_max = 200;
};

}  // namespace fairlist
