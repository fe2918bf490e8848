#include "server/dns/query_parser.h"

#include "server/dns/edns_reader.h"
#include "server/dns/name_reader.h"
#include "server/dns/tsig_reader.h"
#include "server/dns/wire_reader.h"

namespace fairlist::dns {
namespace {

constexpr std::uint16_t kResponseBit = 0x8000;
constexpr std::uint16_t kRecursionDesiredBit = 0x0100;
constexpr std::uint8_t kOpcodeQuery = 0;
constexpr std::uint8_t kOpcodeNotify = 4;

struct Counts {
    std::uint16_t question = 0;
    std::uint16_t answer = 0;
    std::uint16_t authority = 0;
    std::uint16_t additional = 0;
};

// The name stays as it is: only its first bytes are ever read.
void reset(Query& query) noexcept {
    query.id = 0;
    query.opcode = kOpcodeQuery;
    query.recursion_desired = false;
    query.has_question = false;
    query.name.size = 0;
    query.name.label_count = 0;
    query.type = 0;
    query.klass = 0;
    query.question_bytes = 0;
    query.edns = {};
    query.tsig_key_name = {};
    query.tsig_algorithm = {};
    query.tsig_time = 0;
    query.tsig_original_id = 0;
}

bool read_question(WireReader& reader, Query& query) noexcept {
    if (!read_question_name(reader, query.name)) {
        return false;
    }
    const auto [type, klass] = reader.read_u16s<2>();
    query.type = type;
    query.klass = klass;
    query.has_question = reader.ok();
    query.question_bytes = static_cast<std::uint16_t>(reader.offset() - kHeaderBytes);
    return query.has_question;
}

// Steps over records of the answer and authority sections. OPT and TSIG have no place there
// (RFC 6891 section 6.1.1, RFC 8945 section 5.1). `only_type` 0 allows all others.
bool skip_records(WireReader& reader, std::uint16_t count, std::uint16_t only_type) noexcept {
    if (count > kExtraRecordsMax) {
        return false;
    }
    for (std::uint16_t i = 0; i < count; ++i) {
        if (!read_raw_name(reader)) {
            return false;
        }
        const std::uint16_t type = reader.read_u16();
        static_cast<void>(reader.read_bytes(6));  // class and TTL
        static_cast<void>(reader.read_bytes(reader.read_u16()));
        const bool allowed =
            only_type == 0 ? type != type::kOpt && type != type::kTsig : type == only_type;
        if (!reader.ok() || !allowed) {
            return false;
        }
    }
    return true;
}

// A QUERY has neither section, except that IXFR brings the SOA that the client has (RFC 1995
// section 3). A NOTIFY may bring the new SOA (RFC 1996 section 3.7).
bool read_middle_sections(WireReader& reader, const Counts& counts, const Query& query) noexcept {
    if (query.opcode == kOpcodeNotify) {
        return skip_records(reader, counts.answer, 0) && skip_records(reader, counts.authority, 0);
    }
    if (counts.answer != 0) {
        return false;
    }
    if (query.has_question && query.type == type::kIxfr && counts.authority == 1) {
        return skip_records(reader, 1, type::kSoa);
    }
    return counts.authority == 0;
}

// Only OPT and TSIG mean something; all others, SIG(0) too, are stepped over unread.
bool read_additional_record(WireReader& reader, bool is_last, Transport transport,
                            Query& query) noexcept {
    const auto owner = read_raw_name(reader);
    if (!owner) {
        return false;
    }
    const std::uint16_t type = reader.read_u16();
    const std::uint16_t klass = reader.read_u16();
    const std::uint32_t ttl = reader.read_u32();
    bool allowed = reader.ok();
    if (allowed && type == type::kOpt) {
        allowed = owner->is_root() && !query.edns.present;
        // Set even when it is refused: an error in OPT is answered with OPT (RFC 6891 section 7).
        read_edns_head(klass, ttl, query.edns);
    }
    const auto rdata = reader.read_bytes(reader.read_u16());
    if (!reader.ok() || !allowed) {
        return false;
    }
    if (type == type::kOpt) {
        return read_edns_options(rdata, transport, query.edns);
    }
    if (type == type::kTsig) {
        return is_last && klass == klass::kAny && ttl == 0 && read_tsig(*owner, rdata, query);
    }
    return true;
}

bool read_body(WireReader& reader, const Counts& counts, Transport transport,
               Query& query) noexcept {
    const bool may_lack_question = query.opcode == kOpcodeQuery;  // RFC 9619 section 4
    if (counts.question > 1 || (counts.question == 0 && !may_lack_question)) {
        return false;
    }
    if (counts.question == 1 && !read_question(reader, query)) {
        return false;
    }
    if (!read_middle_sections(reader, counts, query) || counts.additional > kExtraRecordsMax) {
        return false;
    }
    for (std::uint16_t i = 1; i <= counts.additional; ++i) {
        if (!read_additional_record(reader, i == counts.additional, transport, query)) {
            return false;
        }
    }
    return reader.at_end();
}

constexpr ParseResult respond(Rcode rcode) noexcept {
    return {.outcome = ParseOutcome::Respond, .rcode = rcode};
}

// Types that are never answered from a zone.
ParseResult judge_type(std::uint16_t type, Transport transport) noexcept {
    switch (type) {
        case type::kOpt:
        case type::kTsig:
            return respond(Rcode::FormErr);  // RFC 6895 section 3.1, RFC 8945 section 4.2
        case type::kTkey:
        case type::kMailb:
        case type::kMaila:
            return respond(Rcode::NotImp);
        case type::kAxfr:  // RFC 5936 section 4.2: not over UDP
            return respond(transport == Transport::Udp ? Rcode::NotImp : Rcode::Refused);
        case type::kIxfr:
            return respond(Rcode::Refused);
        default:
            return {.outcome = ParseOutcome::Answerable};
    }
}

ParseResult judge(const Query& query, Transport transport) noexcept {
    if (query.edns.version != 0) {
        return respond(Rcode::BadVers);  // RFC 6891 section 6.1.3
    }
    if (!query.has_question && !query.edns.cookie.present) {
        return respond(Rcode::FormErr);
    }
    if (!query.tsig_key_name.empty()) {
        return respond(Rcode::NotAuth);  // no key is known: RFC 8945 section 5.2.1
    }
    if (query.opcode == kOpcodeNotify) {
        return respond(Rcode::NotAuth);  // we are secondary to nobody: RFC 1996 section 3.10
    }
    if (!query.has_question) {
        return respond(Rcode::NoError);  // RFC 7873 section 5.4
    }
    return judge_type(query.type, transport);
}

}  // namespace

ParseResult parse_query(std::span<const std::uint8_t> message, Transport transport,
                        Query& query) noexcept {
    reset(query);
    WireReader reader(message);
    const auto [id, flags, questions, answers, authorities, additionals] = reader.read_u16s<6>();
    query.id = id;
    const Counts counts{.question = questions,
                        .answer = answers,
                        .authority = authorities,
                        .additional = additionals};
    // A response is never answered, or two servers could be made to talk for ever (CVE-2024-2169).
    if (!reader.ok() || (flags & kResponseBit) != 0) {
        return {.outcome = ParseOutcome::Drop};
    }
    query.opcode = static_cast<std::uint8_t>(flags >> 11U & 0xFU);
    query.recursion_desired = (flags & kRecursionDesiredBit) != 0;
    // Before the body, whose form another opcode may change (RFC 8906 section 8.1.4).
    if (query.opcode != kOpcodeQuery && query.opcode != kOpcodeNotify) {
        return respond(Rcode::NotImp);
    }
    if (!read_body(reader, counts, transport, query)) {
        return respond(Rcode::FormErr);
    }
    return judge(query, transport);
}

}  // namespace fairlist::dns
