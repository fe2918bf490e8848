#include "listing/store/figure_records.h"

#include "listing/store/bytes.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::size_t kReasonKeyBytesMax = 200;
constexpr std::size_t kDayBytes = 4;

void write_number(ByteWriter& out, std::uint32_t number, unsigned bytes) {
    for (unsigned i = bytes; i > 0; --i) {
        out.u8(static_cast<std::uint8_t>(number >> (8 * (i - 1))));
    }
}

std::uint32_t read_number(ByteReader& in, unsigned bytes) noexcept {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < bytes; ++i) {
        number = number << 8U | in.u8();
    }
    return number;
}

// The figure of the day, or one that begins with the stock of the last day before it.
Figure figure_to_change(const WriteTxn& txn, const std::string& key) {
    if (const auto known = txn.get(Table::Figures, key)) {
        return decode_figure(*known).value_or(Figure{});
    }
    Figure figure;
    const Bytes group = Bytes(key).substr(0, key.size() - kDayBytes);
    Cursor cursor(txn, Table::Figures);
    const bool found = cursor.seek_at_least(key) ? cursor.previous() : cursor.last();
    if (found && cursor.key().size() == key.size() && cursor.key().starts_with(group)) {
        figure.listed_at_end = decode_figure(cursor.value()).value_or(Figure{}).listed_at_end;
    }
    return figure;
}

std::uint64_t moved(std::uint64_t stock, std::int64_t change) noexcept {
    if (change >= 0) {
        return add_capped(stock, static_cast<std::uint64_t>(change));
    }
    return stock - std::min(stock, static_cast<std::uint64_t>(-change));
}

}  // namespace

std::string encode_figure(const Figure& figure) {
    ByteWriter out;
    for (const std::uint64_t number : {figure.hits, figure.opened, figure.extended, figure.expired,
                                       figure.removed, figure.listed_at_end}) {
        out.u64(number);
    }
    return out.bytes();
}

std::optional<Figure> decode_figure(Bytes bytes) noexcept {
    ByteReader in(bytes);
    Figure figure;
    figure.hits = in.u64();
    figure.opened = in.u64();
    figure.extended = in.u64();
    figure.expired = in.u64();
    figure.removed = in.u64();
    figure.listed_at_end = in.u64();
    return in.ok() ? std::optional(figure) : std::nullopt;
}

std::string figure_key(const FigureKey& key) {
    const std::string_view reason = std::string_view(key.reason).substr(0, kReasonKeyBytesMax);
    ByteWriter out;
    write_number(out, static_cast<std::uint32_t>(key.list), 2);
    write_number(out, key.asn, 4);
    out.u8(static_cast<std::uint8_t>(reason.size()));
    out.bytes(reason);
    write_number(out, key.day, kDayBytes);
    return out.bytes();
}

std::optional<FigureKey> key_figure(Bytes bytes) {
    ByteReader in(bytes);
    FigureKey key;
    key.list = ListId{static_cast<std::uint16_t>(read_number(in, 2))};
    key.asn = read_number(in, 4);
    key.reason = in.bytes(in.u8());
    key.day = read_number(in, kDayBytes);
    return in.ok() && in.at_end() ? std::optional(std::move(key)) : std::nullopt;
}

void add_figures(WriteTxn& txn, const std::map<FigureKey, FigureChange>& changes) {
    for (const auto& [key, change] : changes) {
        const std::string bytes = figure_key(key);
        Figure figure = figure_to_change(txn, bytes);
        figure.hits = add_capped(figure.hits, change.flows.hits);
        figure.opened = add_capped(figure.opened, change.flows.opened);
        figure.extended = add_capped(figure.extended, change.flows.extended);
        figure.expired = add_capped(figure.expired, change.flows.expired);
        figure.removed = add_capped(figure.removed, change.flows.removed);
        figure.listed_at_end = moved(figure.listed_at_end, change.listed);
        txn.put(Table::Figures, bytes, encode_figure(figure));
    }
}

std::vector<FigureEntry> read_figures(const Txn& txn) {
    std::vector<FigureEntry> entries;
    Cursor cursor(txn, Table::Figures);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        auto key = key_figure(cursor.key());
        const auto figure = decode_figure(cursor.value());
        if (!key || !figure) {
            throw StoreError("store: figures: a record is malformed");
        }
        entries.emplace_back(std::move(*key), *figure);
    }
    return entries;
}

}  // namespace fairlist::store
