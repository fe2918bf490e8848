// AnswerBuilder: findings turned into the records of an answer.
#pragma once

#include "server/answer/findings.h"
#include "server/answer/view.h"
#include "server/answer/zone_table.h"
#include "server/dns/answer.h"
#include "server/dns/query.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fairlist::answer {

// Writes into an Answer that was reset. Everything past its limits is left out.
class AnswerBuilder {
  public:
    AnswerBuilder(const dns::Query& query, const Zone& zone, View& view,
                  dns::Answer& answer) noexcept
        : query_(query), zone_(zone), view_(view), answer_(answer) {}

    // A, TXT or ANY for listed subjects; NODATA for all other types. `address`: the one asked.
    void listed(const Findings& findings, const std::optional<Address>& address);
    // A test point: each of the codes once (RFC 5782 section 5).
    void test_point(std::span<const ReturnCode> codes, std::string_view text) noexcept;
    void static_name(const StaticName& name) noexcept;
    // NODATA and NXDOMAIN with the zone's SOA (RFC 2308 section 3).
    void no_data() noexcept;
    void no_name() noexcept;
    void refused() noexcept;
    // `why` is static storage.
    void not_ready(std::string_view why) noexcept;

  private:
    // A finding with what its verdict record says.
    struct Said {
        const Finding* finding = nullptr;
        ReturnCode code;
        std::uint32_t ttl_seconds = 0;
        std::string_view reason;
    };

    [[nodiscard]] bool wants(std::uint16_t type) const noexcept;
    [[nodiscard]] std::optional<Said> say(const Finding& finding);
    void add_codes(std::span<const Said> said, std::uint32_t ttl_seconds) noexcept;
    void add_reasons(std::span<const Said> said, std::uint32_t ttl_seconds,
                     const std::optional<Address>& address) noexcept;
    void add_code(ReturnCode code, std::uint32_t ttl_seconds) noexcept;
    void add_text(std::string_view text, std::uint32_t ttl_seconds) noexcept;
    void add_minimal_any(std::uint32_t ttl_seconds) noexcept;
    void add(std::uint16_t type, std::uint32_t ttl_seconds,
             std::span<const std::uint8_t> rdata) noexcept;
    [[nodiscard]] std::span<std::uint8_t> take_scratch(std::size_t bytes) noexcept;
    [[nodiscard]] std::span<const std::uint8_t> soa_rdata() noexcept;
    void add_soa() noexcept;

    const dns::Query& query_;
    const Zone& zone_;
    View& view_;
    dns::Answer& answer_;
};

}  // namespace fairlist::answer
