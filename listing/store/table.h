// Table: the databases of the two environments, the store and the vault. Layouts: FORMAT.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fairlist::store {

// Two environments, so that what answers queries never opens the secrets.
enum class Schema : std::uint8_t {
    Store,  // index, ledger, journal, audit
    Vault   // traps, mails, tokens
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
    // The vault's, beside Meta.
    Traps,
    TrapAddresses,
    Mails,
    MailKeys,
    MailQueue,
    Tokens,
};
inline constexpr std::size_t kTableCount = 28;

// This program's versions of FORMAT.md.
inline constexpr std::uint32_t kFormatVersion = 3;
inline constexpr std::uint32_t kVaultVersion = 1;

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
