#include "server/answer/resolver.h"

#include "listing/manager/manager.h"
#include "server/answer/zone_table.h"
#include "tests/support/scratch_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::answer {
namespace {

constexpr Time kNow{1'700'000'000};

dns::Query ask(std::string_view name, std::uint16_t type) {
    dns::Query query;
    query.has_question = true;
    query.type = type;
    query.klass = dns::klass::kIn;
    dns::QueryName& wire = query.name;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        wire.label_start[wire.label_count++] = wire.size;
        wire.bytes[wire.size++] = static_cast<std::uint8_t>(label.size());
        for (const char c : label) {
            wire.bytes[wire.size++] =
                static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    return query;
}

std::string render(const dns::Record& record) {
    std::string text;
    if (record.type == dns::type::kA) {
        return fmt::format("{}.{}.{}.{}", record.rdata[0], record.rdata[1], record.rdata[2],
                           record.rdata[3]);
    }
    if (record.type == dns::type::kTxt) {
        for (std::size_t at = 0; at < record.rdata.size(); at += 1U + record.rdata[at]) {
            text += '"';
            text.append(reinterpret_cast<const char*>(record.rdata.data()) + at + 1,
                        record.rdata[at]);
            text += '"';
        }
        return text;
    }
    return fmt::format("type{}", record.type);
}

// "NOERROR a b", "NODATA", "NXDOMAIN", "REFUSED ...": what one would read off dig.
std::string render(const dns::Answer& answer) {
    if (answer.drop) {
        return "DROP";
    }
    switch (answer.rcode) {
        case dns::Rcode::Refused:
            return fmt::format("REFUSED{}", answer.extended_error.present
                                                ? fmt::format(" EDE{}", answer.extended_error.code)
                                                : "");
        case dns::Rcode::ServFail:
            return "SERVFAIL";
        case dns::Rcode::NxDomain:
            return answer.authority_count == 1 ? "NXDOMAIN" : "NXDOMAIN without SOA";
        default:
            break;
    }
    if (answer.answer_count == 0) {
        return answer.authority_count == 1 ? "NODATA" : "NODATA without SOA";
    }
    std::string text = "NOERROR";
    for (std::size_t i = 0; i < answer.answer_count; ++i) {
        text += " " + render(answer.answer[i]);
    }
    return text;
}

std::string reversed(std::string_view address) {
    const Address parsed = *parse_address(address);
    std::string name;
    if (parsed.is_v4() && address.find(':') == std::string_view::npos) {
        const std::uint32_t v4 = parsed.v4();
        return fmt::format("{}.{}.{}.{}", v4 & 255U, v4 >> 8U & 255U, v4 >> 16U & 255U, v4 >> 24U);
    }
    const auto bytes = parsed.to_bytes();
    for (std::size_t i = 16; i-- != 0;) {
        name += fmt::format("{:x}.{:x}.", bytes[i] & 15U, bytes[i] >> 4U);
    }
    name.pop_back();
    return name;
}

ListSpec list_of(const std::string& name, ListKind kind, std::uint32_t code) {
    ListSpec spec;
    spec.name = name;
    spec.kind = kind;
    spec.code = ReturnCode{code};
    spec.reason = "{list}: {address} by {subject}";
    return spec;
}

ZoneSpec zone_of(const std::string& name, std::vector<std::string> lists) {
    ZoneSpec zone;
    zone.origin = *parse_domain(name);
    zone.soa.mname = "ns1." + name;
    zone.soa.rname = "hostmaster." + name;
    zone.name_servers = {"ns1." + name};
    zone.records = {{"@", "A", 3600, "192.0.2.80"}, {"a.www", "A", 3600, "192.0.2.81"}};
    zone.lists = std::move(lists);
    return zone;
}

class ResolverTest : public testing::Test {
  protected:
    void SetUp() override {
        Manager::Options options;
        options.lists = {list_of("sbl", ListKind::Address, 0x7F000002),
                         list_of("pbl", ListKind::Address, 0x7F00000A),
                         list_of("dbl", ListKind::Domain, 0x7F000102),
                         list_of("hbl", ListKind::Hash, 0x7F000302)};
        options.clock = [] {
            return kNow;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
        add("sbl", "11.1.2.3");
        add("sbl", "11.1.4.0/24", {}, 0, "text {code} {{x}");
        add("pbl", "11.1.0.0/16");
        add("sbl", "11.2.0.0/24", {}, 0x7F000009);
        add("sbl", "11.3.0.1", Time{kNow.seconds + 60});
        add("sbl", "11.3.0.2", Time{kNow.seconds - 60});
        exempt("pbl", "11.1.5.0/24");
        add("sbl", "11.4.0.0/24");
        exempt("sbl", "11.4.0.0/25");
        exempt("sbl", "11.4.0.128/25");
        add("sbl", "2a00:1:2::/48");
        add("sbl", "12.34.5.6");
        add("dbl", "bad.example");
        add("dbl", "*.wild.example");
        add("dbl", ".both.example");
        exempt("dbl", "good.both.example");
        add("hbl", "da39a3ee5e6b4b0d3255bfef95601890afd80709._email");
        ZoneTableOptions zones;
        zones.lists = options.lists;
        zones.zones = {zone_of("zen.bl.test", {"sbl", "pbl"}), zone_of("dbl.bl.test", {"dbl"}),
                       zone_of("hbl.bl.test", {"hbl"}), zone_of("bl.test", {"sbl"})};
        zones.zones[0].access = {
            {*parse_prefix("198.51.100.0/24"), AccessAction::Refuse, {}},
            {*parse_prefix("198.51.100.7/32"), AccessAction::Allow, {}},
            {*parse_prefix("203.0.113.0/24"), AccessAction::Drop, {}},
            {*parse_prefix("192.0.2.0/24"), AccessAction::ServiceCode, ReturnCode{0x7FFFFFFE}}};
        zones.zones[1].address_asked_code = ReturnCode{0x7FFFFFFC};
        zones.zones[3].any_full = true;
        zones.zones[3].six_to_four = true;
        zones.zones[3].malformed_code = ReturnCode{0x7FFFFFFC};
        zones.zones[3].domain_asked_code = ReturnCode{0x7FFFFFFD};
        zones.version = "fairlist test";
        auto table = make_zone_table(zones);
        ASSERT_TRUE(table.has_value()) << table.error().message;
        view_ = std::make_unique<View>(store_.environment(), *table);
    }

    void add(std::string_view list, std::string_view subject, Time until = {},
             std::uint32_t code = 0, std::string reason = "") {
        const ListKind kind = list == "dbl"   ? ListKind::Domain
                              : list == "hbl" ? ListKind::Hash
                                              : ListKind::Address;
        NewEntry entry{
            *parse_subject(kind, subject), exempt_, ReturnCode{code}, 0, std::move(reason), until};
        const auto added = manager_->add({"t"}, list, "manual", entry);
        ASSERT_TRUE(added.has_value()) << added.error().message;
    }
    void exempt(std::string_view list, std::string_view subject) {
        exempt_ = true;
        add(list, subject);
        exempt_ = false;
    }

    const dns::Answer& resolve_one(std::string_view name, std::uint16_t type,
                                   std::string_view client = "198.18.0.1",
                                   std::uint16_t klass = dns::klass::kIn) {
        dns::Query query = ask(name, type);
        query.klass = klass;
        answer_.reset();
        view_->begin(kNow);
        resolve(query, {*parse_address(client), false}, *view_, answer_);
        text_ = render(answer_);
        view_->end();
        return answer_;
    }

    bool exempt_ = false;
    test::ScratchStore store_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<View> view_;
    dns::Answer answer_;
    std::string text_;
};

struct Row {
    std::string name;
    std::string question;  // "v4:" and "v6:" are reversed
    std::uint16_t type;
    std::string expected;
};

TEST_F(ResolverTest, Table) {
    using dns::type::kA;
    using dns::type::kAaaa;
    using dns::type::kAny;
    using dns::type::kNs;
    using dns::type::kSoa;
    using dns::type::kTxt;
    const std::vector<Row> rows = {
        {"listed_a_in_code_order", "v4:11.1.2.3", kA, "NOERROR 127.0.0.2 127.0.0.10"},
        {"listed_txt", "v4:11.1.2.3", kTxt,
         "NOERROR \"sbl: 11.1.2.3 by 11.1.2.3\" \"pbl: 11.1.2.3 by 11.1.0.0/16\""},
        {"own_reason", "v4:11.1.4.9", kTxt,
         "NOERROR \"text 127.0.0.2 {x}\" \"pbl: 11.1.4.9 by 11.1.0.0/16\""},
        {"own_code", "v4:11.2.0.9", kA, "NOERROR 127.0.0.9"},
        {"other_type", "v4:11.1.2.3", kAaaa, "NODATA"},
        {"any_is_minimal", "v4:11.1.2.3", kAny, "NOERROR type13"},
        {"exempt_in_one_list", "v4:11.1.5.1", kA, "NXDOMAIN"},
        {"not_listed", "v4:12.0.0.1", kA, "NXDOMAIN"},
        {"not_listed_other_type", "v4:12.0.0.1", kTxt, "NXDOMAIN"},
        {"expired", "v4:11.3.0.2", kA, "NXDOMAIN"},
        {"partial_with_entries", "1.11.zen.bl.test", kA, "NODATA"},
        {"partial_whole_network", "2.11.zen.bl.test", kA, "NODATA"},
        {"partial_without", "250.11.zen.bl.test", kA, "NXDOMAIN"},
        {"partial_only_expired_and_live", "0.3.11.zen.bl.test", kA, "NODATA"},
        {"partial_all_exempt", "0.4.11.zen.bl.test", kA, "NXDOMAIN"},
        {"partial_all_exempt_wider", "4.11.zen.bl.test", kA, "NXDOMAIN"},
        {"v6_listed", "v6:2a00:1:2::5", kA, "NOERROR 127.0.0.2"},
        {"v6_not_listed", "v6:2a00:1:3::5", kA, "NXDOMAIN"},
        {"v6_partial", "1.0.0.0.0.0.a.2.zen.bl.test", kA, "NODATA"},
        {"v6_partial_without", "2.0.0.0.0.0.a.2.zen.bl.test", kA, "NXDOMAIN"},
        {"v6_partial_upper_case", "1.0.0.0.0.0.A.2.zen.bl.test", kA, "NODATA"},
        {"v4_mapped", "v6:::ffff:11.2.0.9", kA, "NOERROR 127.0.0.9"},
        // 1.0.0.0 is an address and begins the name of an IPv6 one: nothing is below 0001::/16.
        {"octets_that_are_nibbles", "1.0.0.0.zen.bl.test", kA, "NXDOMAIN"},
        // The nibbles 2, a of 2a00::/8 have an entry below.
        {"nibble_path", "0.0.a.2.zen.bl.test", kA, "NODATA"},
        {"test_point", "v4:127.0.0.2", kA, "NOERROR 127.0.0.2 127.0.0.10"},
        {"test_point_txt", "v4:127.0.0.2", kTxt,
         "NOERROR \"test entry, listed for RFC 5782 section 5 only\""},
        {"test_point_unlisted", "v4:127.0.0.1", kA, "NXDOMAIN"},
        {"test_point_of_list_code", "v4:127.0.0.10", kA, "NOERROR 127.0.0.10"},
        {"test_point_of_entry_code", "v4:127.0.0.9", kA, "NOERROR 127.0.0.9"},
        {"test_point_of_no_code", "v4:127.0.0.11", kA, "NXDOMAIN"},
        {"test_point_v6", "v6:::ffff:7f00:2", kA, "NOERROR 127.0.0.2 127.0.0.10"},
        {"test_point_v6_unlisted", "v6:::ffff:7f00:1", kA, "NXDOMAIN"},
        {"test_point_exists_partly", "127.zen.bl.test", kA, "NODATA"},
        {"test_point_exists_partly_2", "0.0.127.zen.bl.test", kA, "NODATA"},
        {"leading_zero", "3.2.1.011.zen.bl.test", kA, "NXDOMAIN"},
        {"octet_too_large", "3.2.1.300.zen.bl.test", kA, "NXDOMAIN"},
        {"five_octets", "9.3.2.1.11.zen.bl.test", kA, "NXDOMAIN"},
        {"empty_looking", "-1.2.1.11.zen.bl.test", kA, "NXDOMAIN"},
        {"domain_in_address_zone", "bad.example.zen.bl.test", kA, "NXDOMAIN"},
        {"apex_soa", "zen.bl.test", kSoa, "NOERROR type6"},
        {"apex_ns", "zen.bl.test", kNs, "NOERROR type2"},
        {"apex_a", "zen.bl.test", kA, "NOERROR 192.0.2.80"},
        {"apex_other", "zen.bl.test", kAaaa, "NODATA"},
        {"apex_any", "zen.bl.test", kAny, "NOERROR type6"},
        {"static_below", "a.www.zen.bl.test", kA, "NOERROR 192.0.2.81"},
        {"static_between", "www.zen.bl.test", kA, "NODATA"},
        {"static_missing", "b.www.zen.bl.test", kA, "NXDOMAIN"},
        {"no_zone", "3.2.1.11.example.org", kA, "REFUSED"},
        {"root", "", kNs, "REFUSED"},
        {"domain_exact", "bad.example.dbl.bl.test", kA, "NOERROR 127.0.1.2"},
        {"domain_not_below", "x.bad.example.dbl.bl.test", kA, "NXDOMAIN"},
        {"domain_parent", "example.dbl.bl.test", kA, "NODATA"},
        {"domain_parent_of_none", "nothing.dbl.bl.test", kA, "NXDOMAIN"},
        {"wildcard_below", "x.y.wild.example.dbl.bl.test", kA, "NOERROR 127.0.1.2"},
        {"wildcard_itself", "wild.example.dbl.bl.test", kA, "NODATA"},
        {"wildcard_star", "*.wild.example.dbl.bl.test", kA, "NOERROR 127.0.1.2"},
        {"both_itself", "both.example.dbl.bl.test", kTxt,
         "NOERROR \"dbl: both.example by both.example\""},
        {"both_below", "q.both.example.dbl.bl.test", kTxt,
         "NOERROR \"dbl: q.both.example by both.example\""},
        // Only the name itself is exempt: what is below it stays listed.
        {"exempt_name", "good.both.example.dbl.bl.test", kA, "NODATA"},
        {"below_exempt_name", "q.good.both.example.dbl.bl.test", kA, "NOERROR 127.0.1.2"},
        {"domain_test", "TEST.dbl.bl.test", kA, "NOERROR 127.0.1.2"},
        {"domain_invalid", "invalid.dbl.bl.test", kA, "NXDOMAIN"},
        {"hash", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709._email.hbl.bl.test", kA,
         "NOERROR 127.0.3.2"},
        {"hash_without_class", "da39a3ee5e6b4b0d3255bfef95601890afd80709.hbl.bl.test", kA,
         "NXDOMAIN"},
        {"hash_class_exists", "_email.hbl.bl.test", kA, "NODATA"},
        {"hash_class_empty", "_url.hbl.bl.test", kA, "NXDOMAIN"},
        {"hash_not_listed", "da39a3ee5e6b4b0d3255bfef95601890afd8070a._email.hbl.bl.test", kA,
         "NXDOMAIN"},
        {"hash_with_slash", "a/b._email.hbl.bl.test", kA, "NXDOMAIN"},
        {"parent_zone_any_full", "3.2.1.11.bl.test", kAny,
         "NOERROR 127.0.0.2 \"sbl: 11.1.2.3 by 11.1.2.3\""},
        {"parent_zone_malformed_code", "3.2.1.300.bl.test", kA, "NOERROR 127.255.255.252"},
        {"parent_zone_domain_code", "bad.example.bl.test", kA, "NOERROR 127.255.255.253"},
        {"address_asked", "3.2.1.11.dbl.bl.test", kA, "NOERROR 127.255.255.252"},
        {"address_asked_v6", "v6d:2a00:1:2::1", kA, "NOERROR 127.255.255.252"},
        {"address_asked_test_point", "2.0.0.127.dbl.bl.test", kA, "NOERROR 127.255.255.252"},
        {"address_asked_text", "3.2.1.11.dbl.bl.test", kTxt,
         "NOERROR \"no such kind of question in this zone\""},
        {"address_asked_partial", "1.11.dbl.bl.test", kA, "NODATA"},
        {"address_asked_too_long", "5.3.2.1.11.dbl.bl.test", kA, "NXDOMAIN"},
        {"address_asked_elsewhere", "3.2.1.11.hbl.bl.test", kA, "NXDOMAIN"},
        {"six_to_four", "v6b:2002:0b01:0203::1", kA, "NOERROR 127.0.0.2"},
        {"six_to_four_off", "v6:2002:0b01:0203::1", kA, "NXDOMAIN"},
        {"six_to_four_partial", "1.0.b.0.2.0.0.2.bl.test", kA, "NODATA"},
    };
    for (const Row& row : rows) {
        std::string question = row.question;
        for (const std::string_view prefix : {"v4:", "v6:"}) {
            if (question.starts_with(prefix)) {
                question = reversed(std::string_view(question).substr(3)) + ".zen.bl.test";
            }
        }
        if (question.starts_with("v6d:")) {
            question = reversed(std::string_view(question).substr(4)) + ".dbl.bl.test";
        }
        if (question.starts_with("v6b:")) {
            question = reversed(std::string_view(question).substr(4)) + ".bl.test";
        }
        resolve_one(question, row.type);
        EXPECT_EQ(text_, row.expected) << row.name << ": " << question;
    }
}

TEST_F(ResolverTest, AccessByClient) {
    const std::string name = reversed("11.1.2.3") + ".zen.bl.test";
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"198.18.0.1", "NOERROR 127.0.0.2 127.0.0.10"},   {"198.51.100.1", "REFUSED EDE18"},
        {"198.51.100.7", "NOERROR 127.0.0.2 127.0.0.10"}, {"203.0.113.1", "DROP"},
        {"192.0.2.1", "NOERROR 127.255.255.254"},
    };
    for (const auto& [client, expected] : rows) {
        resolve_one(name, dns::type::kA, client);
        EXPECT_EQ(text_, expected) << client;
    }
    resolve_one("zen.bl.test", dns::type::kSoa, "192.0.2.1");
    EXPECT_EQ(text_, "NOERROR type6");
}

TEST_F(ResolverTest, TtlNeverOutlivesTheEntry) {
    EXPECT_EQ(
        resolve_one(reversed("11.3.0.1") + ".zen.bl.test", dns::type::kA).answer[0].ttl_seconds,
        60U);
    EXPECT_EQ(
        resolve_one(reversed("11.1.2.3") + ".zen.bl.test", dns::type::kA).answer[0].ttl_seconds,
        300U);
}

TEST_F(ResolverTest, NegativeTtlIsTheSmallerOne) {
    // RFC 2308 section 3: the SOA's own TTL is 3600, its MINIMUM 300.
    const dns::Answer& answer = resolve_one(reversed("12.0.0.1") + ".zen.bl.test", dns::type::kA);
    ASSERT_EQ(answer.authority_count, 1);
    EXPECT_EQ(answer.authority[0].ttl_seconds, 300U);
    EXPECT_EQ(answer.authority[0].owner_label, 4);
}

TEST_F(ResolverTest, NextBatchSeesTheChange) {
    const std::string name = reversed("14.1.1.1") + ".zen.bl.test";
    resolve_one(name, dns::type::kA);
    EXPECT_EQ(text_, "NXDOMAIN");
    add("sbl", "14.1.1.1");
    resolve_one(name, dns::type::kA);
    EXPECT_EQ(text_, "NOERROR 127.0.0.2");
}

TEST_F(ResolverTest, Chaos) {
    resolve_one("version.bind", dns::type::kTxt, "198.18.0.1", dns::klass::kChaos);
    EXPECT_EQ(text_, "NOERROR \"fairlist test\"");
    resolve_one("id.server", dns::type::kTxt, "198.18.0.1", dns::klass::kChaos);
    EXPECT_EQ(text_, "REFUSED");
    for (const int klass : {0, 4, 254, 255, 1000}) {
        resolve_one("zen.bl.test", dns::type::kSoa, "198.18.0.1",
                    static_cast<std::uint16_t>(klass));
        EXPECT_EQ(text_, "REFUSED") << klass;
    }
}

// Lists and zones of a test's own, in a store of its own.
class Site {
  public:
    Site(std::vector<ListSpec> lists, std::vector<ZoneSpec> zones) {
        Manager::Options options;
        options.lists = lists;
        options.clock = [] {
            return kNow;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
        serve({.lists = std::move(lists), .zones = std::move(zones), .version = {}, .nsid = {}});
    }

    // Other zones on the same store, as after a reload.
    void serve(const ZoneTableOptions& options) {
        auto table = make_zone_table(options);
        ASSERT_TRUE(table.has_value()) << table.error().message;
        view_ = std::make_unique<View>(store_.environment(), *table);
    }

    void add(const std::string& list, std::string_view subject, std::string reason = "",
             Time until = {}) {
        const ListKind kind = kind_of_list(list);
        const NewEntry entry{*parse_subject(kind, subject), false, {}, 0, std::move(reason), until};
        const auto added = manager_->add({"t"}, list, "manual", entry);
        ASSERT_TRUE(added.has_value()) << added.error().message;
    }

    std::string ask(std::string_view name, std::uint16_t type, bool over_tcp = false) {
        answer_->reset();
        const dns::Query query = answer::ask(name, type);
        view_->begin(kNow);
        resolve(query, {*parse_address("198.18.0.1"), over_tcp}, *view_, *answer_);
        std::string text = answer_->truncate ? "TC" : render(*answer_);
        view_->end();
        return text;
    }
    [[nodiscard]] const dns::Answer& answer() const { return *answer_; }

  private:
    static ListKind kind_of_list(const std::string& list) {
        return list.starts_with("d") ? ListKind::Domain : ListKind::Address;
    }

    test::ScratchStore store_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<View> view_;
    std::unique_ptr<dns::Answer> answer_ = std::make_unique<dns::Answer>();
};

// RFC 2181 section 9: part of a set must not pass for the whole.
TEST(ResolverSets, AreWholeOrRefused) {
    std::vector<ListSpec> lists;
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < 50; ++i) {
        lists.push_back(list_of(fmt::format("a{}", i), ListKind::Address, 0x7F000002 + i));
        names.push_back(lists.back().name);
    }
    Site site(lists, {zone_of("bl.test", names)});
    // Filled in, each is as long as a reason may become.
    std::string long_reason;
    while (long_reason.size() < 980) {
        long_reason += "{since}";
    }
    for (const std::string& name : names) {
        site.add(name, "11.1.2.3", name + long_reason);
        site.add(name, "11.1.2.4", "short " + name);
    }
    site.ask("3.2.1.11.bl.test", dns::type::kA);
    EXPECT_EQ(site.answer().answer_count, 50);
    site.ask("2.0.0.127.bl.test", dns::type::kA);
    EXPECT_EQ(site.answer().answer_count, 50);
    site.ask("4.2.1.11.bl.test", dns::type::kTxt);
    EXPECT_EQ(site.answer().answer_count, 50);
    // 50 reasons of the greatest length are more than any message holds.
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kTxt), "TC");
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kTxt, true), "SERVFAIL");
}

