// WireWriter: bounds-checked writing of a DNS message.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace fairlist::dns {

// Big-endian fields into bytes it does not own. The first write past the limit makes the writer
// overflow: it and all later ones write nothing, until rewind().
class WireWriter {
  public:
    explicit WireWriter(std::span<std::uint8_t> out) noexcept : out_(out), limit_(out.size()) {}

    void write_u8(std::uint8_t value) noexcept {
        if (std::uint8_t* at = reserve(1)) {
            at[0] = value;
        }
    }
    void write_u16(std::uint16_t value) noexcept {
        if (std::uint8_t* at = reserve(2)) {
            store_u16(at, value);
        }
    }
    void write_u32(std::uint32_t value) noexcept {
        if (std::uint8_t* at = reserve(4)) {
            store_u16(at, static_cast<std::uint16_t>(value >> 16U));
            store_u16(at + 2, static_cast<std::uint16_t>(value & 0xFFFFU));
        }
    }
    void write_u48(std::uint64_t value) noexcept {
        if (std::uint8_t* at = reserve(6)) {
            store_u16(at, static_cast<std::uint16_t>(value >> 32U & 0xFFFFU));
            store_u16(at + 2, static_cast<std::uint16_t>(value >> 16U & 0xFFFFU));
            store_u16(at + 4, static_cast<std::uint16_t>(value & 0xFFFFU));
        }
    }
    // Numbers that stand one behind the other, each as wide as its type: all or none.
    template <std::unsigned_integral... Field>
    void write_fields(Field... fields) noexcept {
        if (std::uint8_t* at = reserve((sizeof(Field) + ...))) {
            (store_field(at, fields), ...);
        }
    }
    void write_bytes(std::span<const std::uint8_t> bytes) noexcept {
        std::uint8_t* at = reserve(bytes.size());
        if (at != nullptr && !bytes.empty()) {
            std::memcpy(at, bytes.data(), bytes.size());
        }
    }
    void write_text(std::string_view text) noexcept {
        std::uint8_t* at = reserve(text.size());
        if (at != nullptr && !text.empty()) {
            std::memcpy(at, text.data(), text.size());
        }
    }
    // From now on writes may reach this size; at most that of the output.
    void set_limit(std::size_t limit) noexcept { limit_ = std::min(limit, out_.size()); }
    // Back to an earlier size, and no longer overflowed.
    void rewind(std::size_t size) noexcept {
        size_ = std::min(size, size_);
        ok_ = true;
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    // Where the next `count` bytes go; null when they do not fit.
    [[nodiscard]] std::uint8_t* reserve(std::size_t count) noexcept {
        if (!ok_ || limit_ < size_ || count > limit_ - size_) {
            ok_ = false;
            return nullptr;
        }
        std::uint8_t* const at = out_.data() + size_;
        size_ += count;
        return at;
    }
    template <std::unsigned_integral Field>
    static void store_field(std::uint8_t*& at, Field field) noexcept {
        if constexpr (std::endian::native == std::endian::little) {
            field = std::byteswap(field);
        }
        std::memcpy(at, &field, sizeof(field));
        at += sizeof(field);
    }
    static void store_u16(std::uint8_t* at, std::uint16_t value) noexcept {
        at[0] = static_cast<std::uint8_t>(value >> 8U);
        at[1] = static_cast<std::uint8_t>(value & 0xFFU);
    }

    std::span<std::uint8_t> out_;
    std::size_t limit_;  // never above out_.size()
    std::size_t size_ = 0;
    bool ok_ = true;
};

}  // namespace fairlist::dns
