#include "tests/bench/lmtp_load.h"

#include "server/net/endpoint.h"
#include "server/net/socket.h"
#include "tests/bench/load_socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <exception>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>

namespace fairlist::bench {

namespace {

constexpr timeval kPatience{.tv_sec = 60, .tv_usec = 0};
// The server takes 1,000 over one connection, as mail servers do.
constexpr std::uint64_t kMailsPerConnection = 900;

// One connection.
class LmtpClient {
  public:
    explicit LmtpClient(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        net::SocketAddress server = net::to_socket_address({Address::from_v4(0x7F000001), port});
        setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
        constexpr int kOn = 1;
        setsockopt(socket_.descriptor(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof(kOn));
        if (connect(socket_.descriptor(), &server.base, sizeof(server.v4)) != 0) {
            throw std::runtime_error("cannot connect to the LMTP server");
        }
        expect("220");
        say("LHLO load.bench.test\r\n");
        expect("250");
    }

    // `text` ends with CRLF.
    void begin(std::string_view recipient, std::uint64_t number) {
        say(fmt::format("XFORWARD ADDR=IPV6:{} NAME=[UNAVAILABLE] HELO=spam{}.bench.test\r\n",
                        client_of(number), number % 1000));
        expect("250");
        say(fmt::format("MAIL FROM:<sender{}@bench.test>\r\nRCPT TO:<{}>\r\nDATA\r\n", number,
                        recipient));
        expect("250");
        expect("250");
        expect("354");
    }
    // In one piece: a second one would wait for the acknowledgement of the first.
    void send_mail(const std::string& text) { say(text + ".\r\n"); }
    void expect(std::string_view code) {
        const std::string reply = line_of_reply();
        if (!reply.starts_with(code)) {
            throw std::runtime_error(fmt::format("the LMTP server says \"{}\"", reply));
        }
    }

  private:
    // Another /64 for each; the space for documentation, RFC 3849.
    static std::string client_of(std::uint64_t number) {
        return fmt::format("2001:db8:{:x}:{:x}::25", number >> 16U & 0xFFFFU, number & 0xFFFFU);
    }

    void say(std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = send(socket_.descriptor(), text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                throw std::runtime_error("the LMTP server has closed the connection");
            }
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    // The last line of a reply.
    std::string line_of_reply() {
        constexpr std::size_t kCodeBytes = 3;
        while (true) {
            std::string line = take_line();
            if (line.size() <= kCodeBytes || line[kCodeBytes] != '-') {
                return line;
            }
        }
    }
    std::string take_line() {
        std::size_t end = 0;
        while ((end = input_.find("\r\n")) == std::string::npos) {
            std::array<char, 4096> piece{};
            const ssize_t got = recv(socket_.descriptor(), piece.data(), piece.size(), 0);
            if (got <= 0) {
                throw std::runtime_error("the LMTP server does not answer");
            }
            input_.append(piece.data(), static_cast<std::size_t>(got));
        }
        std::string line = input_.substr(0, end);
        input_.erase(0, end + 2);
        return line;
    }

    net::Socket socket_;
    std::string input_;
};

// Line ends of CRLF, dots doubled (RFC 5321 section 4.5.2).
std::string on_the_wire(const std::string& sample) {
    std::string out;
    bool begins = true;
    for (const char c : sample) {
        if (begins && c == '.') {
            out.push_back('.');
        }
        begins = c == '\n';
        if (c == '\n') {
            out.push_back('\r');
        }
        if (c != '\r') {
            out.push_back(c);
        }
    }
    return out.ends_with("\r\n") ? out : out + "\r\n";
}

class Run {
  public:
    explicit Run(const LmtpLoadOptions& options) : options_(options) {
        std::ranges::transform(options.samples, std::back_inserter(samples_), on_the_wire);
    }

    LmtpLoadResult run() {
        std::vector<LmtpClient> clients;
        for (unsigned i = 0; i < options_.connections; ++i) {
            clients.emplace_back(options_.port);
        }
        const std::uint64_t start = now_ns();
        {
            std::vector<std::jthread> threads;
            for (LmtpClient& client : clients) {
                threads.emplace_back([&] { work(client); });
            }
        }
        result_.seconds = static_cast<double>(now_ns() - start) / 1e9;
        if (!fault_.empty()) {
            throw std::runtime_error(fault_);
        }
        return result_;
    }

  private:
    void work(LmtpClient& client) {
        try {
            std::uint64_t mails = 0;
            for (std::uint64_t i = next_++; i < options_.messages; i = next_++, ++mails) {
                if (mails == kMailsPerConnection) {
                    client = LmtpClient(options_.port);
                    mails = 0;
                }
                deliver(client, options_.first + i);
            }
        } catch (const std::exception& error) {
            const std::lock_guard lock(mutex_);
            fault_ = error.what();
        }
    }
    void deliver(LmtpClient& client, std::uint64_t number) {
        client.begin(options_.recipient, number);
        client.send_mail(
            fmt::format("X-Bench: {}\r\n{}", number, samples_[number % samples_.size()]));
        const std::uint64_t sent = now_ns();
        client.expect("250");
        const std::lock_guard lock(mutex_);
        result_.latency.add(now_ns() - sent);
    }

    const LmtpLoadOptions& options_;
    std::vector<std::string> samples_;
    std::atomic<std::uint64_t> next_{0};
    std::mutex mutex_;
    LmtpLoadResult result_;  // guarded by mutex_ while threads run
    std::string fault_;      // as result_
};

}  // namespace

LmtpLoadResult run_lmtp_load(const LmtpLoadOptions& options) {
    if (options.samples.empty()) {
        throw std::runtime_error("no sample of a mail");
    }
    return Run(options).run();
}

}  // namespace fairlist::bench
