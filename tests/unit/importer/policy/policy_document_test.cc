#include "importer/policy/policy_document.h"

#include "listing/model/contact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr std::string_view kDocument = R"({
  "mail_policy": 1,
  "provider": {"name": "Example Cloud", "asn": [64500], "abuse": "abuse@cloud.example",
               "support": "https://cloud.example/mail"},
  "published": "2026-11-01T00:00:00Z",
  "ranges": [
    {"prefix": "203.0.113.16/28", "use": "assigned", "direct_mail": "allowed", "port25": "open",
     "ptr": "self-service", "customer": "c-8812", "contact": "abuse@customer.example",
     "since": "2026-03-01"},
    {"prefix": "198.51.100.0/22", "use": "shared", "direct_mail": "never", "port25": "closed",
     "smarthost": "smtp.cloud.example", "policy": "Through the smarthost only."}
  ],
  "exemptions": [
    {"prefix": "198.51.100.25/32", "reason": "mail.customer.example, reviewed",
     "customer": "c-8812", "until": "2027-11-01"}
  ]
})";

constexpr std::string_view kCsv =
    "# Example Cloud\r\n"
    "kind,prefix,use,direct_mail,port25,ptr,smarthost,policy,customer,contact,since,reason,until,"
    "mail_policy,name,asn,abuse,support,published\r\n"
    "policy,,,,,,,,,,,,,1,Example Cloud,64500,abuse@cloud.example,https://cloud.example/mail,"
    "2026-11-01T00:00:00Z\r\n"
    "range,203.0.113.16/28,assigned,allowed,open,self-service,,,c-8812,abuse@customer.example,"
    "2026-03-01\r\n"
    "range,198.51.100.0/22,shared,never,closed,,smtp.cloud.example,Through the smarthost only.\r\n"
    "exemption,198.51.100.25/32,,,,,,,c-8812,,,\"mail.customer.example, reviewed\",2027-11-01\r\n";

std::string all_of(const PolicyReading& reading) {
    std::string text;
    for (const PolicyFault& fault : reading.faults) {
        text += to_string(fault, "f") + "\n";
    }
    return text;
}

MailPolicy expected_policy() {
    MailPolicy policy;
    policy.provider_name = "Example Cloud";
    policy.asns = {64500};
    policy.abuse = "abuse@cloud.example";
    policy.support = "https://cloud.example/mail";
    policy.published = parse_time("2026-11-01T00:00:00Z").value();
    PolicyRange shared;
    shared.prefix = parse_prefix("198.51.100.0/22").value();
    shared.use = SpaceUse::Shared;
    shared.direct_mail = DirectMail::Never;
    shared.port25 = Port25::Closed;
    shared.smarthost = "smtp.cloud.example";
    shared.policy = "Through the smarthost only.";
    PolicyRange assigned;
    assigned.prefix = parse_prefix("203.0.113.16/28").value();
    assigned.use = SpaceUse::Assigned;
    assigned.direct_mail = DirectMail::Allowed;
    assigned.port25 = Port25::Open;
    assigned.ptr = PtrCare::SelfService;
    assigned.customer = "c-8812";
    assigned.contact = "abuse@customer.example";
    assigned.since = parse_time("2026-03-01").value();
    policy.ranges = {shared, assigned};
    policy.exemptions = {{parse_prefix("198.51.100.25/32").value(),
                          "mail.customer.example, reviewed", "c-8812",
                          parse_time("2027-11-01").value()}};
    return policy;
}

TEST(PolicyDocument, IsReadInBothForms) {
    const PolicyReading json = read_policy(kDocument);
    EXPECT_EQ(all_of(json), "");
    EXPECT_FALSE(json.is_csv);
    EXPECT_EQ(json.policy, expected_policy());
    const PolicyReading csv = read_policy(kCsv);
    EXPECT_EQ(all_of(csv), "");
    EXPECT_TRUE(csv.is_csv);
    EXPECT_EQ(csv.policy, expected_policy());
}

