// TsvRow: one line of a table of networks as text.
#pragma once

#include "importer/networks/network.h"
#include "listing/base/result.h"
#include "listing/model/address.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlist::importer {

// Prefix: PREFIX<TAB>ASN<TAB>NAME<TAB>COUNTRY. Range, as iptoasn.com publishes it:
// START<TAB>END<TAB>ASN<TAB>COUNTRY<TAB>NAME.
enum class TsvForm : std::uint8_t { Prefix, Range };

// What messages show of it.
[[nodiscard]] std::string_view to_string(TsvForm form) noexcept;

// Lifetime: that of the line.
struct TsvRow {
    TsvForm form = TsvForm::Prefix;
    Address first;
    Address last;  // of the same family; >= first
    // The fields after the addresses, as they stand: equal text is an equal network.
    std::string_view network;
};

// The form is told by the second field. Requires: the line is no comment and not empty.
[[nodiscard]] Result<TsvRow> parse_tsv_row(std::string_view line);

// Nothing when not routed.
[[nodiscard]] Result<std::optional<Network>> parse_tsv_network(TsvForm form,
                                                               std::string_view network);

}  // namespace fairlist::importer
