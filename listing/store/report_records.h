// Report records: what providers were told and attested, byte by byte as FORMAT.md has it.
#pragma once

#include "listing/model/provider_report.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::store {

// Texts longer than the model allows are cut.
[[nodiscard]] std::string encode_report(const ProviderReport& report);
// Nothing when the bytes are no record of a version we know; the same of the others below.
[[nodiscard]] std::optional<ProviderReport> decode_report(std::uint64_t id, Bytes bytes);
[[nodiscard]] std::string report_key(std::uint64_t id);
[[nodiscard]] std::optional<std::uint64_t> key_report(Bytes key) noexcept;

// The queue: reports of one provider in the order in which they are due.
// Requires: a slug of at most 255 bytes.
[[nodiscard]] std::string queue_key(std::string_view slug);
[[nodiscard]] std::string queue_key(std::string_view slug, Time due, std::uint64_t id);
struct QueuedReport {
    std::string slug;
    Time due;
    std::uint64_t id = 0;
};
[[nodiscard]] std::optional<QueuedReport> key_queued(Bytes key);

// All keys of one listing begin with the first.
[[nodiscard]] std::string listing_report_key(std::uint64_t listing);
[[nodiscard]] std::string listing_report_key(std::uint64_t listing, std::uint64_t id);

// A provider's word that something is fixed.
struct AttestRecord {
    std::uint64_t listing = 0;
    std::string by;
    std::string text;
};
[[nodiscard]] std::string encode_attest(const AttestRecord& record);
[[nodiscard]] std::optional<AttestRecord> decode_attest(Bytes bytes);
[[nodiscard]] std::string attest_key(std::string_view slug);
[[nodiscard]] std::string attest_key(std::string_view slug, Time time, std::uint64_t id);
[[nodiscard]] std::optional<QueuedReport> key_attest(Bytes key);

// When messages went to a provider, oldest first.
[[nodiscard]] std::string encode_times(const std::vector<Time>& times);
[[nodiscard]] std::vector<Time> decode_times(Bytes bytes);

}  // namespace fairlist::store
