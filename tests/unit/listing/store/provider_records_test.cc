#include "listing/store/provider_records.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::store {
namespace {

using namespace std::string_literals;

Provider some_provider() {
    Provider provider;
    provider.slug = "example-cloud";
    provider.name = "N";
    provider.asns = {64500, 4200000000};
    provider.abuse = "a@b.c";
    provider.postmaster = "p@b.c";
    provider.support = "s@b.c";
    provider.webhook = "w";
    provider.policy_url = "x";
    provider.space_url = "y";
    provider.space_format = "aws";
    provider.domains = {*parse_domain("mail.example")};
    provider.shows_standing = true;
    provider.added = Time{0x01020304};
    provider.changed = Time{0x05060708};
    return provider;
}

// As FORMAT.md has them, written out by hand.
TEST(ProviderRecords, LieOnDiskAsWritten) {
    EXPECT_EQ(encode_provider(some_provider()),
              "\x01\x01\x04\x03\x02\x01\x08\x07\x06\x05"s + "\x01\0N"s + "\x05\0a@b.c"s +
                  "\x05\0p@b.c"s + "\x05\0s@b.c"s + "\x01\0w"s + "\x01\0x"s + "\x01\0y"s +
                  "\x03\0aws"s + "\x02\0\xF4\xFB\0\0\0\xEA\x56\xFA"s + "\x01\0\x0C\0mail.example"s);
    EXPECT_EQ(range_key(*parse_prefix("198.51.100.0/24")),
              std::string(10, '\0') + "\xFF\xFF\xC6\x33\x64\0\x78"s);
    EXPECT_EQ(range_key(*parse_prefix("2001:db8::/32")),
              "\x20\x01\x0D\xB8"s + std::string(12, '\0') + "\x20"s);
    EXPECT_EQ(encode_range({"alpha", SpaceOrigin::Feed, Time{7}}),
              "\x01\x03\x07\0\0\0\x05\0alpha"s);
}

TEST(ProviderRecords, AreReadBack) {
    EXPECT_EQ(decode_provider("example-cloud", encode_provider(some_provider())), some_provider());
    Provider bare;
    bare.slug = "b";
    EXPECT_EQ(decode_provider("b", encode_provider(bare)), bare);
    for (const char* text : {"198.51.100.0/24", "198.51.100.7", "::/0", "2001:db8::1"}) {
        EXPECT_EQ(key_range(range_key(*parse_prefix(text))), *parse_prefix(text));
    }
    const auto range = decode_range(encode_range({"alpha", SpaceOrigin::Network, Time{7}}));
    ASSERT_TRUE(range);
    EXPECT_EQ(range->slug, "alpha");
    EXPECT_EQ(range->origin, SpaceOrigin::Network);
    EXPECT_EQ(range->since, Time{7});
}

// Cut anywhere, longer, or of another version: no record.
TEST(ProviderRecords, AreNotReadWhenDamaged) {
    const std::string provider = encode_provider(some_provider());
    const std::string range = encode_range({"alpha", SpaceOrigin::Given, Time{7}});
    const std::string key = range_key(*parse_prefix("198.51.100.0/24"));
    for (std::size_t size = 0; size < provider.size(); ++size) {
        EXPECT_FALSE(decode_provider("p", provider.substr(0, size))) << size;
    }
    for (std::size_t size = 0; size < range.size(); ++size) {
        EXPECT_FALSE(decode_range(range.substr(0, size))) << size;
    }
    for (std::size_t size = 0; size < key.size(); ++size) {
        EXPECT_FALSE(key_range(key.substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_provider("p", provider + "x"));
    EXPECT_FALSE(decode_provider("p", "\x02" + provider.substr(1)));
    EXPECT_FALSE(decode_range(range + "x"));
    EXPECT_FALSE(decode_range("\x02" + range.substr(1)));
    EXPECT_FALSE(decode_range("\x01\x04" + range.substr(2))) << "no such origin";
    EXPECT_FALSE(key_range(key + "x"));
    EXPECT_FALSE(key_range(key.substr(0, 16) + "\x60")) << "host bits";
    EXPECT_FALSE(key_range(key.substr(0, 16) + "\x81")) << "longer than an address";
}

}  // namespace
}  // namespace fairlist::store
