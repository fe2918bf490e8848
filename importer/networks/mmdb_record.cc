#include "importer/networks/mmdb_record.h"

#include "importer/networks/network_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace fairlist::importer {

namespace {

enum class Field : std::uint8_t { Asn, Name, Country };

// The first of a field's keys that a record has counts.
struct FieldKey {
    std::string_view key;
    Field field;
};
constexpr std::array kFieldKeys = std::to_array<FieldKey>({
    {"autonomous_system_number", Field::Asn},
    {"asn", Field::Asn},
    {"autonomous_system_organization", Field::Name},
    {"as_name", Field::Name},
    {"name", Field::Name},
    {"country_code", Field::Country},
    {"country", Field::Country},
});

struct Value {
    MMDB_entry_data_s data{};
    std::uint32_t next = 0;  // where the one after it begins; within it for a map or array
    bool is_container = false;
    bool is_elsewhere = false;  // behind a pointer
};

std::string_view text_of(const MMDB_entry_data_s& data) noexcept {
    return data.type == MMDB_DATA_TYPE_UTF8_STRING
               ? std::string_view(data.utf8_string, data.data_size)
               : std::string_view();
}

std::uint32_t asn_of(const MMDB_entry_data_s& data) {
    switch (data.type) {
        case MMDB_DATA_TYPE_UINT16:
            return data.uint16;
        case MMDB_DATA_TYPE_UINT32:
            return data.uint32;
        case MMDB_DATA_TYPE_INT32:
            return data.int32 < 0 ? 0 : static_cast<std::uint32_t>(data.int32);
        case MMDB_DATA_TYPE_UINT64:
            return data.uint64 > UINT32_MAX ? 0 : static_cast<std::uint32_t>(data.uint64);
        default:
            return parse_asn(text_of(data)).value_or(0);
    }
}

// Goes through a record value by value. The library's own look-up by key goes as deep into nested
// values as a file says (version 1.7), and reads the record anew for each key.
class RecordWalk {
  public:
    explicit RecordWalk(const MMDB_s* database) : database_(database) {}

    Result<std::optional<Network>> read(std::uint32_t offset) {
        const auto map = decode(offset);
        if (!map) {
            return std::unexpected(map.error());
        }
        if (map->data.type != MMDB_DATA_TYPE_MAP) {
            return std::optional<Network>();
        }
        std::uint32_t at = map->data.offset_to_next;
        for (std::uint32_t pair = 0; pair < map->data.data_size; ++pair) {
            const auto next = read_pair(at);
            if (!next) {
                return std::unexpected(next.error());
            }
            at = *next;
        }
        return network();
    }

  private:
    Result<Value> decode(std::uint32_t offset) {
        if (++values_ > kMmdbValuesMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("a record of more than {} values", kMmdbValuesMax));
        }
        static constexpr std::array<const char*, 1> kItself = {nullptr};
        MMDB_entry_s entry{database_, offset};
        Value value;
        const int status = MMDB_aget_value(&entry, &value.data, kItself.data());
        if (status != MMDB_SUCCESS || !value.data.has_data) {
            return fail(Errc::Malformed,
                        MMDB_strerror(status == MMDB_SUCCESS ? MMDB_INVALID_DATA_ERROR : status));
        }
        value.is_container =
            value.data.type == MMDB_DATA_TYPE_MAP || value.data.type == MMDB_DATA_TYPE_ARRAY;
        value.is_elsewhere = value.data.offset != offset;
        value.next = value.is_elsewhere ? after_pointer(offset) : value.data.offset_to_next;
        return value;
    }

    // Bits 3 and 4 of a pointer's control byte are its size (MaxMind DB specification 2.0, "Data
    // Field Format"). Requires: a pointer was decoded there.
    [[nodiscard]] std::uint32_t after_pointer(std::uint32_t offset) const noexcept {
        const unsigned control = database_->data_section[offset];
        return offset + 2 + ((control >> 3U) & 3U);
    }

    // Returns where the next pair begins.
    Result<std::uint32_t> read_pair(std::uint32_t offset) {
        const auto key = decode(offset);
        if (!key) {
            return std::unexpected(key.error());
        }
        if (key->data.type != MMDB_DATA_TYPE_UTF8_STRING) {
            return fail(Errc::Malformed, "a key that is no text");
        }
        const auto value = decode(key->next);
        if (!value) {
            return std::unexpected(value.error());
        }
        take(text_of(key->data), value->data);
        return skip(*value);
    }

    // Past all that is nested in the value, without recursion.
    Result<std::uint32_t> skip(const Value& value) {
        std::uint32_t at = value.next;
        std::uint64_t pending = nested_count(value);
        while (pending != 0) {
            const auto inner = decode(at);
            if (!inner) {
                return std::unexpected(inner.error());
            }
            at = inner->next;
            pending += nested_count(*inner);
            --pending;
        }
        return at;
    }

    static std::uint64_t nested_count(const Value& value) noexcept {
        if (!value.is_container || value.is_elsewhere) {
            return 0;
        }
        const std::uint64_t size = value.data.data_size;
        return value.data.type == MMDB_DATA_TYPE_MAP ? 2 * size : size;
    }

    void take(std::string_view key, const MMDB_entry_data_s& data) {
        const auto found = std::ranges::find(kFieldKeys, key, &FieldKey::key);
        if (found == kFieldKeys.end()) {
            return;
        }
        std::string text;
        if (found->field == Field::Asn) {
            const std::uint32_t asn = asn_of(data);
            text = asn == 0 ? "" : std::to_string(asn);
        } else if (found->field == Field::Name) {
            text = tidy_text(text_of(data), kNetworkNameBytesMax);
        } else {
            // "country" is a name in some databases.
            text = parse_country(text_of(data)).value_or("");
        }
        texts_[static_cast<std::size_t>(found - kFieldKeys.begin())] = std::move(text);
    }

    [[nodiscard]] std::string first_of(Field field) const {
        for (std::size_t i = 0; i < kFieldKeys.size(); ++i) {
            if (kFieldKeys[i].field == field && !texts_[i].empty()) {
                return texts_[i];
            }
        }
        return {};
    }

    [[nodiscard]] std::optional<Network> network() const {
        const std::string asn = first_of(Field::Asn);
        if (asn.empty()) {
            return {};
        }
        return Network{parse_asn(asn).value_or(0), first_of(Field::Name), first_of(Field::Country)};
    }

    const MMDB_s* database_;
    std::size_t values_ = 0;
    std::array<std::string, kFieldKeys.size()> texts_;  // by their place in kFieldKeys
};

}  // namespace

Result<std::optional<Network>> read_mmdb_record(const MMDB_entry_s& entry) {
    return RecordWalk(entry.mmdb).read(entry.offset);
}

}  // namespace fairlist::importer
