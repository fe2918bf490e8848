#include "listing/store/journal.h"

#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kJournalVersion = 1;
constexpr std::uint8_t kHasBefore = 0x01;
constexpr std::uint8_t kHasAfter = 0x02;
constexpr std::uint8_t kIsBulk = 0x01;
constexpr Bytes kHeadKey = "journal_head";
constexpr Bytes kBytesKey = "journal_bytes";
constexpr unsigned kTrimAtOnceMax = 256;  // bounds one commit's work; the next ones go on

std::uint64_t read_number(const Txn& txn, Bytes key) {
    ByteReader in(txn.get(Table::Meta, key).value_or(Bytes{}));
    const std::uint64_t value = in.u64();
    return in.ok() ? value : 0;
}

void write_number(WriteTxn& txn, Bytes key, std::uint64_t value) {
    ByteWriter out;
    out.u64(value);
    txn.put(Table::Meta, key, out.bytes());
}

// The distinct verdicts of a commit, so that a change names them by number.
class VerdictNumbers {
  public:
    std::uint32_t number_of(const Verdict& verdict) {
        const auto next = static_cast<std::uint32_t>(verdicts_.size());
        const auto [at, is_new] = numbers_.emplace(encode(verdict), next);
        if (is_new) {
            verdicts_.push_back(&at->first);
        }
        return at->second;
    }
    [[nodiscard]] const std::vector<const std::string*>& encoded() const { return verdicts_; }

  private:
    std::map<std::string, std::uint32_t> numbers_;
    std::vector<const std::string*> verdicts_;
};

void write_side(ByteWriter& out, VerdictNumbers& numbers, const JournalSide& side) {
    out.u32(numbers.number_of(side.verdict));
    out.u32(side.since.seconds);
    out.u32(side.until.seconds);
}

std::string encode_commit(const JournalCommit& commit) {
    ByteWriter changes;
    VerdictNumbers numbers;
    for (const JournalChange& change : commit.changes) {
        changes.u8(static_cast<std::uint8_t>((change.before ? kHasBefore : 0U) |
                                             (change.after ? kHasAfter : 0U)));
        changes.text(encode(change.subject));
        if (change.before) {
            write_side(changes, numbers, *change.before);
        }
        if (change.after) {
            write_side(changes, numbers, *change.after);
        }
    }
    ByteWriter out;
    out.u8(kJournalVersion);
    out.u8(commit.bulk ? kIsBulk : 0);
    out.u32(commit.time.seconds);
    out.text(std::string_view(commit.actor).substr(0, kActorBytesMax));
    if (commit.bulk) {
        out.u16(static_cast<std::uint16_t>(commit.bulk->list));
        out.u16(static_cast<std::uint16_t>(commit.bulk->source));
        out.u64(commit.bulk->added);
        out.u64(commit.bulk->changed);
        out.u64(commit.bulk->removed);
    }
    out.u32(static_cast<std::uint32_t>(numbers.encoded().size()));
    for (const std::string* verdict : numbers.encoded()) {
        out.text(*verdict);
    }
    out.u32(static_cast<std::uint32_t>(commit.changes.size()));
    out.bytes(changes.bytes());
    return out.bytes();
}

std::optional<JournalSide> read_side(ByteReader& in, const std::vector<Verdict>& verdicts) {
    const std::uint32_t number = in.u32();
    const Time since{in.u32()};
    const Time until{in.u32()};
    if (!in.ok() || number >= verdicts.size()) {
        return std::nullopt;
    }
    return JournalSide{verdicts[number], since, until};
}

std::optional<JournalChange> read_change(ByteReader& in, const std::vector<Verdict>& verdicts) {
    const std::uint8_t sides = in.u8();
    auto subject = decode_subject(in.text());
    if (!in.ok() || !subject) {
        return std::nullopt;
    }
    JournalChange change{std::move(*subject), std::nullopt, std::nullopt};
    if ((sides & kHasBefore) != 0 && !(change.before = read_side(in, verdicts))) {
        return std::nullopt;
    }
    if ((sides & kHasAfter) != 0 && !(change.after = read_side(in, verdicts))) {
        return std::nullopt;
    }
    return change;
}

