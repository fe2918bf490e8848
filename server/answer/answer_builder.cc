#include "server/answer/answer_builder.h"

#include "zones/reason.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>
#include <span>

namespace fairlist::answer {

namespace {

constexpr std::uint16_t kEdeNotReady = 14;    // RFC 8914 section 4.15
constexpr std::uint16_t kEdeProhibited = 18;  // RFC 8914 section 4.19
constexpr std::size_t kTextBytesMax = 2048;   // one reason, filled in
constexpr std::size_t kStringBytesMax = 255;  // RFC 1035 section 3.3
// RFC 8482 section 4.2: HINFO with the CPU "RFC8482" and an empty OS.
constexpr std::array<std::uint8_t, 9> kMinimalAny = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};

// Text on the stack: the query path allocates nothing.
struct ShortText {
    std::array<char, 300> bytes;
    std::size_t size = 0;

    void append(std::string_view text) noexcept {
        const std::size_t taken = std::min(text.size(), bytes.size() - size);
        std::memcpy(bytes.data() + size, text.data(), taken);
        size += taken;
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};

void append_address(ShortText& text, const Address& address) noexcept {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (address.is_v4()) {
        const std::uint32_t v4 = htonl(address.v4());
        inet_ntop(AF_INET, &v4, buffer.data(), buffer.size());
    } else {
        const auto bytes = address.to_bytes();
        inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
    }
    text.append(buffer.data());
}

void append_prefix(ShortText& text, const Prefix& prefix) noexcept {
    append_address(text, prefix.base);
    if (prefix.length != 128) {
        std::array<char, 4> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), prefix.written_length()).ptr;
        text.append("/");
        text.append({digits.begin(), end});
    }
}

// The labels from `first` up to `end`, as a person writes a name.
void append_labels(ShortText& text, const dns::QueryName& name, std::size_t first,
                   std::size_t end) noexcept {
    for (std::size_t i = first; i < end; ++i) {
        const auto label = name.label(i);
        text.append(i == first ? "" : ".");
        text.append({reinterpret_cast<const char*>(label.data()), label.size()});
    }
}

}  // namespace

bool AnswerBuilder::wants(std::uint16_t type) const noexcept {
    return query_.type == type || (query_.type == dns::type::kAny && zone_.spec.any_full);
}

std::span<std::uint8_t> AnswerBuilder::take_scratch(std::size_t bytes) noexcept {
    if (bytes > answer_.scratch.size() - answer_.scratch_used) {
        answer_.overflowed = true;
        return {};
    }
    const std::span<std::uint8_t> taken =
        std::span(answer_.scratch).subspan(answer_.scratch_used, bytes);
    answer_.scratch_used = static_cast<std::uint16_t>(answer_.scratch_used + bytes);
    return taken;
}

void AnswerBuilder::add(std::uint16_t type, std::uint32_t ttl_seconds,
                        std::span<const std::uint8_t> rdata) noexcept {
    if (answer_.answer_count == answer_.answer.size()) {
        answer_.overflowed = true;
        return;
    }
    answer_.answer[answer_.answer_count++] = {type, 0, ttl_seconds, rdata};
}

void AnswerBuilder::add_code(ReturnCode code, std::uint32_t ttl_seconds) noexcept {
    const std::span<std::uint8_t> rdata = take_scratch(4);
    if (rdata.empty()) {
        return;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        rdata[i] = static_cast<std::uint8_t>(code.value >> (24 - 8 * i));
    }
    add(dns::type::kA, ttl_seconds, rdata);
}

void AnswerBuilder::add_text(std::string_view text, std::uint32_t ttl_seconds) noexcept {
    if (text.empty()) {
        return;
    }
    const std::size_t strings = (text.size() + kStringBytesMax - 1) / kStringBytesMax;
    const std::span<std::uint8_t> rdata = take_scratch(text.size() + strings);
    if (rdata.empty()) {
        return;
    }
    std::size_t at = 0;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, kStringBytesMax);
        rdata[at++] = static_cast<std::uint8_t>(part.size());
        std::memcpy(rdata.data() + at, part.data(), part.size());
        at += part.size();
        text.remove_prefix(part.size());
    }
    // Two lists with the same text say it once (RFC 2181 section 5).
    const auto given = std::span(answer_.answer).first(answer_.answer_count);
    const bool is_double = std::ranges::any_of(given, [&](const dns::Record& record) {
        return record.type == dns::type::kTxt && std::ranges::equal(record.rdata, rdata);
    });
    if (!is_double) {
        add(dns::type::kTxt, ttl_seconds, rdata);
    }
}

std::span<const std::uint8_t> AnswerBuilder::soa_rdata() noexcept {
    const std::span<std::uint8_t> rdata = take_scratch(zone_.soa_rdata.size());
    if (!rdata.empty()) {
        std::memcpy(rdata.data(), zone_.soa_rdata.data(), rdata.size());
        const std::uint32_t serial = htonl(view_.serial());
        std::memcpy(rdata.data() + zone_.serial_offset, &serial, sizeof(serial));
    }
    return rdata;
}

void AnswerBuilder::add_soa() noexcept {
    const auto owner = static_cast<std::uint16_t>(query_.name.label_count - zone_.label_count);
    answer_.authority[0] = {dns::type::kSoa, owner, zone_.negative_ttl_seconds, soa_rdata()};
    answer_.authority_count = 1;
}

void AnswerBuilder::no_data() noexcept {
    answer_.authoritative = true;
    add_soa();
}

void AnswerBuilder::no_name() noexcept {
    no_data();
    answer_.rcode = dns::Rcode::NxDomain;
}

void AnswerBuilder::refused() noexcept {
    answer_.rcode = dns::Rcode::Refused;
    answer_.extended_error = {true, kEdeProhibited, "not allowed to ask this zone"};
}

