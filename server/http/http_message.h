// HttpMessage: a request and its response, without a connection.
#pragma once

#include "listing/model/address.h"
#include "server/http/access.h"
#include "server/http/method.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::http {

// Of the header only what handlers need; empty means absent.
struct Request {
    Method method = Method::Get;
    std::string path;   // as sent, with its percent encoding; "/..." or "*"
    std::string query;  // as sent, without the question mark
    std::string authorization;
    std::string content_type;
    std::string accept;
    std::string idempotency_key;
    std::string if_match;
    std::string if_none_match;
    // What proxies said of who asked them, all fields of one kind joined by commas.
    std::string forwarded;        // RFC 7239
    std::string x_forwarded_for;  // "client, proxy, proxy"
    std::string body;
    // Who asks: the peer of the connection, or whom a trusted proxy names. Not set when unix_peer.
    Address peer;
    bool unix_peer = false;              // came by the Unix socket
    std::optional<Principal> principal;  // who asks, on routes that are not open
};

struct Response {
    unsigned status = 200;
    std::string content_type;  // empty: there is no content
    std::string body;
    // In addition to those of every answer. One that names Cache-Control, Content-Security-Policy
    // or Referrer-Policy replaces it; framing, Date and X-Content-Type-Options are the server's.
    std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace fairlist::http
