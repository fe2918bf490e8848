#include "server/dns/record_text.h"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <memory>

namespace fairlist::dns {

namespace {

struct RrFree {
    void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
};
struct RdfFree {
    void operator()(ldns_rdf* rdf) const noexcept { ldns_rdf_deep_free(rdf); }
};

}  // namespace

Result<WireRecord> parse_record(std::string_view type, std::string_view value) {
    const auto bad = [&](std::string_view why) {
        return fail(Errc::Malformed,
                    fmt::format("{} record \"{}\": {}", type, value.substr(0, 100), why));
    };
    if (value.find_first_of("\n\r") != std::string_view::npos) {
        return bad("line break");
    }
    const std::string line = fmt::format(". 0 IN {} {}", type, value);
    ldns_rr* parsed = nullptr;
    const ldns_status status = ldns_rr_new_frm_str(&parsed, line.c_str(), 0, nullptr, nullptr);
    const std::unique_ptr<ldns_rr, RrFree> rr(parsed);
    if (status != LDNS_STATUS_OK) {
        return bad(ldns_get_errorstr_by_id(status));
    }
    WireRecord record;
    record.type = static_cast<std::uint16_t>(ldns_rr_get_type(rr.get()));
    for (std::size_t i = 0; i < ldns_rr_rd_count(rr.get()); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(rr.get(), i);
        const auto* bytes = ldns_rdf_data(field);
        record.rdata.insert(record.rdata.end(), bytes, bytes + ldns_rdf_size(field));
    }
    if (record.rdata.empty()) {
        return bad("no value");
    }
    return record;
}

Result<std::vector<std::uint8_t>> name_to_wire(std::string_view name) {
    const std::unique_ptr<ldns_rdf, RdfFree> wire(
        ldns_dname_new_frm_str(std::string(name).c_str()));
    if (!wire) {
        return fail(Errc::Malformed, fmt::format("\"{}\" is no domain name", name.substr(0, 100)));
    }
    ldns_dname2canonical(wire.get());
    const auto* bytes = ldns_rdf_data(wire.get());
    return std::vector<std::uint8_t>(bytes, bytes + ldns_rdf_size(wire.get()));
}

}  // namespace fairlist::dns
