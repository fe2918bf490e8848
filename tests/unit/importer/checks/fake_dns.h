// FakeDns: records by name and type, and names that nobody can tell anything of.
#pragma once

#include "importer/checks/dns_lookup.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer::test {

class FakeDns final : public DnsLookup {
  public:
    void add(const std::string& name, DnsType type, std::vector<std::string> records) {
        records_[{name, type}] = std::move(records);
    }
    void fail(const std::string& name) { silent_.insert(name); }

    Result<DnsReply> ask(const std::string& name, DnsType type) override {
        ++asked;
        if (silent_.contains(name)) {
            return fairlist::fail(Errc::Io, "no reply in time");
        }
        const auto found = records_.find({name, type});
        return found == records_.end() ? DnsReply{ReplyKind::Missing, {}, 0}
                                       : DnsReply{ReplyKind::Found, found->second, 60};
    }

    unsigned asked = 0;

  private:
    std::map<std::pair<std::string, DnsType>, std::vector<std::string>> records_;
    std::set<std::string> silent_;
};

}  // namespace fairlist::importer::test
