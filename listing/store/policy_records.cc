#include "listing/store/policy_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/fields.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kHeaderVersion = 1;
constexpr std::uint8_t kPartVersion = 1;
constexpr std::uint8_t kGrantedVersion = 1;
constexpr unsigned kInForce = 1;
constexpr unsigned kHeld = 2;
constexpr unsigned kLists = 4;
// Of the keys of exemptions that were granted by call, where a version has its voice.
constexpr std::uint8_t kGrantedVoice = 0;

void write(ByteWriter& out, const PolicyRange& range) {
    write_prefix(out, range.prefix);
    out.u8(static_cast<std::uint8_t>(range.use));
    out.u8(static_cast<std::uint8_t>(range.direct_mail));
    out.u8(static_cast<std::uint8_t>(range.port25));
    out.u8(static_cast<std::uint8_t>(range.ptr));
    out.u32(range.since.seconds);
    write_cut(out, range.smarthost, kPolicyWordBytesMax);
    write_cut(out, range.policy, kPolicyTextBytesMax);
    write_cut(out, range.customer, kPolicyWordBytesMax);
    write_cut(out, range.contact, kPolicyWordBytesMax);
}

bool read(ByteReader& in, PolicyRange& range) {
    const auto prefix = read_prefix(in);
    range.use = static_cast<SpaceUse>(in.u8());
    range.direct_mail = static_cast<DirectMail>(in.u8());
    range.port25 = static_cast<Port25>(in.u8());
    range.ptr = static_cast<PtrCare>(in.u8());
    range.since = Time{in.u32()};
    range.smarthost = in.text();
    range.policy = in.text();
    range.customer = in.text();
    range.contact = in.text();
    if (!prefix || !in.ok() || range.use < SpaceUse::Dynamic || range.use > SpaceUse::MailService ||
        range.direct_mail > DirectMail::Allowed || range.port25 > Port25::Open ||
        range.ptr > PtrCare::None) {
        return false;
    }
    range.prefix = *prefix;
    return true;
}

void write(ByteWriter& out, const PolicyExemption& exemption) {
    write_prefix(out, exemption.prefix);
    out.u32(exemption.until.seconds);
    write_cut(out, exemption.reason, kPolicyTextBytesMax);
    write_cut(out, exemption.customer, kPolicyWordBytesMax);
}

bool read(ByteReader& in, PolicyExemption& exemption) {
    const auto prefix = read_prefix(in);
    exemption.until = Time{in.u32()};
    exemption.reason = in.text();
    exemption.customer = in.text();
    if (!prefix || !in.ok()) {
        return false;
    }
    exemption.prefix = *prefix;
    return true;
}

std::string part_key(const PolicyKey& key, PolicyPart part) {
    ByteWriter out;
    out.bytes(policy_key(key));
    out.u8(static_cast<std::uint8_t>(part));
    return out.bytes();
}

std::string part_key(const PolicyKey& key, PolicyPart part, std::uint32_t number) {
    ByteWriter out;
    out.bytes(part_key(key, part));
    write_big(out, number);
    return out.bytes();
}

template <typename Item>
void put_parts(WriteTxn& txn, const PolicyKey& key, PolicyPart part,
               const std::vector<Item>& items) {
    std::uint32_t number = 0;
    ByteWriter out;
    const auto flush = [&] {
        txn.put(Table::PolicyParts, part_key(key, part, number++), out.bytes());
        out.clear();
    };
    for (const Item& item : items) {
        if (out.bytes().empty()) {
            out.u8(kPartVersion);
        }
        write(out, item);
        if (out.bytes().size() >= kPolicyPartBytes) {
            flush();
        }
    }
    if (!out.bytes().empty()) {
        flush();
    }
}

// What is broken in a part is left out: the doctor finds that the numbers do not agree.
template <typename Item>
std::vector<Item> get_parts(const Txn& txn, const PolicyKey& key, PolicyPart part) {
    std::vector<Item> items;
    const std::string head = part_key(key, part);
    Cursor cursor(txn, Table::PolicyParts);
    for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
         good = cursor.next()) {
        ByteReader in(cursor.value());
        if (in.u8() != kPartVersion) {
            continue;
        }
        Item item;
        while (!in.at_end() && read(in, item)) {
            items.push_back(std::move(item));
            item = {};
        }
    }
    return items;
}

bool is_known(PolicyVoice voice) noexcept {
    return voice == PolicyVoice::Provider || voice == PolicyVoice::Operator;
}

}  // namespace

