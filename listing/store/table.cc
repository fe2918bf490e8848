#include "listing/store/table.h"

namespace fairlist::store {

const std::array<TableInfo, kTableCount>& tables() noexcept {
    static constexpr std::array<TableInfo, kTableCount> kTables = {{
        {"meta", Schema::Store, 1},
        {"lists", Schema::Store, 1},
        {"sources", Schema::Store, 1},
        {"feeds", Schema::Store, 1},
        {"counts", Schema::Store, 1},
        {"verdicts", Schema::Store, 1},
        {"verdict_ids", Schema::Store, 1},
        {"nodes", Schema::Store, 1},
        {"names", Schema::Store, 1},
        {"digests", Schema::Store, 1},
        {"journal", Schema::Store, 1},
        {"audit", Schema::Store, 2},
        {"checkpoints", Schema::Store, 2},
        {"hits", Schema::Store, 3},
        {"hit_keys", Schema::Store, 3},
        {"hit_identities", Schema::Store, 3},
        {"listings", Schema::Store, 3},
        {"listing_events", Schema::Store, 3},
        {"listing_subjects", Schema::Store, 3},
        {"listing_ends", Schema::Store, 3},
        {"listing_hits", Schema::Store, 3},
        {"figures", Schema::Store, 3},
        {"providers", Schema::Store, 4},
        {"provider_space", Schema::Store, 4},
        {"policies", Schema::Store, 4},
        {"policy_parts", Schema::Store, 4},
        {"standings", Schema::Store, 4},
        {"provider_reports", Schema::Store, 4},
        {"report_queue", Schema::Store, 4},
        {"report_listings", Schema::Store, 4},
        {"attests", Schema::Store, 4},
        {"removals", Schema::Store, 4},
        {"removal_subjects", Schema::Store, 4},
        {"removal_times", Schema::Store, 4},
        {"approvals", Schema::Store, 4},
        {"traps", Schema::Vault, 1},
        {"trap_addresses", Schema::Vault, 1},
        {"mails", Schema::Vault, 1},
        {"mail_keys", Schema::Vault, 1},
        {"mail_queue", Schema::Vault, 1},
        {"tokens", Schema::Vault, 1},
        {"removal_secrets", Schema::Vault, 2},
        {"removal_keys", Schema::Vault, 2},
        {"idempotency", Schema::Vault, 2},
    }};
    return kTables;
}

bool belongs_to(Table table, Schema schema) noexcept {
    return table == Table::Meta || tables()[static_cast<std::size_t>(table)].schema == schema;
}

}  // namespace fairlist::store
