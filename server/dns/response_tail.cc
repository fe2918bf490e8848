#include "server/dns/response_tail.h"

#include "server/dns/edns_option.h"

namespace fairlist::dns {
namespace {

constexpr std::uint32_t kDnssecOkBit = 0x8000;
constexpr std::size_t kOptBytes = 11;  // without options
constexpr std::size_t kOptionHeadBytes = 4;
constexpr std::size_t kKeepaliveBytes = 2;
constexpr std::size_t kErrorCodeBytes = 2;

constexpr std::uint16_t kTsigFudgeSeconds = 300;  // RFC 8945 section 10
constexpr std::uint16_t kTsigBadKey = 17;
constexpr std::size_t kTsigRdataBytes = 16;  // without the algorithm's name
constexpr std::size_t kTsigBytes = 10 + kTsigRdataBytes;

void write_option_head(std::uint16_t code, std::size_t size, WireWriter& writer) noexcept {
    writer.write_u16(code);
    writer.write_u16(static_cast<std::uint16_t>(size));
}

std::size_t extended_error_bytes(const ExtendedError& extended_error) noexcept {
    return kErrorCodeBytes + extended_error.text.size();
}

}  // namespace

ResponseTail::ResponseTail(const Query& query, Rcode rcode, const ResponseOptions& options) noexcept
    : query_(query),
      options_(options),
      rcode_(rcode),
      has_opt_(query.edns.present),
      has_tsig_(rcode == Rcode::NotAuth && !query.tsig_key_name.empty()),
      has_cookie_(has_opt_ && query.edns.cookie.present && !options.server_cookie.empty()),
      has_nsid_(has_opt_ && query.edns.nsid && !options.nsid.empty()),
      has_keepalive_(has_opt_ && query.edns.keepalive) {}

std::size_t ResponseTail::size() const noexcept {
    return (has_opt_ ? kOptBytes + option_bytes() : 0) + (has_tsig_ ? tsig_bytes() : 0);
}

std::uint16_t ResponseTail::record_count() const noexcept {
    return static_cast<std::uint16_t>((has_opt_ ? 1 : 0) + (has_tsig_ ? 1 : 0));
}

bool ResponseTail::shrink_to(std::size_t room) noexcept {
    has_nsid_ = has_nsid_ && size() <= room;
    const bool without_tsig = has_tsig_ && size() > room;
    has_tsig_ = has_tsig_ && !without_tsig;
    return without_tsig;
}

void ResponseTail::write(const ExtendedError& extended_error, std::size_t room,
                         WireWriter& writer) const noexcept {
    if (has_opt_) {
        write_opt(extended_error, room, writer);
    }
    if (has_tsig_) {
        write_tsig(writer);
    }
}

std::size_t ResponseTail::option_bytes() const noexcept {
    std::size_t bytes = 0;
    if (has_cookie_) {
        bytes +=
            kOptionHeadBytes + query_.edns.cookie.client.size() + options_.server_cookie.size();
    }
    if (has_nsid_) {
        bytes += kOptionHeadBytes + options_.nsid.size();
    }
    if (has_keepalive_) {
        bytes += kOptionHeadBytes + kKeepaliveBytes;
    }
    return bytes;
}

std::size_t ResponseTail::tsig_bytes() const noexcept {
    return query_.tsig_key_name.size() + query_.tsig_algorithm.size() + kTsigBytes;
}

void ResponseTail::write_opt(const ExtendedError& extended_error, std::size_t room,
                             WireWriter& writer) const noexcept {
    const std::size_t error_bytes = extended_error_bytes(extended_error);
    const bool has_error =
        extended_error.present && size() + kOptionHeadBytes + error_bytes <= room;
    const std::size_t rdata_bytes =
        option_bytes() + (has_error ? kOptionHeadBytes + error_bytes : 0);
    const std::uint32_t rcode_bits = static_cast<std::uint32_t>(rcode_) >> 4U << 24U;
    writer.write_u8(0);  // the root name
    writer.write_u16(type::kOpt);
    writer.write_u16(options_.udp_bytes_max);
    writer.write_u32(rcode_bits | (query_.edns.dnssec_ok ? kDnssecOkBit : 0U));
    writer.write_u16(static_cast<std::uint16_t>(rdata_bytes));
    write_options(writer);
    if (has_error) {
        write_option_head(option::kExtendedError, error_bytes, writer);
        writer.write_u16(extended_error.code);
        writer.write_text(extended_error.text);
    }
}

void ResponseTail::write_options(WireWriter& writer) const noexcept {
    if (has_cookie_) {
        const auto& client = query_.edns.cookie.client;
        write_option_head(option::kCookie, client.size() + options_.server_cookie.size(), writer);
        writer.write_bytes(client);
        writer.write_bytes(options_.server_cookie);
    }
    if (has_nsid_) {
        write_option_head(option::kNsid, options_.nsid.size(), writer);
        writer.write_bytes(options_.nsid);
    }
    if (has_keepalive_) {
        write_option_head(option::kKeepalive, kKeepaliveBytes, writer);
        writer.write_u16(options_.keepalive_timeout);
    }
}

void ResponseTail::write_tsig(WireWriter& writer) const noexcept {
    writer.write_bytes(query_.tsig_key_name);
    writer.write_u16(type::kTsig);
    writer.write_u16(klass::kAny);
    writer.write_u32(0);
    writer.write_u16(static_cast<std::uint16_t>(query_.tsig_algorithm.size() + kTsigRdataBytes));
    writer.write_bytes(query_.tsig_algorithm);
    writer.write_u48(query_.tsig_time);
    writer.write_u16(kTsigFudgeSeconds);
    writer.write_u16(0);  // no MAC: there is no key to sign with (RFC 8945 section 5.3.2)
    writer.write_u16(query_.tsig_original_id);
    writer.write_u16(kTsigBadKey);
    writer.write_u16(0);  // other data
}

}  // namespace fairlist::dns
