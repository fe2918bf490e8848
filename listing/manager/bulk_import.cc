#include "listing/manager/bulk_import.h"

#include "listing/base/check.h"
#include "listing/index/digest_index.h"
#include "listing/index/name_index.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace fairlist {

using index::NodeItem;
using index::RangeTree;
using store::Bytes;
using store::JournalChange;
using store::JournalSide;
using store::ScopedMark;
using store::Table;

namespace {

constexpr std::uint32_t kUnknown = UINT32_MAX;
constexpr std::uint64_t kProgressEvery = 65536;

class V4Run final : public index::PrefixRun {
  public:
    explicit V4Run(const std::vector<std::uint64_t>& items) : items_(items) {}
    [[nodiscard]] std::size_t size() const noexcept override { return items_.size(); }
    [[nodiscard]] Prefix prefix(std::size_t at) const noexcept override {
        return ImportSet::Impl::unpack_prefix(items_[at]);
    }
    [[nodiscard]] std::uint32_t saying(std::size_t at) const noexcept {
        return ImportSet::Impl::unpack_saying(items_[at]);
    }

  private:
    const std::vector<std::uint64_t>& items_;
};

class V6Run final : public index::PrefixRun {
  public:
    explicit V6Run(const std::vector<ImportSet::Impl::V6Item>& items) : items_(items) {}
    [[nodiscard]] std::size_t size() const noexcept override { return items_.size(); }
    [[nodiscard]] Prefix prefix(std::size_t at) const noexcept override {
        return items_[at].prefix;
    }
    [[nodiscard]] std::uint32_t saying(std::size_t at) const noexcept { return items_[at].saying; }

  private:
    const std::vector<ImportSet::Impl::V6Item>& items_;
};

}  // namespace

BulkImport::BulkImport(const store::Txn& txn, ImportSet::Impl& set, ListId list, SourceId source)
    : txn_(txn), set_(set), list_(list), source_(source), numbers_(set.sayings.size(), kUnknown) {}

BulkImport::BulkImport(store::WriteTxn& txn, ImportSet::Impl& set, ListId list, SourceId source,
                       Time now)
    : BulkImport(txn, set, list, source) {
    writer_ = &txn;
    maker_.emplace(txn);
    now_ = now;
}

Verdict BulkImport::make_verdict(std::uint32_t saying) const {
    const Saying& says = *set_.sayings[saying];
    return {list_, source_, says.exempt, says.code, says.ttl_seconds, says.reason};
}

// When only counting, 0 for a verdict that the store does not have: no entry can have it.
std::uint32_t BulkImport::verdict_of(std::uint32_t saying) {
    std::uint32_t& number = numbers_[saying];
    if (number == kUnknown) {
        const Verdict wanted = make_verdict(saying);
        number = maker_ ? maker_->intern(wanted) : index::find_verdict(txn_, wanted);
    }
    return number;
}

const Verdict& BulkImport::verdict(std::uint32_t number) {
    const auto known = verdicts_.find(number);
    if (known != verdicts_.end()) {
        return known->second;
    }
    const Bytes key(reinterpret_cast<const char*>(&number), sizeof(number));
    const auto record = store::decode_verdict(txn_.get(Table::Verdicts, key).value_or(Bytes{}));
    if (!record) {
        throw store::StoreError("store: verdicts: an entry names a verdict that is not there");
    }
    return verdicts_.emplace(number, store::to_verdict(*record)).first->second;
}

void BulkImport::step(std::uint64_t entries) {
    const std::uint64_t before = done_ / kProgressEvery;
    done_ += entries;
    if (done_ / kProgressEvery != before && *progress_) {
        (*progress_)(done_, total_);
    }
}

