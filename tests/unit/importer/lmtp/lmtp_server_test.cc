#include "importer/lmtp/lmtp_server.h"

#include "importer/lmtp/listening_socket.h"
#include "tests/unit/importer/fetch/test_folder.h"
#include "tests/unit/importer/lmtp/lmtp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <fcntl.h>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr milliseconds kShort{100};
constexpr milliseconds kAtOnce{0};
constexpr std::chrono::seconds kPatience{20};
const std::string kMail = "MAIL FROM:<s@x>\r\nRCPT TO:<a@t>\r\nDATA\r\n";

// The codes of the next replies.
std::vector<std::string> codes(LmtpClient& client, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(client.code());
    }
    return out;
}

struct Pending {
    IncomingMail mail;
    MailSink::Done done;

    void answer(Delivery delivery) { done(std::vector(mail.recipients.size(), delivery)); }
};

// Holds every mail until the test answers it. Unknown: recipients that begin with "no";
// TemporaryFailure: with "temp".
class HoldingSink : public MailSink {
  public:
    Acceptance accepts(std::string_view recipient) override {
        if (recipient.starts_with("temp")) {
            return Acceptance::TemporaryFailure;
        }
        return recipient.starts_with("no") ? Acceptance::Unknown : Acceptance::Known;
    }
    void deliver(IncomingMail mail, Done done) override {
        const std::lock_guard lock(mutex_);
        held_.push_back(std::make_unique<Pending>(std::move(mail), std::move(done)));
        changed_.notify_all();
    }
    // The oldest; null: none came in time.
    std::unique_ptr<Pending> next(milliseconds wait = kPatience) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, wait, [this] { return !held_.empty(); })) {
            return nullptr;
        }
        auto out = std::move(held_.front());
        held_.erase(held_.begin());
        return out;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Pending>> held_;
};

// Answers at once, from within deliver().
class PromptSink : public HoldingSink {
  public:
    void deliver(IncomingMail mail, Done done) override {
        done(std::vector(mail.recipients.size(), Delivery::Stored));
    }
};

class Warnings {
  public:
    std::function<void(std::string_view)> hook() {
        return [this](std::string_view text) {
            const std::lock_guard lock(mutex_);
            texts_.emplace_back(text);
            changed_.notify_all();
        };
    }
    std::vector<std::string> wait_for_one() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kPatience, [this] { return !texts_.empty(); });
        return texts_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> texts_;
};

struct Running {
    explicit Running(MailSink& sink, LmtpServerOptions options = {}) {
        std::vector<Descriptor> listeners;
        listeners.push_back(std::move(*listen_on(Address::from_v4(0x7F000001), 0)));
        server = std::move(*LmtpServer::create(std::move(options), listeners, sink));
        server->start();
    }
    [[nodiscard]] std::uint16_t port() const { return server->ports().at(0); }
    [[nodiscard]] const LmtpCounters& counters() const { return server->counters(); }

    std::unique_ptr<LmtpServer> server;
};

LmtpServerOptions trusting() {
    LmtpServerOptions options;
    options.trusted = {Prefix::of(Address::from_v4(0x7F000000), 96 + 8)};
    return options;
}

