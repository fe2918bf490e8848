// ByteReader and ByteWriter: the fields of our own records, little endian, length-checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::store {

// The first read past the end makes the reader fail and stay failed: later reads return zero or
// nothing. So a record is read whole and ok() asked once.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] std::uint8_t u8() noexcept { return number<std::uint8_t>(); }
    [[nodiscard]] std::uint16_t u16() noexcept { return number<std::uint16_t>(); }
    [[nodiscard]] std::uint32_t u32() noexcept { return number<std::uint32_t>(); }
    [[nodiscard]] std::uint64_t u64() noexcept { return number<std::uint64_t>(); }
    [[nodiscard]] std::string_view bytes(std::size_t size) noexcept;
    // A u16 length and as many bytes.
    [[nodiscard]] std::string_view text() noexcept { return bytes(u16()); }
    // All that is left.
    [[nodiscard]] std::string_view rest() noexcept { return bytes(rest_.size()); }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  private:
    template <typename T>
    T number() noexcept {
        const std::string_view raw = bytes(sizeof(T));
        T value = 0;
        for (std::size_t i = raw.size(); i > 0; --i) {
            value = static_cast<T>(static_cast<std::uint64_t>(value) << 8U |
                                   static_cast<std::uint8_t>(raw[i - 1]));
        }
        return value;
    }

    std::string_view rest_;
    bool ok_ = true;
};

class ByteWriter {
  public:
    void u8(std::uint8_t value) { number(value); }
    void u16(std::uint16_t value) { number(value); }
    void u32(std::uint32_t value) { number(value); }
    void u64(std::uint64_t value) { number(value); }
    void bytes(std::string_view value) { bytes_.append(value); }
    // Requires: at most 65535 bytes.
    void text(std::string_view value);

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    void clear() noexcept { bytes_.clear(); }

  private:
    template <typename T>
    void number(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
        }
    }

    std::string bytes_;
};

}  // namespace fairlist::store
