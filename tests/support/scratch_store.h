// ScratchStore: a new store in a folder of its own that goes with the test.
#pragma once

#include "listing/base/check.h"
#include "listing/model/list.h"
#include "listing/store/environment.h"
#include "listing/store/registry.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace fairlist::test {

class ScratchStore {
  public:
    explicit ScratchStore(std::uint64_t map_bytes = 1ULL << 30U) {
        std::string name =
            (std::filesystem::temp_directory_path() / "fairlist-test-XXXXXX").string();
        FAIRLIST_CHECK(mkdtemp(name.data()) != nullptr);
        options_.path = std::filesystem::path(name) / "store";
        options_.map_bytes = map_bytes;
        options_.create = true;
        open();
        options_.create = false;
    }
    ~ScratchStore() {
        environment_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(options_.path.parent_path(), ignored);
    }
    ScratchStore(const ScratchStore&) = delete;
    ScratchStore& operator=(const ScratchStore&) = delete;

    [[nodiscard]] store::Environment& environment() { return *environment_; }
    // Makes the list known, as a manager would.
    void add_list(const std::string& name, ListKind kind = ListKind::Address) {
        environment_->write([&](store::WriteTxn& txn) {
            if (!store::find_list(txn, name)) {
                store::register_list(txn, name, kind);
            }
        });
    }
    [[nodiscard]] const store::EnvironmentOptions& options() const { return options_; }
    void close() { environment_.reset(); }
    void open() {
        auto opened = store::open_environment(options_);
        FAIRLIST_CHECK(opened.has_value());
        environment_ = std::move(*opened);
    }

  private:
    store::EnvironmentOptions options_;
    std::unique_ptr<store::Environment> environment_;
};

}  // namespace fairlist::test
