// The record of a domain that a stranger chose, and the macros in it: whatever it holds, the
// evaluation ends within its limits.
#include "importer/checks/spf.h"

#include "importer/checks/spf_record.h"
#include "listing/base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace fairlist::importer;

// Every name has the record, and every other type one answer.
class OneRecord final : public DnsLookup {
  public:
    explicit OneRecord(std::string record) : record_(std::move(record)) {}
    fairlist::Result<DnsReply> ask(const std::string& name, DnsType type) override {
        ++asked;
        FAIRLIST_CHECK(name.size() <= 253);
        return DnsReply{ReplyKind::Found,
                        {type == DnsType::Txt  ? record_
                         : type == DnsType::A  ? std::string("192.0.2.1")
                         : type == DnsType::Mx ? std::string("mx.example.com")
                                               : std::string("host.example.com")},
                        60};
    }
    unsigned asked = 0;

  private:
    std::string record_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string record(reinterpret_cast<const char*>(data), size);
    OneRecord dns(record);
    const SpfAnswer answer = check_spf(dns, {fairlist::parse_address("192.0.2.9").value(),
                                             "example.com", "postmaster", "h.example"});
    // Each term that asks does so for at most ten exchanges or names, twice over for names.
    FAIRLIST_CHECK(dns.asked <= 12 * 24);
    for (const char c : answer.why) {
        FAIRLIST_CHECK(c >= 0x20 && c < 0x7F);
    }
    return 0;
}
