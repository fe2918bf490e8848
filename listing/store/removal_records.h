// Removal records: requests for removal and who asks, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/model/address.h"
#include "listing/model/entry.h"
#include "listing/model/removal.h"
#include "listing/store/environment.h"
#include "listing/store/keyed_hash.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::store {

// A request as it lies in the table: the list by its number, and what is to be done about it.
struct RemovalRecord {
    ListId list{};
    Time look;               // when its DNS is looked at next; not set: it is not
    bool mailing = false;    // its code is to go out
    bool forgotten = false;  // who asked is deleted
    Removal removal;         // without the list's name
};
// Texts longer than the model allows are cut.
[[nodiscard]] std::string encode_removal(const RemovalRecord& record);
// Nothing when the bytes are no record of a version we know; the same of the others below.
[[nodiscard]] std::optional<RemovalRecord> decode_removal(std::uint64_t id, Bytes bytes);

// In `removal_subjects`: what is asked of a request without reading it.
struct RemovalMark {
    RemovalState state = RemovalState::Proving;
    Time made;
    Time granted;  // not set: never
};
[[nodiscard]] std::string encode(const RemovalMark& mark);
[[nodiscard]] std::optional<RemovalMark> decode_removal_mark(Bytes bytes);
// All keys of one subject in a list begin with the first, and no other's do.
[[nodiscard]] std::string removal_subject_key(ListId list, const Subject& subject);
[[nodiscard]] std::string removal_subject_key(ListId list, const Subject& subject,
                                              std::uint64_t id);
// The number at the end of a key.
[[nodiscard]] std::optional<std::uint64_t> key_removal(Bytes key) noexcept;

// What waits for a time.
enum class RemovalQueue : std::uint8_t {
    Look = 1,   // its DNS is looked at
    Clock = 2,  // a wait, a watch, a proof or a person's time ends
    Mail = 3,   // a code goes out
    Watch = 4,  // all that are watched, by the watch's end
    Forget = 5  // has ended then: who asked is deleted some time later
};
[[nodiscard]] std::string removal_time_key(RemovalQueue queue, Time time, std::uint64_t id);
struct RemovalDue {
    RemovalQueue queue = RemovalQueue::Look;
    Time time;
    std::uint64_t id = 0;
};
[[nodiscard]] std::optional<RemovalDue> key_removal_time(Bytes key) noexcept;
// Where the record stands in `removal_times`.
[[nodiscard]] std::vector<std::string> removal_time_keys(const RemovalRecord& record);

// The vault's: who asks, and how it is proved.
struct RemovalSecret {
    Time made;
    Address peer;   // not set: the command line
    Address party;  // whose DNS is looked at
    std::string actor;
    Hash32 key{};
    Hash32 code{};  // all zero: none is out
    Time code_until;
    std::uint8_t tries = 0;
    std::string code_text;  // until it is mailed
    std::string mail_to;    // the same
    std::string mailbox;    // "postmaster", "abuse"; empty: not by mail
};
[[nodiscard]] std::string encode(const RemovalSecret& secret);
[[nodiscard]] std::optional<RemovalSecret> decode_removal_secret(Bytes bytes);

// Keys of `removal_keys`: of a requester's key, and of a count of a day.
[[nodiscard]] std::string requester_key(const Hash32& hash);
[[nodiscard]] std::string limit_key(std::uint32_t day, const Hash32& hash);
// The day of a count; none: it is a requester's key.
[[nodiscard]] std::optional<std::uint32_t> limit_day(Bytes key) noexcept;

}  // namespace fairlist::store
