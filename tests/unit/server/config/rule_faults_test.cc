// Faults of what concerns traps: [trap], [[rule]], [[space]], [http] and the roles.
#include "tests/unit/server/config/fault_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::config {
namespace {

constexpr std::string_view kFrom2 = "store.path = \"s\"\n";
// The line on which a row's own text starts is in its prefix's name.
constexpr std::string_view kListsFrom9 = R"(store.path = "s"
[[list]]
name = "css"
[[list]]
name = "dbl"
kind = "domain"
[[list]]
name = "hbl"
)";
constexpr std::string_view kRuleFrom12 = R"(store.path = "s"
[[list]]
name = "css"
[[list]]
name = "dbl"
kind = "domain"
[[list]]
name = "free"
foreign_codes = true
[[rule]]
name = "r"
)";
constexpr std::string_view kSpaceFrom5 = R"(store.path = "s"
[[space]]
prefix = "198.51.100.0/24"
use = "static"
)";

class ConfigRuleFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(ConfigRuleFaults, AreFoundWhereTheyStand) {
    expect_faults(GetParam());
}

const std::vector<FaultRow> kRuleRows = {
    {"least", kRuleFrom12, "list = \"css\"\n", {}},
    {"nothing_given",
     kFrom2,
     "[[rule]]\n",
     {"2:1 rule[0].name: missing", "2:1 rule[0].list: missing"}},
    {"name",
     kRuleFrom12,
     "list = \"css\"\n[[rule]]\nname = \"A\"\nlist = \"css\"\n",
     {"14:8 rule[1].name: name \"A\": expected 1 to 32 of a-z 0-9 _ -"}},
    {"name_twice",
     kRuleFrom12,
     "list = \"css\"\n[[rule]]\nname = \"r\"\nlist = \"css\"\n",
     {"14:8 rule[1].name: \"r\": there is a rule of this name at c.toml:11:8"}},
    {"list_unknown",
     kRuleFrom12,
     "list = \"ccs\"\n",
     {"12:8 rule[0].list: \"ccs\": no such list (did you mean \"css\"?)"}},
    {"target_unknown",
     kRuleFrom12,
     "list = \"css\"\ntarget = \"link\"\n",
     {"13:10 rule[0].target: \"link\": expected address, signer, links (did you mean "
      "\"links\"?)"}},
    {"address_on_a_list_of_domains",
     kRuleFrom12,
     "list = \"dbl\"\n",
     {"12:8 rule[0].list: \"dbl\": is of kind domain, but target \"address\" needs a list of kind "
      "address"}},
    {"signer_on_a_list_of_addresses",
     kRuleFrom12,
     "list = \"css\"\ntarget = \"signer\"\n",
     {"12:8 rule[0].list: \"css\": is of kind address, but target \"signer\" needs a list of kind "
      "domain"}},
    {"signer_on_a_list_of_domains", kRuleFrom12, "list = \"dbl\"\ntarget = \"signer\"\n", {}},
    {"links_on_a_list_of_domains", kRuleFrom12, "list = \"dbl\"\ntarget = \"links\"\n", {}},
    {"links_on_a_list_of_addresses", kRuleFrom12, "list = \"css\"\ntarget = \"links\"\n", {}},
    {"links_on_a_list_of_hashes",
     kListsFrom9,
     "kind = \"hash\"\n[[rule]]\nname = \"r\"\nlist = \"hbl\"\ntarget = \"links\"\n",
     {"12:8 rule[0].list: \"hbl\": is of kind hash, but target \"links\" needs a list of kind "
      "domain or address"}},
    {"kinds", kRuleFrom12, "list = \"css\"\nkinds = [\"mail\", \"ssh\"]\n", {}},
    {"kind_unknown",
     kRuleFrom12,
     "list = \"css\"\nkinds = [\"mail\", \"mial\"]\n",
     {"13:18 rule[0].kinds[1]: kind \"mial\": expected mail, report, web, ssh or other"}},
    {"no_hits",
     kRuleFrom12,
     "list = \"css\"\nhits = 0\n",
     {"13:8 rule[0].hits: 0: below the limit of 1"}},
    {"no_traps",
     kRuleFrom12,
     "list = \"css\"\ntraps = 0\n",
     {"13:9 rule[0].traps: 0: below the limit of 1"}},
    {"too_many_hits",
     kRuleFrom12,
     "list = \"css\"\nhits = 1001\n",
     {"13:8 rule[0].hits: 1001: above the limit of 1000"}},
    {"more_traps_than_hits", kRuleFrom12, "list = \"css\"\nhits = 1\ntraps = 2\n", {}},
    {"longest_window", kRuleFrom12, "list = \"css\"\nwindow = \"90d\"\n", {}},
    {"window_too_long",
     kRuleFrom12,
     "list = \"css\"\nwindow = \"91d\"\n",
     {"13:10 rule[0].window: \"91d\": above the limit of 90d"}},
    {"window_too_short",
     kRuleFrom12,
     "list = \"css\"\nwindow = 59\n",
     {"13:10 rule[0].window: 59: below the limit of 1m"}},
    {"window_longer_than_hits_are_kept",
     kRuleFrom12,
     "list = \"css\"\nwindow = \"40d\"\n[trap]\nkeep_hits = \"39d\"\n",
     {"13:10 rule[0].window: 40d: longer than hits are kept, trap.keep_hits is 39d"}},
    {"lifetimes", kRuleFrom12, "list = \"css\"\nlifetimes = [60, \"1h\", \"1h\", \"1d\"]\n", {}},
    {"lifetimes_empty",
     kRuleFrom12,
     "list = \"css\"\nlifetimes = []\n",
     {"13:13 rule[0].lifetimes: empty: at least one is needed, such as \"1d\""}},
    {"lifetimes_descend",
     kRuleFrom12,
     "list = \"css\"\nlifetimes = [\"1d\", \"3d\", \"2d\"]\n",
     {"13:13 rule[0].lifetimes: 2d after 3d: expected each to be no shorter than the one before"}},
    {"lifetimes_wrong",
     kRuleFrom12,
     "list = \"css\"\nlifetimes = [\"1x\", true, 59, \"3651d\"]\n",
     {"13:14 rule[0].lifetimes[0]: duration \"1x\": expected",
      "13:20 rule[0].lifetimes[1]: true: expected a string, found a boolean",
      "13:26 rule[0].lifetimes[2]: 59: below the limit of 1m",
      "13:30 rule[0].lifetimes[3]: \"3651d\": above the limit of 3650d"}},
    {"lifetimes_too_many",
     kRuleFrom12,
     "list = \"css\"\nlifetimes = [60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60]\n",
     {"13:13 rule[0].lifetimes: 17 lifetimes, the limit is 16"}},
    {"escalation", kRuleFrom12, "list = \"css\"\nescalate = 3\nborder_v4 = 24\n", {}},
    {"escalation_of_domains",
     kRuleFrom12,
     "list = \"dbl\"\ntarget = \"signer\"\nescalate = 3\n",
     {"14:12 rule[0].escalate: 3: list \"dbl\" is of kind domain, and a domain has no border"}},
    {"borders_too_wide",
     kRuleFrom12,
     "list = \"css\"\nborder_v4 = 15\nborder_v6 = 31\n",
     {"13:13 rule[0].border_v4: 15: below the limit of 16",
      "14:13 rule[0].border_v6: 31: below the limit of 32"}},
    {"borders_too_narrow",
     kRuleFrom12,
     "list = \"css\"\nborder_v4 = 33\nborder_v6 = 65\n",
     {"13:13 rule[0].border_v4: 33: above the limit of 32",
      "14:13 rule[0].border_v6: 65: above the limit of 64"}},
    {"code", kRuleFrom12, "list = \"css\"\ncode = 4\n", {}},
    {"code_foreign",
     kRuleFrom12,
     "list = \"css\"\ncode = \"10.0.0.1\"\n",
     {"13:8 rule[0].code: code 10.0.0.1: must lie in 127/8"}},
    {"code_foreign_allowed_by_the_list", kRuleFrom12, "list = \"free\"\ncode = \"10.0.0.1\"\n", {}},
    {"code_malformed",
     kRuleFrom12,
     "list = \"css\"\ncode = \"127.0\"\n",
     {"13:8 rule[0].code: code \"127.0\": expected 127.0.0.2 or 2"}},
    {"reason_in_reason",
     kRuleFrom12,
     "list = \"css\"\nreason = \"{reason}\"\n",
     {"13:10 rule[0].reason: \"{reason}\": no such placeholder here"}},
    {"ttl",
     kRuleFrom12,
     "list = \"css\"\nttl = \"8d\"\n",
     {"13:7 rule[0].ttl: \"8d\": above the limit of 1w"}},
    {"notice",
     kRuleFrom12,
     "list = \"css\"\nnotice = \"31d\"\n",
     {"13:10 rule[0].notice: \"31d\": above the limit of 30d"}},
};
INSTANTIATE_TEST_SUITE_P(Rules, ConfigRuleFaults, testing::ValuesIn(kRuleRows), row_name);

