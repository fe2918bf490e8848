#include "importer/lmtp/listening_socket.h"

#include "tests/unit/importer/fetch/test_folder.h"
#include "tests/unit/importer/lmtp/lmtp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;

const Address kLoopback = Address::from_v4(0x7F000001);

TEST(ListeningSocket, TakesAPortOfTheKernel) {
    const auto v4 = listen_on(kLoopback, 0);
    ASSERT_TRUE(v4) << v4.error().message;
    EXPECT_NE(port_of(v4->get()), 0);
    EXPECT_EQ(family_of(v4->get()), AF_INET);
    EXPECT_TRUE(is_listening(v4->get()));
    const Descriptor other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_FALSE(is_listening(other.get()));
    LmtpClient client(port_of(v4->get()));
}

TEST(ListeningSocket, SaysThatAPortIsTaken) {
    const auto first = listen_on(kLoopback, 0);
    ASSERT_TRUE(first);
    const auto second = listen_on(kLoopback, port_of(first->get()));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Conflict);
    EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1 port"));
}

TEST(ListeningSocket, MakesAUnixSocketForItsGroup) {
    const TestFolder folder;
    const auto path = folder.path() / "lmtp";
    const mode_t before = ::umask(0077);
    const auto listening = listen_on(path);
    ::umask(before);
    ASSERT_TRUE(listening) << listening.error().message;
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0660U);
    EXPECT_EQ(family_of(listening->get()), AF_UNIX);
    EXPECT_EQ(port_of(listening->get()), 0);
    LmtpClient client(path);
}

TEST(ListeningSocket, ReplacesWhatADeadProcessLeft) {
    const TestFolder folder;
    const auto path = folder.path() / "lmtp";
    ASSERT_TRUE(listen_on(path));  // closed at once; the file stays
    ASSERT_TRUE(std::filesystem::exists(path));
    const auto again = listen_on(path);
    ASSERT_TRUE(again) << again.error().message;
    LmtpClient client(path);
}

TEST(ListeningSocket, LeavesTheSocketOfALivingProcess) {
    const TestFolder folder;
    const auto path = folder.path() / "lmtp";
    const auto first = listen_on(path);
    ASSERT_TRUE(first);
    const auto second = listen_on(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Conflict);
    EXPECT_THAT(second.error().message, HasSubstr("a running process listens there already"));
    LmtpClient client(path);
}

TEST(ListeningSocket, LeavesWhatIsNoSocket) {
    const TestFolder folder;
    const auto path = folder.path() / "lmtp";
    std::ofstream(path) << "text";
    const auto listening = listen_on(path);
    ASSERT_FALSE(listening);
    EXPECT_EQ(listening.error().code, Errc::Conflict);
    EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST(ListeningSocket, RefusesPathsThatASocketCannotHave) {
    EXPECT_EQ(listen_on(std::filesystem::path(std::string(200, 'x'))).error().code,
              Errc::OutOfRange);
    EXPECT_EQ(listen_on(std::filesystem::path()).error().code, Errc::OutOfRange);
    const TestFolder folder;
    EXPECT_EQ(listen_on(folder.path() / "none" / "lmtp").error().code, Errc::NotFound);
}

TEST(ListeningSocket, KnowsAFileFromASocket) {
    const auto file = open_to_read("/proc/self/exe");
    ASSERT_TRUE(file);
    EXPECT_EQ(family_of(file->get()), AF_UNSPEC);
    EXPECT_FALSE(is_listening(file->get()));
}

}  // namespace
}  // namespace fairlist::importer
