#include "server/config/validate.h"

#include "listing/base/time.h"
#include "listing/model/protected_space.h"
#include "server/config/feed_format.h"
#include "server/config/suggestion.h"
#include "server/config/zone_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

class Validator {
  public:
    Validator(const Config& config, const Node& root, Faults& faults)
        : config_(config), root_(root), faults_(faults) {}

    void check_store();
    void check_server();
    void check_lists();
    void check_zones();
    void check_feeds();
    void check_protected();

  private:
    void fault(std::string where, std::string what) {
        faults_.add_at(root_, std::move(where), std::move(what));
    }
    // Faults when an item before this one has the same name.
    template <typename Items, typename NameOf>
    void check_unique(std::string_view table, const Items& items, NameOf name_of);
    // Null, with a fault, when there is no such list.
    const ListSpec* find_list(const std::string& name, const std::string& where);
    void check_zone_lists(const ZoneSpec& zone, const std::string& where);
    struct Holds {
        bool addresses = false;
        bool domains = false;
    };
    void check_owners(const ZoneSpec& zone, const std::string& where, Holds holds);
    // Null when the name lies in none of our zones.
    [[nodiscard]] const ZoneSpec* innermost_zone(std::string_view name) const;
    void check_name_servers(const ZoneSpec& zone, const std::string& where);
    void check_feed(const Feed& feed, const std::string& where);

    const Config& config_;
    const Node& root_;
    Faults& faults_;
};

template <typename Items, typename NameOf>
void Validator::check_unique(std::string_view table, const Items& items, NameOf name_of) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string name = name_of(items[i]);
        const auto first = std::ranges::find(items, name, name_of) - items.begin();
        if (!name.empty() && static_cast<std::size_t>(first) != i) {
            const Place place = locate(root_, fmt::format("{}[{}].name", table, first));
            fault(fmt::format("{}[{}].name", table, i),
                  fmt::format("{}: there is a {} of this name at {}:{}:{}", quote(name), table,
                              place.file->name.string(), place.line, place.column));
        }
    }
}

const ListSpec* Validator::find_list(const std::string& name, const std::string& where) {
    const auto list = std::ranges::find(config_.lists, name, &ListSpec::name);
    if (name.empty() || list != config_.lists.end()) {
        return name.empty() ? nullptr : &*list;
    }
    std::vector<std::string> names;
    names.reserve(config_.lists.size());
    for (const ListSpec& spec : config_.lists) {
        names.push_back(spec.name);
    }
    fault(where, fmt::format("{}: no such list{}", quote(name), did_you_mean(name, names)));
    return nullptr;
}

void Validator::check_store() {
    if (root_.find("store") == nullptr) {
        fault("store", "missing: a table [store] with path");
    }
}

void Validator::check_server() {
    const auto& listen = config_.server.listen;
    const Node* table = root_.find("server");
    const Node* given = table == nullptr ? nullptr : table->find("listen");
    if (given != nullptr && given->kind == Kind::Array && given->items.empty()) {
        fault("server.listen", "empty: at least one listener is needed, such as \"192.0.2.1:53\"");
    }
    for (std::size_t i = 0; i < listen.size(); ++i) {
        // Port 0 is a different port each time.
        const auto same = [&](const Listener& other) {
            return other.port != 0 && other.port == listen[i].port &&
                   other.address == listen[i].address;
        };
        const auto first = std::ranges::find_if(listen, same) - listen.begin();
        if (static_cast<std::size_t>(first) < i && !listen[i].address.empty()) {
            fault(fmt::format("server.listen[{}]", i), "named twice");
        }
    }
    const Limits& limits = config_.limits;
    if (limits.tcp_connections_per_client > limits.tcp_connections) {
        fault("limits.tcp_connections_per_client",
              fmt::format("{}: above tcp_connections ({})", limits.tcp_connections_per_client,
                          limits.tcp_connections));
    }
    if (limits.tcp_idle_timeout_ms / 1000 > limits.tcp_total_timeout_s) {
        fault("limits.tcp_idle_timeout_ms",
              fmt::format("{}: above tcp_total_timeout ({})", limits.tcp_idle_timeout_ms,
                          format_duration(limits.tcp_total_timeout_s)));
    }
}

void Validator::check_lists() {
    check_unique("list", config_.lists, [](const ListSpec& list) { return list.name; });
}

void Validator::check_zones() {
    check_unique("zone", config_.zones, [](const ZoneSpec& zone) {
        return zone.origin ? zone.origin->text() : std::string();
    });
    for (std::size_t i = 0; i < config_.zones.size(); ++i) {
        const std::string where = fmt::format("zone[{}]", i);
        check_zone_lists(config_.zones[i], where);
        check_name_servers(config_.zones[i], where);
    }
}