std::optional<JournalCommit> decode_commit(std::uint64_t number, Bytes bytes) {
    ByteReader in(bytes);
    JournalCommit commit;
    commit.number = number;
    const std::uint8_t version = in.u8();
    const std::uint8_t flags = in.u8();
    commit.time = Time{in.u32()};
    commit.actor = in.text();
    if ((flags & kIsBulk) != 0) {
        JournalBulk bulk;
        bulk.list = ListId{in.u16()};
        bulk.source = SourceId{in.u16()};
        bulk.added = in.u64();
        bulk.changed = in.u64();
        bulk.removed = in.u64();
        commit.bulk = bulk;
    }
    std::vector<Verdict> verdicts;
    const std::uint32_t verdict_count = in.u32();
    for (std::uint32_t i = 0; i < verdict_count && in.ok(); ++i) {
        const auto verdict = decode_verdict(in.text());
        if (!verdict) {
            return std::nullopt;
        }
        verdicts.push_back(to_verdict(*verdict));
    }
    const std::uint32_t change_count = in.u32();
    for (std::uint32_t i = 0; i < change_count && in.ok(); ++i) {
        auto change = read_change(in, verdicts);
        if (!change) {
            return std::nullopt;
        }
        commit.changes.push_back(std::move(*change));
    }
    if (!in.ok() || version != kJournalVersion) {
        return std::nullopt;
    }
    return commit;
}

// Version, flags and time stand first.
Time time_of(Bytes bytes) noexcept {
    ByteReader in(bytes);
    static_cast<void>(in.u16());
    return Time{in.u32()};
}

void trim(WriteTxn& txn, std::uint64_t head, Time now, const JournalLimits& limits) {
    std::uint64_t bytes = read_number(txn, kBytesKey);
    for (unsigned i = 0; i < kTrimAtOnceMax; ++i) {
        const std::uint64_t tail = journal_tail(txn);
        if (tail >= head) {
            break;
        }
        const std::string key = number_key(tail);
        const auto oldest = txn.get(Table::Journal, key);
        if (!oldest) {
            break;
        }
        const bool too_old =
            now.seconds - time_of(*oldest).seconds > limits.keep_seconds && now > time_of(*oldest);
        if (bytes <= limits.keep_bytes && !too_old) {
            break;
        }
        bytes -= std::min<std::uint64_t>(bytes, oldest->size());
        txn.erase(Table::Journal, key);
    }
    write_number(txn, kBytesKey, bytes);
}

}  // namespace

std::uint64_t journal_head(const Txn& txn) {
    return read_number(txn, kHeadKey);
}

std::uint64_t journal_tail(const Txn& txn) {
    Cursor cursor(txn, Table::Journal);
    if (!cursor.first()) {
        return journal_head(txn) + 1;
    }
    return key_number(cursor.key()).value_or(0);
}

std::uint64_t append_journal(WriteTxn& txn, const JournalCommit& commit,
                             const JournalLimits& limits) {
    const std::uint64_t number = journal_head(txn) + 1;
    const std::string record = encode_commit(commit);
    txn.append(Table::Journal, number_key(number), record);
    write_number(txn, kHeadKey, number);
    write_number(txn, kBytesKey, read_number(txn, kBytesKey) + record.size());
    trim(txn, number, commit.time, limits);
    return number;
}

std::optional<JournalCommit> read_journal(const Txn& txn, std::uint64_t number) {
    const auto bytes = txn.get(Table::Journal, number_key(number));
    if (!bytes) {
        return std::nullopt;
    }
    return decode_commit(number, *bytes);
}

}  // namespace fairlist::store
