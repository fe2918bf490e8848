#include "importer/fetch/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

struct UrlCase {
    std::string name;
    std::string text;
    Scheme scheme;
    std::string host;
    std::string port;
    std::string shown;
};

class UrlParts : public testing::TestWithParam<UrlCase> {};

TEST_P(UrlParts, AreTold) {
    const auto url = parse_url(GetParam().text);
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->scheme, GetParam().scheme);
    EXPECT_EQ(url->host, GetParam().host);
    EXPECT_EQ(url->port, GetParam().port);
    EXPECT_EQ(url->shown, GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Url, UrlParts,
    testing::Values(UrlCase{"https", "https://x.example/l.txt", Scheme::Https, "x.example", "",
                            "https://x.example/l.txt"},
                    UrlCase{"http_port", "http://x.example:8080/", Scheme::Http, "x.example",
                            "8080", "http://x.example:8080/"},
                    UrlCase{"secrets_are_not_shown", "https://me:pass@x.example/l?key=1",
                            Scheme::Https, "x.example", "", "https://x.example/l"},
                    UrlCase{"v6", "http://[2001:db8::1]:81/l", Scheme::Http, "2001:db8::1", "81",
                            "http://[2001:db8::1]:81/l"},
                    UrlCase{"rsync", "rsync://x.example/module/list", Scheme::Rsync, "x.example",
                            "", "rsync://x.example/module/list"},
                    UrlCase{"path", "/var/feed.txt", Scheme::File, "", "", "/var/feed.txt"},
                    UrlCase{"relative", "feed.txt", Scheme::File, "", "", "feed.txt"},
                    UrlCase{"file", "file:/var/feed.txt", Scheme::File, "", "", "/var/feed.txt"},
                    UrlCase{"file_three_slashes", "file:///var/feed.txt", Scheme::File, "", "",
                            "/var/feed.txt"},
                    UrlCase{"standard_input", "-", Scheme::StandardInput, "", "",
                            "standard input"}),
    [](const auto& param) { return param.param.name; });

class BadUrl : public testing::TestWithParam<std::string> {};

TEST_P(BadUrl, IsRefused) {
    EXPECT_FALSE(parse_url(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Url, BadUrl,
                         testing::Values("", "ftp://x.example/", "gopher://x/", "file://host/etc",
                                         "https://", "https://x y/"));

}  // namespace
}  // namespace fairlist::importer
