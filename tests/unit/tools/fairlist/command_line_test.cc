#include "tools/fairlist/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

struct LineCase {
    std::string name;
    std::vector<std::string> words;
    bool runs;
    ExitStatus status;
};

class CommandLine : public testing::TestWithParam<LineCase> {};

TEST_P(CommandLine, RunsAVerbOrSaysWhatIsWrong) {
    std::vector<const char*> argv = {"fairlist"};
    for (const std::string& word : GetParam().words) {
        argv.push_back(word.c_str());
    }
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const Command command = parse_command_line(static_cast<int>(argv.size()), argv.data());
    const std::string printed = testing::internal::GetCapturedStdout();
    const std::string complained = testing::internal::GetCapturedStderr();
    EXPECT_EQ(static_cast<bool>(command.run), GetParam().runs) << complained;
    EXPECT_EQ(command.status, GetParam().status);
    if (GetParam().status == ExitStatus::Usage) {
        EXPECT_THAT(complained,
                    testing::AnyOf(testing::StartsWith("fairlist: "),
                                   testing::StartsWith("{\"error\":{\"code\":\"usage\"")));
        EXPECT_EQ(std::ranges::count(complained, '\n'), 1);
    } else {
        EXPECT_EQ(complained, "");
        EXPECT_EQ(printed.empty(), GetParam().runs);
    }
}

constexpr ExitStatus kDone = ExitStatus::Done;
constexpr ExitStatus kUsage = ExitStatus::Usage;
using Words = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    CommandLine, CommandLine,
    testing::Values(
        LineCase{"verb", Words{"lists"}, true, kDone},
        LineCase{"global_option_before", Words{"--json", "lists"}, true, kDone},
        LineCase{"global_option_after", Words{"lists", "--json"}, true, kDone},
        LineCase{"global_option_after_a_verb_of_a_verb", Words{"feed", "list", "--config", "f"},
                 true, kDone},
        LineCase{"of_a_pipe",
                 Words{"trap", "deliver", "--recipient", "a@b.example", "--peer", "unknown"}, true,
                 kDone},
        LineCase{"an_empty_value_takes_no_other_option",
                 Words{"trap", "deliver", "--helo=", "--sender=", "--recipient=a@b.example"}, true,
                 kDone},
        LineCase{"dash_is_standard_input", Words{"add", "sbl", "-"}, true, kDone},
        LineCase{"several_subjects", Words{"add", "sbl", "a", "b", "--code", "2"}, true, kDone},
        LineCase{"help", Words{"--help"}, false, kDone},
        LineCase{"help_of_a_verb", Words{"import", "--help"}, false, kDone},
        LineCase{"version", Words{"--version"}, false, kDone},
        LineCase{"nothing", Words{}, false, kUsage},
        LineCase{"unknown_verb", Words{"lsts"}, false, kUsage},
        LineCase{"unknown_option", Words{"lists", "--al"}, false, kUsage},
        LineCase{"missing_list", Words{"import", "x"}, false, kUsage},
        LineCase{"missing_subject", Words{"add", "sbl"}, false, kUsage},
        LineCase{"exemption_without_reason", Words{"exempt", "sbl", "a"}, false, kUsage},
        LineCase{"two_ends", Words{"add", "sbl", "a", "--for", "1d", "--until", "2027-01-01"},
                 false, kUsage},
        LineCase{"feed_without_verb", Words{"feed"}, false, kUsage},
        LineCase{"negative_limit", Words{"entries", "--limit", "-1"}, false, kUsage},
        LineCase{"limit_of_nothing", Words{"journal", "--limit", "0"}, false, kUsage},
        LineCase{"rollback_to_none", Words{"feed", "rollback", "f", "--to", "0"}, false, kUsage},
        LineCase{"rollback_below_none", Words{"feed", "rollback", "f", "--to", "-1"}, false,
                 kUsage},
        LineCase{"rollback", Words{"feed", "rollback", "f", "--to", "3"}, true, kDone},
        LineCase{"unknown_import_format", Words{"import", "x", "--list", "l", "--format", "nix"},
                 false, kUsage},
        LineCase{"unknown_hash", Words{"hash", "md5", "x"}, false, kUsage},
        LineCase{"unknown_format", Words{"entries", "--format", "xml"}, false, kUsage},
        LineCase{"in_json", Words{"--json", "lists", "--al"}, false, kUsage}),
    [](const auto& param) { return param.param.name; });

struct ComplaintCase {
    std::string name;
    std::vector<std::string> words;
    std::string message;
};

class Complaint : public testing::TestWithParam<ComplaintCase> {};

TEST_P(Complaint, NamesWhatIsWrongAndTheHelpThatSaysMore) {
    std::vector<const char*> argv = {"fairlist"};
    for (const std::string& word : GetParam().words) {
        argv.push_back(word.c_str());
    }
    testing::internal::CaptureStderr();
    const Command command = parse_command_line(static_cast<int>(argv.size()), argv.data());
    const std::string complained = testing::internal::GetCapturedStderr();
    EXPECT_EQ(command.status, kUsage);
    EXPECT_THAT(complained, testing::StartsWith("fairlist: " + GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Complaint, Complaint,
    testing::Values(
        ComplaintCase{"misspelt", Words{"statsu"},
                      "\"statsu\": no such verb (did you mean \"status\"?); see \"fairlist "
                      "--help\"\n"},
        ComplaintCase{"misspelt_behind_an_option", Words{"--json=false", "lsts"},
                      "\"lsts\": no such verb (did you mean \"lists\"?); see"},
        ComplaintCase{"far_from_any", Words{"frobnicate"}, "\"frobnicate\": no such verb; see"},
        ComplaintCase{"below_feed", Words{"feed", "rnu", "drop"},
                      "\"rnu\": no such verb (did you mean \"run\"?); see \"fairlist feed "
                      "--help\"\n"},
        ComplaintCase{"none_below_feed", Words{"feed"},
                      "expected a verb: list, run, show, approve, rollback, forget"},
        ComplaintCase{"none", Words{}, "expected a verb: init, check, import, "},
        ComplaintCase{"missing_argument", Words{"add", "sbl"},
                      "SUBJECT is required; see \"fairlist add --help\"\n"},
        ComplaintCase{"missing_argument_below_feed", Words{"feed", "show"},
                      "NAME is required; see \"fairlist feed show --help\"\n"}),
    [](const auto& param) { return param.param.name; });

// A mail server must keep the mail when its own configuration is wrong.
TEST(CommandLineOfADelivery, IsToBeTriedAgain) {
    for (const std::vector<const char*>& argv :
         {std::vector<const char*>{"fairlist", "trap", "deliver"},
          std::vector<const char*>{"fairlist", "trap", "deliver", "--pear=192.0.2.1"},
          std::vector<const char*>{"fairlist", "--json", "trap", "deliver", "more"}}) {
        testing::internal::CaptureStderr();
        const Command command = parse_command_line(static_cast<int>(argv.size()), argv.data());
        EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("trap deliver"));
        EXPECT_EQ(command.status, ExitStatus::TryAgain);
        EXPECT_FALSE(command.run);
    }
}

}  // namespace
}  // namespace fairlist::cli
