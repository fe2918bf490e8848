#include "importer/dkim/dns_message.h"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kHeaderBytes = 12;  // RFC 1035 section 4.1.1
constexpr std::size_t kQueryBytesMax = 512;

template <auto Function>
struct FreeWith {
    template <typename T>
    void operator()(T* thing) const noexcept {
        Function(thing);
    }
};
using Packet = std::unique_ptr<ldns_pkt, FreeWith<ldns_pkt_free>>;
using Name = std::unique_ptr<ldns_rdf, FreeWith<ldns_rdf_deep_free>>;
using Buffer = std::unique_ptr<ldns_buffer, FreeWith<ldns_buffer_free>>;

Name parse_name(const std::string& text) {
    return Name(ldns_dname_new_frm_str(text.c_str()));
}

ldns_rr_type wire_type(DnsType type) noexcept {
    switch (type) {
        case DnsType::Txt:
            return LDNS_RR_TYPE_TXT;
        case DnsType::A:
            return LDNS_RR_TYPE_A;
        case DnsType::Aaaa:
            return LDNS_RR_TYPE_AAAA;
        case DnsType::Ptr:
            return LDNS_RR_TYPE_PTR;
        case DnsType::Mx:
            return LDNS_RR_TYPE_MX;
    }
    return LDNS_RR_TYPE_TXT;
}

bool same_owner(const ldns_rr* record, const ldns_rdf* name) {
    return ldns_dname_compare(ldns_rr_owner(record), name) == 0;
}

bool answers(const ldns_pkt* packet, const ldns_rdf* name, DnsType type) {
    const ldns_rr_list* asked = ldns_pkt_question(packet);
    if (ldns_pkt_get_opcode(packet) != LDNS_PACKET_QUERY || ldns_rr_list_rr_count(asked) != 1) {
        return false;
    }
    const ldns_rr* question = ldns_rr_list_rr(asked, 0);
    return same_owner(question, name) && ldns_rr_get_type(question) == wire_type(type) &&
           ldns_rr_get_class(question) == LDNS_RR_CLASS_IN;
}

// The strings of a TXT record one after the other (RFC 6376 section 3.6.2.2).
std::string joined(const ldns_rr* record) {
    std::string text;
    for (std::size_t i = 0; i < ldns_rr_rd_count(record); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(record, i);
        const std::size_t size = ldns_rdf_size(field);
        const std::uint8_t* bytes = ldns_rdf_data(field);
        if (size > 1) {
            text.append(bytes + 1, bytes + 1 + std::min<std::size_t>(bytes[0], size - 1));
        }
    }
    return text;
}

// A field as the presentation form has it, a name without its final dot.
std::string field_text(const ldns_rdf* field) {
    const std::unique_ptr<char, FreeWith<std::free>> text(ldns_rdf2str(field));
    std::string plain = text == nullptr ? std::string() : std::string(text.get());
    if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME && plain.ends_with('.')) {
        plain.pop_back();
    }
    return plain;
}

// What of a record is told, with what it sorts by.
struct Told {
    std::uint32_t order = 0;
    std::string text;
};

// False of one that is malformed.
bool tell(const ldns_rr* record, DnsType type, Told& out) {
    const std::size_t fields = ldns_rr_rd_count(record);
    if (type == DnsType::Txt) {
        out = {0, joined(record)};
        return true;
    }
    if (type == DnsType::Mx) {
        if (fields == 2) {
            out = {ldns_rdf2native_int16(ldns_rr_rdf(record, 0)),
                   field_text(ldns_rr_rdf(record, 1))};
        }
        return fields == 2;
    }
    if (fields == 1) {
        out = {0, field_text(ldns_rr_rdf(record, 0))};
    }
    return fields == 1;
}

const ldns_rr* find_alias(const ldns_rr_list* records, const ldns_rdf* owner) {
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(records, i);
        if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME && ldns_rr_rd_count(record) == 1 &&
            same_owner(record, owner)) {
            return record;
        }
    }
    return nullptr;
}

// RFC 2308 section 5: the smaller of the SOA's TTL and its last field.
std::uint32_t negative_ttl(const ldns_pkt* packet) {
    constexpr std::size_t kSoaFields = 7;
    const ldns_rr_list* records = ldns_pkt_authority(packet);
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(records, i);
        if (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA &&
            ldns_rr_rd_count(record) == kSoaFields) {
            return std::min(ldns_rr_ttl(record),
                            ldns_rdf2native_int32(ldns_rr_rdf(record, kSoaFields - 1)));
        }
    }
    return 0;
}