void AnswerBuilder::not_ready(std::string_view why) noexcept {
    answer_.rcode = dns::Rcode::ServFail;
    answer_.extended_error = {true, kEdeNotReady, why};
}

void AnswerBuilder::add_minimal_any(std::uint32_t ttl_seconds) noexcept {
    add(dns::type::kHinfo, ttl_seconds, kMinimalAny);
}

void AnswerBuilder::static_name(const StaticName& name) noexcept {
    answer_.authoritative = true;
    const bool is_apex = name.relative.empty();
    const bool is_any = query_.type == dns::type::kAny;
    if (is_apex && (query_.type == dns::type::kSoa || is_any)) {
        add(dns::type::kSoa, zone_.spec.soa.ttl_seconds, soa_rdata());
    }
    if (is_any && !zone_.spec.any_full) {
        if (!is_apex && !name.records.empty()) {
            add_minimal_any(name.records.front().ttl_seconds);
        }
    } else {
        for (const StaticRdata& record : name.records) {
            if (is_any || record.type == query_.type) {
                add(record.type, record.ttl_seconds, record.rdata);
            }
        }
    }
    if (answer_.answer_count == 0) {
        no_data();
    }
}

void AnswerBuilder::test_point(std::span<const ReturnCode> codes, std::string_view text) noexcept {
    answer_.authoritative = true;
    const std::uint32_t ttl = zone_.spec.ttl_seconds;
    if (wants(dns::type::kA)) {
        for (const ReturnCode code : codes) {
            add_code(code, ttl);
        }
    }
    if (wants(dns::type::kTxt)) {
        add_text(text, ttl);
    }
    if (query_.type == dns::type::kAny && !zone_.spec.any_full) {
        add_minimal_any(ttl);
    }
    if (answer_.answer_count == 0) {
        no_data();
    }
}

std::optional<AnswerBuilder::Said> AnswerBuilder::say(const Finding& finding) {
    const auto record = view_.verdicts().find(finding.mark.verdict);
    if (!record) {
        return std::nullopt;
    }
    Said said;
    said.finding = &finding;
    said.code = record->code.is_set() ? record->code : finding.list->code;
    said.ttl_seconds = record->ttl_seconds != 0         ? record->ttl_seconds
                       : finding.list->ttl_seconds != 0 ? finding.list->ttl_seconds
                                                        : zone_.spec.ttl_seconds;
    if (finding.mark.until.is_set()) {
        // No answer outlives its entry.
        said.ttl_seconds =
            std::min(said.ttl_seconds, finding.mark.until.seconds - view_.now().seconds);
    }
    said.reason = record->reason;
    return said;
}

void AnswerBuilder::listed(const Findings& findings, const std::optional<Address>& address) {
    answer_.authoritative = true;
    answer_.overflowed = findings.overflowed;
    boost::container::static_vector<Said, index::kChosenMax> all;
    for (const Finding& finding : findings.items) {
        if (const auto one = say(finding)) {
            all.push_back(*one);
        }
    }
    std::ranges::sort(all, [](const Said& a, const Said& b) {
        return a.code != b.code ? a.code < b.code
                                : a.finding->mark.verdict < b.finding->mark.verdict;
    });
    // Records of one name and type share a TTL (RFC 2181 section 5.2).
    std::uint32_t ttl = UINT32_MAX;
    for (const Said& one : all) {
        ttl = std::min(ttl, one.ttl_seconds);
    }
    if (wants(dns::type::kA)) {
        add_codes(all, ttl);
    }
    if (wants(dns::type::kTxt)) {
        add_reasons(all, ttl, address);
    }
    if (query_.type == dns::type::kAny && !zone_.spec.any_full) {
        add_minimal_any(ttl);
    }
    if (answer_.answer_count == 0) {
        no_data();
    }
}

void AnswerBuilder::add_codes(std::span<const Said> said, std::uint32_t ttl_seconds) noexcept {
    for (std::size_t i = 0; i < said.size(); ++i) {
        if (i == 0 || said[i].code != said[i - 1].code) {
            add_code(said[i].code, ttl_seconds);
        }
    }
}

void AnswerBuilder::add_reasons(std::span<const Said> said, std::uint32_t ttl_seconds,
                                const std::optional<Address>& address) noexcept {
    const dns::QueryName& name = query_.name;
    const std::size_t relative_labels = name.label_count - zone_.label_count;
    ShortText asked;
    if (address) {
        append_address(asked, *address);
    } else {
        append_labels(asked, name, 0, relative_labels);
    }
    for (const Said& one : said) {
        const Finding& finding = *one.finding;
        ShortText subject;
        if (finding.list->kind == ListKind::Address && address) {
            append_prefix(subject, Prefix::of(*address, finding.length));
        } else if (finding.list->kind == ListKind::Domain && finding.length <= relative_labels) {
            append_labels(subject, name, relative_labels - finding.length, relative_labels);
        } else {
            subject = asked;
        }
        ReasonFields fields{asked.view(), subject.view(),     finding.list->name, {},
                            one.code,     finding.mark.since, finding.mark.until};
        std::array<char, kTextBytesMax> inner;
        std::array<char, kTextBytesMax> text;
        const std::string_view list_reason = finding.list->reason;
        std::size_t size = 0;
        if (one.reason.empty() || list_reason.find("{reason}") != std::string_view::npos) {
            const std::size_t inner_size = expand_reason(one.reason, fields, inner);
            fields.reason = {inner.data(), inner_size};
            size = expand_reason(list_reason, fields, text);
        } else {
            size = expand_reason(one.reason, fields, text);
        }
        add_text({text.data(), size}, ttl_seconds);
    }
}

}  // namespace fairlist::answer