struct FaultCase {
    std::string name;
    std::string from;  // what of kDocument is written otherwise
    std::string to;
    std::string fault;  // all that is said, but for the part in words behind the second colon
};

// So that gtest names the row.
void PrintTo(const FaultCase& row, std::ostream* out) {
    *out << row.name;
}

class PolicyFaults : public testing::TestWithParam<FaultCase> {};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST_P(PolicyFaults, NameThePlace) {
    const FaultCase& row = GetParam();
    const PolicyReading reading =
        read_policy(replaced(std::string(kDocument), row.from, row.to), Time{1795292885});
    ASSERT_EQ(reading.faults.size(), 1U) << all_of(reading);
    const std::string said = to_string(reading.faults.front(), "f");
    EXPECT_TRUE(said.starts_with(row.fault)) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PolicyFaults,
    testing::Values(
        FaultCase{"unknown_member", "\"port25\": \"open\"", "\"port_25\": \"open\"",
                  "f:7:80: warning: ranges[0].port_25: unknown, and left out (did you mean "
                  "\"port25\"?)"},
        FaultCase{"unknown_object", "\"ranges\"", "\"more\": {\"a\": [1, {}, null]}, \"ranges\"",
                  "f:6:3: warning: more: unknown"},
        FaultCase{"wrong_type", "\"never\"", "false",
                  "f:10:67: error: ranges[1].direct_mail: is false: expected a string"},
        FaultCase{"wrong_version", "\"mail_policy\": 1", "\"mail_policy\": 2",
                  "f:2:18: error: mail_policy: \"2\": the version of the format is 1"},
        FaultCase{"version_in_words", "\"mail_policy\": 1", "\"mail_policy\": \"1\"",
                  "f:2:18: error: mail_policy: is a string"},
        FaultCase{"no_version", "\"mail_policy\": 1,", "", "f:1:1: error: has no \"mail_policy\""},
        FaultCase{"no_use", "\"use\": \"shared\",", "", "f:10:5: error: ranges[1]: has no \"use\""},
        FaultCase{"no_name", "\"name\": \"Example Cloud\",", "",
                  "f:3:15: error: provider: has no \"name\""},
        FaultCase{"host_bits", "203.0.113.16/28", "203.0.113.17/28",
                  "f:7:16: error: ranges[0].prefix: prefix \"203.0.113.17/28\": host bits are "
                  "set, expected 203.0.113.16/28"},
        FaultCase{"host_bits_of_v6", "203.0.113.16/28", "2001:db8::1/64",
                  "f:7:16: error: ranges[0].prefix: prefix \"2001:db8::1/64\": host bits are set, "
                  "expected 2001:db8::/64"},
        FaultCase{"length", "203.0.113.16/28", "203.0.113.16/33",
                  "f:7:16: error: ranges[0].prefix: prefix \"203.0.113.16/33\": the length must "
                  "be 0 to 32"},
        FaultCase{"no_prefix", "203.0.113.16/28", "mail.example.net",
                  "f:7:16: error: ranges[0].prefix: "},
        FaultCase{"double", "203.0.113.16/28", "198.51.100.0/22",
                  "f:10:16: error: ranges[1].prefix: 198.51.100.0/22 stands in line 7 already"},
        FaultCase{"use", "\"shared\"", "\"Shared\"",
                  "f:10:42: error: ranges[1].use: \"Shared\": expected dynamic, static"},
        FaultCase{"use_of_ours", "\"shared\"", "\"mail-service\"",
                  "f:10:42: error: ranges[1].use: "},
        FaultCase{"port25", "\"closed\"", "\"shut\"",
                  "f:10:86: error: ranges[1].port25: port25 \"shut\": expected closed, "},
        FaultCase{"ptr", "\"self-service\"", "\"self service\"",
                  "f:8:13: error: ranges[0].ptr: ptr \"self service\": expected self-service, "},
        FaultCase{"date", "2026-03-01", "2026-02-30",
                  "f:9:15: error: ranges[0].since: \"2026-02-30\": expected a day such as"},
        FaultCase{"unix_seconds", "2026-03-01", "1772323200", "f:9:15: error: ranges[0].since: "},
        FaultCase{"in_the_future", "\"2026-11-01T00:00:00Z\"", "\"2027-11-01T00:00:00Z\"",
                  "f:5:16: error: published: 2027-11-01T00:00:00Z is in the future"},
        FaultCase{"is_over", "2027-11-01", "2026-11-20",
                  "f:14:16: warning: exemptions[0].until: 2026-11-20T00:00:00Z is over"},
        FaultCase{"text_too_long", "Through", std::string(500, 'x'),
                  "f:11:51: error: ranges[1].policy: has 520 bytes: at most 500"},
        FaultCase{"word_too_long", "\"c-8812\"", "\"" + std::string(256, 'x') + "\"",
                  "f:8:41: error: ranges[0].customer: has 256 bytes: at most 255"},
        FaultCase{"control", "Through", "Thr\\u0007ough",
                  "f:11:51: error: ranges[1].policy: \"Thr\\x07ough the"},
        FaultCase{"control_of_c1", "Through", "Thr\\u009bough",
                  "f:11:51: error: ranges[1].policy: "},
        FaultCase{"line_end", "Through", "Thr\\nough", "f:11:51: error: ranges[1].policy: "},
        FaultCase{"mail_address", "\"abuse@cloud.example\"", "\"abuse at cloud.example\"",
                  "f:3:66: error: provider.abuse: mail address \"abuse at cloud.example\""},
        FaultCase{"support", "https://cloud.example/mail", "https://",
                  "f:4:27: error: provider.support: URL \"https://\""},
        FaultCase{"contact", "abuse@customer.example", "customer",
                  "f:8:62: error: ranges[0].contact: mail address \"customer\""},
        FaultCase{"host_name", "smtp.cloud.example", "192.0.2.25",
                  "f:11:19: error: ranges[1].smarthost: \"192.0.2.25\": is an address"},
        FaultCase{"host_name_of_one_label", "smtp.cloud.example", "smtp",
                  "f:11:19: error: ranges[1].smarthost: \"smtp\": expected the full name"},
        FaultCase{"asn", "[64500]", "[64500, 0]", "f:3:56: error: provider.asn[1]: \"0\""},
        FaultCase{"asn_twice", "[64500]", "[64500, 64500]",
                  "f:3:56: error: provider.asn[1]: 64500 stands here twice"},
        FaultCase{"asn_in_words", "[64500]", "[\"AS64500\"]",
                  "f:3:49: error: provider.asn[0]: is a string"},
        FaultCase{"asn_alone", "[64500]", "64500",
                  "f:3:48: error: provider.asn: is a number: expected an array"},
        FaultCase{"exemption_outside", "198.51.100.25/32", "192.0.2.25",
                  "f:14:16: warning: exemptions[0].prefix: 192.0.2.25 lies in no range"},
        FaultCase{"exemption_of_the_other_family", "198.51.100.0/22", "::/0",
                  "f:14:16: warning: exemptions[0].prefix: "},
        FaultCase{"no_reason", "\"reason\": \"mail.customer.example, reviewed\",", "",
                  "f:14:5: error: exemptions[0]: has no \"reason\""},
        FaultCase{"member_twice", "\"port25\": \"open\"",
                  "\"port25\": \"open\", \"port25\": \"closed\"",
                  "f:7:98: error: ranges[0].port25: stands in this object twice"},
        FaultCase{"allowed_but_closed", "\"open\"", "\"closed\"",
                  "f:7:5: warning: ranges[0]: direct_mail is allowed, but port25 is closed"},
        FaultCase{"comma_too_many", "\"closed\",", "\"closed\",\n,",
                  "f:11:1: error: \",\": expected the name of a member"},
        FaultCase{"comma_at_the_end", "[64500]", "[64500,]",
                  "f:3:55: error: comma in front of \"]\": leave it out"},
        FaultCase{"comma_missing", "\"mail_policy\": 1,", "\"mail_policy\": 1",
                  "f:3:3: error: expected \",\" in front of this"},
        FaultCase{"single_quotes", "\"mail_policy\"", "'mail_policy'",
                  "f:2:3: error: \"'\": expected the name of a member in double quotes"},
        FaultCase{"no_closing_quote", "\"abuse@cloud.example\"", "\"abuse@cloud.example",
                  "f:3:66: error: this string has no closing quote on its line"}),
    [](const auto& row) { return row.param.name; });

