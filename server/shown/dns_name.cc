#include "server/shown/dns_name.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace fairlist {

namespace {

std::string relative_name(const Subject& subject) {
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        return reversed(prefix->base);
    }
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        return name->name.text();
    }
    return to_string(std::get<Digest>(subject));
}

}  // namespace

std::string reversed(const Address& address) {
    const auto bytes = address.to_bytes();
    if (address.is_v4()) {
        return fmt::format("{}.{}.{}.{}", bytes[15], bytes[14], bytes[13], bytes[12]);
    }
    std::string text;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        text += fmt::format("{:x}.{:x}.", bytes[i] & 0xFU, static_cast<unsigned>(bytes[i]) >> 4U);
    }
    text.pop_back();
    return text;
}

std::optional<std::string> name_to_ask(const Subject& subject, const DomainName& zone) {
    const auto name = parse_domain(relative_name(subject) + "." + zone.text());
    if (!name) {
        return std::nullopt;
    }
    return name->text();
}

}  // namespace fairlist
