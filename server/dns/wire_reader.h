// WireReader: bounds-checked reading of a DNS message.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fairlist::dns {

// Big-endian fields from bytes it does not own. The first read past the end makes the reader fail
// for good: that read and all later ones give zero or nothing and move nothing, so that a whole
// structure is read first and ok() asked once.
class WireReader {
  public:
    explicit WireReader(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] std::uint8_t read_u8() noexcept {
        const auto bytes = read_bytes(1);
        return bytes.empty() ? std::uint8_t{0} : bytes[0];
    }
    [[nodiscard]] std::uint16_t read_u16() noexcept {
        const auto bytes = read_bytes(2);
        return bytes.empty() ? std::uint16_t{0}
                             : static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]);
    }
    [[nodiscard]] std::uint32_t read_u32() noexcept {
        return static_cast<std::uint32_t>(read_number(4));
    }
    // The time of a TSIG record (RFC 8945 section 4.2).
    [[nodiscard]] std::uint64_t read_u48() noexcept { return read_number(6); }

    [[nodiscard]] std::span<const std::uint8_t> read_bytes(std::size_t count) noexcept {
        if (!ok_ || count > bytes_.size() - offset_) {
            ok_ = false;
            return {};
        }
        const std::span<const std::uint8_t> bytes = bytes_.subspan(offset_, count);
        offset_ += count;
        return bytes;
    }

    // Two and more fields of 16 bits at once, all or none.
    template <std::size_t count>
    [[nodiscard]] std::array<std::uint16_t, count> read_u16s() noexcept {
        std::array<std::uint16_t, count> fields{};
        const auto bytes = read_bytes(2 * count);
        if (bytes.empty()) {
            return fields;
        }
        std::memcpy(fields.data(), bytes.data(), sizeof(fields));
        if constexpr (std::endian::native == std::endian::little) {
            for (std::uint16_t& field : fields) {
                field = std::byteswap(field);
            }
        }
        return fields;
    }

    // What is left to read; nothing after a failure.
    [[nodiscard]] std::span<const std::uint8_t> rest() const noexcept {
        return ok_ ? bytes_.subspan(offset_) : std::span<const std::uint8_t>();
    }
    // All bytes from an earlier offset to here. Requires: start <= offset().
    [[nodiscard]] std::span<const std::uint8_t> bytes_since(std::size_t start) const noexcept {
        return bytes_.subspan(start, offset_ - start);
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t offset() const noexcept { return offset_; }
    // Read to the last byte, and not beyond.
    [[nodiscard]] bool at_end() const noexcept { return ok_ && offset_ == bytes_.size(); }

  private:
    [[nodiscard]] std::uint64_t read_number(std::size_t count) noexcept;

    std::span<const std::uint8_t> bytes_;
    std::size_t offset_ = 0;  // never above bytes_.size()
    bool ok_ = true;
};

}  // namespace fairlist::dns
