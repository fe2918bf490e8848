#include "listing/manager/space_edit.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/ground.h"
#include "listing/manager/provider_store.h"
#include "listing/store/provider_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist {

using store::Table;

namespace {

constexpr std::size_t kNoted = 10;

void keep_some(std::vector<Prefix>& some, const Prefix& prefix) {
    if (some.size() < kNoted) {
        some.push_back(prefix);
    }
}

std::string counted(std::uint64_t total, const std::vector<Prefix>& some) {
    std::string text = fmt::format("{}", total);
    for (const Prefix& prefix : some) {
        text += " " + to_string(prefix);
    }
    return text;
}

}  // namespace

void SpaceEdit::add(const Prefix& prefix, SpaceOrigin origin, bool take) {
    const std::string key = store::range_key(prefix);
    const auto bytes = txn_.get(Table::ProviderSpace, key);
    const auto held = bytes ? store::decode_range(*bytes) : std::nullopt;
    // What an operator gives by hand stays when a feed drops it.
    const bool is_given_now = origin == SpaceOrigin::Given && held && held->origin != origin;
    if (held && held->slug == slug_ && !is_given_now) {
        ++change_.unchanged;
        return;
    }
    if (held && held->slug != slug_ && !take) {
        refuse(prefix, fmt::format("held by {}", held->slug));
        return;
    }
    if (held && held->slug != slug_) {
        ++change_.taken;
        if (former_.size() < kNoted) {
            former_.push_back(fmt::format("{} from {}", to_string(prefix), held->slug));
        }
    }
    ++change_.added;
    keep_some(added_, prefix);
    if (write_ != nullptr) {
        write_->put(Table::ProviderSpace, key, store::encode_range({slug_, origin, now_}));
    }
}

void SpaceEdit::remove(const Prefix& prefix) {
    ++change_.removed;
    keep_some(removed_, prefix);
    if (write_ != nullptr) {
        write_->erase(Table::ProviderSpace, store::range_key(prefix));
    }
}

void SpaceEdit::refuse(const Prefix& prefix, std::string why) {
    ++change_.refused_total;
    if (change_.refused.size() < kSpaceRefusalsShown) {
        change_.refused.push_back({prefix, std::move(why)});
    }
}

void SpaceEdit::replace(SpaceOrigin origin, std::vector<Prefix> wanted) {
    std::ranges::sort(wanted);
    const auto twice = std::ranges::unique(wanted);
    wanted.erase(twice.begin(), twice.end());
    std::vector<Prefix> gone;
    walk_space(txn_, std::nullopt, [&](const Prefix& prefix, const store::RangeRecord& record) {
        if (record.slug == slug_ && record.origin == origin &&
            !std::ranges::binary_search(wanted, prefix)) {
            gone.push_back(prefix);
        }
        return true;
    });
    for (const Prefix& prefix : gone) {
        remove(prefix);
    }
    for (const Prefix& prefix : wanted) {
        add(prefix, origin, false);
    }
}

void SpaceEdit::finish(const Actor& actor, SpaceOrigin origin) {
    if (write_ == nullptr || change_.added + change_.removed == 0) {
        return;
    }
    AuditNote note{"provider.space",
                   {{"provider", slug_},
                    {"origin", std::string(to_string(origin))},
                    {"added", counted(change_.added, added_)},
                    {"removed", counted(change_.removed, removed_)}}};
    for (std::string& former : former_) {
        note.details.emplace_back("taken", std::move(former));
    }
    note_audit(*write_, actor, now_, std::move(note));
    move_ground(*write_);
}

}  // namespace fairlist