// RFC 2181 section 5.
TEST(ResolverSets, HaveNoDoubles) {
    Site site({list_of("a1", ListKind::Address, 0x7F000002),
               list_of("a2", ListKind::Address, 0x7F000003)},
              {zone_of("bl.test", {"a1", "a2"})});
    site.add("a1", "11.1.2.3", "sends spam");
    site.add("a2", "11.1.2.3", "sends spam");
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kTxt), "NOERROR \"sends spam\"");
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kA), "NOERROR 127.0.0.2 127.0.0.3");
}

// RFC 8020: what has something below it exists, also when that is another zone's.
TEST(ResolverTree, NamesBetweenZonesExist) {
    Site site(
        {list_of("a1", ListKind::Address, 0x7F000002)},
        {zone_of("bl.test", {"a1"}), zone_of("x.y.bl.test", {"a1"}), zone_of("ybl.test", {"a1"})});
    EXPECT_EQ(site.ask("y.bl.test", dns::type::kA), "NODATA");
    EXPECT_EQ(site.ask("z.bl.test", dns::type::kA), "NXDOMAIN");
    EXPECT_EQ(site.ask("x.y.bl.test", dns::type::kSoa), "NOERROR type6");
}

// Each code of a zone is a test point, and so is what leads to it.
TEST(ResolverTree, NamesAboveMappedTestPointsExist) {
    Site site({list_of("a1", ListKind::Address, 0x7F000014)}, {zone_of("bl.test", {"a1"})});
    const std::string point = reversed("::ffff:127.0.0.20");
    EXPECT_EQ(site.ask(point + ".bl.test", dns::type::kA), "NOERROR 127.0.0.20");
    for (std::size_t at = 2; at < point.size(); at += 2) {
        EXPECT_EQ(site.ask(point.substr(at) + ".bl.test", dns::type::kA), "NODATA") << at;
    }
}

