// Faults of [policy].
#include "tests/unit/server/config/fault_rows.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace fairlist::config {
namespace {

constexpr std::string_view kPolicyFrom13 = R"(store.path = "s"
[[list]]
name = "pbl"
[[list]]
name = "dnswl"
[[list]]
name = "dbl"
kind = "domain"
[[list]]
name = "all"
match = "all"
[policy]
)";

class ConfigPolicyFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(ConfigPolicyFaults, AreFoundWhereTheyStand) {
    expect_faults(GetParam());
}

const std::vector<FaultRow> kPolicyRows = {
    {"nothing_given", kPolicyFrom13, "", {}},
    {"both_lists", kPolicyFrom13, "list = \"pbl\"\nallow_list = \"dnswl\"\n", {}},
    {"list_unknown",
     kPolicyFrom13,
     "list = \"pbk\"\n",
     {"13:8 policy.list: \"pbk\": no such list (did you mean \"pbl\"?)"}},
    {"allow_list_unknown",
     kPolicyFrom13,
     "allow_list = \"dnswk\"\n",
     {"13:14 policy.allow_list: \"dnswk\": no such list (did you mean \"dnswl\"?)"}},
    {"list_of_domains",
     kPolicyFrom13,
     "list = \"dbl\"\n",
     {"13:8 policy.list: \"dbl\": is of kind domain, but policies are of addresses"}},
    {"allow_list_of_domains",
     kPolicyFrom13,
     "allow_list = \"dbl\"\n",
     {"13:14 policy.allow_list: \"dbl\": is of kind domain, but policies are of addresses"}},
    {"list_that_matches_all",
     kPolicyFrom13,
     "list = \"all\"\n",
     {"13:8 policy.list: \"all\": matches \"all\", but of a policy the narrowest range counts"}},
    {"one_list_for_both",
     kPolicyFrom13,
     "list = \"pbl\"\nallow_list = \"pbl\"\n",
     {"14:14 policy.allow_list: \"pbl\": is the policy list, which says the contrary"}},
    {"code_of_a_service",
     kPolicyFrom13,
     "list = \"pbl\"\nprovider_code = \"127.255.255.2\"\n",
     {"14:17 policy.provider_code: "}},
    {"code_abroad",
     kPolicyFrom13,
     "list = \"pbl\"\nquarantine_code = \"192.0.2.1\"\n",
     {"14:19 policy.quarantine_code: "}},
    {"fresh_for_an_hour",
     kPolicyFrom13,
     "fresh = \"1h\"\n",
     {"13:9 policy.fresh: \"1h\": below the limit of 1d"}},
    {"shrink_percent",
     kPolicyFrom13,
     "shrink_percent = 101\n",
     {"13:18 policy.shrink_percent: 101: above the limit of 100"}},
    {"unknown_key", kPolicyFrom13, "lists = [\"pbl\"]\n", {"13:1 policy.lists: unknown key"}},
};
INSTANTIATE_TEST_SUITE_P(Policy, ConfigPolicyFaults, testing::ValuesIn(kPolicyRows), row_name);

}  // namespace
}  // namespace fairlist::config