void Validator::check_zone_lists(const ZoneSpec& zone, const std::string& where) {
    const ListSpec* domains = nullptr;
    const ListSpec* addresses = nullptr;
    std::array<std::size_t, 4> of_kind{};  // by ListKind
    for (std::size_t i = 0; i < zone.lists.size(); ++i) {
        const ListSpec* list = find_list(zone.lists[i], fmt::format("{}.lists[{}]", where, i));
        if (list != nullptr && list->kind == ListKind::Domain) {
            domains = list;
        }
        if (list != nullptr && list->kind == ListKind::Address) {
            addresses = list;
        }
        if (list != nullptr &&
            ++of_kind[static_cast<std::size_t>(list->kind)] == kListsPerZoneMax + 1) {
            fault(fmt::format("{}.lists[{}]", where, i),
                  fmt::format("more than {} lists of one kind in a zone; another zone can take it",
                              kListsPerZoneMax));
        }
    }
    check_owners(zone, where, {addresses != nullptr, domains != nullptr});
    if (domains != nullptr && zone.domain_asked_code.is_set()) {
        fault(where + ".domain_asked_code",
              fmt::format("domain names are rightly asked here: list {} is of kind domain",
                          quote(domains->name)));
    }
    if (addresses != nullptr && zone.address_asked_code.is_set()) {
        fault(where + ".address_asked_code",
              fmt::format("addresses are rightly asked here: list {} is of kind address",
                          quote(addresses->name)));
    }
}

// A record of the operator is answered before anything else, so it must not stand where the lists
// and their test points answer (RFC 5782 section 5).
void Validator::check_owners(const ZoneSpec& zone, const std::string& where, Holds holds) {
    for (std::size_t i = 0; i < zone.records.size(); ++i) {
        const std::string& owner = zone.records[i].owner;
        const bool is_taken = (holds.addresses && is_reversed_address(owner)) ||
                              (holds.domains && (owner == "test" || owner == "invalid"));
        if (is_taken) {
            fault(fmt::format("{}.record[{}].owner", where, i),
                  fmt::format("{}: what the lists answer there must stay as it is (RFC 5782)",
                              quote(owner)));
        }
    }
}

const ZoneSpec* Validator::innermost_zone(std::string_view name) const {
    const ZoneSpec* innermost = nullptr;
    std::size_t longest = 0;
    for (const ZoneSpec& zone : config_.zones) {
        const bool holds = zone.origin && is_at_or_below(name, *zone.origin);
        if (holds && zone.origin->text().size() > longest) {
            innermost = &zone;
            longest = zone.origin->text().size();
        }
    }
    return innermost;
}

// A name server below a zone of ours without an address there would be answered NXDOMAIN, and
// resolvers would lose the zone.
void Validator::check_name_servers(const ZoneSpec& zone, const std::string& where) {
    for (std::size_t i = 0; i < zone.name_servers.size(); ++i) {
        const std::string& name = zone.name_servers[i];
        const ZoneSpec* home = innermost_zone(name);
        if (home == nullptr || !home->origin) {
            continue;
        }
        const std::string owner = relative_to(*home->origin, name);
        const auto is_address = [&](const StaticRecord& record) {
            return record.owner == owner && (record.type == "A" || record.type == "AAAA");
        };
        if (std::ranges::none_of(home->records, is_address)) {
            fault(fmt::format("{}.ns[{}]", where, i),
                  fmt::format("{}: lies in zone {}, which needs a record with owner {} and type A "
                              "or AAAA",
                              quote(name), home->origin->text(), quote(owner)));
        }
    }
}

void Validator::check_feeds() {
    check_unique("feed", config_.feeds, [](const Feed& feed) { return feed.name; });
    for (std::size_t i = 0; i < config_.feeds.size(); ++i) {
        check_feed(config_.feeds[i], fmt::format("feed[{}]", i));
    }
}

void Validator::check_feed(const Feed& feed, const std::string& where) {
    const ListSpec* list = find_list(feed.list, where + ".list");
    const auto code = parse_code(feed.code, list == nullptr || list->foreign_codes);
    if (!feed.code.empty() && !code) {
        fault(where + ".code", code.error().message);
    }
    const FeedFormat* format = find_feed_format(feed.format);
    if (list != nullptr && format != nullptr && format->kind && *format->kind != list->kind) {
        fault(
            where + ".format",
            fmt::format("{}: fills lists of kind {}, but list {} is of kind {}", quote(feed.format),
                        to_string(*format->kind), quote(list->name), to_string(list->kind)));
    }
}

void Validator::check_protected() {
    const auto& exceptions = config_.protected_exceptions;
    for (std::size_t i = 0; i < exceptions.size(); ++i) {
        const std::string where = fmt::format("protected.allow[{}]", i);
        const bool is_special =
            std::ranges::any_of(special_purpose_space(), [&](const ProtectedPrefix& special) {
                const bool overlaps = special.prefix.contains(exceptions[i]) ||
                                      exceptions[i].contains(special.prefix);
                return overlaps && special.prefix.is_v4() == exceptions[i].is_v4();
            });
        const bool is_refused = std::ranges::any_of(config_.do_not_list, [&](const Prefix& mine) {
            return mine.contains(exceptions[i]) && mine.is_v4() == exceptions[i].is_v4();
        });
        if (exceptions[i] != Prefix{} && !is_special) {
            fault(where, fmt::format("{}: no special-purpose space, so there is nothing to allow",
                                     to_string(exceptions[i])));
        } else if (is_refused) {
            fault(where, fmt::format("{}: is in do_not_list as well", to_string(exceptions[i])));
        }
    }
}

}  // namespace

void validate(const Config& config, const Node& root, Faults& faults) {
    Validator validator(config, root, faults);
    validator.check_store();
    validator.check_server();
    validator.check_lists();
    validator.check_zones();
    validator.check_feeds();
    validator.check_protected();
}

}  // namespace fairlist::config
