# Compiler options of every target of ours: fairlist_options, linked by all.
add_library(fairlist_options INTERFACE)
target_include_directories(fairlist_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_features(fairlist_options INTERFACE cxx_std_23)
target_compile_options(
  fairlist_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wconversion
            -Wsign-conversion
            -Wshadow
            -Wold-style-cast
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wnull-dereference
            -Wcast-align
            -Wformat=2
            -Wimplicit-fallthrough
            -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(fairlist_options INTERFACE -Wduplicated-cond -Wduplicated-branches
                                                    -Wlogical-op -Wuseless-cast -Wsuggest-override)
else()
  target_compile_options(fairlist_options INTERFACE -Wthread-safety)
endif()
target_compile_definitions(fairlist_options INTERFACE _GLIBCXX_ASSERTIONS SPDLOG_FMT_EXTERNAL)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Both guess wrongly inside the standard library at -O3 (GCC bug 105651 for -Wrestrict).
  target_compile_options(fairlist_options INTERFACE -Wno-null-dereference)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(fairlist_options INTERFACE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # So do these, on an assignment of "@" to a std::string (GCC bug 105651). Debug builds keep them.
    target_compile_options(fairlist_options INTERFACE -Wno-restrict -Wno-stringop-overflow)
  endif()
endif()

if(FAIRLIST_SANITIZE)
  target_compile_options(fairlist_options INTERFACE -fsanitize=${FAIRLIST_SANITIZE}
                                                    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fairlist_options INTERFACE -fsanitize=${FAIRLIST_SANITIZE})
endif()
if(FAIRLIST_FUZZ)
  target_compile_options(fairlist_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
