// Delivery head: what our own mail server put in front of a mail when it delivered it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kDeliveryHeadersMax = 100;
inline constexpr std::size_t kDeliveryValueBytesMax = 1000;

struct DeliveryHead {
    std::size_t bytes = 0;  // of the front of the mail: a "From " line and the headers below
    std::string from_line;  // of an mbox, without "From " and line end; empty: none
    std::string sender;     // Return-Path, without its angle brackets
    // Secrets. As written, in the order of trust: what the server was asked for before what it made
    // of that by its aliases.
    std::vector<std::string> recipients;
};

// Return-Path, Delivered-To, X-Original-To, Envelope-To and their kin, in one block at the very
// front. Recipients are also taken from further down, up to the first Received line: filters of
// ours may have put lines between. Below that line everything may have come with the mail.
[[nodiscard]] DeliveryHead read_delivery_head(std::string_view mail);

}  // namespace fairlist::importer
