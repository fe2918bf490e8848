// Any bytes as a key record (the first line) and a mail (the rest): no text of the mail comes out,
// the forms for hashing are stable, and it does not matter what ends the lines.

#include "importer/dkim/dkim_key.h"
#include "importer/dkim/dkim_verifier.h"
#include "importer/dkim/tag_list.h"
#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr std::size_t kWhyBytesMax = 200;

class OneKey : public DkimKeys {
  public:
    explicit OneKey(std::string record) : record_(std::move(record)) {}

    Result<std::vector<std::string>> find(std::string_view name) override {
        FAIRLIST_CHECK(name.size() <= 253 && name.find("._domainkey.") != std::string_view::npos);
        return std::vector{record_};
    }

  private:
    std::string record_;
};

std::string body_of(std::string_view body, DkimCanon canon) {
    std::string out;
    canonical_body(body, canon, [&](std::string_view piece) { out += piece; });
    return out;
}

void check_body(std::string_view body) {
    const std::string simple = body_of(body, DkimCanon::Simple);
    const std::string relaxed = body_of(body, DkimCanon::Relaxed);
    FAIRLIST_CHECK(body_of(simple, DkimCanon::Simple) == simple);
    FAIRLIST_CHECK(body_of(relaxed, DkimCanon::Relaxed) == relaxed);
    FAIRLIST_CHECK(body_of(simple, DkimCanon::Relaxed) == relaxed);
    FAIRLIST_CHECK(hash_body(body, DkimCanon::Relaxed, {}).bytes == relaxed.size());
}

void check_fields(const RawMail& mail) {
    for (const RawField& field : mail.fields) {
        FAIRLIST_CHECK(field.whole.ends_with(field.value));
        const std::string relaxed = canonical_field(field, DkimCanon::Relaxed);
        const auto again = split_mail(relaxed);
        FAIRLIST_CHECK(again && again->fields.size() == 1 &&
                       canonical_field(again->fields[0], DkimCanon::Relaxed) == relaxed);
        if (const auto signature = parse_dkim_signature(field.value)) {
            FAIRLIST_CHECK(signature->names.size() <= kSignedNamesMax);
            FAIRLIST_CHECK(signature->body_hash.size() == kSha256Bytes);
            // The emptied field is a signature without b=, and nothing else.
            const std::string own = canonical_own_field(field, *signature);
            const auto tags = parse_tag_list(std::string_view(own).substr(own.find(':') + 1));
            FAIRLIST_CHECK(tags && tags->value("b") == "");
        }
    }
}

std::vector<DkimResult> check_results(std::string_view mail, const std::string& record) {
    OneKey keys(record);
    auto results = verify_dkim(mail, Time{1'700'000'600}, keys);
    FAIRLIST_CHECK(results.size() <= kSignaturesMax + 1);
    for (const DkimResult& result : results) {
        FAIRLIST_CHECK(result.why.size() <= kWhyBytesMax);
        FAIRLIST_CHECK(
            std::ranges::all_of(result.why, [](char c) { return c >= ' ' && c <= '~'; }));
        FAIRLIST_CHECK(!result.passed() || result.domain);
    }
    return results;
}

std::string with_lf(std::string_view mail) {
    std::string out;
    for (std::size_t i = 0; i < mail.size(); ++i) {
        if (!mail.substr(i).starts_with("\r\n")) {
            out += mail[i];
        }
    }
    return out;
}

void check_line_ends(std::string_view mail, const std::string& record,
                     const std::vector<DkimResult>& results) {
    const std::string other = with_lf(mail);
    if (other.find('\r') != std::string::npos) {
        return;  // a lone CR could join an LF
    }
    const auto again = check_results(other, record);
    FAIRLIST_CHECK(std::ranges::equal(results, again, {}, &DkimResult::rule, &DkimResult::rule));
}

}  // namespace
}  // namespace fairlist::importer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist::importer;
    const std::string input(data, data + size);
    const std::size_t line_end = std::min(input.find('\n'), input.size());
    const std::string record = input.substr(0, line_end);
    const std::string_view mail =
        std::string_view(input).substr(std::min(input.size(), line_end + 1));
    static_cast<void>(parse_dkim_key(record));
    const auto split = split_mail(mail);
    check_body(split ? split->body : mail);
    if (split) {
        check_fields(*split);
    }
    check_line_ends(mail, record, check_results(mail, record));
    return 0;
}
