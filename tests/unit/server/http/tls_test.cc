#include "server/http/tls_context.h"
#include "tests/unit/server/http/http_site.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string>

namespace fairlist::http {
namespace {

const std::string kHealth = request("GET /v1/health");

struct FileClose {
    void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, FileClose>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

// Self-signed, and good for an hour.
Certificate make_certificate(EVP_PKEY* key, const std::string& name) {
    Certificate certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    EXPECT_GT(X509_sign(certificate.get(), key, EVP_sha256()), 0);
    return certificate;
}

class Tls : public HttpSite {
  protected:
    Tls() {
        std::string name =
            (std::filesystem::temp_directory_path() / "fairlist-tls-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        files_ = {.certificate = folder_ / "cert.pem", .key = folder_ / "key.pem"};
        renew("first.example");
    }
    ~Tls() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    void renew(const std::string& name) {
        const Key key = make_key();
        write_certificate(key, name);
        write_key(key, nullptr);
    }
    void write_certificate(const Key& key, const std::string& name) const {
        const File file(std::fopen(files_.certificate.c_str(), "w"));
        ASSERT_EQ(PEM_write_X509(file.get(), make_certificate(key.get(), name).get()), 1);
    }
    void write_key(const Key& key, const char* passphrase) const {
        const File file(std::fopen(files_.key.c_str(), "w"));
        const EVP_CIPHER* const cipher = passphrase == nullptr ? nullptr : EVP_aes_128_cbc();
        const int size =
            passphrase == nullptr ? 0 : static_cast<int>(std::string(passphrase).size());
        std::string copy(passphrase == nullptr ? "" : passphrase);
        ASSERT_EQ(PEM_write_PrivateKey(file.get(), key.get(), cipher,
                                       reinterpret_cast<unsigned char*>(copy.data()), size, nullptr,
                                       nullptr),
                  1);
    }
    // One endpoint with TLS, one without.
    HttpSettings both() {
        HttpSettings chosen = settings();
        chosen.endpoints.push_back(
            {.address = *parse_address("127.0.0.1"), .port = 0, .tls = true});
        chosen.tls = files_;
        return chosen;
    }
    std::string error_of_files() const {
        const auto made = make_tls_context(files_);
        return made ? "" : made.error().message;
    }

    std::filesystem::path folder_;
    TlsFiles files_;
};

constexpr std::size_t kPlain = 0;
constexpr std::size_t kTls = 1;

TEST_F(Tls, ServesBesidePlainHttp) {
    serve(both());
    RawClient plain(port(kPlain));
    EXPECT_EQ(plain.ask(kHealth).status, 200U);
    RawClient client(port(kTls));
    ASSERT_TRUE(client.start_tls());
    EXPECT_EQ(client.tls_name(), "first.example");
    EXPECT_EQ(client.ask(kHealth).status, 200U);
    const std::string body(900'000, 'x');
    EXPECT_EQ(
        client.ask(request("POST /v1/hits", std::string(kMachine) + std::string(kLines), body))
            .status,
        200U);
    EXPECT_EQ(sink_.taken.at(0).size(), body.size() + std::string("the-machine hits ").size());
    EXPECT_EQ(client.ask(request("GET /v1/health", "Connection: close\r\n")).status, 200U);
    EXPECT_TRUE(client.is_closed());
}

struct VersionCase {
    std::string name;
    int version;
    bool is_served;
};

class TlsVersion : public Tls, public testing::WithParamInterface<VersionCase> {};

TEST_P(TlsVersion, Handshake) {
    serve(both());
    RawClient client(port(kTls));
    EXPECT_EQ(client.start_tls(GetParam().version), GetParam().is_served);
    await(HttpCount::TlsFailures, GetParam().is_served ? 0U : 1U);
    server_->stop();
    EXPECT_EQ(count(HttpCount::TlsFailures), GetParam().is_served ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsVersion,
                         testing::Values(VersionCase{"tls_1_3", TLS1_3_VERSION, true},
                                         VersionCase{"tls_1_2", TLS1_2_VERSION, true},
                                         VersionCase{"tls_1_1", TLS1_1_VERSION, false},
                                         VersionCase{"tls_1_0", TLS1_VERSION, false}),
                         [](const auto& param) { return param.param.name; });

struct ProtocolCase {
    std::string name;
    std::string_view wire;
    bool is_served;
};

class TlsProtocol : public Tls, public testing::WithParamInterface<ProtocolCase> {};

// RFC 7301 section 3.2.
TEST_P(TlsProtocol, Handshake) {
    serve(both());
    RawClient client(port(kTls));
    EXPECT_EQ(client.start_tls(0, GetParam().wire), GetParam().is_served);
}

INSTANTIATE_TEST_SUITE_P(Protocols, TlsProtocol,
                         testing::Values(ProtocolCase{"http_1_1", "\x08http/1.1", true},
                                         ProtocolCase{"both", "\x02h2\x08http/1.1", true},
                                         ProtocolCase{"only_http_2", "\x02h2", false}),
                         [](const auto& param) { return param.param.name; });

TEST_F(Tls, ReloadIsForNewConnections) {
    serve(both());
    RawClient before(port(kTls));
    ASSERT_TRUE(before.start_tls());
    renew("second.example");
    ASSERT_TRUE(server_->reload_tls().has_value());
    EXPECT_EQ(before.ask(kHealth).status, 200U);
    RawClient after(port(kTls));
    ASSERT_TRUE(after.start_tls());
    EXPECT_EQ(after.tls_name(), "second.example");
    // A pair that does not fit, as it is while files are replaced one by one.
    write_certificate(make_key(), "third.example");
    const Result<void> reloaded = server_->reload_tls();
    ASSERT_FALSE(reloaded.has_value());
    EXPECT_EQ(reloaded.error().code, Errc::Malformed);
    RawClient still(port(kTls));
    ASSERT_TRUE(still.start_tls());
    EXPECT_EQ(still.tls_name(), "second.example");
}

TEST_F(Tls, FilesThatCannotBeUsedAreErrors) {
    EXPECT_EQ(error_of_files(), "");
    write_key(make_key(), nullptr);
    EXPECT_TRUE(error_of_files().contains(files_.key)) << error_of_files();
    write_key(make_key(), "secret");
    EXPECT_TRUE(error_of_files().contains("without passphrase")) << error_of_files();
    std::filesystem::remove(files_.key);
    EXPECT_TRUE(error_of_files().contains(files_.key)) << error_of_files();
    std::ofstream(files_.certificate) << "no certificate";
    EXPECT_TRUE(error_of_files().contains(files_.certificate)) << error_of_files();
}

TEST_F(Tls, PlainHttpIsNoHandshake) {
    serve(both());
    RawClient client(port(kTls));
    ASSERT_TRUE(client.say(kHealth));
    EXPECT_FALSE(client.hear_all().contains("HTTP/1.1"));
    await(HttpCount::TlsFailures, 1);
    server_->stop();
    EXPECT_EQ(count(HttpCount::Requests), 0U);
}

TEST_F(Tls, LateRequestsAre408AndSilenceIsClosed) {
    HttpSettings chosen = both();
    chosen.limits.head_time = std::chrono::milliseconds(200);
    serve(chosen);
    RawClient silent(port(kTls));
    RawClient client(port(kTls));
    ASSERT_TRUE(client.start_tls());
    EXPECT_EQ(client.ask("GET /v1/health HTTP/1.1\r\nHost:").status, 408U);
    EXPECT_TRUE(silent.is_closed());
}

TEST_F(Tls, WhoIsRefusedEarlyCanReadWhy) {
    serve(both());
    RawClient client(port(kTls));
    ASSERT_TRUE(client.start_tls());
    ASSERT_TRUE(client.say(request("POST /v1/hits", kLines, std::string(900'000, 'x'))));
    EXPECT_EQ(client.hear().status, 401U);
}

}  // namespace
}  // namespace fairlist::http
