#include "importer/lmtp/client_attributes.h"

#include "importer/lmtp/envelope_text.h"

#include <charconv>
#include <cstddef>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kHexDigits = 2;

// xtext (RFC 3461 section 4): "+2B" stands for "+". Postfix before 2.3 sent values unencoded, which
// differ only where they hold a "+".
std::optional<std::string> decode_xtext(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.front() != '+') {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        text.remove_prefix(1);
        unsigned value = 0;
        const char* end = text.data() + std::min(text.size(), kHexDigits);
        const auto parsed = std::from_chars(text.data(), end, value, 16);
        if (parsed.ptr != text.data() + kHexDigits) {
            return std::nullopt;
        }
        out += static_cast<char>(value);
        text.remove_prefix(kHexDigits);
    }
    return out;
}

// [TEMPUNAVAIL]: XCLIENT, for a name whose look-up failed. "unknown": what Postfix says of a client
// without a name in its own records.
bool is_unavailable(std::string_view value) {
    return same_keyword(value, "[UNAVAILABLE]") || same_keyword(value, "[TEMPUNAVAIL]") ||
           same_keyword(value, "unknown");
}

std::optional<Address> address_of(std::string_view value) {
    constexpr std::string_view kPrefix = "IPV6:";
    if (same_keyword(value.substr(0, kPrefix.size()), kPrefix)) {
        value.remove_prefix(kPrefix.size());
    }
    const auto address = parse_address(value);
    return address ? std::optional(*address) : std::nullopt;
}

// Whether the name is one that the offer ("XCLIENT NAME ADDR HELO") holds.
bool is_offered(std::string_view name, AttributeCommand command) {
    std::string_view offer = command == AttributeCommand::Forward ? kForwardOffer : kClientOffer;
    static_cast<void>(take_argument(offer));
    while (!offer.empty()) {
        if (same_keyword(take_argument(offer), name)) {
            return true;
        }
    }
    return false;
}

void set_attribute(ClientAttributes& known, std::string_view name, std::string_view value) {
    const std::string_view told = is_unavailable(value) ? std::string_view() : value;
    if (same_keyword(name, "ADDR")) {
        known.address = address_of(told);
    } else if (same_keyword(name, "NAME")) {
        known.name = envelope_text(told);
    } else if (same_keyword(name, "HELO")) {
        known.helo = envelope_text(told);
    }
}

}  // namespace

Result<ClientAttributes> apply_attributes(ClientAttributes known, std::string_view arguments,
                                          AttributeCommand command) {
    if (arguments.empty()) {
        return fail(Errc::Malformed, "attributes expected, as NAME=value");
    }
    while (!arguments.empty()) {
        const std::string_view word = take_argument(arguments);
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos || equals + 1 == word.size()) {
            return fail(Errc::Malformed, "an attribute without a value, expected NAME=value");
        }
        const std::string_view name = word.substr(0, equals);
        if (!is_offered(name, command)) {
            return fail(Errc::Malformed, "an attribute that was not offered");
        }
        const auto value = decode_xtext(word.substr(equals + 1));
        if (!value) {
            return fail(Errc::Malformed, "a value that is no xtext");
        }
        set_attribute(known, name, *value);
    }
    return known;
}

}  // namespace fairlist::importer
