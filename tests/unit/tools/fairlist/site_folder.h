// SiteFolder: a folder with a configuration that goes with the test.
#pragma once

#include "listing/base/check.h"
#include "tools/fairlist/session.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace fairlist::cli {

class SiteFolder {
  public:
    SiteFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "fairlist-test-XXXXXX").string();
        FAIRLIST_CHECK(mkdtemp(name.data()) != nullptr);
        folder_ = name;
        std::ofstream(folder_ / "fairlist.toml") << "[store]\npath = \"store\"\n"
                                                    "[server]\nlisten = [\"127.0.0.1:0\"]\n"
                                                    "[[list]]\nname = \"sbl\"\n"
                                                    "[[zone]]\nname = \"bl.example\"\n"
                                                    "lists = [\"sbl\"]\nns = [\"ns1.example\"]\n";
    }
    ~SiteFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    SiteFolder(const SiteFolder&) = delete;
    SiteFolder& operator=(const SiteFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] Globals globals() const {
        Globals globals;
        globals.config_file = (folder_ / "fairlist.toml").string();
        return globals;
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace fairlist::cli
