// LdnsPacket: a response as ldns reads it, the referee of what we write.
#pragma once

#include "tests/unit/server/dns/message_bytes.h"

// clang-format off: unless stdbool.h comes first, ldns makes macros of bool, true and false.
#include <stdbool.h>
#include <ldns/ldns.h>
// clang-format on

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace fairlist::dns::test {

class LdnsPacket {
  public:
    explicit LdnsPacket(std::span<const std::uint8_t> wire);

    // False: ldns does not understand the message; then nothing else may be asked.
    [[nodiscard]] bool ok() const { return packet_ != nullptr; }

    [[nodiscard]] std::uint16_t id() const { return ldns_pkt_id(packet_.get()); }
    [[nodiscard]] bool is_response() const { return ldns_pkt_qr(packet_.get()); }
    [[nodiscard]] bool authoritative() const { return ldns_pkt_aa(packet_.get()); }
    [[nodiscard]] bool truncated() const { return ldns_pkt_tc(packet_.get()); }
    [[nodiscard]] bool recursion_desired() const { return ldns_pkt_rd(packet_.get()); }
    // RA, AD or CD: an authoritative server without DNSSEC sets none of them.
    [[nodiscard]] bool has_foreign_flag() const;
    [[nodiscard]] bool dnssec_ok() const { return ldns_pkt_edns_do(packet_.get()); }
    // With the bits that stand in OPT.
    [[nodiscard]] unsigned rcode() const;
    [[nodiscard]] bool has_opt() const { return ldns_pkt_edns(packet_.get()); }
    [[nodiscard]] std::uint16_t udp_bytes() const { return ldns_pkt_edns_udp_size(packet_.get()); }

    [[nodiscard]] std::uint16_t questions() const { return ldns_pkt_qdcount(packet_.get()); }
    [[nodiscard]] std::uint16_t answers() const { return ldns_pkt_ancount(packet_.get()); }
    [[nodiscard]] std::uint16_t authorities() const { return ldns_pkt_nscount(packet_.get()); }
    // A record as text: owner, TTL, class, type and data, separated by tabs.
    [[nodiscard]] std::string answer(std::size_t index) const;
    [[nodiscard]] std::string authority(std::size_t index) const;

    // The data of the first option with this code.
    [[nodiscard]] std::optional<Bytes> option(std::uint16_t code) const;
    // The error field of the TSIG record.
    [[nodiscard]] std::optional<unsigned> tsig_error() const;
    [[nodiscard]] std::string tsig_owner() const;

  private:
    struct Free {
        void operator()(ldns_pkt* packet) const noexcept { ldns_pkt_free(packet); }
    };
    std::unique_ptr<ldns_pkt, Free> packet_;
};

}  // namespace fairlist::dns::test
