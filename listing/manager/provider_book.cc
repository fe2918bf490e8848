#include "listing/manager/provider_book.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/ground.h"
#include "listing/manager/provider_check.h"
#include "listing/manager/provider_store.h"
#include "listing/manager/space_edit.h"
#include "listing/store/provider_records.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace fairlist {

using store::RangeRecord;
using store::Table;

namespace {

Error no_provider(std::string_view slug) {
    return {Errc::NotFound, fmt::format("provider \"{}\": there is none", slug.substr(0, 64))};
}

Result<void> check_count(std::size_t ranges) {
    if (ranges > kProviderRangesMax) {
        return fail(Errc::OutOfRange, fmt::format("{} ranges: a provider holds at most {}", ranges,
                                                  kProviderRangesMax));
    }
    return {};
}

AuditNote provider_note(std::string_view action, const Provider& provider) {
    AuditNote note{fmt::format("provider.{}", action), {{"provider", provider.slug}}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            note.details.emplace_back(name, value);
        }
    };
    add("name", provider.name);
    std::string asns;
    for (const std::uint32_t asn : provider.asns) {
        asns += fmt::format("{}AS{}", asns.empty() ? "" : " ", asn);
    }
    add("asns", asns);
    add("abuse", provider.abuse);
    add("postmaster", provider.postmaster);
    add("support", provider.support);
    add("webhook", provider.webhook);
    add("policy", provider.policy_url);
    add("space", provider.space_url);
    return note;
}

}  // namespace

ProviderBook::ProviderBook(store::Environment& environment, ProviderBookOptions options)
    : environment_(environment), options_(std::move(options)) {}

Result<Provider> ProviderBook::add(const Actor& actor, const Provider& provider) {
    auto checked = check_provider(provider);
    if (!checked) {
        return checked;
    }
    Result<Provider> result = *checked;
    environment_.write([&](store::WriteTxn& txn) {
        if (txn.get(Table::Providers, checked->slug)) {
            result = fail(Errc::Conflict,
                          fmt::format("provider \"{}\": there is one; change it, or choose another "
                                      "name",
                                      checked->slug));
            return;
        }
        const Time now = options_.clock();
        Provider added = *checked;
        added.added = now;
        added.changed = now;
        txn.put(Table::Providers, added.slug, store::encode_provider(added));
        note_audit(txn, actor, now, provider_note("add", added));
        move_ground(txn);
        result = added;
    });
    return result;
}

Result<Provider> ProviderBook::change(const Actor& actor, const Provider& provider) {
    auto checked = check_provider(provider);
    if (!checked) {
        return checked;
    }
    Result<Provider> result = *checked;
    environment_.write([&](store::WriteTxn& txn) {
        const auto before = find_provider(txn, checked->slug);
        if (!before) {
            result = std::unexpected(no_provider(checked->slug));
            return;
        }
        Provider changed = *checked;
        changed.added = before->added;
        changed.changed = before->changed;
        if (changed == *before) {
            result = changed;
            return;
        }
        const Time now = options_.clock();
        changed.changed = now;
        txn.put(Table::Providers, changed.slug, store::encode_provider(changed));
        note_audit(txn, actor, now, provider_note("change", changed));
        move_ground(txn);
        result = changed;
    });
    return result;
}

Result<void> ProviderBook::remove(const Actor& actor, std::string_view slug) {
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        const auto provider = find_provider(txn, slug);
        if (!provider) {
            result = std::unexpected(no_provider(slug));
            return;
        }
        std::vector<Prefix> held;
        walk_space(txn, std::nullopt, [&](const Prefix& prefix, const RangeRecord& record) {
            if (record.slug == slug) {
                held.push_back(prefix);
            }
            return true;
        });
        for (const Prefix& prefix : held) {
            txn.erase(Table::ProviderSpace, store::range_key(prefix));
        }
        txn.erase(Table::Providers, slug);
        AuditNote note = provider_note("remove", *provider);
        note.details.emplace_back("ranges", fmt::format("{}", held.size()));
        note_audit(txn, actor, options_.clock(), std::move(note));
        move_ground(txn);
        result = {};
    });
    return result;
}

