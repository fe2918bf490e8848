// QueryFile: the questions of a load run, as packets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace fairlist::bench {

// Read from lines "NAME TYPE" (A or TXT). Never empty.
class QueryFile {
  public:
    // At most `limit` of them. Throws std::runtime_error with file and line.
    explicit QueryFile(const std::filesystem::path& path, std::size_t limit = SIZE_MAX);

    [[nodiscard]] std::size_t size() const noexcept { return packets_.size(); }
    // With the id 0.
    [[nodiscard]] std::span<const std::uint8_t> packet(std::size_t index) const noexcept {
        return std::span(bytes_).subspan(packets_[index].offset, packets_[index].size);
    }

  private:
    struct Place {
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
    };

    std::vector<std::uint8_t> bytes_;
    std::vector<Place> packets_;
};

}  // namespace fairlist::bench
