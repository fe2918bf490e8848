// Link scan: the hosts that a text links to, as a mail program would follow them.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kLinkHostsMax = 200;
inline constexpr std::size_t kLinkHostBytesMax = 255;

// Hosts as they were written, in lower case, each once, in the order in which they came.
class LinkHosts {
  public:
    // What is empty or too long is no host. Past kLinkHostsMax only the fact that there are more
    // is kept.
    void add(std::string_view host);

    [[nodiscard]] const std::vector<std::string>& in_order() const noexcept { return hosts_; }
    [[nodiscard]] bool has_more() const noexcept { return more_; }

  private:
    std::vector<std::string> hosts_;
    std::set<std::string, std::less<>> seen_;
    bool more_ = false;
};

// http, https and ftp URLs, and words that begin with "www.". Userinfo, port, path and query are
// left behind: they bear what tells the recipient. Linear time.
void scan_plain_text(std::string_view text, LinkHosts& out);

// The same after character references are read (HTML 5, section 13.5, as far as URLs need them),
// and "//host" at the beginning of an attribute.
void scan_html(std::string_view html, LinkHosts& out);

}  // namespace fairlist::importer