// RFC 4592 section 2.2.2: a wildcard covers every name below it, of whatever bytes.
TEST(ResolverTree, WildcardsCoverOddLabels) {
    Site site({list_of("d1", ListKind::Domain, 0x7F000102)}, {zone_of("bl.test", {"d1"})});
    site.add("d1", "*.wild.example");
    const std::string odd = std::string("a\0b", 3) + ".wild.example.bl.test";
    EXPECT_EQ(site.ask(odd, dns::type::kA), "NOERROR 127.0.1.2");
    EXPECT_EQ(site.ask(std::string("a\0b", 3) + ".tame.example.bl.test", dns::type::kA),
              "NXDOMAIN");
}

// "Not loaded" is never "not listed".
TEST(ResolverTree, UnknownListsAreNoAllClear) {
    const ListSpec known = list_of("a1", ListKind::Address, 0x7F000002);
    const ListSpec misspelt = list_of("a11", ListKind::Address, 0x7F000003);
    Site site({known}, {zone_of("bl.test", {"a1"})});
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kA), "NXDOMAIN");
    site.serve({.lists = {known, misspelt},
                .zones = {zone_of("bl.test", {"a1", "a11"}), zone_of("good.test", {"a1"})},
                .version = {},
                .nsid = {}});
    EXPECT_EQ(site.ask("3.2.1.11.bl.test", dns::type::kA), "SERVFAIL");
    EXPECT_EQ(site.answer().extended_error.code, 14);  // Not Ready (RFC 8914 section 4.15)
    EXPECT_EQ(site.ask("3.2.1.11.good.test", dns::type::kA), "NXDOMAIN");
}

