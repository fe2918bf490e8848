#include "importer/dkim/dkim_canon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <openssl/evp.h>
#include <random>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;

std::string body_of(std::string_view body, DkimCanon canon) {
    std::string out;
    canonical_body(body, canon, [&](std::string_view piece) { out += piece; });
    return out;
}

std::string header_of(const RawMail& mail, DkimCanon canon) {
    std::string out;
    for (const RawField& field : mail.fields) {
        out += canonical_field(field, canon) + "\r\n";
    }
    return out;
}

// RFC 6376 section 3.4.5.
TEST(DkimCanonForm, IsThatOfTheRfc) {
    const auto mail = split_mail("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n");
    ASSERT_TRUE(mail);
    EXPECT_EQ(header_of(*mail, DkimCanon::Relaxed), "a:X\r\nb:Y Z\r\n");
    EXPECT_EQ(body_of(mail->body, DkimCanon::Relaxed), " C\r\nD E\r\n");
    EXPECT_EQ(header_of(*mail, DkimCanon::Simple), "A: X\r\nB : Y\t\r\n\tZ  \r\n");
    EXPECT_EQ(body_of(mail->body, DkimCanon::Simple), " C \r\nD \t E\r\n");
}

std::string base64_of(const Digest256& digest) {
    std::string out(4 * ((digest.size() + 2) / 3) + 1, ' ');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), digest.data(),
                                     static_cast<int>(digest.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// RFC 6376 sections 3.4.3 and 3.4.4 print these hashes of an empty body.
TEST(DkimCanonForm, HashesAnEmptyBodyAsTheRfc) {
    EXPECT_EQ(base64_of(hash_body("", DkimCanon::Simple, {}).digest),
              "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
    EXPECT_EQ(base64_of(hash_body("", DkimCanon::Relaxed, {}).digest),
              "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

// The rules of the RFC one after the other over the whole text.
std::string slow_body(const std::string& body, DkimCanon canon) {
    std::string text = std::regex_replace(body, std::regex("\r?\n"), "\r\n");
    if (!text.empty() && !text.ends_with("\r\n")) {
        text += "\r\n";
    }
    if (canon == DkimCanon::Relaxed) {
        text = std::regex_replace(text, std::regex("[ \t]+"), " ");
        text = std::regex_replace(text, std::regex(" \r\n"), "\r\n");
    }
    while (text.ends_with("\r\n")) {
        text.resize(text.size() - 2);
    }
    return text.empty() && canon == DkimCanon::Relaxed ? text : text + "\r\n";
}

std::string slow_field(const RawField& field, DkimCanon canon) {
    const std::string whole(field.whole);
    if (canon == DkimCanon::Simple) {
        return std::regex_replace(whole, std::regex("\r?\n"), "\r\n");
    }
    std::string name(field.name);
    for (char& c : name) {
        c = to_lower_ascii(c);
    }
    std::string value = std::regex_replace(std::string(field.value), std::regex("\r?\n"), "");
    value = std::regex_replace(value, std::regex("[ \t]+"), " ");
    return name + ":" + std::regex_replace(value, std::regex("^ | $"), "");
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t size_max) {
    std::string text(random() % size_max, ' ');
    for (char& c : text) {
        c = alphabet[random() % alphabet.size()];
    }
    return text;
}

TEST(DkimCanonTwin, BodyIsThatOfTheRulesOneByOne) {
    std::mt19937 random(20260101);
    for (int i = 0; i < 4000; ++i) {
        const std::string body = random_text(random, "  \t\r\n\n\nab", 24);
        for (const DkimCanon canon : {DkimCanon::Simple, DkimCanon::Relaxed}) {
            const std::string expected = slow_body(body, canon);
            ASSERT_EQ(body_of(body, canon), expected) << testing::PrintToString(body);
            const std::uint64_t limit = random() % 30;
            const BodyHash cut = hash_body(body, canon, limit);
            Sha256 hash;
            hash.add(expected.substr(0, limit));
            ASSERT_EQ(cut.digest, hash.finish()) << testing::PrintToString(body);
            ASSERT_EQ(cut.bytes, expected.size());
        }
    }
}

TEST(DkimCanonTwin, FieldIsThatOfTheRulesOneByOne) {
    std::mt19937 random(20260102);
    for (int i = 0; i < 4000; ++i) {
        // The alphabet's line ends fold: each has a blank after it.
        std::string value = random_text(random, "  \t\rn\nabC", 24);
        value = std::regex_replace(value, std::regex("\n"), "\n ");
        const std::string text = "X-Name \t:" + value + "\r\n\r\n";
        const auto mail = split_mail(text);
        ASSERT_TRUE(mail && mail->fields.size() == 1);
        for (const DkimCanon canon : {DkimCanon::Simple, DkimCanon::Relaxed}) {
            ASSERT_EQ(canonical_field(mail->fields[0], canon), slow_field(mail->fields[0], canon))
                << testing::PrintToString(value);
        }
    }
}

TEST(DkimCanonForm, LongBodiesAreHandedOnInPieces) {
    std::string body;
    for (int i = 0; i < 5000; ++i) {
        body += "word \t" + std::to_string(i) + "  \n\n";
    }
    std::size_t pieces = 0;
    std::size_t longest = 0;
    std::string out;
    canonical_body(body, DkimCanon::Relaxed, [&](std::string_view piece) {
        ++pieces;
        longest = std::max(longest, piece.size());
        out += piece;
    });
    EXPECT_EQ(out, slow_body(body, DkimCanon::Relaxed));
    EXPECT_GT(pieces, 1U);
    EXPECT_LE(longest, 16384U);
}

std::vector<std::string> chosen(const RawMail& mail, const std::vector<std::string>& names,
                                const RawField& own) {
    std::vector<std::string> out;
    for (const RawField* field : signed_fields(mail.fields, names, own)) {
        out.emplace_back(field->value);
    }
    return out;
}

TEST(DkimSignedFields, AreTakenFromTheBottom) {
    const auto mail = split_mail("R:1\nDKIM-Signature:own\nr:2\nFrom:f\nR:3\nDkim-signature:old\n");
    ASSERT_TRUE(mail);
    const RawField& own = mail->fields[1];
    EXPECT_THAT(chosen(*mail, {"r", "from", "r", "absent"}, own), ElementsAre("3", "f", "2"));
    EXPECT_THAT(chosen(*mail, {"r", "r", "r", "r"}, own), ElementsAre("3", "2", "1"));
    EXPECT_THAT(chosen(*mail, {"dkim-signature", "dkim-signature"}, own), ElementsAre("old"));
    EXPECT_THAT(chosen(*mail, {"dkim-signature"}, mail->fields[5]), ElementsAre("own"));
}

}  // namespace
}  // namespace fairlist::importer
