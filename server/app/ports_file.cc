#include "server/app/ports_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <string>
#include <system_error>

namespace fairlist::app {

namespace {

// One number a line, so that a shell script needs no JSON reader.
std::string list_of(const std::vector<std::uint16_t>& ports) {
    return ports.empty() ? "[]" : fmt::format("[\n    {}\n  ]", fmt::join(ports, ",\n    "));
}

}  // namespace

Result<void> write_ports_file(const std::filesystem::path& file, const Ports& ports) {
    std::filesystem::path unfinished = file;
    unfinished += ".new";
    const std::string dns = list_of(ports.dns);
    std::ofstream out(unfinished);
    out << fmt::format("{{\n  \"udp\": {},\n  \"tcp\": {},\n  \"lmtp\": {},\n  \"http\": {}\n}}\n",
                       dns, dns, list_of(ports.lmtp), list_of(ports.http));
    out.close();
    if (!out) {
        return fail(Errc::Io, fmt::format("\"{}\": cannot be written", unfinished.string()));
    }
    std::error_code error;
    std::filesystem::rename(unfinished, file, error);
    if (error) {
        return fail(Errc::Io,
                    fmt::format("\"{}\": cannot be written: {}", file.string(), error.message()));
    }
    return {};
}

}  // namespace fairlist::app
