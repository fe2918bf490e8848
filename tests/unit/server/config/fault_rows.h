// Fault rows: a text and the faults that it must give, in order, with their places.
#pragma once

#include "server/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::config {

struct FaultRow {
    std::string name;
    std::string_view prefix;  // a good beginning, in front of `text`
    std::string text;
    std::vector<std::string> faults;  // how each begins: "2:8 where: what"; empty: good
};

// Without the file's name: "2:8 where: what".
inline std::vector<std::string> fault_texts(const Loaded& loaded) {
    std::vector<std::string> texts;
    for (const Fault& fault : loaded.faults) {
        texts.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " +
                        fault.where + ": " + fault.what);
    }
    return texts;
}

inline void expect_faults(const FaultRow& row) {
    const Loaded loaded = load_text(std::string(row.prefix) + row.text, "c.toml");
    std::vector<testing::Matcher<std::string>> expected;
    for (const std::string& fault : row.faults) {
        expected.emplace_back(testing::StartsWith(fault));
    }
    EXPECT_THAT(fault_texts(loaded), testing::ElementsAreArray(expected));
}

inline std::string row_name(const testing::TestParamInfo<FaultRow>& row) {
    return row.param.name;
}

}  // namespace fairlist::config
