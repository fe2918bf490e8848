#include "importer/mail/links.h"

#include "importer/mail/link_scan.h"
#include "importer/mail/literal_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

struct ScanCase {
    std::string name;
    std::string text;
    std::vector<std::string> hosts;
};

void PrintTo(const ScanCase& c, std::ostream* out) {
    *out << c.name;
}

class PlainScan : public testing::TestWithParam<ScanCase> {};
class HtmlScan : public testing::TestWithParam<ScanCase> {};

TEST_P(PlainScan, FindsHosts) {
    LinkHosts hosts;
    scan_plain_text(GetParam().text, hosts);
    EXPECT_THAT(hosts.in_order(), ElementsAreArray(GetParam().hosts));
}

TEST_P(HtmlScan, FindsHosts) {
    LinkHosts hosts;
    scan_html(GetParam().text, hosts);
    EXPECT_THAT(hosts.in_order(), ElementsAreArray(GetParam().hosts));
}

const std::vector<ScanCase> kPlain = {
    {"url", "see http://a.example/canary?canary#canary.", {"a.example"}},
    {"schemes", "HTTPS://A.example ftp://b.example gopher://c.example", {"a.example", "b.example"}},
    {"once_each",
     "http://a.example http://A.EXAMPLE/x http://b.example",
     {"a.example", "b.example"}},
    {"ends",
     "<http://a.example>,(http://b.example);\"http://c.example\"",
     {"a.example", "b.example", "c.example"}},
    {"final_dot", "at http://a.example. Next", {"a.example"}},
    {"port", "http://a.example:8080/x", {"a.example"}},
    {"userinfo", "http://canary@good.example:x@a.example/", {"a.example"}},
    {"slashes",
     "http:/a.example http:\\\\b.example/ http:///c.example",
     {"a.example", "b.example", "c.example"}},
    {"percent", "http://%61.ex%61mple/", {"a.example"}},
    {"percent_cut", "http://a.example% http://b%4", {"a.example%", "b%4"}},
    {"ipv6", "http://[2001:db8::1]:80/", {"[2001:db8::1]"}},
    {"ipv6_open", "http://[2001:db8::1/", {}},
    {"www", "www.a.example, WWW.b.example/x", {"www.a.example", "www.b.example"}},
    {"www_inside", "awww.a.example x@www.b.example www. www", {}},
    {"www_in_a_url", "http://www.a.example/www.b.example", {"www.a.example"}},
    {"scheme_inside", "xhttp://a.example", {}},
    {"nothing_behind", "http:// http://", {}},
    {"at_the_end", "http:/", {}},
    {"control", "http://a.example\x01.b", {"a.example"}},
    {"empty", "", {}},
};

const std::vector<ScanCase> kHtml = {
    {"href", "<a href=\"http://a.example/x\">http://b.example</a>", {"a.example", "b.example"}},
    {"unquoted", "<a href=http://a.example>x", {"a.example"}},
    {"without_scheme",
     "<img src=\"//a.example/x\"><img src='//b.example'><a href=//c.example>",
     {"a.example", "b.example", "c.example"}},
    {"references", "<a href=\"http&#58;&#x2F;&sol;a&period;example&quot;\">", {"a.example"}},
    {"reference_amp",
     "<a href=\"http://a.example/?x&amp;http://b.example\">",
     {"a.example", "b.example"}},
    {"reference_unknown", "http://a.example&x; &#; &#x; &#99999999999; &", {"a.example&x"}},
    {"reference_long", "&" + std::string(50, 'a') + "; http://a.example", {"a.example"}},
    {"u_label",
     "http://b&#252;cher.example",
     {"b\xC3\xBC"
      "cher.example"}},
    {"comment_slashes", "a // b", {}},
};

INSTANTIATE_TEST_SUITE_P(Links, PlainScan, testing::ValuesIn(kPlain),
                         [](const auto& c) { return c.param.name; });
INSTANTIATE_TEST_SUITE_P(Links, HtmlScan, testing::ValuesIn(kHtml),
                         [](const auto& c) { return c.param.name; });

TEST(LinkHosts, AreBounded) {
    LinkHosts hosts;
    std::string text = "http://" + std::string(300, 'a') + ".example ";
    for (std::size_t i = 0; i < 2 * kLinkHostsMax; ++i) {
        text += "http://h" + std::to_string(i) + ".example ";
    }
    scan_plain_text(text, hosts);
    EXPECT_THAT(hosts.in_order(), SizeIs(kLinkHostsMax));
    EXPECT_TRUE(hosts.has_more());
}

