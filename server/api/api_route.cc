#include "server/api/api_route.h"

#include <algorithm>
#include <set>
#include <utility>

namespace fairlist::api {

bool is_open(const ApiRoute& route) noexcept {
    return std::ranges::find(route.roles, http::Role::Public) != route.roles.end();
}

bool changes(const ApiRoute& route) noexcept {
    return route.method != http::Method::Get;
}

std::vector<std::string> path_names(const std::string& pattern) {
    std::vector<std::string> names;
    for (std::size_t at = pattern.find('{'); at != std::string::npos;
         at = pattern.find('{', at + 1)) {
        names.push_back(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
    }
    return names;
}

std::vector<unsigned> statuses_of(const ApiRoute& route) {
    std::set<unsigned> all(route.statuses.begin(), route.statuses.end());
    all.insert({400, 429, 503});  // a key of the query that is not known; the client; the store
    if (!is_open(route)) {
        all.insert({401, 403});
    }
    if (route.body_bytes_max != 0) {
        all.insert({413, 415});
    } else {
        all.insert(413);  // of a body that is not wanted
    }
    if (changes(route)) {
        all.insert({409, 412, 422});
        if (route.second_person) {
            all.insert(202);
        }
    } else {
        all.insert(304);
    }
    return {all.begin(), all.end()};
}

std::vector<QueryKey> paged(std::vector<QueryKey> keys) {
    keys.push_back({"limit", "how many at most, 1 to 1000; 100 when it is not given"});
    keys.push_back({"after", "what \"next\" of the page before said"});
    return keys;
}

}  // namespace fairlist::api
