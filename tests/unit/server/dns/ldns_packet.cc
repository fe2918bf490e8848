#include "tests/unit/server/dns/ldns_packet.h"

#include "server/dns/wire_reader.h"

#include <cstdlib>

namespace fairlist::dns::test {
namespace {

constexpr std::size_t kTsigErrorField = 5;

std::string take(char* text) {
    const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
    std::string line = owned ? owned.get() : "";
    while (!line.empty() && line.back() == '\n') {
        line.pop_back();
    }
    return line;
}

std::string record_text(const ldns_rr_list* records, std::size_t index) {
    return take(ldns_rr2str(ldns_rr_list_rr(records, index)));
}

}  // namespace

LdnsPacket::LdnsPacket(std::span<const std::uint8_t> wire) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, wire.data(), wire.size()) == LDNS_STATUS_OK) {
        packet_.reset(packet);
    }
}

bool LdnsPacket::has_foreign_flag() const {
    const ldns_pkt* const packet = packet_.get();
    return ldns_pkt_ra(packet) || ldns_pkt_ad(packet) || ldns_pkt_cd(packet);
}

unsigned LdnsPacket::rcode() const {
    return unsigned{ldns_pkt_edns_extended_rcode(packet_.get())} << 4U |
           static_cast<unsigned>(ldns_pkt_get_rcode(packet_.get()));
}

std::string LdnsPacket::answer(std::size_t index) const {
    return record_text(ldns_pkt_answer(packet_.get()), index);
}

std::string LdnsPacket::authority(std::size_t index) const {
    return record_text(ldns_pkt_authority(packet_.get()), index);
}

std::optional<Bytes> LdnsPacket::option(std::uint16_t code) const {
    const ldns_rdf* const data = ldns_pkt_edns_data(packet_.get());
    if (data == nullptr) {
        return std::nullopt;
    }
    WireReader reader({ldns_rdf_data(data), ldns_rdf_size(data)});
    while (!reader.at_end() && reader.ok()) {
        const std::uint16_t found = reader.read_u16();
        const auto bytes = reader.read_bytes(reader.read_u16());
        if (reader.ok() && found == code) {
            return Bytes(bytes.begin(), bytes.end());
        }
    }
    return std::nullopt;
}

std::optional<unsigned> LdnsPacket::tsig_error() const {
    const ldns_rr* const tsig = ldns_pkt_tsig(packet_.get());
    if (tsig == nullptr) {
        return std::nullopt;
    }
    return ldns_rdf2native_int16(ldns_rr_rdf(tsig, kTsigErrorField));
}

std::string LdnsPacket::tsig_owner() const {
    const ldns_rr* const tsig = ldns_pkt_tsig(packet_.get());
    return tsig == nullptr ? "" : take(ldns_rdf2str(ldns_rr_owner(tsig)));
}

}  // namespace fairlist::dns::test
