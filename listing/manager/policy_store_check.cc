#include "listing/manager/policy_store_check.h"

#include "listing/manager/policy_lists.h"
#include "listing/store/bytes.h"
#include "listing/store/policy_records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace fairlist {

using store::Bytes;
using store::Cursor;
using store::PolicyHeader;
using store::PolicyKey;
using store::Table;

namespace {

constexpr std::size_t kVersionKeyBytes = 9;  // voice and number, behind the slug

std::string shown(const PolicyKey& key) {
    return fmt::format("policies: {}, {} version {}", key.slug, to_string(key.voice), key.version);
}

class PolicyStoreCheck {
  public:
    PolicyStoreCheck(const store::Txn& txn, const std::function<void(std::string)>& note)
        : txn_(txn), note_(note) {}

    PolicyTally run() {
        check_versions();
        check_parts();
        return tally_;
    }

  private:
    void check_versions() {
        std::map<std::pair<std::string, PolicyVoice>, std::uint64_t> in_force;
        Cursor cursor(txn_, Table::Policies);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            ++tally_.versions;
            const auto key = store::key_policy(cursor.key());
            const auto header = store::decode_policy(cursor.value());
            if (!key || !header) {
                note_(key ? shown(*key) + " is malformed" : "policies: a key is malformed");
                continue;
            }
            check_numbers(*key, *header);
            if (!header->in_force) {
                continue;
            }
            const auto [other, is_only] =
                in_force.try_emplace({key->slug, key->voice}, key->version);
            if (!is_only) {
                note_(fmt::format("{} is in force beside version {}", shown(*key), other->second));
            }
            check_lists(*key, *header);
        }
    }

    void check_numbers(const PolicyKey& key, const PolicyHeader& header) {
        const std::size_t ranges = store::policy_ranges(txn_, key).size();
        const std::size_t exemptions = store::policy_exemptions(txn_, key).size();
        if (ranges != header.ranges || exemptions != header.exemptions) {
            note_(fmt::format("{}: {} ranges and {} exemptions, but there are {} and {}",
                              shown(key), header.ranges, header.exemptions, ranges, exemptions));
        }
        if (header.in_force && header.held) {
            note_(shown(key) + " is in force and waits for approval");
        }
    }

    // Only what does not end by itself is counted on.
    void check_lists(const PolicyKey& key, const PolicyHeader& header) {
        if (!header.lists) {
            return;
        }
        const store::Names names = store::read_names(txn_);
        const auto source = store::find_source(txn_, policy_source(key.slug, key.voice));
        const bool is_listed =
            source && std::ranges::any_of(names.lists, [&](const auto& list) {
                return store::read_counts(txn_, list.first, *source).entries != 0;
            });
        if (!is_listed) {
            note_(shown(key) + " is in force and lists, but no list has an entry of it");
        }
    }

    void check_parts() {
        Cursor cursor(txn_, Table::PolicyParts);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            store::ByteReader in(cursor.key());
            const std::string slug(in.bytes(in.u8()));
            const bool is_grant = in.u8() == 0 && in.ok();
            if (is_grant) {
                check_grant(slug, cursor.key(), cursor.value());
                continue;
            }
            const Bytes version = cursor.key().substr(
                0, std::min(cursor.key().size(), 1 + slug.size() + kVersionKeyBytes));
            const auto key = store::key_policy(version);
            if (!key) {
                note_("policies: the key of a part is malformed");
            } else if (!txn_.get(Table::Policies, version)) {
                note_(shown(*key) + " has parts, but there is no such version");
            }
        }
    }

    void check_grant(const std::string& slug, Bytes key, Bytes value) {
        ++tally_.granted;
        const auto exemption = store::decode_granted(value);
        if (!exemption || store::granted_key(slug, exemption->prefix) != key) {
            note_(fmt::format("policies: an exemption that {} granted is malformed", slug));
        }
    }

    const store::Txn& txn_;
    const std::function<void(std::string)>& note_;
    PolicyTally tally_;
};

}  // namespace

PolicyTally check_policies(const store::Txn& txn, const std::function<void(std::string)>& note) {
    return PolicyStoreCheck(txn, note).run();
}

}  // namespace fairlist
