// View: one worker's look at the store and the zones: an LMDB snapshot renewed batch by batch.
#pragma once

#include "listing/base/time.h"
#include "listing/index/digest_index.h"
#include "listing/index/match.h"
#include "listing/index/name_index.h"
#include "listing/index/range_below.h"
#include "listing/index/range_index.h"
#include "listing/index/verdict_table.h"
#include "listing/store/environment.h"
#include "server/answer/zone_table.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace fairlist::answer {

// What a zone's lists are in this store, one selection a kind.
struct ZoneLists {
    struct Kind {
        index::ListSelection selection;
        std::array<const ListSpec*, kListsPerZoneMax> spec{};  // by slot
    };
    std::array<Kind, 4> kinds;           // by ListKind
    std::vector<ReturnCode> test_codes;  // each answers its own test point, sorted
    bool is_complete = false;            // every list has its number in the store

    [[nodiscard]] const Kind& of(ListKind kind) const noexcept {
        return kinds[static_cast<std::size_t>(kind)];
    }
};

// Thread: one worker owns it. begin() before each batch of queries and end() after: between them
// the snapshot stays; outside no pages are pinned. No lock and no allocation after construction,
// except when the store's map has grown, the zone table was replaced, or a list has got entries
// with a code that it never had.
class View {
  public:
    View(store::Environment& environment, std::shared_ptr<const ZoneTable> zones);

    // When the store cannot be read, is_ready() is false and queries are answered SERVFAIL with
    // EDE 14 (Not Ready).
    void begin(Time now) noexcept;
    void end() noexcept;

    // A reload: takes effect at the next begin(). Call it from the worker's own thread.
    void set_zones(std::shared_ptr<const ZoneTable> zones);

    [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }
    [[nodiscard]] Time now() const noexcept { return now_; }
    [[nodiscard]] const ZoneTable& zones() const noexcept { return *zones_; }
    [[nodiscard]] const ZoneLists& lists(const Zone& zone) const noexcept {
        return lists_[static_cast<std::size_t>(&zone - zones_->zones().data())];
    }
    // Serial of every zone: the journal's head, so that equal data has equal serials everywhere.
    [[nodiscard]] std::uint32_t serial() const noexcept { return serial_; }

    [[nodiscard]] index::RangeIndex& ranges() noexcept { return ranges_; }
    [[nodiscard]] index::RangeBelow& ranges_below() { return fresh(below_).value; }
    [[nodiscard]] index::NameIndex& names() { return fresh(names_).value; }
    [[nodiscard]] index::DigestIndex& digests() { return fresh(digests_).value; }
    [[nodiscard]] index::VerdictTable& verdicts() noexcept { return verdicts_; }

  private:
    // Cursors are bound to the batch's snapshot when first used in it.
    template <typename T>
    struct Bound {
        T value;
        std::uint64_t batch = 0;
        explicit Bound(const store::Txn& txn) : value(txn) {}
    };
    template <typename T>
    Bound<T>& fresh(std::optional<Bound<T>>& bound) {
        if (bound->batch != batch_) {
            bound->value.renew(snapshot_);
            bound->batch = batch_;
        }
        return *bound;
    }

    void start();
    void note_commit();
    void read_lists();

    store::Snapshot snapshot_;
    std::shared_ptr<const ZoneTable> zones_;
    std::vector<ZoneLists> lists_;
    index::RangeIndex ranges_;
    index::VerdictTable verdicts_;
    std::optional<Bound<index::RangeBelow>> below_;
    std::optional<Bound<index::NameIndex>> names_;
    std::optional<Bound<index::DigestIndex>> digests_;
    std::uint64_t batch_ = 0;
    std::uint64_t txn_id_ = UINT64_MAX;
    std::size_t codes_bytes_ = 0;
    std::uint32_t serial_ = 0;
    Time now_;
    bool is_ready_ = false;
    bool has_all_lists_ = false;
    bool is_zone_change_ = true;
};

}  // namespace fairlist::answer