TEST(PolicyDocument, TellsEveryFaultInOrder) {
    std::string text = replaced(std::string(kDocument), "\"shared\"", "\"pooled\"");
    text = replaced(text, "203.0.113.16/28", "203.0.113.16/2");
    text = replaced(text, "\"abuse@cloud.example\"", "5");
    text = replaced(text, "\"until\"", "\"untill\"");
    const PolicyReading reading = read_policy(text);
    EXPECT_EQ(reading.faults_total, 3U);
    EXPECT_EQ(reading.warnings_total, 1U);
    ASSERT_EQ(reading.faults.size(), 4U) << all_of(reading);
    EXPECT_EQ(reading.faults[0].where, "provider.abuse");
    EXPECT_EQ(reading.faults[1].where, "ranges[0].prefix");
    EXPECT_EQ(reading.faults[2].where, "ranges[1].use");
    EXPECT_EQ(reading.faults[3].where, "exemptions[0].untill");
    EXPECT_TRUE(reading.faults[3].is_warning);
}

// What is no text is told where it is, and again as the value that cannot be taken.
TEST(PolicyDocument, GoesOnAfterBytesThatAreNoText) {
    struct Row {
        std::string to;
        std::string place;
    };
    for (const Row& row :
         {Row{"Example Cloud\x07",
              "f:3:38: error: control character 0x07 in a "
              "string: write \\u0007"},
          Row{"Example Cl\xE9ment", "f:3:35: error: byte 0xE9 is no UTF-8 here"}}) {
        const PolicyReading reading =
            read_policy(replaced(std::string(kDocument), "Example Cloud", row.to));
        ASSERT_EQ(reading.faults.size(), 2U) << all_of(reading);
        EXPECT_TRUE(
            to_string(reading.faults[0], "f").starts_with("f:3:24: error: provider.name: "));
        EXPECT_TRUE(to_string(reading.faults[1], "f").starts_with(row.place)) << all_of(reading);
        EXPECT_EQ(reading.policy.ranges.size(), 2U);
    }
}

