// TlsContext: certificate, key and the rules of TLS for connections that come in.
#pragma once

#include "listing/base/result.h"
#include "server/http/http_settings.h"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace fairlist::http {

// TLS 1.2 and 1.3 with forward secrecy, no compression, no renegotiation, HTTP/1.1 by ALPN (RFC
// 7301). Errors: Io, Malformed (no PEM, a passphrase, or a key that is not the certificate's).
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const TlsFiles& files);

}  // namespace fairlist::http
