// Query: one parsed DNS question with what EDNS says about it. RFC 1035 section 4.1.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace fairlist::dns {

inline constexpr std::size_t kHeaderBytes = 12;
inline constexpr std::size_t kNameBytesMax = 255;  // RFC 1035 section 2.3.4
inline constexpr std::size_t kLabelsMax = 128;

// RFC 1035 section 4.1.1, RFC 6895 section 2.3. BADVERS and above live partly in OPT.
enum class Rcode : std::uint16_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    NotAuth = 9,
    BadVers = 16,
    BadCookie = 23,
};

namespace type {
inline constexpr std::uint16_t kA = 1;
inline constexpr std::uint16_t kNs = 2;
inline constexpr std::uint16_t kSoa = 6;
inline constexpr std::uint16_t kHinfo = 13;
inline constexpr std::uint16_t kMx = 15;
inline constexpr std::uint16_t kTxt = 16;
inline constexpr std::uint16_t kAaaa = 28;
inline constexpr std::uint16_t kOpt = 41;
inline constexpr std::uint16_t kTkey = 249;
inline constexpr std::uint16_t kTsig = 250;
inline constexpr std::uint16_t kIxfr = 251;
inline constexpr std::uint16_t kAxfr = 252;
inline constexpr std::uint16_t kMailb = 253;
inline constexpr std::uint16_t kMaila = 254;
inline constexpr std::uint16_t kAny = 255;
inline constexpr std::uint16_t kCaa = 257;
}  // namespace type

namespace klass {
inline constexpr std::uint16_t kIn = 1;
inline constexpr std::uint16_t kChaos = 3;
inline constexpr std::uint16_t kNone = 254;
inline constexpr std::uint16_t kAny = 255;
}  // namespace klass

// The question's name in wire form and lower case, without its root label, and where each label
// starts. Labels are numbered from the left: label(0) is the host's. No initialisation on purpose:
// only the first `size` bytes and `label_count` offsets are ever read.
struct QueryName {
    std::array<std::uint8_t, kNameBytesMax> bytes;     // length octets and label bytes
    std::array<std::uint8_t, kLabelsMax> label_start;  // offset of each length octet
    std::uint8_t size = 0;
    std::uint8_t label_count = 0;

    [[nodiscard]] std::span<const std::uint8_t> label(std::size_t index) const noexcept {
        const std::size_t at = label_start[index];
        return std::span(bytes).subspan(at + 1, bytes[at]);
    }
    // The wire bytes from this label to the end, without the root label.
    [[nodiscard]] std::span<const std::uint8_t> suffix(std::size_t index) const noexcept {
        const std::size_t at = index == label_count ? size : label_start[index];
        return std::span(bytes).subspan(at, size - at);
    }
};

// State of the COOKIE option (RFC 7873 section 5.2). The server part is checked by the transport,
// which knows the client's address.
struct Cookie {
    bool present = false;
    bool valid = false;  // set by the transport when the server cookie is ours and fresh
    std::array<std::uint8_t, 8> client{};
    std::uint8_t server_size = 0;  // 0, or 8 to 32
    std::array<std::uint8_t, 32> server{};
};

struct Edns {
    bool present = false;
    bool dnssec_ok = false;  // copied to the response (RFC 3225 section 3)
    bool nsid = false;       // RFC 5001
    bool keepalive = false;  // RFC 7828; never over UDP
    std::uint8_t version = 0;
    std::uint16_t udp_bytes_max = 512;  // never below 512 (RFC 6891 section 6.2.3)
    Cookie cookie;
};

struct Query {
    std::uint16_t id = 0;
    std::uint8_t opcode = 0;
    bool recursion_desired = false;
    bool has_question = false;  // the three below are set, and the bytes can be echoed
    QueryName name;
    std::uint16_t type = 0;
    std::uint16_t klass = 0;
    std::uint16_t question_bytes = 0;  // name (with root), type and class as sent, from offset 12
    Edns edns;
    // The TSIG record's owner and algorithm as sent, for an unsigned NOTAUTH (RFC 8945 section
    // 5.2.1); empty: no TSIG.
    std::span<const std::uint8_t> tsig_key_name;
    std::span<const std::uint8_t> tsig_algorithm;
    std::uint64_t tsig_time = 0;
    std::uint16_t tsig_original_id = 0;
};

}  // namespace fairlist::dns