// The entry of before that this one follows: the same verdict, else the same code and exemption.
std::vector<BulkImport::Held>::iterator BulkImport::predecessor(std::vector<Held>& before,
                                                                std::uint32_t number,
                                                                const Saying& says) {
    const auto same = std::ranges::find(before, number, &Held::verdict);
    if (number != 0 && same != before.end()) {
        return same;
    }
    return std::ranges::find_if(before, [&](const Held& held) {
        const Verdict& was = verdict(held.verdict);
        return was.exempt == says.exempt && was.code == says.code;
    });
}

template <typename MakeSubject>
void BulkImport::diff(Group& group, const MakeSubject& make_subject) {
    group.after.clear();
    group.changed = false;
    const auto counted = [this](bool exempt) {
        return ChangeLog::Counted{list_, source_, exempt};
    };
    const auto side = [this](const Held& held) {
        return JournalSide{verdict(held.verdict), held.since, held.until};
    };
    for (const std::uint32_t saying : group.sayings) {
        const Saying& says = *set_.sayings[saying];
        const std::uint32_t number = verdict_of(saying);
        const auto old = predecessor(group.before, number, says);
        const ChangeLog::Counted is = counted(says.exempt);
        Held held{number, now_, says.until};
        if (old == group.before.end()) {
            log_->record_with(nullptr, &is, [&] {
                return JournalChange{make_subject(), std::nullopt,
                                     JournalSide{make_verdict(saying), held.since, held.until}};
            });
            group.changed = true;
            group.after.push_back(held);
            continue;
        }
        held.since = old->since;
        if (old->verdict == number && old->until == says.until) {
            log_->unchanged(1);
        } else {
            log_->record_with(&is, &is, [&] {
                return JournalChange{make_subject(), side(*old),
                                     JournalSide{make_verdict(saying), held.since, held.until}};
            });
            group.changed = true;
        }
        group.after.push_back(held);
        group.before.erase(old);
    }
    for (const Held& gone : group.before) {
        const ChangeLog::Counted was = counted(verdict(gone.verdict).exempt);
        log_->record_with(&was, nullptr,
                          [&] { return JournalChange{make_subject(), side(gone), std::nullopt}; });
        group.changed = true;
    }
}

// diff() of an entry whose prefix the source did not have, and has once now. Returns its verdict.
std::uint32_t BulkImport::add_alone(const Prefix& prefix, std::uint32_t saying) {
    const Saying& says = *set_.sayings[saying];
    const ChangeLog::Counted is{list_, source_, says.exempt};
    log_->record_with(nullptr, &is, [&] {
        return JournalChange{Subject(prefix), std::nullopt,
                             JournalSide{make_verdict(saying), now_, says.until}};
    });
    return verdict_of(saying);
}

template <typename Run>
bool BulkImport::merge_node(std::vector<NodeItem>& items, const std::vector<std::size_t>& incoming,
                            const Run& run) {
    mine_.clear();
    result_.clear();
    result_.reserve(items.size() + incoming.size());
    for (const NodeItem& item : items) {
        const bool is_mine = item.mark.list == list_ && item.mark.source == source_;
        (is_mine ? mine_ : result_).push_back(item);
    }
    const auto keep = [&](const Prefix& prefix, const Held& held, std::uint32_t saying) {
        const bool exempt = set_.sayings[saying]->exempt;
        result_.push_back({prefix, {held.verdict, exempt, list_, source_, held.since, held.until}});
    };
    bool changed = false;
    std::size_t old = 0;
    std::size_t fresh = 0;
    while (old < mine_.size() || fresh < incoming.size()) {
        const bool has_fresh = fresh < incoming.size();
        const Prefix next = has_fresh ? run.prefix(incoming[fresh]) : Prefix{};
        const bool takes_old = !has_fresh || (old < mine_.size() && mine_[old].prefix <= next);
        const Prefix prefix = takes_old ? mine_[old].prefix : next;
        const bool is_alone = !takes_old && (fresh + 1 == incoming.size() ||
                                             run.prefix(incoming[fresh + 1]) != prefix);
        if (is_alone) {
            const std::uint32_t saying = run.saying(incoming[fresh++]);
            keep(prefix, {add_alone(prefix, saying), now_, set_.sayings[saying]->until}, saying);
            changed = true;
            continue;
        }
        group_.before.clear();
        group_.sayings.clear();
        for (; old < mine_.size() && mine_[old].prefix == prefix; ++old) {
            const store::Mark& mark = mine_[old].mark;
            group_.before.push_back({mark.verdict, mark.since, mark.until});
        }
        for (; fresh < incoming.size() && run.prefix(incoming[fresh]) == prefix; ++fresh) {
            group_.sayings.push_back(run.saying(incoming[fresh]));
        }
        diff(group_, [&] { return Subject(prefix); });
        changed = changed || group_.changed;
        for (std::size_t i = 0; i < group_.after.size(); ++i) {
            keep(prefix, group_.after[i], group_.sayings[i]);
        }
    }
    step(incoming.size());
    items.swap(result_);
    return changed;
}

