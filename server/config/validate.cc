#include "server/config/validate.h"

#include "listing/base/time.h"
#include "listing/model/protected_space.h"
#include "server/config/cross_check.h"
#include "server/config/feed_format.h"
#include "server/config/policy_check.h"
#include "server/config/rule_check.h"
#include "server/config/zone_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

class Validator : private CrossCheck {
  public:
    using CrossCheck::CrossCheck;

    void check_store();
    void check_server();
    void check_listeners();
    void check_roles();
    void check_lists();
    void check_zones();
    void check_feeds();
    void check_protected();

  private:
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
};

void Validator::check_store() {
    if (root().find("store") == nullptr) {
        fault("store", "missing: a table [store] with path");
    }
}

void Validator::check_server() {
    const Node* table = root().find("server");
    const Node* given = table == nullptr ? nullptr : table->find("listen");
    if (given != nullptr && given->kind == Kind::Array && given->items.empty()) {
        fault("server.listen", "empty: at least one listener is needed, such as \"192.0.2.1:53\"");
    }
    const Limits& limits = config().limits;
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

// TCP of any two of them would be in each other's way.
void Validator::check_listeners() {
    std::map<std::pair<std::string, std::uint16_t>, std::string> seen;
    const auto check = [&](const std::string& key, const std::vector<Listener>& listen) {
        for (std::size_t i = 0; i < listen.size(); ++i) {
            // Port 0 is a different port each time; a listener that was wrong has no address.
            if (listen[i].port == 0 || listen[i].address.empty()) {
                continue;
            }
            const auto [first, is_new] =
                seen.try_emplace(std::pair(listen[i].address, listen[i].port), key);
            if (!is_new) {
                fault(fmt::format("{}[{}]", key, i),
                      first->second == key ? "named twice" : "named in " + first->second + " too");
            }
        }
    };
    check("server.listen", config().server.listen);
    check("trap.listen", config().trap.listen);
    check("http.listen", config().http.listen);
}

void Validator::check_roles() {
    const auto& roles = config().server.roles;
    const auto check = [&](Role role, bool listens, const std::string& what) {
        if (std::ranges::find(roles, role) != roles.end() && !listens) {
            fault("server.roles", what);
        }
    };
    const Trap& trap = config().trap;
    const Http& http = config().http;
    check(Role::Trap, !trap.listen.empty() || !trap.socket.empty(),
          "\"trap\": needs trap.listen or trap.socket");
    check(Role::Http, !http.listen.empty() || !http.socket.empty(),
          "\"http\": needs http.listen or http.socket");
}

void Validator::check_lists() {
    check_unique("list", config().lists, [](const ListSpec& list) { return list.name; });
}

void Validator::check_zones() {
    check_unique("zone", config().zones, [](const ZoneSpec& zone) {
        return zone.origin ? zone.origin->text() : std::string();
    });
    for (std::size_t i = 0; i < config().zones.size(); ++i) {
        const std::string where = fmt::format("zone[{}]", i);
        check_zone_lists(config().zones[i], where);
        check_name_servers(config().zones[i], where);
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
    for (const ZoneSpec& zone : config().zones) {
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
    check_unique("feed", config().feeds, [](const Feed& feed) { return feed.name; });
    for (std::size_t i = 0; i < config().feeds.size(); ++i) {
        check_feed(config().feeds[i], fmt::format("feed[{}]", i));
    }
}

void Validator::check_feed(const Feed& feed, const std::string& where) {
    const ListSpec* list = find_list(feed.list, where + ".list");
    check_code(list, feed.code, where + ".code");
    const FeedFormat* format = find_feed_format(feed.format);
    if (list != nullptr && format != nullptr && format->kind && *format->kind != list->kind) {
        fault(
            where + ".format",
            fmt::format("{}: fills lists of kind {}, but list {} is of kind {}", quote(feed.format),
                        to_string(*format->kind), quote(list->name), to_string(list->kind)));
    }
}

void Validator::check_protected() {
    const auto& exceptions = config().protected_exceptions;
    for (std::size_t i = 0; i < exceptions.size(); ++i) {
        const std::string where = fmt::format("protected.allow[{}]", i);
        const bool is_special =
            std::ranges::any_of(special_purpose_space(), [&](const ProtectedPrefix& special) {
                const bool overlaps = special.prefix.contains(exceptions[i]) ||
                                      exceptions[i].contains(special.prefix);
                return overlaps && special.prefix.is_v4() == exceptions[i].is_v4();
            });
        const bool is_refused = std::ranges::any_of(config().do_not_list, [&](const Prefix& mine) {
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
    validator.check_listeners();
    validator.check_roles();
    validator.check_lists();
    validator.check_zones();
    validator.check_feeds();
    validator.check_protected();
    check_rules(config, root, faults);
    check_policy_rules(config, root, faults);
}

}  // namespace fairlist::config
