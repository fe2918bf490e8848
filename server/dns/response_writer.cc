#include "server/dns/response_writer.h"

#include "server/dns/response_tail.h"
#include "server/dns/wire_writer.h"

#include <algorithm>

namespace fairlist::dns {
namespace {

constexpr unsigned kResponseBit = 0x8000;
constexpr unsigned kAuthoritativeBit = 0x0400;
constexpr unsigned kTruncatedBit = 0x0200;
constexpr unsigned kRecursionDesiredBit = 0x0100;
constexpr unsigned kHeaderRcodeBits = 0xF;
constexpr unsigned kPointerBits = 0xC000;

struct Content {
    Rcode rcode = Rcode::NoError;
    bool authoritative = false;
    bool truncated = false;
    std::span<const Record> answer;
    std::span<const Record> authority;
    ExtendedError extended_error;
};

std::size_t size_limit(const Query& query, const ResponseOptions& options) noexcept {
    if (options.transport == Transport::Tcp) {
        return kTcpBytesMax;
    }
    return query.edns.present ? std::min(query.edns.udp_bytes_max, options.udp_bytes_max)
                              : kUdpBytesMin;
}

// A client without OPT could not see the upper bits, and take BADVERS for NOERROR.
Rcode sendable(Rcode rcode, const Query& query) noexcept {
    const bool extended = static_cast<unsigned>(rcode) > kHeaderRcodeBits;
    return extended && !query.edns.present ? Rcode::ServFail : rcode;
}

std::uint16_t header_flags(const Query& query, const Content& content) noexcept {
    const bool has_data = content.rcode == Rcode::NoError || content.rcode == Rcode::NxDomain;
    return static_cast<std::uint16_t>(kResponseBit | unsigned{query.opcode} << 11U |
                                      (content.authoritative && has_data ? kAuthoritativeBit : 0U) |
                                      (content.truncated ? kTruncatedBit : 0U) |
                                      (query.recursion_desired ? kRecursionDesiredBit : 0U) |
                                      (static_cast<unsigned>(content.rcode) & kHeaderRcodeBits));
}

// The question's name stands at a fixed place, so that all of its suffixes do.
void write_record(const Query& query, const Record& record, WireWriter& writer) noexcept {
    const QueryName& name = query.name;
    const auto rdata_bytes = static_cast<std::uint16_t>(record.rdata.size());
    if (record.owner_label >= name.label_count) {
        constexpr std::uint8_t kRoot = 0;
        writer.write_fields(kRoot, record.type, query.klass, record.ttl_seconds, rdata_bytes);
    } else {
        const auto owner = static_cast<std::uint16_t>(
            kPointerBits | (kHeaderBytes + name.label_start[record.owner_label]));
        writer.write_fields(owner, record.type, query.klass, record.ttl_seconds, rdata_bytes);
    }
    writer.write_bytes(record.rdata);
}

void write_records(const Query& query, std::span<const Record> records,
                   WireWriter& writer) noexcept {
    for (const Record& each : records) {
        write_record(query, each, writer);
    }
}

std::size_t head_bytes(const Query& query) noexcept {
    return kHeaderBytes + (query.has_question ? query.question_bytes : 0U);
}

void write_head(const Query& query, const Content& content, std::span<const std::uint8_t> message,
                std::uint16_t additional_count, WireWriter& writer) noexcept {
    const std::uint16_t question_count = query.has_question ? 1 : 0;
    writer.write_fields(query.id, header_flags(query, content), question_count,
                        static_cast<std::uint16_t>(content.answer.size()),
                        static_cast<std::uint16_t>(content.authority.size()), additional_count);
    writer.write_bytes(message.first(head_bytes(query)).subspan(kHeaderBytes));
}

void truncate(Content& content) noexcept {
    content.truncated = true;
    content.answer = {};
    content.authority = {};
}

std::size_t write_message(const Query& query, Content& content,
                          std::span<const std::uint8_t> message, const ResponseOptions& options,
                          std::span<std::uint8_t> out) noexcept {
    const std::size_t limit = std::min(size_limit(query, options), out.size());
    const std::size_t head = head_bytes(query);
    content.rcode = sendable(content.rcode, query);
    ResponseTail tail(query, content.rcode, options);
    if (head > limit) {
        return 0;
    }
    if (tail.shrink_to(limit - head) || content.truncated) {
        truncate(content);
    }
    if (tail.size() > limit - head) {
        return 0;
    }
    WireWriter writer(out);
    writer.set_limit(limit - tail.size());
    write_head(query, content, message, tail.record_count(), writer);
    write_records(query, content.answer, writer);
    write_records(query, content.authority, writer);
    if (!writer.ok()) {
        // Empty rather than cut: half a set of codes reads like a whole one (RFC 2181 section 9).
        truncate(content);
        writer.rewind(0);
        write_head(query, content, message, tail.record_count(), writer);
    }
    writer.set_limit(limit);
    tail.write(content.extended_error, limit - writer.size(), writer);
    return writer.ok() ? writer.size() : 0;
}

}  // namespace

std::size_t write_response(const Query& query, const Answer& answer,
                           std::span<const std::uint8_t> message, const ResponseOptions& options,
                           std::span<std::uint8_t> out) noexcept {
    if (answer.drop) {
        return 0;
    }
    Content content{.rcode = answer.rcode,
                    .authoritative = answer.authoritative,
                    .truncated = answer.truncate,
                    .answer = std::span(answer.answer).first(answer.answer_count),
                    .authority = std::span(answer.authority).first(answer.authority_count),
                    .extended_error = answer.extended_error};
    return write_message(query, content, message, options, out);
}

std::size_t write_error(const Query& query, Rcode rcode, std::span<const std::uint8_t> message,
                        const ResponseOptions& options, std::span<std::uint8_t> out) noexcept {
    Content content;
    content.rcode = rcode;
    return write_message(query, content, message, options, out);
}

}  // namespace fairlist::dns