// What has ended is stepped over for a while only; then the name counts as one that exists.
TEST(ResolverTree, PartialNamesAboveManyEndedEntriesExist) {
    Site site(
        {list_of("a1", ListKind::Address, 0x7F000002), list_of("d1", ListKind::Domain, 0x7F000102)},
        {zone_of("bl.test", {"a1"}), zone_of("dbl.test", {"d1"})});
    const Time ended{kNow.seconds - 1};
    for (unsigned i = 0; i < index::kBelowStepsMax / 2; ++i) {
        site.add("a1", fmt::format("11.1.{}.{}", i / 250, i % 250), "", ended);
        site.add("d1", fmt::format("n{}.few", i), "", ended);
    }
    EXPECT_EQ(site.ask("1.11.bl.test", dns::type::kA), "NXDOMAIN");
    EXPECT_EQ(site.ask("few.dbl.test", dns::type::kA), "NXDOMAIN");
    for (unsigned i = 0; i < index::kBelowStepsMax + 1; ++i) {
        site.add("a1", fmt::format("11.2.{}.{}", i / 250, i % 250), "", ended);
        site.add("d1", fmt::format("n{}.many", i), "", ended);
    }
    EXPECT_EQ(site.ask("2.11.bl.test", dns::type::kA), "NODATA");
    EXPECT_EQ(site.ask("many.dbl.test", dns::type::kA), "NODATA");
    EXPECT_EQ(site.ask("1.0.2.11.bl.test", dns::type::kA), "NXDOMAIN");
}

}  // namespace
}  // namespace fairlist::answer
