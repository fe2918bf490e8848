// FakeKeys: key records by name, as a test or the file keys.txt says.
#pragma once

#include "importer/dkim/dkim_keys.h"

#include <cstddef>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

using KeyRecords = std::map<std::string, std::vector<std::string>, std::less<>>;

class FakeKeys : public DkimKeys {
  public:
    FakeKeys() = default;
    explicit FakeKeys(KeyRecords records) : records_(std::move(records)) {}

    Result<std::vector<std::string>> find(std::string_view name) override {
        ++asked;
        if (fails) {
            return fail(Errc::Io, "no reply in time");
        }
        const auto found = records_.find(name);
        if (found == records_.end()) {
            return fail(Errc::NotFound, "none");
        }
        return found->second;
    }

    std::size_t asked = 0;
    bool fails = false;

  private:
    KeyRecords records_;
};

inline std::string data_file(const std::string& name) {
    const std::string path =
        std::string(FAIRLIST_SOURCE_DIR "/tests/unit/importer/dkim/data/") + name;
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline KeyRecords published_keys() {
    KeyRecords records;
    std::ifstream file(FAIRLIST_SOURCE_DIR "/tests/unit/importer/dkim/data/keys.txt");
    for (std::string line; std::getline(file, line);) {
        const std::size_t tab = line.find('\t');
        records[line.substr(0, tab)].push_back(line.substr(tab + 1));
    }
    return records;
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

}  // namespace fairlist::importer
