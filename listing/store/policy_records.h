// Policy records: versions of mail policies, in parts of bounded size, and exemptions granted by
// call, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/model/policy.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::store {

inline constexpr std::size_t kPolicyAsnsMax = 256;

// One version, without its ranges and exemptions.
struct PolicyHeader {
    bool in_force = false;
    bool held = false;
    bool lists = false;  // its entries stand in the lists: it was fresh when last looked at
    Time imported;
    std::uint64_t ranges = 0;
    std::uint64_t exemptions = 0;
    std::uint64_t refused = 0;
    std::string actor;
    std::string held_why;
    MailPolicy policy;  // without ranges and exemptions
};

struct PolicyKey {
    std::string slug;
    PolicyVoice voice = PolicyVoice::Provider;
    std::uint64_t version = 0;

    friend bool operator==(const PolicyKey&, const PolicyKey&) = default;
};

[[nodiscard]] std::string encode_policy(const PolicyHeader& header);
// Nothing when the bytes are no record of a version we know; the same of the others below.
[[nodiscard]] std::optional<PolicyHeader> decode_policy(Bytes bytes);

// All keys of one provider begin with the first, and no other's do; of one voice with the second.
// Requires: a slug of at most 255 bytes.
[[nodiscard]] std::string policy_key(std::string_view slug);
[[nodiscard]] std::string policy_key(std::string_view slug, PolicyVoice voice);
[[nodiscard]] std::string policy_key(const PolicyKey& key);
[[nodiscard]] std::optional<PolicyKey> key_policy(Bytes key);

enum class PolicyPart : std::uint8_t { Ranges = 1, Exemptions = 2 };
inline constexpr std::size_t kPolicyPartBytes = 64U << 10U;

// Writes and reads what is in the parts of one version.
void put_policy_parts(WriteTxn& txn, const PolicyKey& key, const MailPolicy& policy);
void erase_policy_parts(WriteTxn& txn, const PolicyKey& key);
[[nodiscard]] std::vector<PolicyRange> policy_ranges(const Txn& txn, const PolicyKey& key);
[[nodiscard]] std::vector<PolicyExemption> policy_exemptions(const Txn& txn, const PolicyKey& key);

// Exemptions granted by call: one a prefix.
[[nodiscard]] std::string granted_key(std::string_view slug);
[[nodiscard]] std::string granted_key(std::string_view slug, const Prefix& prefix);
[[nodiscard]] std::string encode_granted(const PolicyExemption& exemption);
[[nodiscard]] std::optional<PolicyExemption> decode_granted(Bytes bytes);

}  // namespace fairlist::store
