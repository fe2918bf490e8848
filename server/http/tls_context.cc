#include "server/http/tls_context.h"

#include <fmt/format.h>

#include <openssl/ssl.h>
#include <string_view>

namespace fairlist::http {

namespace {

namespace ssl = boost::asio::ssl;

// Of TLS 1.2; those of TLS 1.3 all are fine.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// "http/1.1" in the wire form of RFC 7301 section 3.1: its length goes first.
constexpr std::string_view kProtocols = "\x08http/1.1";

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// A client that offers protocols, but not ours, is told so (section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
    unsigned char* chosen = nullptr;
    const int outcome =
        SSL_select_next_proto(&chosen, out_size, bytes_of(kProtocols),
                              static_cast<unsigned int>(kProtocols.size()), in, in_size);
    *out = chosen;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// OpenSSL would ask for a passphrase at the terminal, and a daemon has none.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

bool apply_rules(ssl::context& context) {
    SSL_CTX* const handle = context.native_handle();
    SSL_CTX_set_options(
        handle, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_default_passwd_cb(handle, no_passphrase);
    SSL_CTX_set_alpn_select_cb(handle, choose_protocol, nullptr);
    return SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(handle, kCiphers) == 1;
}

auto fault(const std::string& file, std::string_view what, const boost::system::error_code& error) {
    return fail(Errc::Malformed,
                fmt::format("tls: \"{}\" is not {}: {}", file, what, error.message()));
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_tls_context(const TlsFiles& files) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    if (!apply_rules(*context)) {
        return fail(Errc::Io, "tls: OpenSSL refuses TLS 1.2 with forward secrecy");
    }
    boost::system::error_code error;
    if (context->use_certificate_chain_file(files.certificate, error)) {
        return fault(files.certificate, "a readable PEM certificate", error);
    }
    if (context->use_private_key_file(files.key, ssl::context::pem, error)) {
        return fault(files.key, "a readable PEM key without passphrase, and the certificate's",
                     error);
    }
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
        return fail(Errc::Malformed, fmt::format("tls: the key in \"{}\" is not that of \"{}\"",
                                                 files.key, files.certificate));
    }
    return context;
}

}  // namespace fairlist::http
