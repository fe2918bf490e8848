#include "importer/intake/mail_content.h"

#include "importer/intake/delivery_head.h"
#include "importer/intake/packed_mail.h"
#include "tests/support/scratch_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kMail =
    "Received: from a ([192.0.2.1]) by mx; x\nSubject: s\n\nbody\n\nFrom here on\n";

std::string with_crlf(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return out;
}

struct ContentRow {
    const char* name;
    std::string mail;
    bool same = true;  // as kMail
};

class SameContent : public testing::TestWithParam<ContentRow> {};

TEST_P(SameContent, WhateverWayTheMailCame) {
    static test::ScratchVault vault;
    const bool same = content_of(*vault, GetParam().mail) == content_of(*vault, kMail);
    EXPECT_EQ(same, GetParam().same);
    EXPECT_EQ(canonical_content(GetParam().mail) == canonical_content(kMail), GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SameContent,
    testing::Values(
        ContentRow{"itself", kMail}, ContentRow{"crlf", with_crlf(kMail)},
        ContentRow{"mbox", "From a@example.org Thu Nov 26 05:14:01 2026\n" + kMail},
        ContentRow{"empty_line_at_the_end", kMail + "\n\r\n\n"},
        ContentRow{"postfix_pipe",
                   "Return-Path: <a@example.org>\nX-Original-To: b@example.org\n"
                   "Delivered-To: b@example.org\n" +
                       kMail},
        ContentRow{"postfix_pipe_crlf",
                   with_crlf("From x Thu Nov 26 05:14:01 2026\nReturn-Path: <a@example.org>\n"
                             "Delivered-To: b@example.org\n" +
                             kMail)},
        ContentRow{"exim",
                   "Return-path: <a@example.org>\nEnvelope-to:\n b@example.org\n"
                   "Delivery-date: Thu, 26 Nov 2026 05:14:01 +0000\n" +
                       kMail},
        ContentRow{"one_received_more", "Received: from b by c; y\n" + kMail, false},
        ContentRow{"another_body", kMail + "x", false},
        ContentRow{"delivered_to_below_the_trace", "Received: x\nDelivered-To: b\n\nbody\n", false},
        ContentRow{"nothing", "", false}, ContentRow{"line_ends_alone", "\r\n\n", false},
        ContentRow{"lone_cr",
                   "Received: from a ([192.0.2.1]) by mx; x\rSubject: s\n\nbody\n\n"
                   "From here on\n",
                   false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(DeliveryHeadRead, TellsRecipientsInTheOrderOfTrust) {
    const auto head = read_delivery_head(
        "From a@b Thu Nov 26 05:14:01 2026\r\nReturn-Path: <anna@example.org>\r\n"
        "Delivered-To: alias@example.org\r\nX-Original-To: <lure@example.org>\r\n"
        "X-Filter: x\r\nEnvelope-To: third@example.org\r\nReceived: from a by b; x\r\n"
        "Delivered-To: forged@example.org\r\n\r\nDelivered-To: body@example.org\r\n");
    EXPECT_EQ(head.from_line, "a@b Thu Nov 26 05:14:01 2026");
    EXPECT_EQ(head.sender, "anna@example.org");
    EXPECT_THAT(head.recipients,
                ElementsAre("lure@example.org", "third@example.org", "alias@example.org"));
}

TEST(DeliveryHeadRead, BelievesNothingBelowItsBlockWithoutATrace) {
    const auto head = read_delivery_head("Return-Path: <>\nSubject: x\nDelivered-To: a@b.c\n\nx");
    EXPECT_THAT(head.recipients, IsEmpty());
    EXPECT_EQ(head.bytes, std::string("Return-Path: <>\n").size());
    EXPECT_EQ(read_delivery_head("From : x\n").bytes, 0U);
    EXPECT_EQ(read_delivery_head(":\n\n").bytes, 0U);
    EXPECT_EQ(read_delivery_head("").bytes, 0U);
}

TEST(PackedMail, IsUnpackedOrSaysThatItIsDamaged) {
    for (const std::string& mail : {std::string(), kMail, std::string(1 << 20, 'x')}) {
        const std::string packed = pack_mail(mail);
        const auto size = static_cast<std::uint32_t>(mail.size());
        EXPECT_EQ(unpack_mail(packed, size).value(), mail);
        EXPECT_FALSE(unpack_mail(packed, size + 1));
        EXPECT_FALSE(unpack_mail(packed.substr(0, packed.size() - 1), size));
    }
    EXPECT_EQ(unpack_mail("", UINT32_MAX).error().code, Errc::Malformed);
}

}  // namespace
}  // namespace fairlist::importer
