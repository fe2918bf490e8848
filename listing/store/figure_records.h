// Figure records: daily figures by list, network and reason, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/model/figure_table.h"
#include "listing/model/figures.h"
#include "listing/store/environment.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::store {

[[nodiscard]] std::string encode_figure(const Figure& figure);
[[nodiscard]] std::optional<Figure> decode_figure(Bytes bytes) noexcept;

// The days of one list, network and reason stand together, in order.
[[nodiscard]] std::string figure_key(const FigureKey& key);
[[nodiscard]] std::optional<FigureKey> key_figure(Bytes key);

// What is to be added to a day's figure; the stock may shrink.
struct FigureChange {
    Figure flows;             // of this the stock is not looked at
    std::int64_t listed = 0;  // change of the stock
};

// A day without a figure begins with the stock of the last day that has one.
void add_figures(WriteTxn& txn, const std::map<FigureKey, FigureChange>& changes);

[[nodiscard]] std::vector<FigureEntry> read_figures(const Txn& txn);

}  // namespace fairlist::store
