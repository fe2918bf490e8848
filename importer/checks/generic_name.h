// GenericName: whether the name of an address is one that its provider gave to all of them.
#pragma once

#include "listing/model/address.h"

#include <string>
#include <string_view>

namespace fairlist::importer {

// Why the name is generic; empty: it looks like one that somebody chose. `name`: in lower case,
// without a final dot. `registrable_labels`: how many labels at its end are the provider's own
// domain, which is not looked at ("example.co.uk" has 3).
//
// Generic is a name that holds the address (its octets in either order, joined or with zeros, in
// hexadecimal; of IPv6 its digits), unless a word for mail stands among its labels: large senders
// number their servers. Generic, too, is a word for lines of end users beside a number.
[[nodiscard]] std::string generic_reason(std::string_view name, const Address& address,
                                         std::size_t registrable_labels);

}  // namespace fairlist::importer