std::string encode_policy(const PolicyHeader& header) {
    ByteWriter out;
    out.u8(kHeaderVersion);
    out.u8(static_cast<std::uint8_t>((header.in_force ? kInForce : 0U) |
                                     (header.held ? kHeld : 0U) | (header.lists ? kLists : 0U)));
    out.u32(header.imported.seconds);
    out.u32(header.policy.published.seconds);
    out.u32(header.policy.version);
    out.u64(header.ranges);
    out.u64(header.exemptions);
    out.u64(header.refused);
    write_cut(out, header.actor, kPolicyWordBytesMax);
    write_cut(out, header.held_why, kPolicyTextBytesMax);
    write_cut(out, header.policy.provider_name, kPolicyWordBytesMax);
    write_cut(out, header.policy.abuse, kPolicyWordBytesMax);
    write_cut(out, header.policy.support, kPolicyWordBytesMax);
    const std::size_t asns = std::min(header.policy.asns.size(), kPolicyAsnsMax);
    out.u16(static_cast<std::uint16_t>(asns));
    for (std::size_t i = 0; i < asns; ++i) {
        out.u32(header.policy.asns[i]);
    }
    return out.bytes();
}

std::optional<PolicyHeader> decode_policy(Bytes bytes) {
    ByteReader in(bytes);
    PolicyHeader header;
    const std::uint8_t version = in.u8();
    const unsigned flags = in.u8();
    header.in_force = (flags & kInForce) != 0;
    header.held = (flags & kHeld) != 0;
    header.lists = (flags & kLists) != 0;
    header.imported = Time{in.u32()};
    header.policy.published = Time{in.u32()};
    header.policy.version = in.u32();
    header.ranges = in.u64();
    header.exemptions = in.u64();
    header.refused = in.u64();
    header.actor = in.text();
    header.held_why = in.text();
    header.policy.provider_name = in.text();
    header.policy.abuse = in.text();
    header.policy.support = in.text();
    for (std::uint16_t left = in.u16(); left > 0 && in.ok(); --left) {
        header.policy.asns.push_back(in.u32());
    }
    if (!in.ok() || !in.at_end() || version != kHeaderVersion) {
        return std::nullopt;
    }
    return header;
}

std::string policy_key(std::string_view slug) {
    FAIRLIST_CHECK(slug.size() <= 255);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(slug.size()));
    out.bytes(slug);
    return out.bytes();
}

std::string policy_key(std::string_view slug, PolicyVoice voice) {
    ByteWriter out;
    out.bytes(policy_key(slug));
    out.u8(static_cast<std::uint8_t>(voice));
    return out.bytes();
}

std::string policy_key(const PolicyKey& key) {
    ByteWriter out;
    out.bytes(policy_key(key.slug, key.voice));
    write_big(out, key.version);
    return out.bytes();
}

std::optional<PolicyKey> key_policy(Bytes key) {
    ByteReader in(key);
    PolicyKey found;
    found.slug = in.bytes(in.u8());
    found.voice = static_cast<PolicyVoice>(in.u8());
    found.version = read_big<std::uint64_t>(in);
    return in.ok() && in.at_end() && is_known(found.voice) ? std::optional(std::move(found))
                                                           : std::nullopt;
}

void put_policy_parts(WriteTxn& txn, const PolicyKey& key, const MailPolicy& policy) {
    put_parts(txn, key, PolicyPart::Ranges, policy.ranges);
    put_parts(txn, key, PolicyPart::Exemptions, policy.exemptions);
}

void erase_policy_parts(WriteTxn& txn, const PolicyKey& key) {
    const std::string head = policy_key(key);
    std::vector<std::string> keys;
    {
        Cursor cursor(txn, Table::PolicyParts);
        for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
             good = cursor.next()) {
            keys.emplace_back(cursor.key());
        }
    }
    for (const std::string& part : keys) {
        txn.erase(Table::PolicyParts, part);
    }
}

std::vector<PolicyRange> policy_ranges(const Txn& txn, const PolicyKey& key) {
    return get_parts<PolicyRange>(txn, key, PolicyPart::Ranges);
}

std::vector<PolicyExemption> policy_exemptions(const Txn& txn, const PolicyKey& key) {
    return get_parts<PolicyExemption>(txn, key, PolicyPart::Exemptions);
}

std::string granted_key(std::string_view slug) {
    ByteWriter out;
    out.bytes(policy_key(slug));
    out.u8(kGrantedVoice);
    return out.bytes();
}

std::string granted_key(std::string_view slug, const Prefix& prefix) {
    ByteWriter out;
    out.bytes(granted_key(slug));
    write_prefix(out, prefix);
    return out.bytes();
}

std::string encode_granted(const PolicyExemption& exemption) {
    ByteWriter out;
    out.u8(kGrantedVersion);
    write(out, exemption);
    return out.bytes();
}

std::optional<PolicyExemption> decode_granted(Bytes bytes) {
    ByteReader in(bytes);
    PolicyExemption exemption;
    if (in.u8() != kGrantedVersion || !read(in, exemption) || !in.at_end()) {
        return std::nullopt;
    }
    return exemption;
}

}  // namespace fairlist::store
