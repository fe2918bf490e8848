// Sections: one function for each table of the configuration, from a Reader into its struct.
#pragma once

#include "listing/model/ttl.h"
#include "server/config/config.h"
#include "server/config/reader.h"

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

namespace fairlist::config {

void read_store(Reader& in, Store& out);
void read_server(Reader& in, Server& out);
void read_xdp(Reader& in, Xdp& out);
void read_limits(Reader& in, Limits& out);
struct ListTable {
    ListSpec spec;
    bool has_removal = false;
    RemovalRule removal;
};
void read_list(Reader& in, ListTable& out);
void read_removal_rule(Reader& in, RemovalRule& out);
void read_removals(Reader& in, Removals& out);
void read_zone(Reader& in, ZoneSpec& out);
void read_feed(Reader& in, Feed& out);
void read_policy(Reader& in, PolicyRules& out);
void read_rule(Reader& in, TrapRule& out);
void read_space(Reader& in, SpaceRange& out);
// Adds a fault for each prefix that the tables give twice.
void check_space(Reader& in, const std::vector<SpaceRange>& ranges);
void read_standing(Reader& in, StandingRules& out);
void read_http(Reader& in, Http& out);
void read_site(Reader& in, Site& out);
void read_mail(Reader& in, Mail& out);
void read_reports(Reader& in, Reports& out);

struct TrapTable {
    Trap trap;
    std::filesystem::path space_file;
    std::vector<SpaceRange> space;  // of the file
};
void read_trap(Reader& in, TrapTable& out);

// Appends the ranges of a file, a line "PREFIX USE [CUSTOMER]" each. What is wrong is a fault at
// `key`, with the file's name and line in its text.
void read_space_file(Reader& in, std::string_view key, const std::filesystem::path& file,
                     std::vector<SpaceRange>& out);

// The tables without a struct of their own, and all of the above.
void read_config(Reader& in, Config& out);

inline constexpr std::size_t kTextBytesMax = 255;  // one string of a TXT record

}  // namespace fairlist::config
