# Third-party libraries, each behind one interface target; names of Debian 12 packages are in
# tools/setup.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_library(LMDB_LIBRARY lmdb REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
pkg_check_modules(LDNS REQUIRED IMPORTED_TARGET ldns)
pkg_check_modules(XDP REQUIRED IMPORTED_TARGET libxdp libbpf)
pkg_check_modules(CAP_NG REQUIRED IMPORTED_TARGET libcap-ng)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(GMIME REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(MAXMIND REQUIRED IMPORTED_TARGET libmaxminddb)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

foreach(pair
        "dep_lmdb:${LMDB_LIBRARY}" "dep_sodium:PkgConfig::SODIUM" "dep_curl:PkgConfig::CURL"
        "dep_zlib:ZLIB::ZLIB" "dep_zstd:PkgConfig::ZSTD" "dep_idn2:PkgConfig::IDN2"
        "dep_crypto:PkgConfig::CRYPTO" "dep_ssl:PkgConfig::SSL" "dep_xdp:PkgConfig::XDP" "dep_cap:PkgConfig::CAP_NG"
        "dep_gmime:PkgConfig::GMIME" "dep_seccomp:PkgConfig::SECCOMP" "dep_psl:PkgConfig::PSL" "dep_systemd:PkgConfig::SYSTEMD" "dep_ldns:PkgConfig::LDNS" "dep_toml:PkgConfig::TOMLPLUSPLUS"
        "dep_maxmind:PkgConfig::MAXMIND"
        "dep_json:Boost::json" "dep_cli:CLI11::CLI11" "dep_spdlog:spdlog::spdlog")
  string(REGEX REPLACE "^([^:]+):(.*)$" "\\1" name "${pair}")
  string(REGEX REPLACE "^([^:]+):(.*)$" "\\2" target "${pair}")
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${target})
endforeach()
target_link_libraries(dep_lmdb INTERFACE Threads::Threads)
target_link_libraries(dep_json INTERFACE Boost::url)
