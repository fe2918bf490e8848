#include "importer/fetch/kept_file.h"

#include "importer/fetch/content_digest.h"
#include "importer/fetch/decoder.h"
#include "tests/unit/importer/fetch/packed.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using Files = std::vector<std::pair<std::string, std::string>>;

void keep(const std::filesystem::path& path, const Files& files) {
    KeptWriter writer;
    ASSERT_TRUE(writer.open(path.string() + ".new"));
    for (const auto& [name, content] : files) {
        ASSERT_TRUE(writer.begin(name));
        const std::size_t half = content.size() / 2;
        ASSERT_TRUE(writer.write(std::span(content).first(half)));
        ASSERT_TRUE(writer.write(std::span(content).subspan(half)));
    }
    ASSERT_TRUE(writer.finish(path));
}

Result<Files> read_kept(const std::filesystem::path& path) {
    auto reader = KeptReader::open(path);
    if (!reader) {
        return std::unexpected(reader.error());
    }
    Files files;
    while (true) {
        const auto name = (*reader)->next();
        if (!name) {
            return std::unexpected(name.error());
        }
        if (!*name) {
            return files;
        }
        const auto content = read_all(**reader);
        if (!content) {
            return std::unexpected(content.error());
        }
        files.emplace_back(**name, *content);
    }
}

const Files kFiles = {{"lists/a.txt", "192.0.2.1\n"},
                      {"", ""},
                      {"b", std::string(1'000'000, 'b')},
                      {"c", "192.0.2.2\n"}};

TEST(KeptFile, GivesBackNamesAndBytes) {
    const TestFolder folder;
    keep(folder / "1.zst", kFiles);
    EXPECT_EQ(read_kept(folder / "1.zst").value(), kFiles);
    EXPECT_FALSE(std::filesystem::exists(folder / "1.zst.new"));
}

TEST(KeptFile, IsOrdinaryZstd) {
    const TestFolder folder;
    keep(folder / "1.zst", {{"a", "192.0.2.1\n"}, {"b", "192.0.2.2\n"}});
    const auto stream =
        decode(std::make_unique<MemoryStream>(folder.read("1.zst")), "1.zst", DecodeLimits{});
    EXPECT_EQ(read_all(*stream).value(), "192.0.2.1\n192.0.2.2\n");
}

TEST(KeptFile, TellsDamageWhereverItIsCut) {
    const TestFolder folder;
    keep(folder / "1.zst", {{"name", "192.0.2.1\n"}});
    const std::string whole = folder.read("1.zst");
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
        folder.write("cut.zst", whole.substr(0, bytes));
        EXPECT_FALSE(read_kept(folder / "cut.zst")) << bytes;
    }
    folder.write("other.zst", zstd_packed("no name in front"));
    EXPECT_FALSE(read_kept(folder / "other.zst"));
    EXPECT_EQ(read_kept(folder / "none.zst").error().code, Errc::NotFound);
}

TEST(KeptFile, WithoutFinishLeavesNothing) {
    const TestFolder folder;
    {
        KeptWriter writer;
        ASSERT_TRUE(writer.open(folder / "incoming"));
        ASSERT_TRUE(writer.begin("a"));
        EXPECT_TRUE(std::filesystem::exists(folder / "incoming"));
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "incoming"));
}

// RFC 7693 gives BLAKE2b-512 only; this is b2sum -l 256 of coreutils.
TEST(ContentDigest, IsBlake2bOfTheBytes) {
    ContentDigest digest;
    digest.add(std::string_view("a"));
    digest.add(std::string_view("bc"));
    EXPECT_EQ(digest.hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

}  // namespace
}  // namespace fairlist::importer
