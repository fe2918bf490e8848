// VerdictTable: the verdicts by number, read in place, and given numbers when writing.
#pragma once

#include "listing/model/entry.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace fairlist::index {

// Reads verdicts of one transaction; remembers where the last few thousand lie. All memory is
// taken at construction: 128 KiB.
class VerdictTable {
  public:
    VerdictTable();
    void attach(const store::Txn& txn) noexcept;

    // Nothing when there is no such number, or its record is malformed.
    [[nodiscard]] std::optional<store::VerdictRecord> find(std::uint32_t number);

  private:
    struct Slot {
        std::uint32_t number = 0;
        std::uint32_t generation = 0;
        store::Bytes bytes;
    };

    const store::Txn* txn_ = nullptr;
    std::uint64_t txn_id_ = 0;
    std::uint64_t map_generation_ = 0;
    std::uint32_t generation_ = 0;
    std::vector<Slot> slots_;
};

// The number of an equal verdict; 0 when there is none.
[[nodiscard]] std::uint32_t find_verdict(const store::Txn& txn, const Verdict& verdict);
// The number of an equal verdict, a new one if there is none.
[[nodiscard]] std::uint32_t intern_verdict(store::WriteTxn& txn, const Verdict& verdict);
// Whether the verdict of this number equals it.
[[nodiscard]] bool is_verdict(const store::Txn& txn, std::uint32_t number, const Verdict& verdict);

// A code of its own that an entry of a list answers or once answered.
struct UsedCode {
    ListId list{};
    ReturnCode code;
};
inline constexpr std::size_t kUsedCodesMax = 4096;  // in a store; more are not remembered

// All of them, for the test points of the zones. The record only grows, so that its size tells
// whether there is something new.
[[nodiscard]] std::size_t used_codes_bytes(const store::Txn& txn);
[[nodiscard]] std::vector<UsedCode> used_codes(const store::Txn& txn);

// intern_verdict() for many: what all new verdicts change is written once, by finish().
class VerdictMaker {
  public:
    explicit VerdictMaker(store::WriteTxn& txn);
    [[nodiscard]] std::uint32_t intern(const Verdict& verdict);
    // Requires: called once, and nobody else makes verdicts until then.
    void finish();

  private:
    // 0 when there is none; then `free_hash` is where it may go.
    [[nodiscard]] std::uint32_t find(store::Bytes record, std::uint64_t& free_hash) const;
    void remember_code(const Verdict& verdict);

    store::WriteTxn* txn_;
    std::uint64_t last_number_;
    std::uint64_t made_ = 0;
    // Numbers of new verdicts by the hash with its bytes swapped: in the order of the keys, in
    // which they are written much faster than in that of their coming.
    std::map<std::uint64_t, std::uint32_t> pending_;
    std::vector<UsedCode> codes_;
    std::size_t codes_before_;
};

// Deletes the verdicts that no entry uses any more, once enough were made since the last time for
// the walk over all blocks to pay. Returns how many went.
std::uint64_t collect_verdicts(store::WriteTxn& txn);

}  // namespace fairlist::index
