# What `cmake --install` puts where: programs, manual pages, completion, unit, examples.
include(GNUInstallDirs)

install(TARGETS fairlistd fairlist RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Found there by fairlist, beside whose folder it lies.
install(TARGETS fairlist-mail RUNTIME DESTINATION libexec/fairlist)
foreach(page fairlist.1 fairlist.toml.5 fairlistd.8)
  string(REGEX MATCH "[0-9]$" section ${page})
  install(FILES tools/man/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES tools/completions/fairlist.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fairlist)
install(FILES zones/examples/fairlist.toml zones/examples/small.toml zones/examples/demo.toml
              zones/examples/trap.toml
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# Units name the program by its path, and the prefix may be given only at the installation.
install(CODE "set(packaging \"${PROJECT_SOURCE_DIR}/tools/packaging\")")
install(CODE [[
  foreach(unit fairlistd.service fairlist-intake.service fairlist-sweep.service fairlist-sweep.timer
          fairlist-audit.service fairlist-audit.timer)
    file(READ "${packaging}/${unit}" text)
    string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_PREFIX}/bin/" text "${text}")
    set(target "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/systemd/system/${unit}")
    message(STATUS "Installing: ${target}")
    file(WRITE "${target}" "${text}")
  endforeach()
]])
