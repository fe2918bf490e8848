#include "server/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fairlist::config {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ConfigInclude : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "fairlist-config-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const fs::path& name, const std::string& text) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << text;
    }

    [[nodiscard]] Loaded load_main(const std::string& text) const {
        write("main.toml", text);
        return load(folder_ / "main.toml");
    }

    // As to_string(), with the folder's name taken out.
    [[nodiscard]] std::vector<std::string> texts(const Loaded& loaded) const {
        const std::string prefix = folder_.string() + "/";
        std::vector<std::string> lines;
        for (const Fault& fault : loaded.faults) {
            std::string line = to_string(fault);
            for (std::size_t at = line.find(prefix); at != std::string::npos;
                 at = line.find(prefix)) {
                line.erase(at, prefix.size());
            }
            lines.push_back(line);
        }
        return lines;
    }

    static std::vector<std::string> list_names(const Config& config) {
        std::vector<std::string> names;
        for (const ListSpec& list : config.lists) {
            names.push_back(list.name);
        }
        return names;
    }

    fs::path folder_;
};

TEST_F(ConfigInclude, JoinsListsInTheOrderOfNames) {
    write("lists/b.toml", "[[list]]\nname = \"b\"\n");
    write("lists/a.toml", "[[list]]\nname = \"a2\"\n[[list]]\nname = \"a1\"\n");
    write("lists/c.txt", "no toml");
    write("z.toml", "[store]\npath = \"here\"\n");
    const Loaded loaded =
        load_main("include = [\"z.toml\", \"lists/*.toml\"]\n[[list]]\nname = \"main\"\n");
    EXPECT_THAT(texts(loaded), IsEmpty());
    EXPECT_THAT(list_names(loaded.config), ElementsAre("main", "a2", "a1", "b"));
    EXPECT_EQ(loaded.config.store.path, folder_ / "here");
}

TEST_F(ConfigInclude, PathsStartAtTheFileThatNamesThem) {
    write("sub/feed.toml",
          "include = [\"deep/list.toml\"]\n"
          "[[feed]]\nname = \"f\"\nlist = \"l\"\nurl = \"x.txt\"\n");
    write("sub/deep/list.toml", "[[list]]\nname = \"l\"\n[log]\nfile = \"log\"\n");
    const Loaded loaded = load_main("include = [\"sub/feed.toml\"]\nstore.path = \"../s\"\n");
    EXPECT_THAT(texts(loaded), IsEmpty());
    ASSERT_THAT(loaded.config.feeds, SizeIs(1));
    EXPECT_EQ(loaded.config.feeds[0].url, folder_ / "sub/x.txt");
    EXPECT_EQ(loaded.config.log_file, folder_ / "sub/deep/log");
    EXPECT_EQ(loaded.config.store.path, folder_.parent_path() / "s");
}

TEST_F(ConfigInclude, PatternMayMatchNothing) {
    EXPECT_THAT(texts(load_main("include = [\"none/*.toml\"]\nstore.path = \"s\"\n")), IsEmpty());
}

TEST_F(ConfigInclude, FoldersNameIsNoPattern) {
    folder_ /= "a[b]*";
    write("x.toml", "[[list]]\nname = \"x\"\n");
    const Loaded loaded = load_main("include = [\"x.*\"]\nstore.path = \"s\"\n");
    EXPECT_THAT(texts(loaded), IsEmpty());
    EXPECT_THAT(list_names(loaded.config), ElementsAre("x"));
    folder_ = folder_.parent_path();
}

TEST_F(ConfigInclude, NamedFileMustBeThere) {
    EXPECT_THAT(texts(load_main("store.path = \"s\"\ninclude = [\"a*\", \"none.toml\"]\n")),
                ElementsAre("main.toml:2:18: error: include[1]: \"none.toml\": no such file"));
}

TEST_F(ConfigInclude, FaultsNameTheFileAndStandInReadingOrder) {
    write("b.toml", "[[list]]\nname = \"b\"\ncolour = 1\n");
    write("a.toml", "\n[[list]]\nname = \"a\"\nttl = \"x\"\n");
    const Loaded loaded =
        load_main("include = [\"?.toml\"]\nstore.path = \"s\"\n[log]\nlevel = \"x\"\n");
    EXPECT_THAT(texts(loaded),
                ElementsAre(testing::StartsWith("main.toml:4:9: error: log.level: \"x\""),
                            testing::StartsWith("a.toml:4:7: error: list[0].ttl: duration \"x\""),
                            testing::StartsWith("b.toml:3:1: error: list[1].colour: unknown key")));
}

TEST_F(ConfigInclude, TableGivenTwiceNamesBothPlaces) {
    write("a.toml", "# two\n[store]\npath = \"b\"\n");
    EXPECT_THAT(texts(load_main("include = [\"a.toml\"]\n[store]\npath = \"a\"\n")),
                ElementsAre("a.toml:2:2: error: store: given twice: the first is at "
                            "main.toml:2:2"));
}