std::optional<Provider> ProviderBook::find(std::string_view slug) {
    return find_provider(store::ReadTxn(environment_), slug);
}

std::vector<Provider> ProviderBook::list() {
    return all_providers(store::ReadTxn(environment_));
}

Result<SpaceChange> ProviderBook::add_space(const Actor& actor, std::string_view slug,
                                            std::span<const Prefix> ranges, bool take) {
    if (const auto good = check_count(ranges.size()); !good) {
        return std::unexpected(good.error());
    }
    Result<SpaceChange> result = SpaceChange{};
    environment_.write([&](store::WriteTxn& txn) {
        if (!find_provider(txn, slug)) {
            result = std::unexpected(no_provider(slug));
            return;
        }
        SpaceEdit edit(txn, &txn, slug, options_.clock());
        for (const Prefix& prefix : ranges) {
            if (std::string why = space_refusal(options_, prefix); !why.empty()) {
                edit.refuse(prefix, std::move(why));
            } else {
                edit.add(prefix, SpaceOrigin::Given, take);
            }
        }
        edit.finish(actor, SpaceOrigin::Given);
        result = std::move(edit.change());
    });
    return result;
}

Result<SpaceChange> ProviderBook::remove_space(const Actor& actor, std::string_view slug,
                                               std::span<const Prefix> ranges) {
    Result<SpaceChange> result = SpaceChange{};
    environment_.write([&](store::WriteTxn& txn) {
        if (!find_provider(txn, slug)) {
            result = std::unexpected(no_provider(slug));
            return;
        }
        SpaceEdit edit(txn, &txn, slug, options_.clock());
        for (const Prefix& prefix : ranges) {
            const auto bytes = txn.get(Table::ProviderSpace, store::range_key(prefix));
            const auto held = bytes ? store::decode_range(*bytes) : std::nullopt;
            if (held && held->slug == slug) {
                edit.remove(prefix);
            } else {
                edit.refuse(prefix, held ? fmt::format("held by {}", held->slug)
                                         : std::string("not held in exactly this prefix"));
            }
        }
        edit.finish(actor, SpaceOrigin::Given);
        result = std::move(edit.change());
    });
    return result;
}

Result<SpaceChange> ProviderBook::set_space(const Actor& actor, std::string_view slug,
                                            SpaceOrigin origin, std::span<const Prefix> ranges,
                                            bool dry_run) {
    if (const auto good = check_count(ranges.size()); !good) {
        return std::unexpected(good.error());
    }
    const Time now = options_.clock();
    Result<SpaceChange> result = SpaceChange{};
    const auto change = [&](const store::Txn& txn, store::WriteTxn* write) {
        if (!find_provider(txn, slug)) {
            result = std::unexpected(no_provider(slug));
            return;
        }
        SpaceEdit edit(txn, write, slug, now);
        std::vector<Prefix> wanted;
        wanted.reserve(ranges.size());
        for (const Prefix& prefix : ranges) {
            if (std::string why = space_refusal(options_, prefix); !why.empty()) {
                edit.refuse(prefix, std::move(why));
            } else {
                wanted.push_back(prefix);
            }
        }
        edit.replace(origin, std::move(wanted));
        edit.finish(actor, origin);
        result = std::move(edit.change());
    };
    if (dry_run) {
        change(store::ReadTxn(environment_), nullptr);
    } else {
        environment_.write([&](store::WriteTxn& txn) { change(txn, &txn); });
    }
    return result;
}

std::vector<HeldRange> ProviderBook::space(std::string_view slug, std::optional<Prefix> after,
                                           std::size_t limit) {
    std::vector<HeldRange> found;
    walk_space(store::ReadTxn(environment_), after,
               [&](const Prefix& prefix, const RangeRecord& record) {
                   if (record.slug == slug && (!after || prefix != *after)) {
                       if (found.size() >= limit) {
                           return false;
                       }
                       found.push_back({prefix, record.origin, record.since});
                   }
                   return true;
               });
    return found;
}

HolderMap ProviderBook::holders() {
    return holder_map(store::ReadTxn(environment_));
}

ProviderBook::Held ProviderBook::held(std::string_view slug) {
    return held_by(store::ReadTxn(environment_), slug);
}

}  // namespace fairlist
