#include "importer/fetch/scratch_folder.h"

#include "importer/fetch/descriptor.h"

#include <stdlib.h>
#include <string>
#include <system_error>

namespace fairlist::importer {

ScratchFolder::~ScratchFolder() {
    if (!path_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

Result<ScratchFolder> make_scratch_folder(const std::filesystem::path& parent) {
    std::string path = (parent / (std::string(kScratchPrefix) + "XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr) {
        return io_error("make folder", path);
    }
    return ScratchFolder(path);
}

}  // namespace fairlist::importer
