#include "tools/fairlist/input_file.h"

#include "importer/fetch/decoder.h"
#include "importer/fetch/descriptor.h"

#include <expected>
#include <unistd.h>
#include <utility>

namespace fairlist::cli {

using namespace importer;

std::string input_name(const std::string& path) {
    return path == "-" ? "stdin" : path;
}

Result<std::unique_ptr<ByteStream>> open_input(const std::string& path) {
    auto file =
        path == "-" ? Result<Descriptor>(Descriptor(::dup(STDIN_FILENO))) : open_to_read(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    const std::string name = input_name(path);
    return decode(std::make_unique<DescriptorStream>(std::move(*file), name), name, {});
}

}  // namespace fairlist::cli
