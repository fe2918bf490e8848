#include "importer/mail/public_suffixes.h"

#include <string>

namespace fairlist::importer {

namespace {

bool ends_in_public_suffix(const psl_ctx_t* list, const std::string& name) {
    const std::string top = name.substr(name.rfind('.') + 1);
    return psl_is_public_suffix2(list, top.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace

Result<PublicSuffixes> PublicSuffixes::open() {
    psl_ctx_t* list = psl_latest(nullptr);
    if (list == nullptr) {
        return fail(Errc::NotFound,
                    "no public suffix list: install Debian's package publicsuffix, or name it in "
                    "its place, /usr/share/publicsuffix/public_suffix_list.dafsa");
    }
    return PublicSuffixes(list);
}

std::optional<DomainName> PublicSuffixes::registrable(const DomainName& name) const {
    if (!ends_in_public_suffix(list_.get(), name.text())) {
        return {};
    }
    const char* found = psl_registrable_domain(list_.get(), name.text().c_str());
    if (found == nullptr) {
        return {};
    }
    const auto domain = parse_domain(found);
    return domain ? std::optional(*domain) : std::nullopt;
}

}  // namespace fairlist::importer
