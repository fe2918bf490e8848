#include "listing/manager/border_count.h"

#include "listing/store/ledger_records.h"

#include <variant>

namespace fairlist {

namespace {
constexpr std::uint32_t kScanMax = 4096;
}

std::uint32_t count_open_within(const store::Txn& txn, ListId list, const Prefix& border,
                                const Prefix& left_out, std::uint32_t enough) {
    std::uint32_t count = 0;
    std::uint32_t scanned = 0;
    store::Cursor cursor(txn, store::Table::ListingSubjects);
    for (bool found = cursor.seek_at_least(store::subject_key(list, Prefix{border.base, 0}));
         found && count < enough && scanned < kScanMax; found = cursor.next(), ++scanned) {
        const auto key = store::key_subject(cursor.key());
        const auto* prefix =
            key && key->first == list ? std::get_if<Prefix>(&key->second) : nullptr;
        if (prefix == nullptr || !border.contains(prefix->base)) {
            break;
        }
        const auto record = store::decode_subject_record(cursor.value());
        const bool counts = border.contains(*prefix) && *prefix != border && *prefix != left_out &&
                            record && record->listing != 0 && record->state == ListingState::Open;
        count += counts ? 1 : 0;
    }
    return count;
}

}  // namespace fairlist
