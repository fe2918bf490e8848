#include "tools/fairlist/canonical_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairlist::cli {
namespace {

struct CanonicalCase {
    std::string name;
    std::string text;
    std::string canonical;  // empty: refused
};

class CanonicalEmail : public testing::TestWithParam<CanonicalCase> {};

TEST_P(CanonicalEmail, IsWhatReceiversHash) {
    const auto canonical = canonical_email(GetParam().text);
    EXPECT_EQ(canonical.value_or(""), GetParam().canonical);
    if (!canonical) {
        EXPECT_THAT(canonical.error().message, testing::HasSubstr("e-mail address \""));
    }
}

INSTANTIATE_TEST_SUITE_P(
    CanonicalForm, CanonicalEmail,
    testing::Values(CanonicalCase{"as_it_is", "anna@example.org", "anna@example.org"},
                    CanonicalCase{"lower_case", "Anna@Example.ORG", "anna@example.org"},
                    CanonicalCase{"tag", "anna+shop@example.org", "anna@example.org"},
                    CanonicalCase{"second_plus", "anna+a+b@example.org", "anna@example.org"},
                    CanonicalCase{"dots_stay_elsewhere", "an.na@example.org", "an.na@example.org"},
                    CanonicalCase{"gmail_dots", "a.n.n.a+x.y@gmail.com", "anna@gmail.com"},
                    CanonicalCase{"googlemail", "An.Na@GoogleMail.com", "anna@gmail.com"},
                    CanonicalCase{"not_gmail", "a.b@gmail.com.example", "a.b@gmail.com.example"},
                    CanonicalCase{"last_at_counts", "\"a@b\"@example.org", "\"a@b\"@example.org"},
                    CanonicalCase{"a_labels",
                                  "anna@b\xC3\xBC"
                                  "cher.example",
                                  "anna@xn--bcher-kva.example"},
                    CanonicalCase{"no_at", "example.org", ""},
                    CanonicalCase{"no_local_part", "@example.org", ""},
                    CanonicalCase{"only_a_tag", "+x@example.org", ""},
                    CanonicalCase{"only_gmail_dots", "..@gmail.com", ""},
                    CanonicalCase{"no_domain", "anna@", ""},
                    CanonicalCase{"space", "an na@example.org", ""},
                    CanonicalCase{"local_part_of_65", std::string(65, 'a') + "@example.org", ""}),
    [](const auto& param) { return param.param.name; });

class CanonicalUrl : public testing::TestWithParam<CanonicalCase> {};

TEST_P(CanonicalUrl, IsHostAndPath) {
    const auto canonical = canonical_url(GetParam().text);
    EXPECT_EQ(canonical.value_or(""), GetParam().canonical);
    if (!canonical) {
        EXPECT_THAT(canonical.error().message, testing::HasSubstr("URL \""));
    }
}

INSTANTIATE_TEST_SUITE_P(
    CanonicalForm, CanonicalUrl,
    testing::Values(CanonicalCase{"all_parts", "https://user:pw@Example.ORG:8443/a/B?q=1#top",
                                  "example.org/a/B"},
                    CanonicalCase{"no_scheme", "example.org/a", "example.org/a"},
                    CanonicalCase{"no_path", "http://example.org", "example.org/"},
                    CanonicalCase{"query_without_path", "http://example.org?x=1", "example.org/"},
                    CanonicalCase{"trailing_dot", "http://example.org./a", "example.org/a"},
                    // RFC 3986 sections 6.2.2.1 to 6.2.2.3.
                    CanonicalCase{"case_of_escapes", "http://example.org/%7efoo%2fbar",
                                  "example.org/~foo%2Fbar"},
                    CanonicalCase{"dot_segments", "http://example.org/a/./b/../c",
                                  "example.org/a/c"},
                    CanonicalCase{"address", "http://192.0.2.7/x", "192.0.2.7/x"},
                    CanonicalCase{"no_host", "file:///etc/passwd", ""},
                    CanonicalCase{"not_ascii", "http://example.org/\xC3\xA9", ""},
                    CanonicalCase{"space", "http://example.org/a b", ""},
                    CanonicalCase{"too_long", "example.org/" + std::string(8192, 'a'), ""}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
