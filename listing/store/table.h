// Table: the databases of the two environments, the store and the vault. Layouts: FORMAT.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fairlist::store {

// Two environments, so that what answers queries never opens the secrets.
enum class Schema : std::uint8_t {
    Store,  // index, ledger, journal, audit
    Vault   // traps, mails, tokens, who asks for removal
};

enum class Table : std::uint8_t {
    Meta,
    Lists,
    Sources,
    Feeds,
    Counts,
    Verdicts,
    VerdictIds,
    Nodes,
    Names,
    Digests,
    Journal,
    Audit,
    Checkpoints,
    Hits,
    HitKeys,
    HitIdentities,
    Listings,
    ListingEvents,
    ListingSubjects,
    ListingEnds,
    ListingHits,
    Figures,
    Providers,
    ProviderSpace,
    Policies,
    PolicyParts,
    Standings,
    ProviderReports,
    ReportQueue,
    ReportListings,
    Attests,
    Removals,
    RemovalSubjects,
    RemovalTimes,
    Approvals,
    // The vault's, beside Meta.
    Traps,
    TrapAddresses,
    Mails,
    MailKeys,
    MailQueue,
    Tokens,
    RemovalSecrets,
    RemovalKeys,
    Idempotency,
};
inline constexpr std::size_t kTableCount = 44;

// This program's versions of FORMAT.md.
inline constexpr std::uint32_t kFormatVersion = 4;
inline constexpr std::uint32_t kVaultVersion = 2;

[[nodiscard]] constexpr std::uint32_t format_version_of(Schema schema) noexcept {
    return schema == Schema::Store ? kFormatVersion : kVaultVersion;
}

struct TableInfo {
    const char* name;
    Schema schema;
    std::uint32_t since;  // version that brought it
};
[[nodiscard]] const std::array<TableInfo, kTableCount>& tables() noexcept;

// Meta is in both.
[[nodiscard]] bool belongs_to(Table table, Schema schema) noexcept;

}  // namespace fairlist::store