bool BulkImport::says_same(std::uint32_t saying, std::uint32_t number, Time until) {
    if (set_.sayings[saying]->until != until) {
        return false;
    }
    // To look at the verdict itself is cheaper than to find the number of the wanted one.
    if (numbers_[saying] == kUnknown && index::is_verdict(txn_, number, make_verdict(saying))) {
        numbers_[saying] = number;
    }
    return verdict_of(saying) == number;
}

template <typename Run>
bool BulkImport::is_unchanged(const Node& node, std::size_t first, std::size_t last,
                              const Run& run) {
    palette_.clear();
    for (std::uint32_t i = 0; i < node.block.palette_size(); ++i) {
        const store::Mark mark = node.block.palette(i);
        const bool is_mine = mark.list == list_ && mark.source == source_;
        palette_.push_back({mark.verdict, mark.until, is_mine, kUnknown});
    }
    node.block.prefixes(node.base, prefixes_);
    node.block.mark_numbers(mark_numbers_);
    std::size_t at = first;
    for (std::size_t item = 0; item < prefixes_.size(); ++item) {
        KnownMark& known = palette_[mark_numbers_[item]];
        if (!known.is_mine) {
            continue;
        }
        if (at == last || prefixes_[item] != run.prefix(at)) {
            return false;
        }
        const std::uint32_t saying = run.saying(at++);
        if (saying != known.saying) {
            if (!says_same(saying, known.verdict, known.until)) {
                return false;
            }
            known.saying = saying;
        }
    }
    if (at != last) {
        return false;
    }
    log_->unchanged(last - first);
    step(last - first);
    return true;
}

template <typename Run>
void BulkImport::run_addresses(RangeTree::Family family, const Run& run) {
    const auto merge = [&](std::vector<NodeItem>& items, const std::vector<std::size_t>& incoming) {
        return merge_node(items, incoming, run);
    };
    const auto is_same = [&](const index::RangeBlock& block, const Address& base, std::size_t first,
                             std::size_t last) {
        return is_unchanged({block, base}, first, last, run);
    };
    RangeTree tree = writer_ != nullptr ? RangeTree(*writer_) : RangeTree(txn_);
    tree.merge(family, {run, list_, source_, merge, is_same});
}

template <typename MakeSubject>
bool BulkImport::merge_marks(std::vector<ScopedMark>& marks, const Fresh& fresh,
                             const MakeSubject& make_subject) {
    std::vector<ScopedMark> result;
    std::vector<ScopedMark> mine;
    for (const ScopedMark& mark : marks) {
        (verdict(mark.verdict).source == source_ ? mine : result).push_back(mark);
    }
    bool changed = false;
    for (const NameScope scope : {NameScope::Exact, NameScope::Below, NameScope::ExactAndBelow}) {
        group_.before.clear();
        group_.sayings.clear();
        for (const ScopedMark& mark : mine) {
            if (mark.scope == scope) {
                group_.before.push_back({mark.verdict, mark.since, mark.until});
            }
        }
        for (const auto& [fresh_scope, saying] : fresh) {
            if (fresh_scope == scope) {
                group_.sayings.push_back(saying);
            }
        }
        diff(group_, [&] { return make_subject(scope); });
        changed = changed || group_.changed;
        for (std::size_t i = 0; i < group_.after.size(); ++i) {
            const Held& held = group_.after[i];
            result.push_back({scope, held.verdict, set_.sayings[group_.sayings[i]]->exempt,
                              held.since, held.until});
        }
    }
    marks = std::move(result);
    return changed;
}

