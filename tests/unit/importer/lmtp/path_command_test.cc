#include "importer/lmtp/path_command.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

struct MailCase {
    std::string name;
    std::string arguments;
    std::string sender;
    std::uint64_t size = 0;
    std::optional<Errc> error = std::nullopt;
};

class LmtpMail : public testing::TestWithParam<MailCase> {};

TEST_P(LmtpMail, IsParsed) {
    const auto mail = parse_mail(GetParam().arguments);
    ASSERT_EQ(mail.has_value(), !GetParam().error);
    if (GetParam().error) {
        EXPECT_EQ(mail.error().code, *GetParam().error);
        EXPECT_EQ(mail.error().message.find("secret"), std::string::npos);
        return;
    }
    EXPECT_EQ(mail->sender, GetParam().sender);
    EXPECT_EQ(mail->size, GetParam().size);
}

const std::vector<MailCase> kMailCases = {
    {"plain", "FROM:<a@b.example>", "a@b.example"},
    {"empty", "FROM:<>", ""},
    {"any_case", "from:<a@b>", "a@b"},
    {"no_domain", "FROM:<root>", "root"},
    {"source_route", "FROM:<@x.example,@y.example:a@b>", "a@b"},
    {"quoted", R"(FROM:<"a>b \" c"@d>)", R"("a>b \" c"@d)"},
    {"parameters", "FROM:<a@b> SIZE=1000 BODY=8BITMIME SMTPUTF8", "a@b", 1000},
    {"parameters_in_any_case", "FROM:<a@b> size=7 body=7bit smtputf8", "a@b", 7},
    {"several_blanks", "FROM:<a@b>   SIZE=1", "a@b", 1},
    {"size_past_64_bits", "FROM:<a@b> SIZE=99999999999999999999", "a@b", UINT64_MAX},
    {"nothing", "", "", 0, Errc::Malformed},
    {"other_keyword", "TO:<secret@b>", "", 0, Errc::Malformed},
    {"no_brackets", "FROM:secret@b", "", 0, Errc::Malformed},
    {"blank_behind_the_colon", "FROM: <secret@b>", "", 0, Errc::Malformed},
    {"not_closed", "FROM:<secret@b", "", 0, Errc::Malformed},
    {"quote_not_closed", R"(FROM:<"secret@b>)", "", 0, Errc::Malformed},
    {"backslash_at_the_end", R"(FROM:<"secret\)", "", 0, Errc::Malformed},
    {"blank_inside", "FROM:<secret @b>", "", 0, Errc::Malformed},
    {"bracket_inside", "FROM:<<secret@b>>", "", 0, Errc::Malformed},
    {"text_behind", "FROM:<secret@b>SIZE=1", "", 0, Errc::Malformed},
    {"route_without_address", "FROM:<@secret>", "", 0, Errc::Malformed},
    {"size_without_value", "FROM:<secret@b> SIZE", "", 0, Errc::OutOfRange},
    {"size_empty", "FROM:<secret@b> SIZE=", "", 0, Errc::OutOfRange},
    {"size_no_number", "FROM:<secret@b> SIZE=-1", "", 0, Errc::OutOfRange},
    {"size_21_digits", "FROM:<secret@b> SIZE=000000000000000000001", "", 0, Errc::OutOfRange},
    {"size_twice", "FROM:<secret@b> SIZE=1 SIZE=1", "", 0, Errc::OutOfRange},
    {"body_unknown", "FROM:<secret@b> BODY=BINARYMIME", "", 0, Errc::OutOfRange},
    {"body_twice", "FROM:<secret@b> BODY=7BIT BODY=7BIT", "", 0, Errc::OutOfRange},
    {"utf8_with_value", "FROM:<secret@b> SMTPUTF8=1", "", 0, Errc::OutOfRange},
    {"not_offered", "FROM:<secret@b> RET=FULL", "", 0, Errc::Refused},
};

INSTANTIATE_TEST_SUITE_P(Rfc5321, LmtpMail, testing::ValuesIn(kMailCases),
                         [](const auto& param) { return param.param.name; });

struct RcptCase {
    std::string name;
    std::string arguments;
    std::string recipient;
    std::optional<Errc> error = std::nullopt;
};

class LmtpRcpt : public testing::TestWithParam<RcptCase> {};

TEST_P(LmtpRcpt, IsParsed) {
    const auto recipient = parse_rcpt(GetParam().arguments);
    ASSERT_EQ(recipient.has_value(), !GetParam().error);
    if (GetParam().error) {
        EXPECT_EQ(recipient.error().code, *GetParam().error);
        EXPECT_EQ(recipient.error().message.find("secret"), std::string::npos);
        return;
    }
    EXPECT_EQ(*recipient, GetParam().recipient);
}

const std::vector<RcptCase> kRcptCases = {
    {"plain", "TO:<a@b.example>", "a@b.example"},
    {"any_case", "To:<A@b.Example>", "A@b.Example"},
    {"postmaster", "TO:<Postmaster>", "Postmaster"},
    {"source_route", "TO:<@x.example:a@b>", "a@b"},
    {"utf8", "TO:<\xC3\xA4@b>", "\xC3\xA4@b"},
    {"longest", "TO:<" + std::string(254, 'a') + ">", std::string(254, 'a')},
    {"too_long", "TO:<" + std::string(255, 'a') + ">", "", Errc::Malformed},
    {"empty", "TO:<>", "", Errc::Malformed},
    {"other_keyword", "FROM:<secret@b>", "", Errc::Malformed},
    {"parameter", "TO:<secret@b> NOTIFY=NEVER", "", Errc::Refused},
};

INSTANTIATE_TEST_SUITE_P(Rfc5321, LmtpRcpt, testing::ValuesIn(kRcptCases),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::importer