TEST(PolicyDocument, EndsWhereItIsNestedTooDeep) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const PolicyReading reading = read_policy(replaced(
        std::string(kDocument), "\"mail_policy\": 1,", "\"mail_policy\": 1, \"x\": " + deep + ","));
    EXPECT_EQ(reading.faults_total, 1U);
    EXPECT_EQ(reading.warnings_total, 1U);
    ASSERT_EQ(reading.faults.size(), 2U) << all_of(reading);
    EXPECT_EQ(to_string(reading.faults[1], "f"), "f:2:57: error: nested deeper than 32 levels");
}

TEST(PolicyDocument, CutOffAnywhereIsNoPolicy) {
    for (std::size_t bytes = 0; bytes < kDocument.size(); ++bytes) {
        const PolicyReading reading = read_policy(kDocument.substr(0, bytes));
        ASSERT_GT(reading.faults_total, 0U) << bytes;
        ASSERT_GT(reading.faults.front().line, 0U);
    }
}

TEST(PolicyDocument, KeepsTheFirstFaultsAndCountsTheRest) {
    std::string text = "kind,prefix,use\n";
    for (int i = 0; i < 5000; ++i) {
        text += "range,192.0.2.1/24,shared\n";
    }
    const PolicyReading reading = read_policy(text);
    EXPECT_EQ(reading.faults_total, 5000U);
    ASSERT_EQ(reading.faults.size(), kPolicyFaultsMax);
    EXPECT_EQ(reading.faults.front().line, 2U);
    EXPECT_EQ(reading.faults.back().line, 1 + kPolicyFaultsMax);
}

