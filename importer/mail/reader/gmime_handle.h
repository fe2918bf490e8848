// GMime handle: objects of GMime that are given back when they go out of scope.
#pragma once

#include <gmime/gmime.h>
#include <memory>

namespace fairlist::importer {

struct GmimeUnref {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
template <typename T>
using GmimeHandle = std::unique_ptr<T, GmimeUnref>;

struct GlibFree {
    void operator()(char* text) const noexcept { g_free(text); }
};
using GlibText = std::unique_ptr<char, GlibFree>;

}  // namespace fairlist::importer
