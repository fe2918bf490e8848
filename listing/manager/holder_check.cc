#include "listing/manager/holder_check.h"

#include "listing/manager/provider_check.h"
#include "listing/store/bytes.h"
#include "listing/store/provider_records.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr std::size_t kShown = 64;
constexpr std::size_t kGroundBytes = 8;

class HolderCheck {
  public:
    HolderCheck(const store::Txn& txn, const std::function<void(std::string)>& note)
        : txn_(txn), note_(note) {}

    HolderTally run() {
        check_providers();
        check_ranges();
        const auto ground = txn_.get(Table::Meta, "ground");
        if (ground && ground->size() != kGroundBytes) {
            note_(fmt::format("providers: the number of the ground has {} bytes", ground->size()));
        } else if (!ground && tally_.providers + tally_.ranges != 0) {
            note_("providers: there are some, but the ground was never moved");
        }
        return tally_;
    }

  private:
    void check_providers() {
        Cursor cursor(txn_, Table::Providers);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            ++tally_.providers;
            std::string slug(cursor.key());
            const auto provider = store::decode_provider(cursor.key(), cursor.value());
            if (!provider) {
                note_(fmt::format("providers: {} is malformed", shown(slug)));
            } else if (const auto good = check_provider(*provider); !good) {
                note_("providers: " + good.error().message);
            }
            slugs_.insert(std::move(slug));
        }
    }

    void check_ranges() {
        Cursor cursor(txn_, Table::ProviderSpace);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            ++tally_.ranges;
            const auto prefix = store::key_range(cursor.key());
            if (!prefix) {
                note_(fmt::format("providers: range {} of them has no prefix as its key",
                                  tally_.ranges));
                continue;
            }
            const auto record = store::decode_range(cursor.value());
            if (!record) {
                note_(fmt::format("providers: range {} is malformed", to_string(*prefix)));
            } else if (!slugs_.contains(record->slug)) {
                note_(
                    fmt::format("providers: range {} is held by {}, and there is no such "
                                "provider",
                                to_string(*prefix), shown(record->slug)));
            }
        }
    }

    // What a damaged store holds may be anything.
    static std::string shown(std::string_view slug) { return std::string(slug.substr(0, kShown)); }

    const store::Txn& txn_;
    const std::function<void(std::string)>& note_;
    std::set<std::string, std::less<>> slugs_;
    HolderTally tally_;
};

}  // namespace

HolderTally check_holders(const store::Txn& txn, const std::function<void(std::string)>& note) {
    return HolderCheck(txn, note).run();
}

}  // namespace fairlist
