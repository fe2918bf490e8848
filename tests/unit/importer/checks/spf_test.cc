#include "importer/checks/spf.h"

#include "importer/checks/spf_record.h"
#include "tests/unit/importer/checks/fake_dns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace fairlist::importer {
namespace {

using test::FakeDns;

// RFC 7208 appendix A: the zone, and what its section A.1 says of each record.
FakeDns appendix_zone() {
    FakeDns dns;
    dns.add("example.com", DnsType::Mx, {"mail-a.example.com", "mail-b.example.com"});
    dns.add("example.com", DnsType::A, {"192.0.2.10", "192.0.2.11"});
    dns.add("amy.example.com", DnsType::A, {"192.0.2.65"});
    dns.add("bob.example.com", DnsType::A, {"192.0.2.66"});
    dns.add("mail-a.example.com", DnsType::A, {"192.0.2.129"});
    dns.add("mail-b.example.com", DnsType::A, {"192.0.2.130"});
    dns.add("example.org", DnsType::Mx, {"mail-c.example.org"});
    dns.add("mail-c.example.org", DnsType::A, {"192.0.2.140"});
    dns.add("10.2.0.192.in-addr.arpa", DnsType::Ptr, {"example.com"});
    dns.add("65.2.0.192.in-addr.arpa", DnsType::Ptr, {"amy.example.com"});
    dns.add("140.2.0.192.in-addr.arpa", DnsType::Ptr, {"mail-c.example.org"});
    dns.add("4.0.0.10.in-addr.arpa", DnsType::Ptr, {"bob.example.com"});
    return dns;
}

struct Row {
    const char* name;
    const char* record;
    const char* address;
    SpfResult result;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class AppendixA : public testing::TestWithParam<Row> {};

TEST_P(AppendixA, AsTheStandardSays) {
    FakeDns dns = appendix_zone();
    dns.add("example.com", DnsType::Txt, {GetParam().record});
    const SpfAnswer answer =
        check_spf(dns, {parse_address(GetParam().address).value(), "example.com"});
    EXPECT_EQ(to_string(answer.result), to_string(GetParam().result)) << answer.why;
}

using enum SpfResult;

INSTANTIATE_TEST_SUITE_P(
    Examples, AppendixA,
    testing::Values(Row{"any", "v=spf1 +all", "192.0.2.200", Pass},
                    Row{"a-is-one-of-its", "v=spf1 a -all", "192.0.2.10", Pass},
                    Row{"a-is-other", "v=spf1 a -all", "192.0.2.129", Fail},
                    Row{"a-of-org-has-none", "v=spf1 a:example.org -all", "192.0.2.140", Fail},
                    Row{"mx", "v=spf1 mx -all", "192.0.2.130", Pass},
                    Row{"mx-is-not-a", "v=spf1 mx -all", "192.0.2.10", Fail},
                    Row{"mx-of-org", "v=spf1 mx:example.org -all", "192.0.2.140", Pass},
                    Row{"two-mx", "v=spf1 mx mx:example.org -all", "192.0.2.140", Pass},
                    Row{"mx-30", "v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", Pass},
                    Row{"mx-30-org", "v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143", Pass},
                    Row{"mx-30-none", "v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.144", Fail},
                    Row{"ptr", "v=spf1 ptr -all", "192.0.2.65", Pass},
                    Row{"ptr-of-another", "v=spf1 ptr -all", "192.0.2.140", Fail},
                    Row{"ptr-that-lies", "v=spf1 ptr -all", "10.0.0.4", Fail},
                    Row{"ip4", "v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", Pass},
                    Row{"ip4-none", "v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", Fail}));

INSTANTIATE_TEST_SUITE_P(
    Records, AppendixA,
    testing::Values(
        Row{"empty", "v=spf1", "192.0.2.1", Neutral},
        Row{"soft", "v=spf1 ~all", "192.0.2.1", SoftFail},
        Row{"no-word", "v=spf1 ?all", "192.0.2.1", Neutral},
        Row{"case", "V=SPF1 IP4:192.0.2.1 -ALL", "192.0.2.1", Pass},
        Row{"other-version", "v=spf10 +all", "192.0.2.1", None},
        Row{"spaces", "v=spf1   ip4:192.0.2.1   -all  ", "192.0.2.1", Pass},
        Row{"tab", "v=spf1 ip4:192.0.2.1\t-all", "192.0.2.1", PermError},
        Row{"unknown-mechanism", "v=spf1 ip5:192.0.2.1 -all", "192.0.2.1", PermError},
        Row{"error-behind-a-match", "v=spf1 ip4:192.0.2.1 foo -all", "192.0.2.1", PermError},
        Row{"all-with-value", "v=spf1 all:example.com", "192.0.2.1", PermError},
        Row{"unknown-modifier", "v=spf1 foo=bar ip4:192.0.2.1 -all", "192.0.2.1", Pass},
        Row{"ip4-long", "v=spf1 ip4:192.0.2.0/33 -all", "192.0.2.1", PermError},
        Row{"ip4-padded", "v=spf1 ip4:192.0.2.0/024 -all", "192.0.2.1", PermError},
        Row{"ip4-is-ip6", "v=spf1 ip4:2001:db8:: -all", "192.0.2.1", PermError},
        Row{"ip6", "v=spf1 ip6:2001:db8::/32 -all", "2001:db8::1", Pass},
        Row{"ip6-of-v4", "v=spf1 ip6:2001:db8::/32 -all", "192.0.2.1", Fail},
        Row{"ip4-zero", "v=spf1 ip4:198.51.100.0/0 -all", "192.0.2.1", Pass},
        Row{"a-dual", "v=spf1 a/24//64 -all", "192.0.2.99", Pass},
        Row{"a-dual-wrong", "v=spf1 a/24/64 -all", "192.0.2.99", PermError},
        Row{"include-nothing", "v=spf1 include:missing.example.com -all", "192.0.2.1", PermError},
        Row{"include-itself", "v=spf1 include:example.com -all", "192.0.2.1", PermError},
        Row{"redirect-nothing", "v=spf1 redirect=missing.example.com", "192.0.2.1", PermError},
        Row{"redirect-twice", "v=spf1 redirect=a.example.com redirect=b.example.com", "192.0.2.1",
            PermError},
        Row{"redirect-behind-all", "v=spf1 -all redirect=missing.example.com", "192.0.2.1", Fail},
        Row{"exists", "v=spf1 exists:%{d} -all", "192.0.2.1", Pass},
        Row{"exists-not", "v=spf1 exists:no.%{d} -all", "192.0.2.1", Fail},
        Row{"exists-without", "v=spf1 exists -all", "192.0.2.1", PermError},
        Row{"macro-open", "v=spf1 exists:%{d -all", "192.0.2.1", PermError},
        Row{"macro-unknown", "v=spf1 exists:%{x}.example.com -all", "192.0.2.1", PermError},
        Row{"macro-zero", "v=spf1 exists:%{d0}.example.com -all", "192.0.2.1", PermError},
        Row{"macro-of-exp", "v=spf1 exists:%{c}.example.com -all", "192.0.2.1", PermError},
        Row{"percent", "v=spf1 exists:%.example.com -all", "192.0.2.1", PermError},
        Row{"three-void", "v=spf1 a:x.example.com a:y.example.com a:z.example.com +all",
            "192.0.2.1", PermError},
        Row{"two-void", "v=spf1 a:x.example.com a:y.example.com +all", "192.0.2.1", Pass}));

// RFC 7208 section 7.4, with the sender strong-bad@email.example.com from 192.0.2.3.
struct MacroRow {
    const char* macro;
    const char* expanded;
    const char* address = "192.0.2.3";
};

void PrintTo(const MacroRow& row, std::ostream* out) {
    *out << row.macro;
}

class Macro : public testing::TestWithParam<MacroRow> {};

// What an "exists" asks for is what its macros expand to.
TEST_P(Macro, ExpandsAsTheStandardSays) {
    FakeDns dns;
    dns.add("email.example.com", DnsType::Txt,
            {fmt::format("v=spf1 exists:{} -all", GetParam().macro)});
    dns.add(GetParam().expanded, DnsType::A, {"127.0.0.2"});
    const SpfAnswer answer = check_spf(dns, {parse_address(GetParam().address).value(),
                                             "email.example.com", "strong-bad", "helo.example"});
    EXPECT_EQ(to_string(answer.result), "pass") << answer.why;
}

INSTANTIATE_TEST_SUITE_P(
    Section74, Macro,
    testing::Values(
        MacroRow{"%{o}", "email.example.com"}, MacroRow{"%{d}", "email.example.com"},
        MacroRow{"%{d4}", "email.example.com"}, MacroRow{"%{d3}", "email.example.com"},
        MacroRow{"%{d2}", "example.com"}, MacroRow{"x.%{d1}", "x.com"},
        MacroRow{"%{dr}", "com.example.email"}, MacroRow{"%{d2r}", "example.email"},
        MacroRow{"%{l}.x.com", "strong-bad.x.com"}, MacroRow{"%{l-}.x.com", "strong.bad.x.com"},
        MacroRow{"%{lr}.x.com", "strong-bad.x.com"}, MacroRow{"%{lr-}.x.com", "bad.strong.x.com"},
        MacroRow{"%{l1r-}.x.com", "strong.x.com"},
        MacroRow{"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
        MacroRow{"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
        MacroRow{"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
                 "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
        MacroRow{"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
                 "3.2.0.192.in-addr.strong.lp._spf.example.com"},
        MacroRow{"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
        MacroRow{"%{ir}.%{v}._spf.%{d2}",
                 "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf."
                 "example.com",
                 "2001:db8::cb01"},
        MacroRow{"%{h}.x.com", "helo.example.x.com"}, MacroRow{"%{p}.x.com", "unknown.x.com"},
        MacroRow{"%{S}.x.com", "strong-bad%40email.example.com.x.com"}));

TEST(Spf, TenTermsAskAndNoMore) {
    for (const unsigned terms : {10U, 11U}) {
        FakeDns dns;
        std::string record = "v=spf1";
        for (unsigned i = 0; i < terms; ++i) {
            record += fmt::format(" a:h{}.example.com", i);
            dns.add(fmt::format("h{}.example.com", i), DnsType::A, {"192.0.2.9"});
        }
        dns.add("example.com", DnsType::Txt, {record + " +all"});
        const SpfAnswer answer =
            check_spf(dns, {parse_address("192.0.2.1").value(), "example.com"});
        EXPECT_EQ(answer.result, terms == 10 ? Pass : PermError);
        EXPECT_EQ(dns.asked, 11U);  // the record, and ten addresses
    }
}

TEST(Spf, ElevenExchangesAreAnError) {
    FakeDns dns;
    std::vector<std::string> exchanges;
    for (int i = 0; i < 11; ++i) {
        exchanges.push_back(fmt::format("mx{}.example.com", i));
    }
    dns.add("example.com", DnsType::Mx, exchanges);
    dns.add("example.com", DnsType::Txt, {"v=spf1 mx +all"});
    EXPECT_EQ(check_spf(dns, {parse_address("192.0.2.1").value(), "example.com"}).result,
              PermError);
}

TEST(Spf, TwoRecordsAreAnError) {
    FakeDns dns;
    dns.add("example.com", DnsType::Txt, {"v=spf1 +all", "other", "v=spf1 -all"});
    EXPECT_EQ(check_spf(dns, {parse_address("192.0.2.1").value(), "example.com"}).result,
              PermError);
}

TEST(Spf, SilenceIsNoVerdict) {
    FakeDns dns;
    dns.add("example.com", DnsType::Txt, {"v=spf1 a:slow.example.com -all"});
    dns.fail("slow.example.com");
    EXPECT_EQ(check_spf(dns, {parse_address("192.0.2.1").value(), "example.com"}).result,
              TempError);
}

TEST(Spf, IncludesAndRedirectsAreFollowed) {
    FakeDns dns;
    dns.add("example.com", DnsType::Txt, {"v=spf1 include:soft.example.net redirect=r.example"});
    dns.add("soft.example.net", DnsType::Txt, {"v=spf1 ip4:192.0.2.5 ~all"});
    dns.add("r.example", DnsType::Txt, {"v=spf1 ip4:192.0.2.6 -all"});
    const auto result = [&](const char* address) {
        return check_spf(dns, {parse_address(address).value(), "example.com"}).result;
    };
    EXPECT_EQ(result("192.0.2.5"), Pass);
    EXPECT_EQ(result("192.0.2.6"), Pass);
    EXPECT_EQ(result("192.0.2.7"), Fail);
}

TEST(Spf, NamesOfTheAddressAreAskedForOnce) {
    FakeDns dns;
    std::string record = "v=spf1 exists:";
    for (int i = 0; i < 20; ++i) {
        record += "%{p}.";
    }
    dns.add("example.com", DnsType::Txt, {record + "example.com -all"});
    EXPECT_EQ(check_spf(dns, {parse_address("192.0.2.9").value(), "example.com"}).result,
              SpfResult::Fail);
    EXPECT_EQ(dns.asked, 3U);  // the record, the names, and what exists
}

TEST(Spf, ABackslashIsACharacterOfTheName) {
    FakeDns dns;
    dns.add("example.com", DnsType::Txt, {"v=spf1 exists:a\\b.%{l}.example.com -all"});
    dns.add("a\\\\b.c\\\\d.example.com", DnsType::A, {"127.0.0.2"});
    const Address address = parse_address("192.0.2.9").value();
    EXPECT_EQ(check_spf(dns, {address, "example.com", "c\\d"}).result, SpfResult::Pass);
}

}  // namespace
}  // namespace fairlist::importer
