#include "server/config/cross_check.h"

#include "listing/base/suggestion.h"

#include <vector>

namespace fairlist::config {

const ListSpec* CrossCheck::find_list(const std::string& name, const std::string& where) {
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

void CrossCheck::check_code(const ListSpec* list, std::string_view code, const std::string& where) {
    const auto good = parse_code(code, list == nullptr || list->foreign_codes);
    if (!code.empty() && !good) {
        fault(where, good.error().message);
    }
}

}  // namespace fairlist::config