DnsReply read_answer(const ldns_pkt* packet, const ldns_rdf* name, DnsType type) {
    std::vector<Told> found;
    const ldns_rr_list* records = ldns_pkt_answer(packet);
    const ldns_rdf* owner = name;
    DnsReply reply{ReplyKind::Found, {}, UINT32_MAX};
    for (std::size_t aliases = 0; aliases < kAliasesMax; ++aliases) {
        const ldns_rr* alias = find_alias(records, owner);
        if (alias == nullptr) {
            break;
        }
        owner = ldns_rr_rdf(alias, 0);
        reply.ttl = std::min(reply.ttl, ldns_rr_ttl(alias));
    }
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(records, i);
        if (ldns_rr_get_type(record) != wire_type(type) ||
            ldns_rr_get_class(record) != LDNS_RR_CLASS_IN || !same_owner(record, owner)) {
            continue;
        }
        if (Told text; tell(record, type, text)) {
            found.push_back(std::move(text));
            reply.ttl = std::min(reply.ttl, ldns_rr_ttl(record));
        }
    }
    if (type == DnsType::Mx) {
        std::ranges::sort(found, {},
                          [](const Told& each) { return std::pair(each.order, each.text); });
    }
    for (Told& each : found) {
        reply.records.push_back(std::move(each.text));
    }
    if (!reply.records.empty()) {
        return reply;
    }
    // A server that neither resolves for us nor owns the name has only sent us elsewhere.
    const bool knows = ldns_pkt_ra(packet) || ldns_pkt_aa(packet);
    return {knows ? ReplyKind::Missing : ReplyKind::Failed, {}, negative_ttl(packet)};
}

}  // namespace

std::string_view to_string(DnsType type) noexcept {
    switch (type) {
        case DnsType::Txt:
            return "TXT";
        case DnsType::A:
            return "A";
        case DnsType::Aaaa:
            return "AAAA";
        case DnsType::Ptr:
            return "PTR";
        case DnsType::Mx:
            return "MX";
    }
    return "?";
}

Result<DnsQuestion> make_txt_question(const std::string& name, std::uint16_t id) {
    return make_question(name, DnsType::Txt, id);
}

Result<DnsQuestion> make_question(const std::string& name, DnsType type, std::uint16_t id) {
    // ldns would read no further than a zero byte, and so ask for another name.
    Name wire = name.find('\0') == std::string::npos ? parse_name(name) : nullptr;
    if (!wire) {
        return fail(Errc::Malformed, "no domain name");
    }
    const Packet packet(
        ldns_pkt_query_new(wire.release(), wire_type(type), LDNS_RR_CLASS_IN, LDNS_RD));
    const Buffer buffer(ldns_buffer_new(kQueryBytesMax));
    if (!packet || !buffer) {
        return fail(Errc::Io, "out of memory for a DNS question");
    }
    ldns_pkt_set_id(packet.get(), id);
    ldns_pkt_set_edns_udp_size(packet.get(), kUdpReplyBytes);
    if (ldns_pkt2buffer_wire(buffer.get(), packet.get()) != LDNS_STATUS_OK) {
        return fail(Errc::Malformed, "the name makes no DNS question");
    }
    const std::uint8_t* begin = ldns_buffer_begin(buffer.get());
    return DnsQuestion{id, name, {begin, begin + ldns_buffer_position(buffer.get())}, type};
}

DnsReply read_reply(const DnsQuestion& question, std::span<const std::uint8_t> bytes) {
    if (bytes.size() < kHeaderBytes) {
        return {};
    }
    const auto id = static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]);
    const bool is_reply = (bytes[2] & 0x80U) != 0;
    if (id != question.id || !is_reply) {
        return {};
    }
    ldns_pkt* parsed = nullptr;
    const ldns_status status = ldns_wire2pkt(&parsed, bytes.data(), bytes.size());
    const Packet packet(parsed);
    const Name name = parse_name(question.name);
    const bool is_cut = (bytes[2] & 0x02U) != 0;
    // Some servers cut in the middle of a record.
    if (status != LDNS_STATUS_OK && is_cut) {
        return {ReplyKind::Truncated, {}, 0};
    }
    if (status != LDNS_STATUS_OK || !name || !answers(packet.get(), name.get(), question.type)) {
        return {};
    }
    if (is_cut) {
        return {ReplyKind::Truncated, {}, 0};
    }
    switch (ldns_pkt_get_rcode(packet.get())) {
        case LDNS_RCODE_NOERROR:
            return read_answer(packet.get(), name.get(), question.type);
        case LDNS_RCODE_NXDOMAIN:
            return {ReplyKind::Missing, {}, negative_ttl(packet.get())};
        default:
            return {ReplyKind::Failed, {}, 0};
    }
}

}  // namespace fairlist::importer