TEST(LiteralHost, TakesWhatBrowsersTake) {
    const auto parsed = [](std::string_view host) {
        const auto address = parse_literal_host(host);
        return looks_like_address(host) ? (address ? to_string(*address) : "bad") : "name";
    };
    EXPECT_EQ(parsed("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(parsed("3221225985"), "192.0.2.1");
    EXPECT_EQ(parsed("0xC0.0.513"), "192.0.2.1");
    EXPECT_EQ(parsed("0300.0x0.02.1"), "192.0.2.1");
    EXPECT_EQ(parsed("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(parsed("256.0.0.1"), "bad");
    EXPECT_EQ(parsed("1.2.3.4.5"), "bad");
    EXPECT_EQ(parsed("4294967296"), "bad");
    EXPECT_EQ(parsed("a.1"), "bad");
    EXPECT_EQ(parsed("09"), "bad");
    EXPECT_EQ(parsed("[x]"), "bad");
    EXPECT_EQ(parsed("1.example"), "name");
    EXPECT_EQ(parsed("example"), "name");
    EXPECT_EQ(parsed(""), "name");
}

std::vector<std::string> judged(const std::vector<std::string>& hosts) {
    LinkRules rules;
    rules.do_not_list = {parse_domain("kept.com").value(), parse_domain("good.mixed.com").value(),
                         parse_domain("github.io").value()};
    rules.protected_space = ProtectedSpace({parse_prefix("7.7.7.0/24").value()}, {});
    rules.known_good = {parse_prefix("6.6.6.0/24").value()};
    const std::vector<std::string> recipients = {"mx.trap.co.uk", "", "no host"};
    std::vector<std::string> out;
    for (const LinkFinding& finding :
         judge_links(hosts, recipients, rules, PublicSuffixes::open().value())) {
        out.push_back(std::string(to_string(finding.rule)) + " " + subject_text(finding) + " " +
                      std::to_string(finding.hosts));
        EXPECT_FALSE(meaning_of(finding.rule).empty());
    }
    return out;
}

TEST(Links, AreListedAtTheRegistrableDomain) {
    EXPECT_THAT(judged({"token.a.example.com", "example.com", "b.example.co.uk", "EXAMPLE.com"}),
                ElementsAre("domain example.com 3", "domain example.co.uk 1"));
}

TEST(Links, AreListedAtTheCustomersLabelOfASharedHost) {
    EXPECT_THAT(judged({"x.customer.github.io", "github.io"}),
                ElementsAre("domain customer.github.io 1", "no-suffix  1"));
}

TEST(Links, AreALabels) {
    EXPECT_THAT(judged({"www.b\xC3\xBC"
                        "cher.de"}),
                ElementsAre("domain xn--bcher-kva.de 1"));
}

TEST(Links, OfTheDoNotListAreKept) {
    EXPECT_THAT(judged({"www.kept.com", "x.good.mixed.com", "bad.mixed.com"}),
                ElementsAre("do-not-list kept.com 1", "do-not-list mixed.com 2"));
}

TEST(Links, ToTheRecipientAreNeitherListedNorNamed) {
    EXPECT_THAT(judged({"www.trap.co.uk", "trap.co.uk", "nottrap.co.uk"}),
                ElementsAre("recipient  2", "domain nottrap.co.uk 1"));
}

TEST(Links, ThatAreNoPublicNameAreNotNamed) {
    EXPECT_THAT(judged({"localhost", "co.uk", "secret.local", "a_b.invalid"}),
                ElementsAre("no-suffix  4"));
    EXPECT_THAT(judged({"a b.com", "a..com", ".com", "*.com", "%00.com"}),
                ElementsAre("malformed  5"));
}

TEST(Links, OfAddressesAreJudgedAsAddresses) {
    EXPECT_THAT(judged({"8.8.8.8", "0x08080808", "[2a00::1:2:3:4]", "127.0.0.1", "7.7.7.7",
                        "6.6.6.6", "1.2.3.256"}),
                ElementsAre("address 8.8.8.8 2", "address 2a00::/64 1", "protected 127.0.0.1 1",
                            "protected 7.7.7.7 1", "known-good 6.6.6.6 1", "malformed  1"));
}

TEST(Links, None) {
    EXPECT_THAT(judged({}), IsEmpty());
}

}  // namespace
}  // namespace fairlist::importer
