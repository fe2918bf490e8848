#include "tools/fairlist/digest_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace fairlist::cli {
namespace {

// The digests below are those of sha1sum, and of sha256sum through base32.
TEST(DigestMaker, EmailIsSha1InHex) {
    EXPECT_EQ(to_string(digest_email("johndoe@gmail.com")),
              "e1e8d3e4a336d4f9dc63b70a534ff10834471556._email");
}

TEST(DigestMaker, UrlIsSha256InBase32) {
    EXPECT_EQ(to_string(digest_url("example.org/a")),
              "srmeeb7ya7uqd6r7i7vk6pj76ptc4lw2v6pnz46xvthqhelub5ma._url");
}

TEST(DigestMaker, FileIsSha256InBase32) {
    const std::string path = testing::TempDir() + "/fairlist_digest_maker_test";
    std::ofstream(path) << "abc";
    EXPECT_EQ(to_string(digest_file(path).value()),
              "xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq._file");
    std::ofstream(path, std::ios::trunc);
    EXPECT_EQ(to_string(digest_file(path).value()),
              "4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq._file");
    static_cast<void>(std::remove(path.c_str()));
}

TEST(DigestMaker, AFileThatCannotBeReadIsNamed) {
    const auto digest = digest_file(testing::TempDir() + "/fairlist/no/such/file");
    ASSERT_FALSE(digest.has_value());
    EXPECT_EQ(digest.error().code, Errc::Io);
    EXPECT_THAT(digest.error().message, testing::HasSubstr("no/such/file\": No such file"));
}

TEST(DigestMaker, AFolderIsNoFile) {
    EXPECT_FALSE(digest_file(testing::TempDir()).has_value());
}

}  // namespace
}  // namespace fairlist::cli
