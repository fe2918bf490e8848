#include "tests/unit/importer/networks/mmdb_writer.h"

#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fairlist::importer {

namespace {

using TextPlaces = std::map<std::string, std::size_t>;

constexpr unsigned kPointer = 1;
constexpr unsigned kText = 2;
constexpr unsigned kUint16 = 5;
constexpr unsigned kUint32 = 6;
constexpr unsigned kMap = 7;
constexpr unsigned kUint64 = 9;
constexpr unsigned kArray = 11;
constexpr std::size_t kSeparatorBytes = 16;

void put_number(std::string& out, std::uint64_t value, unsigned bytes) {
    for (unsigned i = bytes; i > 0; --i) {
        out += static_cast<char>(value >> (8 * (i - 1)) & 0xFF);
    }
}

// "Data Field Format": the type, or zero and the type less seven in a byte of its own.
void put_control(std::string& out, unsigned type, std::size_t size) {
    FAIRLIST_CHECK(size < 29 + 256);
    const unsigned short_size = size < 29 ? static_cast<unsigned>(size) : 29;
    put_number(out, (type <= 7 ? type << 5U : 0U) | short_size, 1);
    if (type > 7) {
        put_number(out, type - 7, 1);
    }
    if (size >= 29) {
        put_number(out, size - 29, 1);
    }
}

void put_text(std::string& out, const std::string& text, TextPlaces& places) {
    const auto [found, is_new] = places.try_emplace(text, out.size());
    if (is_new || text.size() < 2) {
        put_control(out, kText, text.size());
        out += text;
        return;
    }
    // Of 11 bits: what these small files have.
    FAIRLIST_CHECK(found->second < 2048);
    put_number(out, kPointer << 5U | found->second >> 8U, 1);
    put_number(out, found->second & 0xFF, 1);
}

void put_unsigned(std::string& out, unsigned type, std::uint64_t value) {
    unsigned bytes = 0;
    while (bytes < 8 && value >> (8 * bytes) != 0) {
        ++bytes;
    }
    put_control(out, type, bytes);
    put_number(out, value, bytes);
}

void put_map(std::string& out, const MmdbMap& map, TextPlaces& places);

class ValuePutter {
  public:
    ValuePutter(std::string& out, TextPlaces& places) : out_(out), places_(places) {}

    void operator()(const std::string& text) const { put_text(out_, text, places_); }
    void operator()(std::uint32_t value) const { put_unsigned(out_, kUint32, value); }
    void operator()(std::uint64_t value) const { put_unsigned(out_, kUint64, value); }
    void operator()(MmdbUint16 value) const { put_unsigned(out_, kUint16, value.value); }
    void operator()(const MmdbArray& array) const {
        put_control(out_, kArray, array.texts.size());
        for (const std::string& text : array.texts) {
            put_text(out_, text, places_);
        }
    }
    void operator()(const MmdbMap& map) const { put_map(out_, map, places_); }
    void operator()(const MmdbRaw& raw) const { out_ += raw.bytes; }

  private:
    std::string& out_;
    TextPlaces& places_;
};

void put_map(std::string& out, const MmdbMap& map, TextPlaces& places) {
    put_control(out, kMap, map.size());
    for (const auto& [key, value] : map) {
        put_text(out, key, places);
        std::visit(ValuePutter(out, places), value.value);
    }
}

}  // namespace

MmdbWriter::MmdbWriter(MmdbOptions options) : options_(std::move(options)) {}

void MmdbWriter::add(const std::string& prefix, const MmdbMap& record) {
    add(parse_prefix(prefix).value(), record);
}

void MmdbWriter::add(const Prefix& prefix, const MmdbMap& record) {
    const Record data{Kind::Data, static_cast<std::uint32_t>(data_.size())};
    put_map(data_, record, texts_);
    auto bytes = prefix.base.to_bytes();
    if (prefix.is_v4()) {
        std::fill(bytes.begin(), bytes.begin() + 12, std::uint8_t{0});
    }
    const unsigned begin = options_.ip_version == 4 ? Prefix::kV4Offset : 0;
    FAIRLIST_CHECK(prefix.length > begin && (begin == 0 || prefix.is_v4()));
    std::size_t node = 0;
    for (unsigned bit = begin; bit < prefix.length; ++bit) {
        Record& record_at = nodes_[node][bytes[bit / 8] >> (7 - bit % 8) & 1U];
        if (bit + 1 == prefix.length) {
            record_at = data;
            return;
        }
        if (record_at.kind != Kind::Node) {
            const Record before = std::exchange(
                record_at, Record{Kind::Node, static_cast<std::uint32_t>(nodes_.size())});
            node = nodes_.size();
            nodes_.push_back({before, before});
        } else {
            node = record_at.value;
        }
    }
}

// "Node Layout": the number of nodes is "nothing"; data count from behind that and the separator.
std::uint64_t MmdbWriter::number_of(const Record& record) const {
    switch (record.kind) {
        case Kind::Node:
            return record.value;
        case Kind::Data:
            return nodes_.size() + kSeparatorBytes + record.value;
        case Kind::Empty:
            break;
    }
    return nodes_.size();
}

void MmdbWriter::put_node(std::string& out, const std::array<Record, 2>& node) const {
    const std::uint64_t left = number_of(node[0]);
    const std::uint64_t right = number_of(node[1]);
    if (options_.record_bits == 28) {
        put_number(out, left & 0xFF'FFFF, 3);
        put_number(out, left >> 24U << 4U | right >> 24U, 1);
        put_number(out, right & 0xFF'FFFF, 3);
        return;
    }
    put_number(out, left, options_.record_bits / 8);
    put_number(out, right, options_.record_bits / 8);
}

std::string MmdbWriter::bytes() const {
    std::string out;
    for (const auto& node : nodes_) {
        put_node(out, node);
    }
    out.append(kSeparatorBytes, '\0');
    out += data_;
    out += "\xab\xcd\xefMaxMind.com";
    const auto small = [](std::uint64_t value) {
        return MmdbValue{MmdbUint16{static_cast<std::uint16_t>(value)}};
    };
    const MmdbMap metadata = {
        {"node_count", {static_cast<std::uint32_t>(nodes_.size())}},
        {"record_size", small(options_.record_bits)},
        {"ip_version", small(options_.ip_version)},
        {"database_type", {options_.type}},
        {"languages", {MmdbArray{{"en"}}}},
        {"binary_format_major_version", small(2)},
        {"binary_format_minor_version", small(0)},
        {"build_epoch", {options_.built}},
        {"description", {MmdbMap{{"en", {std::string("made for a test")}}}}},
    };
    std::string packed;
    TextPlaces places;
    put_map(packed, metadata, places);
    return out + packed;
}

}  // namespace fairlist::importer
