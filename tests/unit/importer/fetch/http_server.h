// HttpServer: a server on the loopback that answers each connection by a script of the test.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fairlist::importer {

class HttpServer {
  public:
    // Writes to the connection; false when the client is gone.
    using Send = std::function<bool(const std::string& bytes)>;
    // Gets the request's head. The connection closes when it returns.
    using Answer = std::function<void(const std::string& head, const Send& send)>;

    // `address`: of the loopback, 127.0.0.1 or 127.0.0.2. The kernel chooses the port.
    HttpServer(const std::string& address, Answer answer);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::string url(const std::string& path = "/") const;
    [[nodiscard]] std::vector<std::string> heads() const;

  private:
    void serve();

    std::string address_;
    Answer answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> heads_;
    std::thread thread_;
};

// A whole response with its length.
[[nodiscard]] std::string http_response(const std::string& status, const std::string& fields,
                                        const std::string& body);

}  // namespace fairlist::importer