TEST(PolicyDocument, HasNoFaultsToBeginWith) {
    EXPECT_TRUE(read_policy(kDocument, Time{1795292885}).faults.empty());
}

struct CsvCase {
    std::string name;
    std::string text;
    std::vector<std::string> faults;  // the beginning of each
};

void PrintTo(const CsvCase& row, std::ostream* out) {
    *out << row.name;
}

class PolicyCsvFaults : public testing::TestWithParam<CsvCase> {};

TEST_P(PolicyCsvFaults, NameThePlace) {
    const CsvCase& row = GetParam();
    const PolicyReading reading = read_policy(row.text);
    ASSERT_EQ(reading.faults.size(), row.faults.size()) << all_of(reading);
    for (std::size_t i = 0; i < row.faults.size(); ++i) {
        const std::string said = to_string(reading.faults[i], "f");
        EXPECT_TRUE(said.starts_with(row.faults[i])) << said;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PolicyCsvFaults,
    testing::Values(
        CsvCase{"without_kind", "prefix,use\n192.0.2.0/24,shared\n", {}},
        CsvCase{"unknown_column",
                "prefix,use,prot25\n192.0.2.0/24,shared,open\n",
                {"f:1:12: warning: prot25: unknown column, left out (did you mean \"port25\"?)"}},
        CsvCase{"column_twice",
                "prefix,use,use\n192.0.2.0/24,shared,shared\n",
                {"f:1:12: error: use: this column stands here twice"}},
        CsvCase{
            "no_prefix_column",
            "kind,use\nrange,shared\n",
            {"f:1:1: error: prefix: there is no such column", "f:2:1: error: prefix: is empty"}},
        CsvCase{"kind",
                "kind,prefix,use\nrage,192.0.2.0/24,shared\n",
                {"f:2:1: error: kind: \"rage\": expected range, exemption or policy"}},
        CsvCase{"value",
                "kind,prefix,use\nrange, 192.0.2.0/24 , pool\n",
                {"f:2:23: error: use: \"pool\": expected dynamic"}},
        CsvCase{"of_the_other_kind",
                "kind,prefix,use,reason\nrange,192.0.2.0/24,shared,why\n",
                {"f:2:27: warning: reason: \"why\" is left out"}},
        CsvCase{"too_many_fields",
                "prefix,use\n192.0.2.0/24,shared,more\n",
                {"f:2:21: error: 3 fields, but 2 columns"}},
        CsvCase{"open_quote",
                "prefix,use,policy\n192.0.2.0/24,shared,\"open\n",
                {"f:2:21: error: quoted field without its closing quote"}},
        CsvCase{"not_utf8",
                "prefix,use,policy\n192.0.2.0/24,shared,caf\xE9\n",
                {"f:2:24: error: byte 0xE9 is no UTF-8"}},
        CsvCase{"two_heads",
                "kind,prefix,mail_policy,name,published\npolicy,,1,A,2026-11-01\n"
                "policy,,1,A,2026-11-01\n",
                {"f:3:1: error: kind: a second row"}},
        CsvCase{"double",
                "prefix,use\n192.0.2.0/24,shared\n192.0.2.0/24,static\n",
                {"f:3:1: error: prefix: 192.0.2.0/24 stands in line 2 already"}},
        CsvCase{"neither_form", "hello\n", {"f:1:1: error: neither JSON nor CSV"}},
        CsvCase{"empty", "", {"f:1:1: error: neither JSON nor CSV"}},
        CsvCase{"array", "[]", {"f:1:1: error: is an array: a policy is an object"}}),
    [](const auto& row) { return row.param.name; });

// Random policies.

class Maker {
  public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    MailPolicy policy() {
        MailPolicy policy;
        policy.provider_name = text(1, 40);
        policy.published = Time{1 + number(4'000'000'000)};
        for (std::uint32_t i = number(4); i > 0; --i) {
            policy.asns.push_back(i * 1000 + number(900) + 1);
        }
        policy.abuse = number(2) == 0 ? "" : "abuse@example.net";
        policy.support = number(2) == 0 ? "" : "https://example.net/a,b";
        std::set<Prefix> ranges;
        std::set<Prefix> exemptions;
        for (std::uint32_t i = number(30); i > 0; --i) {
            ranges.insert(prefix());
            exemptions.insert(prefix());
        }
        for (const Prefix& each : ranges) {
            policy.ranges.push_back(range(each));
        }
        for (const Prefix& each : exemptions) {
            policy.exemptions.push_back(
                {each, text(1, 60), text(0, 10), Time{number(2) * (1 + number(4'000'000'000))}});
        }
        return policy;
    }

  private:
    std::uint32_t number(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }

    std::string text(std::size_t least, std::uint32_t more) {
        static const std::vector<std::string> kPieces = {"a",  "Z",  "9",  " ",          ",",
                                                         "\"", "\\", "#",  ";",          "{",
                                                         "'",  "é",  "漢", "\U0001F4E7", "\u00A0"};
        std::string out;
        for (std::size_t i = least + number(more); i > 0; --i) {
            out += kPieces[number(static_cast<std::uint32_t>(kPieces.size()))];
        }
        return out;
    }

    Prefix prefix() {
        const std::uint32_t v4 = number(UINT32_MAX);
        if (number(2) == 0) {
            return Prefix::of({0, 0xFFFF00000000ULL | v4}, 96 + 8 + number(25));
        }
        return Prefix::of({0x2001'0db8ULL << 32U | v4, random_()}, 16 + number(113));
    }

    PolicyRange range(const Prefix& prefix) {
        PolicyRange out;
        out.prefix = prefix;
        out.use = static_cast<SpaceUse>(1 + number(9));
        out.direct_mail = static_cast<DirectMail>(number(4));
        out.port25 = static_cast<Port25>(number(4));
        out.ptr = static_cast<PtrCare>(number(5));
        out.smarthost = number(2) == 0 ? "" : "smtp.xn--bcher-kva.example";
        out.policy = text(0, 100);
        out.customer = text(0, 20);
        out.contact = number(2) == 0 ? "" : "someone@example.org";
        out.since = Time{number(2) * (1 + number(4'000'000'000))};
        return out;
    }

    std::mt19937_64 random_;
};

TEST(PolicyDocument, WrittenAndReadAgainIsEqual) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const MailPolicy policy = Maker(seed).policy();
        const PolicyReading json = read_policy(to_json(policy));
        ASSERT_EQ(json.faults_total, 0U) << all_of(json);
        ASSERT_EQ(json.policy, policy) << seed;
        const PolicyReading csv = read_policy(to_csv(policy));
        ASSERT_EQ(csv.faults_total, 0U) << all_of(csv) << to_csv(policy);
        ASSERT_EQ(csv.policy, policy) << seed << "\n" << to_csv(policy);
        ASSERT_TRUE(csv.is_csv);
    }
}

// The same files are held against the JSON Schema: see tests/integration/policy_schema_test.py.
// Their names say the verdict.
TEST(PolicyDocument, ReadsTheSamplesAsTheirNamesSay) {
    const std::filesystem::path folder = FAIRLIST_SOURCE_DIR "/tests/cases/mail-policy";
    std::size_t good = 0;
    std::size_t bad = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::ifstream in(file.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        const PolicyReading reading = read_policy(text);
        const bool is_good = file.path().filename().string().starts_with("good-");
        EXPECT_EQ(reading.faults_total == 0, is_good) << file.path() << "\n" << all_of(reading);
        ++(is_good ? good : bad);
    }
    EXPECT_GE(good, 5U);
    EXPECT_GE(bad, 20U);
}

}  // namespace
}  // namespace fairlist::importer
