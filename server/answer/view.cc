#include "server/answer/view.h"

#include "listing/store/journal.h"
#include "listing/store/registry.h"

#include <algorithm>
#include <utility>

namespace fairlist::answer {

namespace {

constexpr std::uint32_t kTestNetwork = 0x7F000000;  // 127.0.0.0/24 (RFC 5782 section 5)

bool is_test_code(ReturnCode code) noexcept {
    return code.value >> 8U == kTestNetwork >> 8U && (code.value & 0xFFU) > 1;
}

ZoneLists resolve_lists(const store::Txn& txn, const Zone& zone,
                        const std::vector<index::UsedCode>& used) {
    ZoneLists lists;
    lists.is_complete = true;
    for (const ListSpec* spec : zone.lists) {
        const auto registered = store::find_list(txn, spec->name);
        if (spec->kind == ListKind::Address && is_test_code(spec->code)) {
            lists.test_codes.push_back(spec->code);
        }
        if (!registered || registered->kind != spec->kind) {
            lists.is_complete = false;
            continue;
        }
        ZoneLists::Kind& kind = lists.kinds[static_cast<std::size_t>(spec->kind)];
        if (kind.selection.count == kListsPerZoneMax) {
            continue;
        }
        kind.spec[kind.selection.count] = spec;
        kind.selection.add(registered->id, spec->match);
        for (const index::UsedCode& code : used) {
            if (code.list == registered->id && is_test_code(code.code) &&
                spec->kind == ListKind::Address) {
                lists.test_codes.push_back(code.code);
            }
        }
    }
    std::ranges::sort(lists.test_codes);
    const auto doubles = std::ranges::unique(lists.test_codes);
    lists.test_codes.erase(doubles.begin(), doubles.end());
    return lists;
}

}  // namespace

View::View(store::Environment& environment, std::shared_ptr<const ZoneTable> zones)
    : snapshot_(environment), zones_(std::move(zones)) {}

void View::set_zones(std::shared_ptr<const ZoneTable> zones) {
    zones_ = std::move(zones);
    is_zone_change_ = true;
}

void View::read_lists() {
    std::vector<ZoneLists> lists;
    const std::vector<index::UsedCode> used = index::used_codes(snapshot_);
    for (const Zone& zone : zones_->zones()) {
        lists.push_back(resolve_lists(snapshot_, zone, used));
    }
    has_all_lists_ = std::ranges::all_of(lists, &ZoneLists::is_complete);
    lists_ = std::move(lists);
}

void View::note_commit() {
    const std::size_t codes_bytes = index::used_codes_bytes(snapshot_);
    if (is_zone_change_ || !has_all_lists_ || codes_bytes != codes_bytes_) {
        read_lists();
        codes_bytes_ = codes_bytes;
        is_zone_change_ = false;
    }
    // Zero would mean "no serial" to some tools; a new store begins at 1.
    const std::uint64_t head = store::journal_head(snapshot_);
    serial_ = static_cast<std::uint32_t>(head + 1);
}

void View::start() {
    snapshot_.begin();
    ++batch_;
    ranges_.attach(snapshot_);
    verdicts_.attach(snapshot_);
    if (!below_) {
        below_.emplace(snapshot_);
        names_.emplace(snapshot_);
        digests_.emplace(snapshot_);
        below_->batch = names_->batch = digests_->batch = batch_;
    }
    if (snapshot_.id() != txn_id_ || is_zone_change_) {
        note_commit();
        txn_id_ = snapshot_.id();
    }
    is_ready_ = true;
}

void View::begin(Time now) noexcept {
    now_ = now;
    is_ready_ = false;
    try {
        start();
    } catch (const std::exception&) {
        snapshot_.end();
    }
}

void View::end() noexcept {
    snapshot_.end();
    is_ready_ = false;
}

}  // namespace fairlist::answer
