#include "importer/lmtp/lmtp_session.h"

#include "tests/support/lmtp_dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using test::LmtpDialogue;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    }
    return out;
}

// Each line's code: "250 2.1.0"; "250" where no enhanced code belongs (RFC 2034 section 4).
std::vector<std::string> codes_of(std::string_view replies) {
    std::vector<std::string> out;
    for (const std::string& line : lines_of(replies)) {
        const std::size_t end = line.find(' ', 4);
        const bool enhanced = line.size() > 5 && line[3] == ' ' && line[5] == '.';
        out.push_back(enhanced ? line.substr(0, end) : line.substr(0, 3));
    }
    return out;
}

LmtpSessionOptions options(bool trusted = false) {
    LmtpSessionOptions out;
    out.host_name = "traps.example";
    out.trusted = trusted;
    return out;
}

struct DialogueCase {
    std::string name;
    std::vector<std::string> commands;  // each gets its CRLF
    std::vector<std::string> codes;     // of all replies behind the greeting
    bool trusted = false;
    bool closed = false;
};

class LmtpReplies : public testing::TestWithParam<DialogueCase> {};

std::string joined(const std::vector<std::string>& commands) {
    std::string out;
    for (const std::string& command : commands) {
        out += command + "\r\n";
    }
    return out;
}

TEST_P(LmtpReplies, GetsItsReplies) {
    LmtpDialogue dialogue(options(GetParam().trusted));
    EXPECT_THAT(codes_of(dialogue.say({})), ElementsAre("220"));
    EXPECT_EQ(codes_of(dialogue.say(joined(GetParam().commands))), GetParam().codes);
    EXPECT_EQ(dialogue.closed(), GetParam().closed);
    EXPECT_THAT(dialogue.transcript(), Not(HasSubstr("@")));
}

// LHLO's own lines: host, three extensions that are always offered, SMTPUTF8, SIZE.
const std::vector<std::string> kLhlo(6, "250");

std::vector<std::string> after_lhlo(std::vector<std::string> codes) {
    codes.insert(codes.begin(), kLhlo.begin(), kLhlo.end());
    return codes;
}

// With XFORWARD and XCLIENT.
std::vector<std::string> after_trusted_lhlo(std::vector<std::string> codes) {
    codes.insert(codes.begin(), {"250", "250"});
    return after_lhlo(std::move(codes));
}