TEST_F(ConfigInclude, ListOfOneNameInTwoFiles) {
    write("a.toml", "[[list]]\nname = \"x\"\n");
    EXPECT_THAT(texts(load_main("include = [\"a.toml\"]\nstore.path = \"s\"\n"
                                "[[list]]\nname = \"x\"\n")),
                ElementsAre("a.toml:2:8: error: list[1].name: \"x\": there is a list of this name "
                            "at main.toml:4:8"));
}

TEST_F(ConfigInclude, CycleEnds) {
    write("a.toml", "include = [\"b.toml\"]\n");
    write("b.toml", "include = [\"main.toml\"]\n");
    EXPECT_THAT(texts(load_main("include = [\"a.toml\"]\nstore.path = \"s\"\n")),
                ElementsAre("b.toml:1:12: error: include[0]: \"main.toml\": includes itself"));
}

TEST_F(ConfigInclude, PatternThatMatchesItsOwnFile) {
    EXPECT_THAT(texts(load_main("include = [\"*.toml\"]\nstore.path = \"s\"\n")),
                ElementsAre("main.toml:1:12: error: include[0]: \"main.toml\": includes itself"));
}

TEST_F(ConfigInclude, FileIncludedTwice) {
    write("a.toml", "[[list]]\nname = \"x\"\n");
    EXPECT_THAT(texts(load_main("include = [\"a.toml\",\n\"./a.toml\"]\nstore.path = \"s\"\n")),
                ElementsAre("main.toml:2:1: error: include[1]: \"a.toml\": included twice: the "
                            "first is at main.toml:1:12"));
}

// main.toml is the first level, so that 7.toml is the eighth and may include nothing.
TEST_F(ConfigInclude, DepthHasALimit) {
    for (int i = 1; i < 8; ++i) {
        write(std::to_string(i) + ".toml", "include = [\"" + std::to_string(i + 1) + ".toml\"]\n");
    }
    write("8.toml", "");
    EXPECT_THAT(texts(load_main("include = [\"1.toml\"]\nstore.path = \"s\"\n")),
                ElementsAre("7.toml:1:12: error: include[0]: \"8.toml\": more than 8 levels of "
                            "include"));
    write("7.toml", "");
    EXPECT_THAT(texts(load_main("include = [\"1.toml\"]\nstore.path = \"s\"\n")), IsEmpty());
}

// What a broken file would have given is not reported as missing: the zone's list may be in it.
TEST_F(ConfigInclude, BrokenFileHidesWhatItGives) {
    write("a.toml", "[[list]\n");
    const Loaded loaded = load_main(
        "include = [\"a.toml\"]\n[[zone]]\nname = \"z.example\"\nlists = [\"x\"]\n"
        "ns = [\"192.0.2.1\"]\n");
    EXPECT_THAT(texts(loaded),
                ElementsAre(testing::StartsWith("main.toml:5:7: error: zone[0].ns[0]: "),
                            testing::StartsWith("a.toml:1:8: error: Error while parsing")));
}

TEST_F(ConfigInclude, MustBeAnArrayOfText) {
    EXPECT_THAT(texts(load_main("include = \"a.toml\"\nstore.path = \"s\"\n")),
                ElementsAre("main.toml:1:11: error: include: expected an array of file names such "
                            "as [\"lists/*.toml\"]"));
    EXPECT_THAT(texts(load_main("include = [1]\nstore.path = \"s\"\n")), SizeIs(1));
}

TEST_F(ConfigInclude, FolderIsNoFile) {
    fs::create_directory(folder_ / "d");
    EXPECT_THAT(texts(load_main("include = [\"d\"]\nstore.path = \"s\"\n")),
                ElementsAre("main.toml:1:12: error: include[0]: \"d\": is a folder, expected a "
                            "file"));
}

TEST_F(ConfigInclude, DoNotListFile) {
    write("sub/dnl.txt", "# ours\n9.9.9.9\n\n  2620:fe::/48 # theirs\r\n1.1.1.0/24");
    const Loaded loaded = load_main(
        "store.path = \"s\"\n[protected]\ndo_not_list = [\"8.8.8.8\"]\n"
        "do_not_list_file = \"sub/dnl.txt\"\n");
    EXPECT_THAT(texts(loaded), IsEmpty());
    EXPECT_THAT(loaded.config.do_not_list,
                ElementsAre(*parse_prefix("8.8.8.8"), *parse_prefix("9.9.9.9"),
                            *parse_prefix("2620:fe::/48"), *parse_prefix("1.1.1.0/24")));
}

TEST_F(ConfigInclude, DoNotListFileWithMistakes) {
    write("dnl.txt", "9.9.9.9\n9.9.9.9/24\nx\n");
    EXPECT_THAT(
        texts(load_main("store.path = \"s\"\n[protected]\ndo_not_list_file = \"dnl.txt\"\n")),
        ElementsAre(testing::StartsWith("main.toml:3:20: error: protected.do_not_list_file: "
                                        "dnl.txt:2: prefix \"9.9.9.9/24\": host bits are set"),
                    testing::StartsWith("main.toml:3:20: error: protected.do_not_list_file: "
                                        "dnl.txt:3: ")));
}

}  // namespace
}  // namespace fairlist::config