TEST(ConfigRules, AtMost64) {
    std::string text(kListsFrom9);
    for (int i = 0; i < 64; ++i) {
        text += "[[rule]]\nname = \"r" + std::to_string(i) + "\"\nlist = \"css\"\n";
    }
    EXPECT_THAT(fault_texts(load_text(text, "c.toml")), testing::IsEmpty());
    text += "[[rule]]\nname = \"more\"\nlist = \"css\"\n";
    EXPECT_THAT(fault_texts(load_text(text, "c.toml")),
                testing::ElementsAre("201:1 rule[64]: 65 rules, the limit is 64"));
}

const std::vector<FaultRow> kSpaceRows = {
    {"least", kSpaceFrom5, "", {}},
    {"nothing_given",
     kFrom2,
     "[[space]]\n",
     {"2:1 space[0].prefix: missing", "2:1 space[0].use: missing"}},
    {"host_bits",
     kFrom2,
     "[[space]]\nprefix = \"198.51.100.1/24\"\nuse = \"static\"\n",
     {"3:10 space[0].prefix: prefix \"198.51.100.1/24\": host bits are set"}},
    {"use",
     kFrom2,
     "[[space]]\nprefix = \"198.51.100.0/24\"\nuse = \"mail service\"\n",
     {"4:7 space[0].use: use \"mail service\": expected dynamic, static, shared"}},
    {"twice",
     kSpaceFrom5,
     "[[space]]\nprefix = \"198.51.100.0/24\"\nuse = \"shared\"\n",
     {"6:10 space[1].prefix: 198.51.100.0/24: given twice"}},
    {"nested", kSpaceFrom5, "[[space]]\nprefix = \"198.51.100.0/25\"\nuse = \"shared\"\n", {}},
    {"provider_domain",
     kSpaceFrom5,
     "provider_domains = [\"host.example\", \"a..b\"]\n",
     {"5:37 space[0].provider_domains[1]: domain \"a..b\": empty label"}},
    {"customer_too_long",
     kSpaceFrom5,
     "customer = \"" + std::string(256, 'x') + "\"\n",
     {"5:12 space[0].customer: \"" + std::string(64, 'x') + "...\": 256 bytes, the limit is 255"}},
};
INSTANTIATE_TEST_SUITE_P(Space, ConfigRuleFaults, testing::ValuesIn(kSpaceRows), row_name);

