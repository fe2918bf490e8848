// LmtpClient: a blocking client of the tests, which says any bytes and reads replies.
#pragma once

#include "importer/fetch/descriptor.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fairlist::importer {

class LmtpClient {
  public:
    // Connects to 127.0.0.1.
    explicit LmtpClient(std::uint16_t port);
    explicit LmtpClient(const std::filesystem::path& unix_socket);
    // Takes a socket that is not connected yet, and connects it.
    LmtpClient(Descriptor socket, std::uint16_t port);

    // False: the server is gone.
    bool say(std::string_view bytes);
    // So many bytes that the socket takes at once: 0 when it takes none within `wait`.
    std::size_t push(std::string_view bytes, std::chrono::milliseconds wait);
    // One line without CRLF; empty: the connection is closed, or nothing came for 20 seconds.
    std::string line();
    // The code of a reply of one or more lines: "250 2.1.0", or "250".
    std::string code();
    // Says a line, and gives the code of the reply.
    std::string ask(const std::string& command);
    // The greeting and LHLO.
    void begin();
    // Whether something can be read, or the connection is closed, within `wait`.
    [[nodiscard]] bool has_input(std::chrono::milliseconds wait) const;
    // Whether the server closes the connection, and says nothing more, within 20 seconds.
    [[nodiscard]] bool at_end();
    void close() { socket_ = Descriptor(); }

  private:
    bool fill();

    Descriptor socket_;
    std::string buffer_;
};

}  // namespace fairlist::importer