// Goes through the list's keys and the sorted items together.
template <typename Items, typename KeyOf, typename MakeSubject>
void BulkImport::merge_table(Table table, const Items& items, const KeyOf& key_of,
                             const MakeSubject& make_subject) {
    const std::string prefix(index::NameKey(list_).bytes());
    std::vector<std::pair<std::string, std::string>> edits;
    store::Cursor cursor(txn_, table);
    bool found = cursor.seek_at_least(prefix);
    std::size_t next = 0;
    while (true) {
        const bool has_old = found && cursor.key().starts_with(prefix);
        if (!has_old && next == items.size()) {
            break;
        }
        std::string key = next < items.size() ? prefix + key_of(items[next]) : std::string();
        if (next == items.size() || (has_old && cursor.key() < key)) {
            key = std::string(cursor.key());
        }
        std::vector<ScopedMark> marks;
        if (has_old && cursor.key() == key) {
            marks = store::decode_marks(cursor.value());
            found = cursor.next();
        }
        Fresh fresh;
        for (; next < items.size() && prefix + key_of(items[next]) == key; ++next) {
            if constexpr (requires { items[next].scope; }) {
                fresh.emplace_back(items[next].scope, items[next].saying);
            } else {
                fresh.emplace_back(NameScope::Exact, items[next].saying);
            }
        }
        const Bytes bare = Bytes(key).substr(prefix.size());
        const auto subject = [&](NameScope scope) {
            return make_subject(bare, scope);
        };
        if (merge_marks(marks, fresh, subject)) {
            edits.emplace_back(key, store::encode(marks));
        }
        step(fresh.size());
    }
    write_marks(table, edits);
}

void BulkImport::write_marks(Table table,
                             const std::vector<std::pair<std::string, std::string>>& edits) {
    if (writer_ == nullptr || edits.empty()) {
        return;
    }
    bool appends = false;
    {
        store::Cursor cursor(txn_, table);
        appends = !cursor.last() || cursor.key() < edits.front().first;
    }
    for (const auto& [key, value] : edits) {
        if (value.empty()) {
            writer_->erase(table, key);
        } else if (appends) {
            writer_->append(table, key, value);
        } else {
            writer_->put(table, key, value);
        }
    }
}

void BulkImport::merge_names() {
    merge_table(
        Table::Names, set_.names,
        [](const ImportSet::Impl::NameItem& item) -> const std::string& { return item.key; },
        [](Bytes key, NameScope scope) {
            auto name = domain_from_key(key);
            FAIRLIST_CHECK(name.has_value());
            return Subject(NameSubject{std::move(*name), scope});
        });
}

void BulkImport::merge_digests() {
    merge_table(
        Table::Digests, set_.digests,
        [](const ImportSet::Impl::DigestItem& item) { return store::digest_bytes(item.digest); },
        [](Bytes key, NameScope) {
            const auto digest = store::digest_from_bytes(key);
            FAIRLIST_CHECK(digest.has_value());
            return Subject(*digest);
        });
}

void BulkImport::run(ChangeLog& log, const Progress& progress) {
    log_ = &log;
    progress_ = &progress;
    total_ = set_.v4.size() + set_.v6.size() + set_.names.size() + set_.digests.size();
    run_addresses(RangeTree::Family::V6, V6Run(set_.v6));
    run_addresses(RangeTree::Family::V4, V4Run(set_.v4));
    merge_names();
    merge_digests();
    if (maker_) {
        maker_->finish();
    }
}

}  // namespace fairlist
