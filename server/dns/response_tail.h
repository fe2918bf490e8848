// ResponseTail: what stands behind the records of a response: OPT and TSIG.
#pragma once

#include "server/dns/answer.h"
#include "server/dns/query.h"
#include "server/dns/response_writer.h"
#include "server/dns/wire_writer.h"

#include <cstddef>
#include <cstdint>

namespace fairlist::dns {

// Decided before the records are written, so that its room can be kept. OPT answers OPT (RFC 6891
// section 6.1.1); TSIG is the unsigned one that tells of an unknown key (RFC 8945 section 5.2.1).
// Lifetime: refers to query and options.
class ResponseTail {
  public:
    ResponseTail(const Query& query, Rcode rcode, const ResponseOptions& options) noexcept;

    // Without an extended error.
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::uint16_t record_count() const noexcept;

    // Leaves out NSID, then TSIG, until the rest fits into `room` bytes. True: TSIG is out, and the
    // response has to be truncated (RFC 8945 section 5.3).
    [[nodiscard]] bool shrink_to(std::size_t room) noexcept;

    // The extended error goes in when it fits into `room` bytes together with all the rest.
    void write(const ExtendedError& extended_error, std::size_t room,
               WireWriter& writer) const noexcept;

  private:
    [[nodiscard]] std::size_t option_bytes() const noexcept;
    [[nodiscard]] std::size_t tsig_bytes() const noexcept;
    void write_opt(const ExtendedError& extended_error, std::size_t room,
                   WireWriter& writer) const noexcept;
    void write_options(WireWriter& writer) const noexcept;
    void write_tsig(WireWriter& writer) const noexcept;

    const Query& query_;
    const ResponseOptions& options_;
    Rcode rcode_;
    bool has_opt_;
    bool has_tsig_;
    bool has_cookie_;
    bool has_nsid_;
    bool has_keepalive_;
};

}  // namespace fairlist::dns
