#include "tests/bench/query_file.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fairlist::bench {

namespace {

constexpr std::size_t kBytesMax = UINT32_MAX;
constexpr std::size_t kLabelBytesMax = 63;  // RFC 1035 section 2.3.4

// RFC 1035 section 4.1.1: a resolver asks without RD, one question.
constexpr std::array<std::uint8_t, 12> kHeader = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};

bool append_name(std::string_view name, std::vector<std::uint8_t>& bytes) {
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        if (label.empty() || label.size() > kLabelBytesMax) {
            return false;
        }
        bytes.push_back(static_cast<std::uint8_t>(label.size()));
        bytes.insert(bytes.end(), label.begin(), label.end());
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    bytes.push_back(0);
    return true;
}

std::uint8_t type_number(std::string_view word) {
    return word == "A" ? 1 : word == "TXT" ? 16 : 0;
}

}  // namespace

QueryFile::QueryFile(const std::filesystem::path& path, std::size_t limit) {
    std::ifstream in(path);
    std::string line;
    while (packets_.size() < limit && std::getline(in, line)) {
        const std::size_t start = bytes_.size();
        const std::size_t blank = std::min(line.find(' '), line.size() - 1);
        bytes_.insert(bytes_.end(), kHeader.begin(), kHeader.end());
        const std::uint8_t type = type_number(std::string_view(line).substr(blank + 1));
        if (type == 0 || !append_name(std::string_view(line).substr(0, blank), bytes_) ||
            bytes_.size() > kBytesMax) {
            throw std::runtime_error(fmt::format("{}:{}: \"{}\": expected a name and A or TXT",
                                                 path.string(), packets_.size() + 1, line));
        }
        bytes_.insert(bytes_.end(), {0, type, 0, 1});
        packets_.push_back(
            {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(bytes_.size() - start)});
    }
    if (packets_.empty()) {
        throw std::runtime_error(fmt::format("{}: no queries", path.string()));
    }
}

}  // namespace fairlist::bench
