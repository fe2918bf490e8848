// TestFolder: a scratch folder of one test, with short ways to make and read files in it.
#pragma once

#include "importer/fetch/scratch_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fairlist::importer {

class TestFolder {
  public:
    TestFolder() : folder_(make_scratch_folder(std::filesystem::temp_directory_path()).value()) {}

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return folder_.path() / name;
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }

    std::string write(const std::string& name, const std::string& content) const {
        const std::filesystem::path file = folder_.path() / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
        return file.string();
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(folder_.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

  private:
    ScratchFolder folder_;
};

}  // namespace fairlist::importer