const std::vector<DialogueCase> kDialogueCases = {
    {"a_mail",
     {"LHLO a", "MAIL FROM:<s@x>", "RCPT TO:<a@t>", "DATA", "A: b", "", "c", ".", "QUIT"},
     after_lhlo({"250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "221 2.0.0"}),
     false,
     true},
    {"one_reply_a_recipient_in_order",
     {"LHLO a", "MAIL FROM:<s@x>", "RCPT TO:<a@t>", "RCPT TO:<later@t>", "RCPT TO:<no@t>",
      "RCPT TO:<refused@t>", "RCPT TO:<dup@t>", "RCPT TO:<a@t>", "DATA", "."},
     after_lhlo({"250 2.1.0", "250 2.1.5", "250 2.1.5", "550 5.1.1", "250 2.1.5", "250 2.1.5",
                 "250 2.1.5", "354", "250 2.0.0", "451 4.3.0", "550 5.7.1", "250 2.0.0",
                 "250 2.0.0"})},
    {"several_mails",
     {"LHLO a", "MAIL FROM:<>", "RCPT TO:<a@t>", "DATA", ".", "MAIL FROM:<>", "RCPT TO:<a@t>",
      "DATA", "."},
     after_lhlo({"250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "250 2.1.0", "250 2.1.5", "354",
                 "250 2.0.0"})},
    {"recipients_refused",
     {"LHLO a", "MAIL FROM:<>", "RCPT TO:<no@t>", "RCPT TO:<temp@t>", "DATA", "RSET"},
     after_lhlo({"250 2.1.0", "550 5.1.1", "451 4.3.0", "503 5.5.1", "250 2.0.0"})},
    {"verbs_in_any_case",
     {"lhlo a", "Mail From:<>", "rcpt to:<a@t>", "dAtA", "."},
     after_lhlo({"250 2.1.0", "250 2.1.5", "354", "250 2.0.0"})},
    {"blanks_at_the_end", {"LHLO a  ", "NOOP ", "RSET  "}, after_lhlo({"250 2.0.0", "250 2.0.0"})},
    {"helo", {"HELO a"}, {"500 5.5.1"}},
    {"ehlo", {"EHLO a"}, {"500 5.5.1"}},
    {"lhlo_without_name", {"LHLO"}, {"501 5.5.4"}},
    {"lhlo_again_begins_anew",
     {"LHLO a", "MAIL FROM:<>", "LHLO a", "RCPT TO:<a@t>"},
     after_lhlo({"250 2.1.0", "250", "250", "250", "250", "250", "250", "503 5.5.1"})},
    {"mail_before_lhlo", {"MAIL FROM:<>"}, {"503 5.5.1"}},
    {"mail_twice",
     {"LHLO a", "MAIL FROM:<>", "MAIL FROM:<>"},
     after_lhlo({"250 2.1.0", "503 5.5.1"})},
    {"rcpt_before_mail", {"LHLO a", "RCPT TO:<a@t>"}, after_lhlo({"503 5.5.1"})},
    {"data_before_mail", {"LHLO a", "DATA"}, after_lhlo({"503 5.5.1"})},
    {"data_before_rcpt",
     {"LHLO a", "MAIL FROM:<>", "DATA"},
     after_lhlo({"250 2.1.0", "503 5.5.1"})},
    {"rset_forgets",
     {"LHLO a", "MAIL FROM:<>", "RCPT TO:<a@t>", "RSET", "DATA", "MAIL FROM:<>"},
     after_lhlo({"250 2.1.0", "250 2.1.5", "250 2.0.0", "503 5.5.1", "250 2.1.0"})},
    {"bad_sender", {"LHLO a", "MAIL FROM:s@x"}, after_lhlo({"501 5.1.7"})},
    {"bad_recipient",
     {"LHLO a", "MAIL FROM:<>", "RCPT TO:<>"},
     after_lhlo({"250 2.1.0", "501 5.1.3"})},
    {"bad_size", {"LHLO a", "MAIL FROM:<> SIZE=x"}, after_lhlo({"501 5.5.4"})},
    {"size_in_limit", {"LHLO a", "MAIL FROM:<> SIZE=4456448"}, after_lhlo({"250 2.1.0"})},
    {"size_over_limit", {"LHLO a", "MAIL FROM:<> SIZE=4456449"}, after_lhlo({"552 5.3.4"})},
    {"unknown_mail_parameter", {"LHLO a", "MAIL FROM:<> RET=FULL"}, after_lhlo({"555 5.5.4"})},
    {"unknown_rcpt_parameter",
     {"LHLO a", "MAIL FROM:<>", "RCPT TO:<a@t> NOTIFY=NEVER"},
     after_lhlo({"250 2.1.0", "555 5.5.4"})},
    {"arguments_where_none_belong",
     {"LHLO a", "DATA x", "RSET x", "QUIT x"},
     after_lhlo({"501 5.5.4", "501 5.5.4", "501 5.5.4"})},
    {"noop", {"NOOP", "NOOP anything at all"}, {"250 2.0.0", "250 2.0.0"}},
    {"vrfy", {"VRFY a@t", "VRFY"}, {"252 2.0.0", "501 5.5.4"}},
    {"not_implemented",
     {"EXPN x", "HELP", "BDAT 1 LAST", "AUTH PLAIN", "STARTTLS"},
     {"502 5.5.1", "502 5.5.1", "502 5.5.1", "502 5.5.1", "502 5.5.1"}},
    {"unknown_commands",
     {"FOO", "", " LHLO a", "LHLOx a"},
     {"500 5.5.2", "500 5.5.2", "500 5.5.2", "500 5.5.2"}},
    {"bare_lf_is_not_carried_out",
     {"LHLO a\nMAIL FROM:<>\nNOOP"},
     {"500 5.5.2", "500 5.5.2", "250 2.0.0"}},
    {"controls",
     {"NOOP \x01", "NOOP\ta", "NOOP \x7F", "NOOP a\rb", std::string("NOOP \0", 6)},
     {"500 5.5.2", "500 5.5.2", "500 5.5.2", "500 5.5.2", "500 5.5.2"}},
    {"longest_line", {"NOOP " + std::string(4096 - 7, 'x')}, {"250 2.0.0"}},
    {"line_too_long", {"NOOP " + std::string(4096 - 6, 'x'), "NOOP"}, {"500 5.5.2", "250 2.0.0"}},
    {"web_browser", {"POST / HTTP/1.1", "Host: x", "", "LHLO a"}, {"421 4.7.0"}, false, true},
    {"nothing_behind_quit", {"QUIT", "NOOP"}, {"221 2.0.0"}, false, true},
    {"untrusted",
     {"LHLO a", "XFORWARD ADDR=192.0.2.1", "XCLIENT ADDR=192.0.2.1"},
     after_lhlo({"550 5.7.0", "550 5.7.0"})},
    {"xforward_before_lhlo", {"XFORWARD ADDR=192.0.2.1"}, {"503 5.5.1"}, true},
    {"xforward_inside_a_mail",
     {"LHLO a", "MAIL FROM:<>", "XFORWARD ADDR=192.0.2.1"},
     after_trusted_lhlo({"250 2.1.0", "503 5.5.1"}),
     true},
    {"xforward",
     {"LHLO a", "XFORWARD ADDR=192.0.2.1", "XFORWARD", "XFORWARD LOGIN=x"},
     after_trusted_lhlo({"250 2.0.0", "501 5.5.4", "501 5.5.4"}),
     true},
    {"xclient_begins_anew",
     {"LHLO a", "XCLIENT ADDR=192.0.2.1", "MAIL FROM:<>"},
     after_trusted_lhlo({"220", "503 5.5.1"}),
     true},
    {"xclient_bad", {"LHLO a", "XCLIENT ADDR"}, after_trusted_lhlo({"501 5.5.4"}), true},
};

INSTANTIATE_TEST_SUITE_P(Rfc2033, LmtpReplies, testing::ValuesIn(kDialogueCases),
                         [](const auto& param) { return param.param.name; });

constexpr std::string_view kMail = "MAIL FROM:<s@x>\r\nRCPT TO:<a@t>\r\nDATA\r\n";

TEST(LmtpSession, OffersItsExtensions) {
    LmtpDialogue dialogue(options());
    EXPECT_EQ(dialogue.say({}), "220 traps.example LMTP ready\r\n");
    EXPECT_THAT(lines_of(dialogue.say("LHLO a\r\n")),
                ElementsAre("250-traps.example", "250-PIPELINING", "250-ENHANCEDSTATUSCODES",
                            "250-8BITMIME", "250-SMTPUTF8", "250 SIZE 4456448"));
    LmtpDialogue trusted(options(true));
    EXPECT_THAT(trusted.say("LHLO a\r\n"),
                HasSubstr("250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n"
                          "250-XCLIENT NAME ADDR HELO\r\n250 SIZE"));
}

TEST(LmtpSession, GivesTheMailAsItCame) {
    LmtpDialogue dialogue(options());
    dialogue.say("LHLO a\r\nMAIL FROM:<bounce-1=t@x>\r\nRCPT TO:<A@t>\r\nRCPT TO:<no@t>\r\n");
    dialogue.say("RCPT TO:<b@t>\r\nDATA\r\nA: b\r\n\r\n..x\r\ny\nz\r\n.\r\n");
    ASSERT_EQ(dialogue.mails().size(), 1U);
    const IncomingMail& mail = dialogue.mails().front();
    EXPECT_EQ(mail.envelope.sender, "bounce-1=t@x");
    EXPECT_FALSE(mail.envelope.peer);
    EXPECT_THAT(mail.recipients, ElementsAre("A@t", "b@t"));
    EXPECT_EQ(mail.bytes, "A: b\r\n\r\n.x\r\ny\nz\r\n");
}

TEST(LmtpSession, MakesTheSenderHarmless) {
    LmtpDialogue dialogue(options());
    dialogue.say("LHLO a\r\nMAIL FROM:<\xC3\xA4@x" + std::string(300, 'y') + ">\r\n");
    dialogue.say("RCPT TO:<a@t>\r\nDATA\r\n.\r\n");
    ASSERT_EQ(dialogue.mails().size(), 1U);
    EXPECT_EQ(dialogue.mails().front().envelope.sender, "??@x" + std::string(251, 'y'));
}

std::string peer_of(const IncomingMail& mail) {
    const Envelope& envelope = mail.envelope;
    return (envelope.peer ? to_string(*envelope.peer) : "-") + "|" + envelope.helo + "|" +
           envelope.peer_name;
}

struct PeerCase {
    std::string name;
    std::string commands;  // before a mail, each with its CRLF
    std::string peer;
};

class LmtpPeer : public testing::TestWithParam<PeerCase> {};

TEST_P(LmtpPeer, IsToldForTheMail) {
    LmtpDialogue dialogue(options(true));
    dialogue.say("LHLO a\r\n" + GetParam().commands + std::string(kMail) + ".\r\n");
    ASSERT_FALSE(dialogue.mails().empty());
    EXPECT_EQ(peer_of(dialogue.mails().back()), GetParam().peer);
}

const std::vector<PeerCase> kPeerCases = {
    {"not_told", "", "-||"},
    {"forwarded", "XFORWARD NAME=n ADDR=192.0.2.1\r\nXFORWARD HELO=h\r\n", "192.0.2.1|h|n"},
    {"forwarded_without_address", "XFORWARD NAME=n HELO=h\r\n", "-||"},
    {"forwarded_local", "XFORWARD ADDR=[UNAVAILABLE] HELO=h\r\n", "-||"},
    {"rset_forgets", "XFORWARD ADDR=192.0.2.1\r\nRSET\r\n", "-||"},
    {"lhlo_forgets", "XFORWARD ADDR=192.0.2.1\r\nLHLO a\r\n", "-||"},
    {"a_mail_forgets", "XFORWARD ADDR=192.0.2.1\r\n" + std::string(kMail) + ".\r\n", "-||"},
    {"a_bad_one_changes_nothing", "XFORWARD ADDR=192.0.2.1\r\nXFORWARD ADDR=192.0.2.2 X=y\r\n",
     "192.0.2.1||"},
    {"client", "XCLIENT NAME=n ADDR=192.0.2.3 HELO=h\r\nLHLO a\r\n", "192.0.2.3|h|n"},
    {"client_stays", "XCLIENT ADDR=192.0.2.3\r\nLHLO a\r\n" + std::string(kMail) + ".\r\nRSET\r\n",
     "192.0.2.3||"},
    {"forwarded_before_client_and_not_mixed",
     "XCLIENT NAME=n ADDR=192.0.2.3\r\nLHLO a\r\nXFORWARD ADDR=192.0.2.1\r\n", "192.0.2.1||"},
    {"forwarded_local_before_client",
     "XCLIENT NAME=n ADDR=192.0.2.3\r\nLHLO a\r\nXFORWARD SOURCE=LOCAL\r\n", "-||"},
};

INSTANTIATE_TEST_SUITE_P(Xforward, LmtpPeer, testing::ValuesIn(kPeerCases),
                         [](const auto& param) { return param.param.name; });

TEST(LmtpSession, PassesOverAMailThatIsTooLong) {
    LmtpSessionOptions small = options();
    small.limits.message_bytes = 10;
    LmtpDialogue dialogue(small);
    dialogue.say("LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@t>\r\nRCPT TO:<b@t>\r\nDATA\r\n");
    EXPECT_THAT(codes_of(dialogue.say("123456789\r\n.\r\nNOOP\r\n")),
                ElementsAre("552 5.3.4", "552 5.3.4", "250 2.0.0"));
    EXPECT_TRUE(dialogue.mails().empty());
    dialogue.say(std::string(kMail) + "12345678\r\n.\r\n");
    EXPECT_EQ(dialogue.mails().size(), 1U);
}

TEST(LmtpSession, PassesOverAMailWithoutRoom) {
    LmtpSession session(options());
    std::string_view input = "LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@t>\r\n";
    ASSERT_EQ(session.advance(input), LmtpEvent::CheckRecipient);
    session.recipient_checked(Acceptance::Known);
    ASSERT_EQ(session.advance(input), LmtpEvent::NeedsInput);
    static_cast<void>(session.take_replies());
    input = "DATA\r\n1234567\r\n.\r\nNOOP\r\n";
    ASSERT_EQ(session.advance(input, 8), LmtpEvent::NeedsInput);
    EXPECT_THAT(codes_of(session.take_replies()), ElementsAre("354", "452 4.3.1", "250 2.0.0"));
    EXPECT_EQ(session.content_bytes(), 0U);
}

TEST(LmtpSession, LimitsTheRecipients) {
    LmtpDialogue dialogue(options());
    dialogue.say("LHLO a\r\nMAIL FROM:<>\r\n");
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(codes_of(dialogue.say("RCPT TO:<a@t>\r\n")).front(), "250 2.1.5");
    }
    EXPECT_THAT(codes_of(dialogue.say("RCPT TO:<a@t>\r\n")), ElementsAre("452 4.5.3"));
    dialogue.say("DATA\r\n");
    EXPECT_EQ(codes_of(dialogue.say(".\r\n")), std::vector<std::string>(100, "250 2.0.0"));
}

TEST(LmtpSession, EndsBehindTooManyErrors) {
    LmtpDialogue dialogue(options());
    dialogue.say("LHLO a\r\n");
    for (int i = 0; i < 19; ++i) {
        ASSERT_THAT(codes_of(dialogue.say("FOO\r\nNOOP\r\n")),
                    ElementsAre("500 5.5.2", "250 2.0.0"));
    }
    EXPECT_THAT(codes_of(dialogue.say("FOO\r\nNOOP\r\n")), ElementsAre("500 5.5.2", "421 4.7.0"));
    EXPECT_TRUE(dialogue.closed());
}

// A client that pipelines learns only afterwards that its recipients, or its MAIL, were refused.
TEST(LmtpSession, CountsNoErrorForWhatFollowsARefusal) {
    LmtpDialogue dialogue(options());
    dialogue.say("LHLO a\r\n");
    for (int i = 0; i < 100; ++i) {
        dialogue.say("MAIL FROM:<>\r\nRCPT TO:<no@t>\r\nDATA\r\nRSET\r\n");
        dialogue.say("MAIL FROM:<> SIZE=99999999\r\nRCPT TO:<a@t>\r\nDATA\r\nRSET\r\n");
    }
    EXPECT_FALSE(dialogue.closed());
}

TEST(LmtpSession, TakesSoManyMailsAndNoMore) {
    LmtpSessionOptions few = options();
    few.limits.messages = 2;
    LmtpDialogue dialogue(few);
    const std::string mail = std::string(kMail) + ".\r\n";
    dialogue.say("LHLO a\r\n" + mail + mail);
    EXPECT_EQ(dialogue.mails().size(), 2U);
    EXPECT_FALSE(dialogue.closed());
    EXPECT_THAT(codes_of(dialogue.say("RSET\r\n")), ElementsAre("421 4.7.0"));
    EXPECT_TRUE(dialogue.closed());

    LmtpDialogue quitting(few);
    quitting.say("LHLO a\r\n" + mail + mail);
    EXPECT_THAT(codes_of(quitting.say("QUIT\r\n")), ElementsAre("221 2.0.0"));
}

TEST(LmtpSession, UsesNothingUntilItsQuestionIsAnswered) {
    LmtpSession session(options());
    std::string_view input =
        "LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@t>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n";
    ASSERT_EQ(session.advance(input), LmtpEvent::CheckRecipient);
    EXPECT_EQ(session.recipient(), "a@t");
    const std::string_view before = input;
    ASSERT_EQ(session.advance(input), LmtpEvent::CheckRecipient);
    EXPECT_EQ(input, before);
    session.recipient_checked(Acceptance::Known);
    ASSERT_EQ(session.advance(input), LmtpEvent::MailComplete);
    EXPECT_EQ(input, "NOOP\r\n");
    EXPECT_EQ(session.take_mail().bytes, "x\r\n");
    EXPECT_EQ(session.content_bytes(), 0U);
    static_cast<void>(session.take_replies());
    ASSERT_EQ(session.advance(input), LmtpEvent::MailComplete);
    EXPECT_FALSE(session.has_replies());
    const std::vector<Delivery> stored = {Delivery::Stored};
    session.delivered(stored);
    ASSERT_EQ(session.advance(input), LmtpEvent::NeedsInput);
    EXPECT_THAT(codes_of(session.take_replies()), ElementsAre("250 2.0.0", "250 2.0.0"));
}

// Pieces of dialogues, right and wrong, as they may follow each other.
const std::vector<std::string> kPieces = {"LHLO a\r\n",
                                          "LHLO a\r\n",
                                          "MAIL FROM:<s@x>\r\n",
                                          "MAIL FROM:<s@x> SIZE=5\r\n",
                                          "RCPT TO:<a@t>\r\n",
                                          "RCPT TO:<no@t>\r\n",
                                          "RCPT TO:<later@t>\r\n",
                                          "DATA\r\n",
                                          "DATA\r\n",
                                          ".\r\n",
                                          "\r\n.\r\n",
                                          "\r\n..\r\n",
                                          "\r\n",
                                          "\n.\n",
                                          "\r",
                                          ".",
                                          "Subject: x\r\n",
                                          "RSET\r\n",
                                          "NOOP\r\n",
                                          "NOOP\n",
                                          "XFORWARD ADDR=192.0.2.1 HELO=h\r\n",
                                          "XCLIENT ADDR=192.0.2.2\r\n",
                                          "QUI",
                                          "VRFY x\r\n",
                                          std::string(30, 'y')};

std::string random_dialogue(std::mt19937& random) {
    std::string out = "LHLO a\r\n";
    const std::size_t pieces = 5 + random() % 60;
    for (std::size_t i = 0; i < pieces; ++i) {
        // Half of them whole mails, so that the dialogues get somewhere.
        out += random() % 2 == 0 ? std::string(kMail) + kPieces[random() % kPieces.size()]
                                 : kPieces[random() % kPieces.size()];
    }
    return out;
}

TEST(LmtpSession, RepliesTheSameHoweverTheInputIsCut) {
    std::mt19937 random(2033);
    std::size_t mails = 0;
    for (int round = 0; round < 2000; ++round) {
        LmtpSessionOptions small = options(random() % 2 == 0);
        small.limits.command_bytes = 60;
        small.limits.message_bytes = 100;
        const std::string bytes = random_dialogue(random);
        LmtpDialogue whole(small);
        whole.say(bytes);
        LmtpDialogue pieces(small);
        const std::size_t longest = 1 + random() % 20;
        pieces.say({});
        pieces.say_in_pieces(bytes, [&] { return 1 + random() % longest; });
        ASSERT_EQ(whole.transcript(), pieces.transcript()) << testing::PrintToString(bytes);
        ASSERT_EQ(whole.mails().size(), pieces.mails().size());
        for (std::size_t i = 0; i < whole.mails().size(); ++i) {
            ASSERT_EQ(whole.mails()[i].bytes, pieces.mails()[i].bytes);
            ASSERT_EQ(peer_of(whole.mails()[i]), peer_of(pieces.mails()[i]));
        }
        mails += whole.mails().size();
    }
    EXPECT_GT(mails, 1000U);
}

}  // namespace
}  // namespace fairlist::importer
