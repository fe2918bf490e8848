#include "listing/manager/single_change.h"

#include "listing/index/digest_index.h"
#include "listing/index/name_index.h"
#include "listing/index/range_tree.h"
#include "listing/index/verdict_table.h"
#include "listing/store/records.h"

#include <string>
#include <variant>
#include <vector>

namespace fairlist {

using index::NodeItem;
using store::Bytes;
using store::JournalSide;
using store::ScopedMark;
using store::Table;

namespace {

Verdict read_verdict(const store::Txn& txn, std::uint32_t number) {
    const Bytes key(reinterpret_cast<const char*>(&number), sizeof(number));
    const auto record = store::decode_verdict(txn.get(Table::Verdicts, key).value_or(Bytes{}));
    if (!record) {
        throw store::StoreError("store: verdicts: an entry names a verdict that is not there");
    }
    return store::to_verdict(*record);
}

// The part that addresses, names and digests have in common: a mark without its subject.
struct Held {
    std::uint32_t verdict = 0;
    Time since;
    Time until;
};

// What becomes of the marks of one subject.
class Editor {
  public:
    virtual ~Editor() = default;
    // Whether the mark stays; it may change it.
    virtual bool edit(Held& held) = 0;
    // A mark to add after all were seen.
    virtual std::optional<Held> addition() = 0;
    [[nodiscard]] bool changed() const noexcept { return changed_; }

  protected:
    bool changed_ = false;
};

class Putter final : public Editor {
  public:
    Putter(const store::WriteTxn& txn, const Subject& subject, const Verdict& verdict, Held fresh,
           ChangeLog& log)
        : txn_(txn), subject_(subject), verdict_(verdict), fresh_(fresh), log_(log) {}

    bool edit(Held& held) override {
        if (done_) {
            return true;
        }
        const Verdict was = read_verdict(txn_, held.verdict);
        const bool is_same_entry = was.list == verdict_.list && was.source == verdict_.source &&
                                   was.exempt == verdict_.exempt && was.code == verdict_.code;
        if (!is_same_entry) {
            return true;
        }
        done_ = true;
        if (held.verdict == fresh_.verdict && held.until == fresh_.until) {
            log_.unchanged(1);
            return true;
        }
        const JournalSide before{was, held.since, held.until};
        const JournalSide after{verdict_, held.since, fresh_.until};
        log_.record(subject_, &before, &after);
        held = {fresh_.verdict, held.since, fresh_.until};
        changed_ = true;
        return true;
    }

    std::optional<Held> addition() override {
        if (done_) {
            return std::nullopt;
        }
        const JournalSide after{verdict_, fresh_.since, fresh_.until};
        log_.record(subject_, nullptr, &after);
        changed_ = true;
        return fresh_;
    }

  private:
    const store::WriteTxn& txn_;
    const Subject& subject_;
    const Verdict& verdict_;
    Held fresh_;
    ChangeLog& log_;
    bool done_ = false;
};

class Taker final : public Editor {
  public:
    Taker(const store::WriteTxn& txn, const Subject& subject, const EntryPattern& pattern,
          ChangeLog& log)
        : txn_(txn), subject_(subject), pattern_(pattern), log_(log) {}

    bool edit(Held& held) override {
        const Verdict was = read_verdict(txn_, held.verdict);
        const bool is_meant = was.list == pattern_.list && was.exempt == pattern_.exempt &&
                              (!pattern_.source || was.source == *pattern_.source);
        const bool has_ended =
            !pattern_.ended_at || (held.until.is_set() && held.until <= *pattern_.ended_at);
        if (!is_meant || !has_ended) {
            return true;
        }
        const JournalSide before{was, held.since, held.until};
        log_.record(subject_, &before, nullptr);
        changed_ = true;
        ++taken_;
        return false;
    }
    std::optional<Held> addition() override { return std::nullopt; }
    [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }

  private:
    const store::WriteTxn& txn_;
    const Subject& subject_;
    const EntryPattern& pattern_;
    ChangeLog& log_;
    std::uint64_t taken_ = 0;
};

void edit_prefix(store::WriteTxn& txn, const Prefix& prefix, const Verdict* fresh, Editor& editor) {
    index::RangeTree tree(txn);
    tree.edit(prefix, [&](std::vector<NodeItem>& items) {
        std::erase_if(items, [&](NodeItem& item) {
            if (item.prefix != prefix) {
                return false;
            }
            Held held{item.mark.verdict, item.mark.since, item.mark.until};
            const bool stays = editor.edit(held);
            item.mark.verdict = held.verdict;
            item.mark.since = held.since;
            item.mark.until = held.until;
            return !stays;
        });
        if (const auto added = editor.addition()) {
            items.push_back({prefix,
                             {added->verdict, fresh->exempt, fresh->list, fresh->source,
                              added->since, added->until}});
        }
        return editor.changed();
    });
}

void edit_marks(store::WriteTxn& txn, Table table, const std::string& key, NameScope scope,
                const Verdict* fresh, Editor& editor) {
    std::vector<ScopedMark> marks = store::decode_marks(txn.get(table, key).value_or(Bytes{}));
    std::erase_if(marks, [&](ScopedMark& mark) {
        if (mark.scope != scope) {
            return false;
        }
        Held held{mark.verdict, mark.since, mark.until};
        const bool stays = editor.edit(held);
        mark.verdict = held.verdict;
        mark.since = held.since;
        mark.until = held.until;
        return !stays;
    });
    if (const auto added = editor.addition()) {
        marks.push_back({scope, added->verdict, fresh->exempt, added->since, added->until});
    }
    if (!editor.changed()) {
        return;
    }
    if (marks.empty()) {
        txn.erase(table, key);
    } else {
        txn.put(table, key, store::encode(marks));
    }
}

void edit_subject(store::WriteTxn& txn, const Subject& subject, ListId list, const Verdict* fresh,
                  Editor& editor) {
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        edit_prefix(txn, *prefix, fresh, editor);
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        edit_marks(txn, Table::Names, index::name_key(list, name->name), name->scope, fresh,
                   editor);
    } else {
        edit_marks(txn, Table::Digests, index::digest_key(list, std::get<Digest>(subject)),
                   NameScope::Exact, fresh, editor);
    }
}

}  // namespace

void put_entry(store::WriteTxn& txn, const Subject& subject, const Verdict& verdict, Time now,
               Time until, ChangeLog& log) {
    const std::uint32_t number = index::intern_verdict(txn, verdict);
    Putter putter(txn, subject, verdict, {number, now, until}, log);
    edit_subject(txn, subject, verdict.list, &verdict, putter);
}

std::uint64_t take_entries(store::WriteTxn& txn, const Subject& subject,
                           const EntryPattern& pattern, ChangeLog& log) {
    Taker taker(txn, subject, pattern, log);
    edit_subject(txn, subject, pattern.list, nullptr, taker);
    return taker.taken();
}

}  // namespace fairlist
