// PolicyBook: the mail policies in force, the versions before them, and what they make of the
// index.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/model/list.h"
#include "listing/model/policy.h"
#include "listing/model/protected_space.h"
#include "listing/store/environment.h"
#include "listing/store/journal.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct PolicyBookOptions {
    std::vector<ListSpec> lists;
    PolicyRules rules;
    ProtectedSpace protected_space;
    store::JournalLimits journal;
    std::function<Time()> clock = now;
};

// A part of a policy that is not taken, prefix by prefix: the rest is.
struct PolicyRefusal {
    Prefix prefix;
    bool is_exemption = false;
    std::string why;  // "held by other-cloud", "not held by example-cloud", "protected space: …"
};
inline constexpr std::size_t kPolicyRefusalsShown = 100;

// Against the version in force.
struct PolicyDiff {
    std::uint64_t ranges_added = 0;
    std::uint64_t ranges_changed = 0;
    std::uint64_t ranges_removed = 0;
    std::uint64_t exemptions_added = 0;
    std::uint64_t exemptions_changed = 0;
    std::uint64_t exemptions_removed = 0;
    std::vector<std::string> lines;  // the first kPolicyDiffLines: "+ 198.51.100.0/22 shared …"

    [[nodiscard]] bool empty() const noexcept;
};
inline constexpr std::size_t kPolicyDiffLines = 200;

struct PolicyImport {
    // Of this provider and voice, from 1: the new one, or the one that waits already; 0: this very
    // version is in force.
    std::uint64_t version = 0;
    bool applied = false;
    bool held = false;  // shrinks or grows past the limits: waits for approve()
    std::string held_why;
    PolicyDiff diff;
    std::vector<PolicyRefusal> refused;  // the first kPolicyRefusalsShown
    std::uint64_t refused_total = 0;
    std::uint64_t listed = 0;           // prefixes that the policy list got
    std::uint64_t exemptions = 0;       // that it got
    std::uint64_t smarthosts = 0;       // prefixes that the allow list got
    std::uint64_t entries_changed = 0;  // of the index, by this import
    std::vector<std::string> left_out;  // ranges that would take too many pieces, and why
};

struct PolicyVersion {
    std::uint64_t version = 0;
    PolicyVoice voice = PolicyVoice::Provider;
    Time imported;
    Time published;
    std::string actor;
    std::uint64_t ranges = 0;
    std::uint64_t exemptions = 0;
    std::uint64_t refused = 0;
    bool in_force = false;
    bool held = false;
};

// Where what a provider says and what was seen do not agree. Shown, never acted upon.
struct PolicyConflict {
    Prefix prefix;     // the range that says so
    Prefix where;      // what was seen: an address, a /64
    std::string says;  // "use dedicated"
    std::string seen;  // "signers: more than 5, names in HELO: 2: it looks shared"
};

struct PolicyConflicts {
    std::vector<PolicyConflict> found;  // by address
    std::uint64_t hits_looked_at = 0;
    bool is_whole =
        true;  // else more hits or addresses than are looked at: older ones may say more
};

// Every change is one transaction: policy, index, journal, audit and ground. Thread: one. Throws
// store::StoreError.
class PolicyBook {
  public:
    PolicyBook(store::Environment& environment, PolicyBookOptions options);

    // Ownership is checked prefix by prefix. `dry_run`: nothing is written. `force`: also what the
    // guard would hold. Errors: NotFound (provider; the policy list), Conflict (older than the one
    // in force: nothing changes), OutOfRange (more than the limits).
    [[nodiscard]] Result<PolicyImport> import(const Actor& actor, std::string_view provider,
                                              PolicyVoice voice, const MailPolicy& policy,
                                              bool dry_run, bool force);
    // Errors: NotFound (none is held).
    [[nodiscard]] Result<PolicyImport> approve(const Actor& actor, std::string_view provider,
                                               PolicyVoice voice);
    // Errors: NotFound.
    [[nodiscard]] Result<PolicyImport> withdraw(const Actor& actor, std::string_view provider,
                                                PolicyVoice voice);
    // One exemption more beside the version in force, or one less: what a provider grants in one
    // call. It outlives new versions of the policy. Granting the same again changes nothing.
    // Errors: NotFound (provider), Refused (not its space).
    [[nodiscard]] Result<void> grant_exemption(const Actor& actor, std::string_view provider,
                                               const PolicyExemption& exemption);
    [[nodiscard]] Result<void> end_exemption(const Actor& actor, std::string_view provider,
                                             const Prefix& prefix);
    // Those granted by call, by prefix, after `after`.
    [[nodiscard]] std::vector<PolicyExemption> granted(std::string_view provider,
                                                       std::optional<Prefix> after,
                                                       std::size_t limit);

    [[nodiscard]] std::optional<MailPolicy> in_force(std::string_view provider, PolicyVoice voice);
    [[nodiscard]] Result<MailPolicy> version(std::string_view provider, PolicyVoice voice,
                                             std::uint64_t number);
    // Newest first.
    [[nodiscard]] std::vector<PolicyVersion> versions(std::string_view provider);
    // Of mail that came at or after `from`; at most `limit`.
    [[nodiscard]] PolicyConflicts conflicts(std::string_view provider, Time from,
                                            std::size_t limit);
    // Takes what has got old out of the lists, and what fits the space no longer. Daily, and after
    // a change of space. Returns how many policies changed.
    std::uint64_t refresh(const Actor& actor);

  private:
    store::Environment& environment_;
    PolicyBookOptions options_;
};

[[nodiscard]] PolicyDiff diff(const MailPolicy& before, const MailPolicy& after);

}  // namespace fairlist