TEST(LmtpServer, TakesAMailOverTcp) {
    HoldingSink sink;
    Running running(sink, trusting());
    LmtpClient client(running.port());
    client.begin();
    EXPECT_EQ(client.ask("XFORWARD NAME=n.example ADDR=192.0.2.1 HELO=h.example"), "250 2.0.0");
    EXPECT_EQ(client.ask("MAIL FROM:<s@x>"), "250 2.1.0");
    EXPECT_EQ(client.ask("RCPT TO:<a@t>"), "250 2.1.5");
    EXPECT_EQ(client.ask("RCPT TO:<no@t>"), "550 5.1.1");
    EXPECT_EQ(client.ask("RCPT TO:<temp@t>"), "451 4.3.0");
    EXPECT_EQ(client.ask("DATA"), "354");
    ASSERT_TRUE(client.say("A: b\r\n\r\nc\r\n.\r\n"));
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    EXPECT_EQ(pending->mail.envelope.peer, Address::from_v4(0xC0000201));
    EXPECT_EQ(pending->mail.envelope.helo, "h.example");
    EXPECT_EQ(pending->mail.envelope.peer_name, "n.example");
    EXPECT_THAT(pending->mail.recipients, ElementsAre("a@t"));
    EXPECT_EQ(pending->mail.bytes, "A: b\r\n\r\nc\r\n");
    pending->answer(Delivery::Stored);
    EXPECT_EQ(client.code(), "250 2.0.0");
    EXPECT_EQ(client.ask("QUIT"), "221 2.0.0");
    EXPECT_TRUE(client.at_end());
    EXPECT_EQ(running.counters().connections, 1U);
    EXPECT_EQ(running.counters().messages, 1U);
    EXPECT_EQ(running.counters().bytes, 11U);
    EXPECT_EQ(running.counters().recipients_refused, 1U);
    EXPECT_EQ(running.counters().temporary_failures, 1U);
}

TEST(LmtpServer, BelievesOnlyPeersThatItIsTold) {
    PromptSink sink;
    Running running(sink);
    LmtpClient client(running.port());
    client.begin();
    EXPECT_EQ(client.ask("XFORWARD ADDR=192.0.2.1"), "550 5.7.0");
    EXPECT_EQ(client.ask("XCLIENT ADDR=192.0.2.1"), "550 5.7.0");
}

TEST(LmtpServer, BelievesThePeersOfAUnixSocket) {
    const TestFolder folder;
    PromptSink sink;
    std::vector<Descriptor> listeners;
    listeners.push_back(std::move(*listen_on(folder.path() / "lmtp")));
    const auto server = LmtpServer::create({}, listeners, sink);
    ASSERT_TRUE(server);
    EXPECT_THAT((*server)->ports(), IsEmpty());
    (*server)->start();
    LmtpClient client(folder.path() / "lmtp");
    client.begin();
    EXPECT_EQ(client.ask("XFORWARD ADDR=192.0.2.1"), "250 2.0.0");
}

TEST(LmtpServer, TakesConnectionsThatCameBeforeItsStart) {
    PromptSink sink;
    std::vector<Descriptor> listeners;
    listeners.push_back(std::move(*listen_on(Address::from_v4(0x7F000001), 0)));
    listeners.push_back(std::move(*listen_on(Address::from_v4(0x7F000001), 0)));
    const auto server = LmtpServer::create({}, listeners, sink);
    ASSERT_TRUE(server);
    listeners.clear();
    ASSERT_THAT((*server)->ports(), SizeIs(2));
    LmtpClient first((*server)->ports()[0]);
    LmtpClient second((*server)->ports()[1]);
    (*server)->start();
    EXPECT_EQ(first.code(), "220");
    EXPECT_EQ(second.code(), "220");
}

TEST(LmtpServer, WantsAListenerThatIsASocket) {
    PromptSink sink;
    EXPECT_EQ(LmtpServer::create({}, {}, sink).error().code, Errc::Malformed);
    std::vector<Descriptor> listeners;
    listeners.push_back(std::move(*open_to_read("/proc/self/exe")));
    EXPECT_EQ(LmtpServer::create({}, listeners, sink).error().code, Errc::Malformed);
}

TEST(LmtpServer, AcknowledgesNothingBeforeTheSinkDoes) {
    HoldingSink sink;
    Running running(sink);
    LmtpClient client(running.port());
    client.begin();
    ASSERT_TRUE(client.say(kMail));
    EXPECT_THAT(codes(client, 3), ElementsAre("250 2.1.0", "250 2.1.5", "354"));
    ASSERT_TRUE(client.say("x\r\n.\r\nNOOP\r\n"));
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    EXPECT_FALSE(client.has_input(kShort));
    std::thread([&] { pending->answer(Delivery::Stored); }).join();
    EXPECT_EQ(client.code(), "250 2.0.0");
    EXPECT_EQ(client.code(), "250 2.0.0");
}

