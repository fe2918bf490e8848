// DnsResponder: a DNS server on the loopback that answers UDP and TCP by a script of the test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fairlist::importer {

class DnsResponder {
  public:
    // The replies to a query, in the order sent; over TCP only the first is.
    using Answer = std::function<std::vector<std::string>(const std::string& query, bool tcp)>;

    // Of 127.0.0.1; the kernel chooses the port, the same for both transports.
    explicit DnsResponder(Answer answer);
    ~DnsResponder();
    DnsResponder(const DnsResponder&) = delete;
    DnsResponder& operator=(const DnsResponder&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string last_query() const;
    [[nodiscard]] std::size_t udp_queries() const;
    [[nodiscard]] std::size_t tcp_queries() const;

  private:
    [[nodiscard]] bool bind_both();
    void serve();
    void serve_datagram();
    void serve_connection();

    Answer answer_;
    int udp_ = -1;
    int tcp_ = -1;
    int stop_read_ = -1;
    int stop_write_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::string last_query_;
    std::size_t udp_queries_ = 0;
    std::size_t tcp_queries_ = 0;
    std::thread thread_;
};

// Messages put together byte by byte, so that they owe nothing to the library under test.
struct DnsReplyParts {
    std::uint16_t flags = 0x8180;  // QR, RD, RA
    std::vector<std::string> answers;
    std::vector<std::string> authority;
};
[[nodiscard]] std::string dns_reply(const std::string& query, const DnsReplyParts& parts);

// "a.example" on the wire; empty: the name of the question, by a pointer.
[[nodiscard]] std::string dns_name(std::string_view text);
[[nodiscard]] std::string dns_txt(std::string_view owner, std::uint32_t ttl,
                                  const std::vector<std::string>& strings);
[[nodiscard]] std::string dns_alias(std::string_view owner, std::uint32_t ttl,
                                    std::string_view target);
[[nodiscard]] std::string dns_soa(std::string_view owner, std::uint32_t ttl, std::uint32_t minimum);
// The name that a query asks for, with dots.
[[nodiscard]] std::string asked_name(const std::string& query);

}  // namespace fairlist::importer