const std::vector<FaultRow> kTrapRows = {
    {"nothing", kFrom2, "[trap]\n", {}},
    {"listen_without_port", kFrom2, "[trap]\nlisten = [\"127.0.0.1\", \"[::1]:0\"]\n", {}},
    {"listen_by_name",
     kFrom2,
     "[trap]\nlisten = [\"localhost:24\"]\n",
     {"3:11 trap.listen[0]: \"localhost:24\": expected an address and a port, such as "
      "\"192.0.2.1:24\" or"}},
    {"listen_twice",
     kFrom2,
     "[trap]\nlisten = [\"127.0.0.1\", \"127.0.0.1:24\"]\n",
     {"3:24 trap.listen[1]: named twice"}},
    {"listens_where_the_server_does",
     kFrom2,
     "[server]\nlisten = [\"127.0.0.1:24\"]\n[trap]\nlisten = [\"127.0.0.1\"]\n"
     "[http]\nlisten = [\"127.0.0.1:24\"]\n",
     {"5:11 trap.listen[0]: named in server.listen too",
      "7:11 http.listen[0]: named in server.listen too"}},
    {"socket_longest", kFrom2, "[trap]\nsocket = \"" + std::string(107, 's') + "\"\n", {}},
    {"socket_too_long",
     kFrom2,
     "[trap]\nsocket = \"" + std::string(108, 's') + "\"\n",
     {"3:10 trap.socket: \"" + std::string(64, 's') +
      "...\": 108 bytes, the limit for a socket is "
      "107"}},
    {"trusted_client",
     kFrom2,
     "[trap]\ntrusted_clients = [\"10.0.0.1/8\"]\n",
     {"3:20 trap.trusted_clients[0]: prefix \"10.0.0.1/8\": host bits are set"}},
    {"message_limits", kFrom2, "[trap]\nmessage_bytes_max = 65536\n", {}},
    {"message_too_small",
     kFrom2,
     "[trap]\nmessage_bytes_max = 65535\n",
     {"3:21 trap.message_bytes_max: 65535: below the limit of 65536"}},
    {"message_too_large",
     kFrom2,
     "[trap]\nmessage_bytes_max = 67108865\n",
     {"3:21 trap.message_bytes_max: 67108865: above the limit of 67108864"}},
    {"kept_too_short",
     kFrom2,
     "[trap]\nkeep_mail = \"59m\"\nkeep_hits = \"59m\"\n",
     {"3:13 trap.keep_mail: \"59m\": below the limit of 1h",
      "4:13 trap.keep_hits: \"59m\": below the limit of 1h"}},
    {"resolver_port",
     kFrom2,
     "[trap]\nresolver = [\"192.0.2.53\", \"192.0.2.53:0\"]\n",
     {"3:27 trap.resolver[1]: \"192.0.2.53:0\": no server answers on port 0"}},
    {"space_file_missing",
     kFrom2,
     "[trap]\nspace_file = \"no-such-folder/space\"\n",
     {"3:14 trap.space_file: \"no-such-folder/space\": No such file"}},
    {"certificate_without_key",
     kFrom2,
     "[http]\ncertificate = \"c.pem\"\n",
     {"2:1 http.key: missing: TLS needs both a certificate and its key"}},
    {"key_without_certificate",
     kFrom2,
     "[http]\nkey = \"k.pem\"\n",
     {"2:1 http.certificate: missing: TLS needs both a certificate and its key"}},
    {"mail_without_sender",
     kFrom2,
     "[mail]\nserver = \"smtp://127.0.0.1:25\"\n",
     {"2:1 mail.from: missing: mail needs a sender"}},
    {"mail_server",
     kFrom2,
     "[mail]\nserver = \"mail.example\"\nfrom = \"a@bl.example\"\n",
     {"3:10 mail.server: \"mail.example\": expected smtp://HOST:PORT or smtps://HOST:PORT"}},
    {"mail_sender_with_a_name",
     kFrom2,
     "[mail]\nfrom = \"Lists <a@bl.example>\"\n",
     {"3:8 mail.from: \"Lists <a@bl.example>\": expected a mail address such as abuse@bl.example"}},
    {"password_without_tls",
     kFrom2,
     "[mail]\nserver = \"smtp://a.example\"\nfrom = \"a@bl.example\"\nuser = \"a\"\n"
     "password_file = \"p\"\n",
     {"2:1 mail.needs_tls: missing: a password goes over TLS only"}},
    {"site_url_with_slash",
     kFrom2,
     "[site]\nurl = \"https://bl.example/\"\n",
     {"3:7 site.url: \"https://bl.example/\": expected https://HOST without a slash at its end"}},
    {"reports_none_a_day",
     kFrom2,
     "[reports]\nmessages_per_day = 0\n",
     {"3:20 reports.messages_per_day: 0: below the limit of 1"}},
    {"roles_without_dns_need_no_listener",
     kFrom2,
     "[server]\nroles = [\"trap\", \"jobs\"]\n[trap]\nsocket = \"t\"\n",
     {}},
    {"role_dns", kFrom2, "[server]\nroles = [\"dns\"]\n", {"2:1 server.listen: missing"}},
    {"role_unknown",
     kFrom2,
     "[server]\nroles = [\"dsn\"]\nlisten = [\"::\"]\n",
     {"3:10 server.roles[0]: \"dsn\": expected dns, trap, jobs or http"}},
    {"roles_without_what_they_need",
     kFrom2,
     "[server]\nroles = [\"trap\", \"http\"]\n",
     {"3:9 server.roles: \"trap\": needs trap.listen or trap.socket",
      "3:9 server.roles: \"http\": needs http.listen or http.socket"}},
};
INSTANTIATE_TEST_SUITE_P(Trap, ConfigRuleFaults, testing::ValuesIn(kTrapRows), row_name);

class ConfigSpaceFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::path(testing::TempDir()) / "spaceXXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Loaded load_with(const std::string& content) const {
        std::ofstream(folder_ / "space.txt") << content;
        return load_text(
            "store.path = \"s\"\ntrap.space_file = \"space.txt\"\n"
            "[[space]]\nprefix = \"198.51.100.0/24\"\nuse = \"shared\"\n",
            folder_ / "c.toml");
    }
    [[nodiscard]] std::string file() const { return (folder_ / "space.txt").string(); }

  private:
    std::filesystem::path folder_;
};

TEST_F(ConfigSpaceFile, IsReadBeforeTheTables) {
    const Loaded loaded = load_with(
        "# ours\n198.51.100.0/24 static\n\n"
        "  198.51.100.64/27\tassigned   C 1042  # a customer\r\n"
        "2001:db8::/48 dynamic");
    EXPECT_THAT(fault_texts(loaded), testing::IsEmpty());
    std::vector<std::string> ranges;
    for (const SpaceRange& range : loaded.config.space) {
        ranges.push_back(to_string(range.prefix) + " " + std::string(to_string(range.use)) + " '" +
                         range.customer + "'");
    }
    EXPECT_THAT(ranges, testing::ElementsAre(
                            "198.51.100.0/24 static ''", "198.51.100.64/27 assigned 'C 1042'",
                            "2001:db8::/48 dynamic ''", "198.51.100.0/24 shared ''"));
    // Of two with one prefix the later counts.
    EXPECT_EQ(AddressSpace(loaded.config.space).find(*parse_prefix("198.51.100.1"))->use,
              SpaceUse::Shared);
}

TEST_F(ConfigSpaceFile, FaultsNameTheirLines) {
    const Loaded loaded = load_with(
        "198.51.100.0/24\n198.51.100.1/24 static\n"
        "198.51.100.0/24 stat\n198.51.100.0/24 static " +
        std::string(256, 'x') + "\n");
    EXPECT_THAT(
        fault_texts(loaded),
        testing::ElementsAre(
            testing::StartsWith("2:19 trap.space_file: " + file() +
                                ":1: \"198.51.100.0/24\": expected a prefix, its use and"),
            testing::StartsWith("2:19 trap.space_file: " + file() +
                                ":2: prefix \"198.51.100.1/24\": host bits"),
            testing::StartsWith("2:19 trap.space_file: " + file() + ":3: use \"stat\": expected"),
            testing::StartsWith("2:19 trap.space_file: " + file() + ":4: ")));
}

}  // namespace
}  // namespace fairlist::config
