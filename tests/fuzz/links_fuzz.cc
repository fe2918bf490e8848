// Any bytes as a text part: what comes out are short hosts, and nothing of them is shown that is no
// domain or address.

#include "importer/mail/links.h"

#include "importer/mail/link_scan.h"
#include "listing/base/check.h"
#include "listing/model/subject.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist;
    using namespace fairlist::importer;
    static const PublicSuffixes suffixes = PublicSuffixes::open().value();
    const std::string text(data, data + size);
    LinkHosts hosts;
    scan_plain_text(text, hosts);
    scan_html(text, hosts);
    FAIRLIST_CHECK(hosts.in_order().size() <= kLinkHostsMax);
    for (const std::string& host : hosts.in_order()) {
        FAIRLIST_CHECK(!host.empty() && host.size() <= kLinkHostBytesMax);
    }
    std::size_t judged = 0;
    for (const LinkFinding& finding : judge_links(hosts.in_order(), {}, {}, suffixes)) {
        judged += finding.hosts;
        const std::string subject = subject_text(finding);
        FAIRLIST_CHECK(subject.empty() || parse_prefix(subject) || parse_name_subject(subject));
        FAIRLIST_CHECK(!finding.may_be_listed() || !subject.empty());
    }
    FAIRLIST_CHECK(judged == hosts.in_order().size());
    return 0;
}
