// BulkImport: makes one source's entries in a list exactly those of an ImportSet.
#pragma once

#include "listing/index/range_tree.h"
#include "listing/index/verdict_table.h"
#include "listing/manager/change_log.h"
#include "listing/manager/import_set.h"
#include "listing/manager/manager.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fairlist {

// One pass over the index and the sorted set together. With a plain Txn it only counts.
class BulkImport {
  public:
    BulkImport(const store::Txn& txn, ImportSet::Impl& set, ListId list, SourceId source);
    BulkImport(store::WriteTxn& txn, ImportSet::Impl& set, ListId list, SourceId source, Time now);

    void run(ChangeLog& log, const Progress& progress);

  private:
    // A mark without what all of this import share.
    struct Held {
        std::uint32_t verdict = 0;
        Time since;
        Time until;
    };
    struct Group {  // all of one subject
        std::vector<Held> before;
        std::vector<std::uint32_t> sayings;
        std::vector<Held> after;
        bool changed = false;
    };

    struct Node {
        const index::RangeBlock& block;
        const Address& base;
    };
    // What a mark of a node's palette was found to be.
    struct KnownMark {
        std::uint32_t verdict = 0;
        Time until;
        bool is_mine = false;
        std::uint32_t saying = UINT32_MAX;  // that says the same; none found yet
    };
    using Fresh = std::vector<std::pair<NameScope, std::uint32_t>>;  // scope and saying

    template <typename Run>
    void run_addresses(index::RangeTree::Family family, const Run& run);
    template <typename Run>
    [[nodiscard]] bool merge_node(std::vector<index::NodeItem>& items,
                                  const std::vector<std::size_t>& incoming, const Run& run);
    // Whether the node's entries of this source are first..last of the run, in the same order;
    // then they are counted.
    template <typename Run>
    [[nodiscard]] bool is_unchanged(const Node& node, std::size_t first, std::size_t last,
                                    const Run& run);
    void merge_names();
    void merge_digests();
    template <typename Items, typename KeyOf, typename MakeSubject>
    void merge_table(store::Table table, const Items& items, const KeyOf& key_of,
                     const MakeSubject& make_subject);
    void write_marks(store::Table table,
                     const std::vector<std::pair<std::string, std::string>>& edits);
    // Changes the marks of one name or digest. Returns whether it did.
    template <typename MakeSubject>
    [[nodiscard]] bool merge_marks(std::vector<store::ScopedMark>& marks, const Fresh& fresh,
                                   const MakeSubject& make_subject);

    [[nodiscard]] bool says_same(std::uint32_t saying, std::uint32_t number, Time until);
    [[nodiscard]] std::uint32_t add_alone(const Prefix& prefix, std::uint32_t saying);
    [[nodiscard]] std::vector<Held>::iterator predecessor(std::vector<Held>& before,
                                                          std::uint32_t number, const Saying& says);
    // Pairs what was with what shall be.
    template <typename MakeSubject>
    void diff(Group& group, const MakeSubject& make_subject);
    [[nodiscard]] std::uint32_t verdict_of(std::uint32_t saying);
    [[nodiscard]] const Verdict& verdict(std::uint32_t number);
    [[nodiscard]] Verdict make_verdict(std::uint32_t saying) const;
    void step(std::uint64_t entries);

    const store::Txn& txn_;
    store::WriteTxn* writer_ = nullptr;
    std::optional<index::VerdictMaker> maker_;  // when there is a writer
    ImportSet::Impl& set_;
    ListId list_;
    SourceId source_;
    Time now_;
    ChangeLog* log_ = nullptr;
    const Progress* progress_ = nullptr;
    std::uint64_t done_ = 0;
    std::uint64_t total_ = 0;
    std::vector<std::uint32_t> numbers_;  // verdict by saying; kUnknown: not looked for yet
    std::unordered_map<std::uint32_t, Verdict> verdicts_;
    Group group_;
    // Room that every node needs.
    std::vector<index::NodeItem> mine_;
    std::vector<index::NodeItem> result_;
    std::vector<Prefix> prefixes_;
    std::vector<std::uint32_t> mark_numbers_;
    std::vector<KnownMark> palette_;
};

}  // namespace fairlist
