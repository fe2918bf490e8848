// The manual and the example configurations against the keys that are really read.
#include "server/config/config.h"
#include "server/config/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::config {
namespace {

std::vector<std::string> lines_of(const std::string& name) {
    std::ifstream file(std::string(FAIRLIST_SOURCE_DIR) + "/" + name);
    EXPECT_TRUE(file.is_open()) << name;
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

using TableAndKey = std::pair<std::string, std::string>;

bool is_table(const KeyDoc& key) {
    return key.type == "table" || key.type == "array of tables";
}

// All keys but those that are tables of further keys.
std::map<TableAndKey, KeyDoc> keys_read() {
    std::map<TableAndKey, KeyDoc> keys;
    for (const KeyDoc& key : known_keys()) {
        if (!is_table(key)) {
            keys[{key.table, key.key}] = key;
        }
    }
    return keys;
}

std::string without_quotes(std::string text) {
    std::erase(text, '"');
    return text;
}

// An item of the manual: ".It Ic KEY = Ar TYPE" and the text below it.
struct ManualItem {
    std::string type;
    std::string body;
};

std::map<TableAndKey, ManualItem> keys_in_manual() {
    static const std::regex kItem(R"(\.It Ic ([a-z0-9_]+) = Ar (.+))");
    std::map<TableAndKey, ManualItem> items;
    std::string table;
    ManualItem* item = nullptr;
    for (const std::string& line : lines_of("tools/man/fairlist.toml.5")) {
        std::smatch match;
        if (line.starts_with(".Ss ")) {
            table = line.substr(4).starts_with('[') ? line.substr(4) : "";
            item = nullptr;
        } else if (std::regex_match(line, match, kItem)) {
            item = &items[{table, match[1]}];
            item->type = match[2];
        } else if (item != nullptr) {
            item->body += line + "\n";
        }
    }
    return items;
}

TEST(ConfigManual, DescribesExactlyTheKeysThatAreRead) {
    std::vector<TableAndKey> described;
    for (const auto& [key, item] : keys_in_manual()) {
        described.push_back(key);
    }
    std::vector<TableAndKey> read;
    for (const auto& [key, doc] : keys_read()) {
        read.push_back(key);
    }
    EXPECT_THAT(described, testing::ElementsAreArray(read));
}

TEST(ConfigManual, SaysTypeDefaultAndWhatIsRequired) {
    const auto items = keys_in_manual();
    for (const auto& [key, doc] : keys_read()) {
        SCOPED_TRACE(key.first + " " + key.second);
        const auto item = items.find(key);
        ASSERT_NE(item, items.end());
        EXPECT_EQ(item->second.type, doc.type);
        EXPECT_EQ(item->second.body.find("Required.") != std::string::npos, doc.required);
        const std::string fallback = without_quotes(doc.fallback);
        if (!fallback.empty() && fallback != "[]") {
            EXPECT_THAT(item->second.body,
                        testing::HasSubstr("The default is\n.Ql " + fallback + " "));
        }
    }
}

// A line of an example: "key = value" or, for the default, "#key = value".
struct ExampleLine {
    bool is_default = false;
    std::string value;
};

std::multimap<TableAndKey, ExampleLine> keys_in_example() {
    static const std::regex kKey(R"((#?)([a-z0-9_]+) = (.*))");
    static const std::regex kHeading(R"((\[+[a-z_.]+\]+).*)");
    std::multimap<TableAndKey, ExampleLine> keys;
    std::string table;
    for (const std::string& line : lines_of("zones/examples/fairlist.toml")) {
        std::smatch match;
        if (std::regex_match(line, match, kHeading)) {
            table = match[1];
        } else if (std::regex_match(line, match, kKey)) {
            keys.emplace(TableAndKey{table, match[2]}, ExampleLine{match[1] == "#", match[3]});
        }
    }
    return keys;
}

TEST(ConfigExample, ShowsEveryKey) {
    const auto shown = keys_in_example();
    for (const auto& [key, doc] : keys_read()) {
        EXPECT_TRUE(shown.contains(key)) << key.first << " " << key.second;
    }
}

TEST(ConfigExample, ShowsTheDefaults) {
    auto keys = keys_read();
    for (const auto& [key, line] : keys_in_example()) {
        SCOPED_TRACE(key.first + " " + key.second);
        ASSERT_TRUE(keys.contains(key));
        const std::string fallback = without_quotes(keys[key].fallback);
        if (line.is_default && !fallback.empty() && fallback != "[]") {
            EXPECT_THAT(without_quotes(line.value) + " ", testing::StartsWith(fallback + " "));
        }
    }
}

class ConfigExampleFile : public testing::TestWithParam<std::string> {};

TEST_P(ConfigExampleFile, LoadsWithoutFault) {
    const Loaded loaded = load(std::string(FAIRLIST_SOURCE_DIR) + "/zones/examples/" + GetParam());
    for (const Fault& fault : loaded.faults) {
        ADD_FAILURE() << to_string(fault);
    }
    EXPECT_FALSE(loaded.config.zones.empty());
    EXPECT_FALSE(loaded.config.lists.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ConfigExampleFile,
                         testing::Values("fairlist.toml", "small.toml", "trap.toml"),
                         [](const auto& param) {
                             return param.param.substr(0, param.param.find('.'));
                         });

TEST(ConfigExample, TrapRulesUseEveryTargetAndSharedSpace) {
    const Loaded loaded = load(std::string(FAIRLIST_SOURCE_DIR) + "/zones/examples/trap.toml");
    std::map<std::string, RuleTarget> targets;
    for (const TrapRule& rule : loaded.config.rules) {
        targets[rule.name] = rule.target;
    }
    EXPECT_EQ(targets, (std::map<std::string, RuleTarget>{{"css", RuleTarget::Address},
                                                          {"css-slow", RuleTarget::Address},
                                                          {"ssh", RuleTarget::Address},
                                                          {"signers", RuleTarget::Signer},
                                                          {"links", RuleTarget::Links}}));
    const AddressSpace space(loaded.config.space);
    const SpaceRange* smarthost = space.find(*parse_prefix("198.51.100.25"));
    ASSERT_NE(smarthost, nullptr);
    EXPECT_TRUE(is_shared(smarthost->use));
    EXPECT_EQ(smarthost->provider_domains, std::vector{*parse_domain("host.example")});
}

TEST(ConfigExample, SmallOneIsWhatTheReadmeSays) {
    const Loaded loaded = load(std::string(FAIRLIST_SOURCE_DIR) + "/zones/examples/small.toml");
    ASSERT_EQ(loaded.config.server.listen.size(), 2U);
    EXPECT_EQ(loaded.config.server.listen[0].address, "127.0.0.1");
    EXPECT_EQ(loaded.config.server.listen[0].port, 5353);
    EXPECT_EQ(loaded.config.server.listen[1].address, "::1");
    ASSERT_EQ(loaded.config.lists.size(), 1U);
    EXPECT_EQ(loaded.config.lists[0].name, "mylist");
    ASSERT_EQ(loaded.config.zones.size(), 1U);
    EXPECT_EQ(loaded.config.zones[0].origin->text(), "bl.example");
}

}  // namespace
}  // namespace fairlist::config
