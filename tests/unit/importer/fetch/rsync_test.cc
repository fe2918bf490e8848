#include "importer/fetch/rsync.h"

#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace fairlist::importer {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A script in rsync's place; its last argument is the folder to write to.
class RsyncFetch : public testing::Test {
  protected:
    RsyncRequest request_with(const std::string& script) {
        RsyncRequest request;
        request.url = parse_url("rsync://127.0.0.1:8730/module/list.txt").value();
        request.folder = folder_ / "files";
        std::filesystem::create_directory(request.folder);
        request.program = folder_.write("rsync.sh", "#!/bin/sh\nfor last; do :; done\n" + script);
        std::filesystem::permissions(request.program, std::filesystem::perms::owner_all);
        request.timeout_s = 20;
        request.guard.allow_private = true;
        return request;
    }

    TestFolder folder_;
};

TEST_F(RsyncFetch, GivesTheCheckedAddressAndTheLimits) {
    RsyncRequest request = request_with("echo \"$@\" > \"$last/arguments\"\nenv > \"$last/env\"\n");
    request.bytes_max = 12345;
    const auto done = rsync_fetch(request);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_THAT(folder_.read("files/arguments"),
                AllOf(HasSubstr("-- rsync://127.0.0.1:8730/module/list.txt "),
                      HasSubstr("--max-size=12345"), HasSubstr("--timeout=20")));
    EXPECT_THAT(folder_.read("files/env"), testing::Not(HasSubstr("HOME=")));
}

TEST_F(RsyncFetch, ReportsWhatRsyncSays) {
    const auto done = rsync_fetch(request_with("echo '@ERROR: Unknown module' >&2\nexit 5\n"));
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("rsync failed: @ERROR: Unknown module"));
}

TEST_F(RsyncFetch, EndsATransferThatIsTooLarge) {
    RsyncRequest request =
        request_with("head -c 100000 /dev/zero > \"$last/big\"\nexec sleep 15\n");
    request.bytes_max = 50'000;
    const auto done = rsync_fetch(request);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::OutOfRange);
}

TEST_F(RsyncFetch, EndsATransferThatTakesTooLong) {
    RsyncRequest request = request_with("exec sleep 15\n");
    request.timeout_s = 1;
    const auto done = rsync_fetch(request);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("timed out after 1 s"));
}

TEST_F(RsyncFetch, RefusesPrivateAddressesBeforeAnythingRuns) {
    RsyncRequest request = request_with("touch \"$last/ran\"\n");
    request.guard = {};
    const auto done = rsync_fetch(request);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Refused);
    EXPECT_FALSE(std::filesystem::exists(request.folder / "ran"));
}

TEST_F(RsyncFetch, SaysWhenThereIsNoRsync) {
    RsyncRequest request = request_with("");
    request.program = "no-such-rsync";
    const auto done = rsync_fetch(request);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace fairlist::importer
