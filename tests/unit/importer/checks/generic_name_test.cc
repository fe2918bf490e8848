#include "importer/checks/generic_name.h"

#include <gtest/gtest.h>

#include <ostream>

namespace fairlist::importer {
namespace {

// Names as they are seen in the reverse DNS; `labels`: of the owner's own domain at the end.
struct Row {
    const char* name;
    const char* address;
    std::size_t labels;
    bool generic;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name << " of " << row.address;
}

class GenericName : public testing::TestWithParam<Row> {};

TEST_P(GenericName, IsToldApart) {
    const Row& row = GetParam();
    const std::string why =
        generic_reason(row.name, parse_address(row.address).value(), row.labels);
    EXPECT_EQ(!why.empty(), row.generic) << why;
}

constexpr bool kGeneric = true;
constexpr bool kChosen = false;

INSTANTIATE_TEST_SUITE_P(
    HoldTheAddress, GenericName,
    testing::Values(
        Row{"ec2-203-0-113-7.compute-1.amazonaws.com", "203.0.113.7", 2, kGeneric},
        Row{"ec2-203-0-113-7.eu-west-1.compute.amazonaws.com", "203.0.113.7", 2, kGeneric},
        Row{"7-113-0-203.dsl.example.net", "203.0.113.7", 2, kGeneric},
        Row{"203-0-113-7.dsl.example.net", "203.0.113.7", 2, kGeneric},
        Row{"203.0.113.7.example.net", "203.0.113.7", 2, kGeneric},
        Row{"7.113.0.203.in-addr.example.net", "203.0.113.7", 2, kGeneric},
        Row{"p203000113007.dip0.example.de", "203.0.113.7", 2, kGeneric},
        Row{"cb007107.virtua.example.br", "203.0.113.7", 2, kGeneric},
        Row{"pcb007107.example.de", "203.0.113.7", 2, kGeneric},
        Row{"c-203-0-113-7.hsd1.ca.comcast.example", "203.0.113.7", 2, kGeneric},
        Row{"cpe-203-0-113-7.nyc.res.example.com", "203.0.113.7", 2, kGeneric},
        Row{"host-203-0-113-7.example.it", "203.0.113.7", 2, kGeneric},
        Row{"host7-113-dynamic.0-203-r.retail.example.it", "203.0.113.7", 2, kGeneric},
        Row{"ip-203-0-113-7.ip.example.net", "203.0.113.7", 2, kGeneric},
        Row{"ip203-0-113-7.ph.ph.cox.example", "203.0.113.7", 2, kGeneric},
        Row{"static-203-0-113-7.axtel.example", "203.0.113.7", 2, kGeneric},
        Row{"static.7.113.0.203.clients.example.de", "203.0.113.7", 2, kGeneric},
        Row{"203-0-113-7.static.example.se", "203.0.113.7", 2, kGeneric},
        Row{"mail-203-0-113-7.dsl.example.net", "203.0.113.7", 2, kGeneric},
        Row{"h-203-0-113-7.a163.priv.example.se", "203.0.113.7", 2, kGeneric},
        Row{"203x0x113x7.static-business.example.ru", "203.0.113.7", 2, kGeneric},
        Row{"user-203-0-113-7.knology.example", "203.0.113.7", 2, kGeneric},
        Row{"vps-3405803783.example.net", "203.0.113.7", 2, kGeneric},
        Row{"adsl-203-0-113-7.dsl.chcgil.example.net", "203.0.113.7", 2, kGeneric},
        Row{"203-000-113-007.example.ne.jp", "203.0.113.7", 3, kGeneric},
        Row{"7.113-0-203.adsl-dyn.isp.example.be", "203.0.113.7", 2, kGeneric},
        Row{"rev-203-0-113-7.isp1.example.fr", "203.0.113.7", 2, kGeneric},
        Row{"reverse-113-7.fdn.example.fr", "203.0.113.7", 2, kGeneric},
        Row{"host-113-7.example.org", "203.0.113.7", 2, kGeneric},
        Row{"203-0-113-7.ip.linodeusercontent.com", "203.0.113.7", 2, kGeneric},
        Row{"7.113.0.203.bc.googleusercontent.com", "203.0.113.7", 2, kGeneric},
        Row{"203.0.113.7.vultrusercontent.com", "203.0.113.7", 2, kGeneric},
        Row{"2001-db8-5-1-0-0-0-19.dyn.example.net", "2001:db8:5:1::19", 2, kGeneric},
        Row{"20010db8000500010000000000000019.example.net", "2001:db8:5:1::19", 2, kGeneric},
        Row{"2001-0db8-0005-0001-0000-0000-0000-0019.example.net", "2001:db8:5:1::19", 2, kGeneric},
        Row{"9.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.5.0.0.0.ip6.example.net", "2001:db8:5:1::19",
            2, kGeneric}));

INSTANTIATE_TEST_SUITE_P(
    OfLines, GenericName,
    testing::Values(Row{"pool-17.dynamic.example.net", "203.0.113.7", 2, kGeneric},
                    Row{"dsl-4711.example.fi", "203.0.113.7", 2, kGeneric},
                    Row{"dhcp-12.campus.example.edu", "203.0.113.7", 2, kGeneric},
                    Row{"ppp12.dialup.example.gr", "203.0.113.7", 2, kGeneric},
                    Row{"cable-88.subs.example.be", "203.0.113.7", 2, kGeneric},
                    Row{"dialin0815.example.de", "203.0.113.7", 2, kGeneric},
                    Row{"customer-991.fiber.example.net", "203.0.113.7", 2, kGeneric},
                    Row{"client7.home.example.nl", "203.0.113.7", 2, kGeneric},
                    Row{"ftth-5521.example.pt", "203.0.113.7", 2, kGeneric},
                    Row{"lte-3.mobile.example.at", "203.0.113.7", 2, kGeneric},
                    Row{"user12345.broadband.example.uk", "203.0.113.7", 2, kGeneric},
                    Row{"cust1.example.za", "203.0.113.7", 2, kGeneric},
                    Row{"unassigned-9.example.net", "203.0.113.7", 2, kGeneric},
                    Row{"adsl99.example.tr", "203.0.113.7", 2, kGeneric}));

// Servers of senders that everybody knows, with the form of their numbers, and names of companies.
INSTANTIATE_TEST_SUITE_P(
    Chosen, GenericName,
    testing::Values(Row{"mail-wr1-f41.google.com", "209.85.221.41", 2, kChosen},
                    Row{"mail-ed1-x52f.google.com", "2a00:1450:4864:20::52f", 2, kChosen},
                    Row{"mail-pf1-f176.google.com", "209.85.210.176", 2, kChosen},
                    Row{"a1-23.smtp-out.eu-west-1.amazonses.com", "54.240.1.23", 2, kChosen},
                    Row{"a8-31.smtp-out.amazonses.com", "54.240.8.31", 2, kChosen},
                    Row{"mta-69-1.sparkpostmail.com", "147.253.69.1", 2, kChosen},
                    Row{"mail-db8eur05on2100.outbound.protection.outlook.com", "40.107.20.100", 2,
                        kChosen},
                    Row{"o1.email.example.com", "167.89.1.1", 2, kChosen},
                    Row{"wfbtqhcb.outbound-mail.sendgrid.net", "159.183.2.3", 2, kChosen},
                    Row{"mout.kundenserver.de", "212.227.126.130", 2, kChosen},
                    Row{"mout-xforward.gmx.net", "82.165.159.12", 2, kChosen},
                    Row{"smtp-out-05.example.net", "203.0.113.5", 2, kChosen},
                    Row{"mx1.example.org", "203.0.113.1", 2, kChosen},
                    Row{"mx.example.org", "203.0.113.7", 2, kChosen},
                    Row{"mail.example.org", "203.0.113.7", 2, kChosen},
                    Row{"mail7.example.org", "203.0.113.7", 2, kChosen},
                    Row{"mail7.atl7.rsgsv.net", "198.2.128.7", 2, kChosen},
                    Row{"smtp113-7.mail.example.com", "203.0.113.7", 2, kChosen},
                    Row{"mta-203-0-113-7.mail.example.com", "203.0.113.7", 2, kChosen},
                    Row{"outbound-ip12b.ess.barracuda.com", "209.222.82.3", 2, kChosen},
                    Row{"relay3.mymailcheap.example", "203.0.113.7", 2, kChosen},
                    Row{"zimbra.example.fr", "203.0.113.7", 2, kChosen},
                    Row{"exchange.company.example", "203.0.113.7", 2, kChosen},
                    Row{"server1.example.com", "203.0.113.7", 2, kChosen},
                    Row{"srv-113.example.com", "203.0.113.7", 2, kChosen},
                    Row{"web7.example.com", "203.0.113.7", 2, kChosen},
                    Row{"example.com", "203.0.113.7", 2, kChosen},
                    Row{"dynamic.example.com", "203.0.113.7", 2, kChosen},
                    Row{"poolhouse.example.com", "203.0.113.7", 2, kChosen},
                    Row{"ns1.client-services.example", "203.0.113.7", 2, kChosen},
                    Row{"mail.dsl-shop.example", "203.0.113.7", 2, kChosen},
                    Row{"gw.203club.example", "203.0.113.7", 2, kChosen},
                    Row{"mail.example.co.uk", "203.0.113.7", 3, kChosen},
                    Row{"news.home24.example", "203.0.113.7", 2, kChosen},
                    Row{"mx7.mail.dynamic-agency.example", "203.0.113.7", 2, kChosen},
                    Row{"mail6.example.org", "2001:db8:5:1::19", 2, kChosen}));

}  // namespace
}  // namespace fairlist::importer