TEST(LmtpServer, TellsEachRecipientItsOwn) {
    HoldingSink sink;
    Running running(sink);
    LmtpClient client(running.port());
    client.begin();
    ASSERT_TRUE(client.say("MAIL FROM:<>\r\n"));
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(client.say("RCPT TO:<a@t>\r\n"));
    }
    ASSERT_TRUE(client.say("DATA\r\nx\r\n.\r\n"));
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    pending->done(
        {Delivery::Duplicate, Delivery::TemporaryFailure, Delivery::Refused, Delivery::Stored});
    EXPECT_EQ(client.code(), "250 2.1.0");
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(client.code(), "250 2.1.5");
    }
    EXPECT_EQ(client.code(), "354");
    EXPECT_EQ(client.line(), "250 2.0.0 already stored");
    EXPECT_EQ(client.code(), "451 4.3.0");
    EXPECT_EQ(client.code(), "550 5.7.1");
    EXPECT_EQ(client.line(), "250 2.0.0 stored");
    EXPECT_EQ(running.counters().temporary_failures, 1U);
}

TEST(LmtpServer, ReadsNotAheadWhileTheSinkHasAMail) {
    HoldingSink sink;
    Running running(sink);
    LmtpClient client(running.port());
    client.begin();
    ASSERT_TRUE(client.say(kMail + ".\r\n"));
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    std::string noops;
    for (int i = 0; i < 10000; ++i) {
        noops += "NOOP\r\n";
    }
    // What the kernel's buffers of both ends take, and no more.
    constexpr std::size_t kFarTooMuch = std::size_t{64} << 20U;
    std::size_t taken = 0;
    while (taken < kFarTooMuch) {
        const std::size_t now = client.push(noops, milliseconds(300));
        if (now == 0) {
            break;
        }
        taken += now;
    }
    EXPECT_LT(taken, kFarTooMuch);
    pending->answer(Delivery::Stored);
    EXPECT_THAT(codes(client, 5),
                ElementsAre("250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "250 2.0.0"));
}

// Answers from another thread, in another order than the mails came.
class ShufflingSink : public HoldingSink {
  public:
    static constexpr std::size_t kInHand = 5;

    void run(std::size_t mails) {
        std::mt19937 random(50);
        std::vector<std::unique_ptr<Pending>> hand;
        std::size_t answered = 0;
        while (answered < mails) {
            auto pending = next(hand.empty() ? kPatience : milliseconds(5));
            const bool came = pending != nullptr;
            if (came) {
                ++seen[pending->mail.bytes];
                hand.push_back(std::move(pending));
            }
            if (hand.empty()) {
                return;
            }
            if (!came || hand.size() > kInHand) {
                std::ranges::shuffle(hand, random);
                hand.back()->answer(Delivery::Stored);
                hand.pop_back();
                ++answered;
            }
        }
    }
    std::map<std::string, int> seen;
};

TEST(LmtpServer, ServesManyAtOnce) {
    constexpr std::size_t kClients = 50;
    constexpr std::size_t kMailsEach = 20;
    ShufflingSink sink;
    Running running(sink);
    std::thread answering([&] { sink.run(kClients * kMailsEach); });
    std::atomic<std::size_t> acknowledged = 0;
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < kClients; ++i) {
        clients.emplace_back([&, i] {
            LmtpClient client(running.port());
            client.begin();
            for (std::size_t mail = 0; mail < kMailsEach; ++mail) {
                client.say(kMail + std::to_string(i) + "-" + std::to_string(mail) + "\r\n.\r\n");
                acknowledged += codes(client, 4).back() == "250 2.0.0" ? 1U : 0U;
            }
            client.ask("QUIT");
        });
    }
    for (std::thread& client : clients) {
        client.join();
    }
    answering.join();
    EXPECT_EQ(acknowledged, kClients * kMailsEach);
    EXPECT_THAT(sink.seen, SizeIs(kClients * kMailsEach));
    EXPECT_EQ(running.counters().messages, kClients * kMailsEach);
    EXPECT_EQ(running.counters().connections, kClients);
}

TEST(LmtpServer, ClosesWhenNothingComes) {
    PromptSink sink;
    LmtpServerOptions options;
    options.idle_timeout = kShort;
    Running running(sink, options);
    LmtpClient client(running.port());
    client.begin();
    EXPECT_EQ(client.code(), "421 4.4.2");
    EXPECT_TRUE(client.at_end());
}

TEST(LmtpServer, ClosesWhenSingleBytesMakeNoCommand) {
    PromptSink sink;
    LmtpServerOptions options;
    options.idle_timeout = milliseconds(300);
    Running running(sink, options);
    LmtpClient client(running.port());
    client.begin();
    for (int i = 0; i < 1000 && !client.has_input(milliseconds(20)); ++i) {
        client.say("N");
    }
    EXPECT_EQ(client.code(), "421 4.4.2");
}

TEST(LmtpServer, ClosesWhenAMailTakesTooLong) {
    PromptSink sink;
    LmtpServerOptions options;
    options.data_timeout = milliseconds(300);
    Running running(sink, options);
    LmtpClient client(running.port());
    client.begin();
    client.say(kMail);
    EXPECT_THAT(codes(client, 3), ElementsAre("250 2.1.0", "250 2.1.5", "354"));
    for (int i = 0; i < 1000 && !client.has_input(milliseconds(20)); ++i) {
        client.say("line\r\n");
    }
    EXPECT_EQ(client.code(), "421 4.4.2");
    EXPECT_EQ(running.counters().messages, 0U);
}

TEST(LmtpServer, ClosesWhenItsRepliesAreNotRead) {
    PromptSink sink;
    LmtpServerOptions options;
    options.idle_timeout = milliseconds(300);
    Running running(sink, options);
    LmtpClient client(running.port());
    std::string commands;
    for (int i = 0; i < 1000; ++i) {
        commands += "LHLO a\r\n";
    }
    bool alive = true;
    for (int i = 0; i < 100000 && alive; ++i) {
        alive = client.say(commands);
    }
    EXPECT_FALSE(alive);
}

TEST(LmtpServer, TakesAnAnswerThatNeverComesForNone) {
    HoldingSink sink;
    Warnings warnings;
    LmtpServerOptions options;
    options.delivery_timeout = kShort;
    options.warn = warnings.hook();
    Running running(sink, options);
    LmtpClient client(running.port());
    client.begin();
    client.say(kMail + ".\r\n");
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    EXPECT_THAT(codes(client, 4), ElementsAre("250 2.1.0", "250 2.1.5", "354", "421 4.3.0"));
    EXPECT_THAT(warnings.wait_for_one(), ElementsAre(HasSubstr("has not answered")));
    pending->answer(Delivery::Stored);
    EXPECT_TRUE(client.at_end());
}

TEST(LmtpServer, LimitsItsConnections) {
    PromptSink sink;
    LmtpServerOptions options;
    options.connections_max = 2;
    Running running(sink, options);
    LmtpClient first(running.port());
    LmtpClient second(running.port());
    first.begin();
    second.begin();
    LmtpClient third(running.port());
    EXPECT_EQ(third.code(), "421 4.3.2");
    EXPECT_TRUE(third.at_end());
    EXPECT_EQ(running.counters().connections_refused, 1U);
    first.close();
    // The server learns of it in its own time.
    std::string code;
    for (int i = 0; i < 1000 && code != "220"; ++i) {
        code = LmtpClient(running.port()).code();
    }
    EXPECT_EQ(code, "220");
}

TEST(LmtpServer, LimitsTheMemoryOfAllMails) {
    HoldingSink sink;
    LmtpServerOptions options;
    options.content_bytes_max = 1000;
    Running running(sink, options);
    LmtpClient first(running.port());
    LmtpClient second(running.port());
    first.begin();
    second.begin();
    const std::string line = std::string(598, 'x') + "\r\n";
    first.say(kMail + line + ".\r\n");
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    second.say(kMail + line + ".\r\n");
    EXPECT_THAT(codes(second, 4), ElementsAre("250 2.1.0", "250 2.1.5", "354", "452 4.3.1"));
    pending->answer(Delivery::Stored);
    EXPECT_THAT(codes(first, 4), ElementsAre("250 2.1.0", "250 2.1.5", "354", "250 2.0.0"));
    second.say(kMail + line + ".\r\n");
    const auto now = sink.next();
    ASSERT_TRUE(now);
    now->answer(Delivery::Stored);
    EXPECT_THAT(codes(second, 4), ElementsAre("250 2.1.0", "250 2.1.5", "354", "250 2.0.0"));
}

TEST(LmtpServer, AnswersWhatIsPendingBeforeItStops) {
    HoldingSink sink;
    Running running(sink);
    LmtpClient waiting(running.port());
    LmtpClient idle(running.port());
    LmtpClient sending(running.port());
    waiting.begin();
    idle.begin();
    sending.begin();
    sending.say(kMail);
    EXPECT_THAT(codes(sending, 3), ElementsAre("250 2.1.0", "250 2.1.5", "354"));
    waiting.say(kMail + ".\r\nNOOP\r\n");
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    std::thread stopping([&] { running.server->stop(kPatience); });
    EXPECT_EQ(idle.code(), "421 4.3.2");
    EXPECT_TRUE(idle.at_end());
    EXPECT_EQ(sending.code(), "421 4.3.2");
    EXPECT_TRUE(sending.at_end());
    EXPECT_FALSE(waiting.has_input(kAtOnce));
    pending->answer(Delivery::Stored);
    EXPECT_THAT(codes(waiting, 5),
                ElementsAre("250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "421 4.3.2"));
    EXPECT_TRUE(waiting.at_end());
    for (LmtpClient* client : {&waiting, &idle, &sending}) {
        client->close();
    }
    stopping.join();
}

TEST(LmtpServer, WaitsNotForEverWhenItStops) {
    HoldingSink sink;
    auto running = std::make_unique<Running>(sink);
    LmtpClient client(running->port());
    client.begin();
    client.say(kMail + ".\r\n");
    auto pending = sink.next();
    ASSERT_TRUE(pending);
    running->server->stop(kShort);
    // Replies before the mail were held back with its own: nothing was acknowledged.
    EXPECT_TRUE(client.at_end());
    running.reset();
    pending->answer(Delivery::Stored);  // nobody is there any more
}

TEST(LmtpServer, OutlivesAClientThatWentAway) {
    HoldingSink sink;
    Running running(sink);
    {
        LmtpClient client(running.port());
        client.begin();
        client.say(kMail + ".\r\n");
    }
    const auto pending = sink.next();
    ASSERT_TRUE(pending);
    pending->answer(Delivery::Stored);
    LmtpClient next(running.port());
    next.begin();
    EXPECT_EQ(next.ask("NOOP"), "250 2.0.0");
}

// The last free descriptor is taken away while it lives.
class NoDescriptorLeft {
  public:
    NoDescriptorLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const Descriptor lowest(::fcntl(0, F_DUPFD_CLOEXEC, 0));
        rlimit now = before_;
        now.rlim_cur = static_cast<rlim_t>(lowest.get());
        ::setrlimit(RLIMIT_NOFILE, &now);
    }
    ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptorLeft(const NoDescriptorLeft&) = delete;
    NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

  private:
    rlimit before_{};
};

TEST(LmtpServer, PausesWhenNoDescriptorIsLeft) {
    PromptSink sink;
    Warnings warnings;
    LmtpServerOptions options;
    options.accept_pause = milliseconds(20);
    options.warn = warnings.hook();
    Running running(sink, options);
    const std::uint16_t port = running.port();
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    std::optional<LmtpClient> client;
    {
        const NoDescriptorLeft limit;
        client.emplace(std::move(socket), port);
        EXPECT_THAT(warnings.wait_for_one(), ElementsAre(HasSubstr("Too many open files")));
        EXPECT_FALSE(client->has_input(kShort));
    }
    EXPECT_EQ(client->code(), "220");
    EXPECT_THAT(warnings.wait_for_one(), SizeIs(1));
}

}  // namespace
}  // namespace fairlist::importer
