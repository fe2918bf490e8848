#include "listing/store/vault_records.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::store {
namespace {

using namespace std::string_literals;

Trap some_trap() {
    Trap trap;
    trap.number = 7;
    trap.kind = TrapKind::Report;
    trap.state = TrapState::Retired;
    trap.address = "a@b.c";
    trap.weight = 0x0102;
    trap.added = Time{0x11121314};
    trap.retired = Time{0x21222324};
    trap.note = "n";
    return trap;
}

VaultMail some_mail() {
    VaultMail mail;
    mail.received = Time{0x01020304};
    mail.stored = Time{0x05060708};
    mail.sensor = "lmtp";
    mail.peer = parse_address("2001:db8::1").value();
    mail.helo = "h";
    mail.peer_name = "p";
    mail.sender = "s";
    mail.recipients = {{9, {"a@b", "c@b"}}, {10, {}}};
    mail.content.fill(0xCC);
    mail.bytes = 300;
    mail.packed = "zzz";
    return mail;
}

// As FORMAT.md has them, written out by hand.
TEST(VaultRecords, LieOnDiskAsWritten) {
    EXPECT_EQ(encode(some_trap()),
              "\x01\x02\x02\x02\x01\x14\x13\x12\x11\x24\x23\x22\x21\x05\0a@b.c\x01\0n"s);
    EXPECT_EQ(encode(some_mail()), "\x01\x01\x04\x03\x02\x01\x08\x07\x06\x05"s +
                                       "\x20\x01\x0D\xB8"s + std::string(11, '\0') +
                                       "\x01\x04\0lmtp\x01\0h\x01\0p\x01\0s\x02\0"s +
                                       "\x09\0\0\0\x02\0\x03\0a@b\x03\0c@b\x0A\0\0\0\0\0"s +
                                       std::string(32, '\xCC') + "\x2C\x01\0\0zzz"s);
    EXPECT_EQ(encode(QueueMark{}), "");
    EXPECT_EQ(encode(QueueMark{2, Time{3}, "e"}), "\x01\x02\x03\0\0\0\x01\0e"s);
    TokenRecord token{TokenRole::Operator, Time{1}, Time{2}, Time{3}, {}, "n", "p"};
    const std::string fields =
        "\x03\x01\0\0\0\x02\0\0\0\x03\0\0\0"s + std::string(32, '\0') + "\x01\0n"s;
    EXPECT_EQ(encode(token), "\x02"s + fields + "\x01\0p"s);
    // Version 1 names no provider.
    token.provider.clear();
    EXPECT_EQ(decode_token("\x01"s + fields), token);
    EXPECT_FALSE(decode_token("\x01"s + fields + "\x01\0p"s));
    EXPECT_FALSE(decode_token(fields));
    EXPECT_FALSE(decode_token("\x03"s + fields + "\x01\0p"s));
    EXPECT_EQ(trap_key(0x01020304), "\x01\x02\x03\x04");
    EXPECT_EQ(trap_number(trap_key(0xFFFFFFFE)), 0xFFFFFFFEU);
}

TEST(VaultRecords, AreReadBack) {
    EXPECT_EQ(decode_trap(7, encode(some_trap())), some_trap());
    EXPECT_EQ(decode_mail(encode(some_mail())), some_mail());
    EXPECT_EQ(mail_stored(encode(some_mail())), some_mail().stored);
    VaultMail bare;
    bare.bytes = 0;
    EXPECT_EQ(decode_mail(encode(bare)), bare);
    const QueueMark mark{255, Time{7}, "why"};
    EXPECT_EQ(decode_queue_mark(encode(mark)), mark);
    EXPECT_EQ(decode_queue_mark(""), QueueMark{});
    const TokenRecord token{TokenRole::Provider, Time{1}, {}, {}, random_key(), "note",
                            "example-cloud"};
    EXPECT_EQ(decode_token(encode(token)), token);
}

// Cut anywhere, or of another version: no record.
TEST(VaultRecords, AreNotReadWhenDamaged) {
    const std::string trap = encode(some_trap());
    const std::string token = encode(TokenRecord{});
    const std::string mark = encode(QueueMark{1, Time{1}, "error"});
    for (std::size_t size = 0; size < trap.size(); ++size) {
        EXPECT_FALSE(decode_trap(7, trap.substr(0, size))) << size;
    }
    for (std::size_t size = 0; size < token.size(); ++size) {
        EXPECT_FALSE(decode_token(token.substr(0, size))) << size;
    }
    for (std::size_t size = 1; size < mark.size(); ++size) {
        EXPECT_FALSE(decode_queue_mark(mark.substr(0, size))) << size;
    }
    const std::string mail = encode(some_mail());
    for (std::size_t size = 0; size < mail.size() - some_mail().packed.size(); ++size) {
        EXPECT_FALSE(decode_mail(mail.substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_trap(7, trap + "x"));
    EXPECT_FALSE(decode_mail("\x02" + mail.substr(1)));
    EXPECT_FALSE(decode_trap(7, "\x01\x03" + trap.substr(2)));  // no such kind
}

}  // namespace
}  // namespace fairlist::store
