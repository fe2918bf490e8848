#include "importer/fetch/source.h"

#include "tests/unit/importer/fetch/http_server.h"
#include "tests/unit/importer/fetch/packed.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using Files = std::vector<std::pair<std::string, std::string>>;

Result<Files> read_files(Source& source) {
    Files files;
    while (true) {
        auto file = source.next();
        if (!file) {
            return std::unexpected(file.error());
        }
        if (!*file) {
            return files;
        }
        const auto content = read_all(*(*file)->bytes);
        if (!content) {
            return std::unexpected(content.error());
        }
        files.emplace_back((*file)->name, *content);
    }
}

class SourceTest : public testing::Test {
  protected:
    [[nodiscard]] Result<Files> files_of(const std::string& url) const {
        FetchRequest request;
        request.url = url;
        request.scratch_parent = folder_.path();
        request.guard.allow_private = true;
        auto source = open_source(request);
        if (!source) {
            return std::unexpected(source.error());
        }
        return read_files(*source);
    }

    TestFolder folder_;
};

TEST_F(SourceTest, IsAFileWhateverItIsPackedWith) {
    const std::string plain = folder_.write("plain.gz", "192.0.2.1\n");
    const std::string packed = folder_.write("packed.txt", gzipped("192.0.2.2\n"));
    EXPECT_THAT(files_of(plain).value(), ElementsAre(Pair(plain, "192.0.2.1\n")));
    EXPECT_THAT(files_of("file:" + packed).value(), ElementsAre(Pair(packed, "192.0.2.2\n")));
}

TEST_F(SourceTest, FollowsTheLinkThatTheFeedNames) {
    const std::string file = folder_.write("list.txt", "x");
    std::filesystem::create_symlink(file, folder_ / "link");
    EXPECT_THAT(files_of((folder_ / "link").string()).value(),
                ElementsAre(Pair((folder_ / "link").string(), "x")));
}

TEST_F(SourceTest, IsAFolderInTheOrderOfNames) {
    folder_.write("lists/b.txt", "b");
    folder_.write("lists/a.txt", "a");
    folder_.write("lists/sub/c.txt", zstd_packed("c"));
    folder_.write("lists/.hidden", "no");
    folder_.write("lists/.git/x", "no");
    const std::string lists = (folder_ / "lists").string();
    EXPECT_THAT(files_of(lists).value(),
                ElementsAre(Pair(lists + "/a.txt", "a"), Pair(lists + "/b.txt", "b"),
                            Pair(lists + "/sub/c.txt", "c")));
}

TEST_F(SourceTest, RefusesAFolderThatHoldsAStore) {
    folder_.write("store/data.mdb", "x");
    const auto files = files_of((folder_ / "store").string());
    ASSERT_FALSE(files.has_value());
    EXPECT_EQ(files.error().code, Errc::Refused);
    EXPECT_NE(files.error().message.find("holds a store"), std::string::npos);
}

TEST_F(SourceTest, RefusesALinkInAFolder) {
    folder_.write("secret.txt", "s");
    folder_.write("lists/a.txt", "a");
    std::filesystem::create_symlink(folder_ / "secret.txt", folder_ / "lists/z.txt");
    const auto files = files_of((folder_ / "lists").string());
    ASSERT_FALSE(files);
    EXPECT_THAT(files.error().message, HasSubstr("z.txt: a symbolic link"));
}

TEST_F(SourceTest, SaysWhatIsMissing) {
    const auto missing = files_of((folder_ / "none.txt").string());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::NotFound);
    EXPECT_THAT(missing.error().message, HasSubstr("none.txt: No such file"));
    EXPECT_FALSE(files_of("/dev/zero"));
    EXPECT_FALSE(files_of("ftp://x.example/"));
}

TEST_F(SourceTest, DownloadsAndLeavesNothingBehind) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", gzipped("192.0.2.1\n")));
    });
    EXPECT_THAT(files_of(server.url("/l.gz")).value(),
                ElementsAre(Pair(server.url("/l.gz"), "192.0.2.1\n")));
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace fairlist::importer
