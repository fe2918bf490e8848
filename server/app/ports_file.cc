#include "server/app/ports_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <string>
#include <system_error>

namespace fairlist::app {

Result<void> write_ports_file(const std::filesystem::path& file,
                              const std::vector<std::uint16_t>& ports) {
    std::filesystem::path unfinished = file;
    unfinished += ".new";
    // One number a line, so that a shell script needs no JSON reader.
    const std::string list = fmt::format("[\n    {}\n  ]", fmt::join(ports, ",\n    "));
    std::ofstream out(unfinished);
    out << fmt::format("{{\n  \"udp\": {},\n  \"tcp\": {}\n}}\n", list, list);
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
