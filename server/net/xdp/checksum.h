// Checksum: the ones' complement sum of IPv4, UDP and their pseudo headers. See RFC 1071.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fairlist::net::xdp {

// Words are added as they lie in memory, without swapping: RFC 1071 section 2(B) shows that the
// result, stored the same way, is right on every machine.
class Checksum {
  public:
    // Every part but the last must have an even size.
    void add(std::span<const std::uint8_t> bytes) noexcept {
        const std::uint8_t* at = bytes.data();
        std::size_t left = bytes.size();
        for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
            at = add_word<std::uint64_t>(at);
        }
        if ((left & 4U) != 0) {
            at = add_word<std::uint32_t>(at);
        }
        if ((left & 2U) != 0) {
            at = add_word<std::uint16_t>(at);
        }
        if ((left & 1U) != 0) {
            const std::array<std::uint8_t, 2> padded = {*at, 0};
            add_word<std::uint16_t>(padded.data());
        }
    }

    // A field of 16 bits that is not in memory, such as a length of the pseudo header.
    void add_u16(std::uint16_t value) noexcept {
        const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(value >> 8U),
                                                   static_cast<std::uint8_t>(value & 0xFFU)};
        add_word<std::uint16_t>(bytes.data());
    }

    // The checksum field, first byte first. Over data that holds its own checksum it is {0, 0}.
    [[nodiscard]] std::array<std::uint8_t, 2> result() const noexcept {
        std::uint64_t sum = sum_;
        sum = (sum >> 32U) + (sum & 0xFFFF'FFFFU);
        sum = (sum >> 32U) + (sum & 0xFFFF'FFFFU);
        sum = (sum >> 16U) + (sum & 0xFFFFU);
        sum = (sum >> 16U) + (sum & 0xFFFFU);
        sum = (sum >> 16U) + (sum & 0xFFFFU);
        const auto folded = static_cast<std::uint16_t>(~sum);
        std::array<std::uint8_t, 2> field{};
        std::memcpy(field.data(), &folded, sizeof(folded));
        return field;
    }

  private:
    // A carry out of the top comes back in at the bottom. Returns where the next word begins.
    template <typename Word>
    const std::uint8_t* add_word(const std::uint8_t* at) noexcept {
        Word word = 0;
        std::memcpy(&word, at, sizeof(word));
        sum_ += word;
        sum_ += sum_ < word ? 1U : 0U;
        return at + sizeof(word);
    }

    std::uint64_t sum_ = 0;
};

}  // namespace fairlist::net::xdp
