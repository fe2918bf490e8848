// Client attributes: who a mail's first client was, as XFORWARD and XCLIENT tell it.
#pragma once

#include "listing/base/result.h"
#include "listing/model/address.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

// Texts as those of Envelope. Empty: not available.
struct ClientAttributes {
    std::optional<Address> address;
    std::string helo;
    std::string name;

    friend bool operator==(const ClientAttributes&, const ClientAttributes&) = default;
};

enum class AttributeCommand : std::uint8_t { Forward, Client };

// As LHLO offers them.
inline constexpr std::string_view kForwardOffer = "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE";
inline constexpr std::string_view kClientOffer = "XCLIENT NAME ADDR HELO";

// `known` with what "NAME=mail.example ADDR=192.0.2.1" says: attributes not named keep their value,
// [UNAVAILABLE] takes it away. An ADDR that is no IP address counts as not available (the
// specification of XFORWARD allows such).
//
// Errors: Malformed (no attribute, one that was not offered, no value, broken xtext). No message
// quotes a value.
[[nodiscard]] Result<ClientAttributes> apply_attributes(ClientAttributes known,
                                                        std::string_view arguments,
                                                        AttributeCommand command);

}  // namespace fairlist::importer
