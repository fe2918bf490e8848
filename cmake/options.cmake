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
  # -Wnull-dereference guesses wrongly inside the standard library at -O3.
  target_compile_options(fairlist_options INTERFACE -Wno-null-dereference)
endif()

if(FAIRLIST_SANITIZE)
  target_compile_options(fairlist_options INTERFACE -fsanitize=${FAIRLIST_SANITIZE}
                                                    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fairlist_options INTERFACE -fsanitize=${FAIRLIST_SANITIZE})
endif()
if(FAIRLIST_FUZZ)
  target_compile_options(fairlist_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
