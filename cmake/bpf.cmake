# fairlist_bpf(server_net_xdp server/net/xdp/redirect.bpf.c kRedirectObject): compiles a BPF program
# and makes its object a constant of the target, so that no file has to be installed.
find_program(BPF_CLANG NAMES clang-19 clang REQUIRED)

function(fairlist_bpf target source variable)
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  set(object ${CMAKE_BINARY_DIR}/bpf/${name}.bpf.o)
  set(embedded ${CMAKE_BINARY_DIR}/bpf/${name}_object.cc)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/served.h)
  # BTF, which the maps need, comes with -g. The kernel's asm/ headers lie in the folder of the
  # machine's architecture.
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${BPF_CLANG} -target bpf -mcpu=v2 -O2 -g -Wall -Wextra -Werror -I${PROJECT_SOURCE_DIR}
            -idirafter /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}
            -fdebug-prefix-map=${PROJECT_SOURCE_DIR}=. -fdebug-compilation-dir=.
            -c ${PROJECT_SOURCE_DIR}/${source} -o ${object}
    DEPENDS ${PROJECT_SOURCE_DIR}/${source} ${headers}
    COMMENT "Building BPF object ${name}"
    VERBATIM)
  add_custom_command(
    OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DOBJECT=${object} -DOUT=${embedded} -DVARIABLE=${variable}
            -DHEADER=${folder}/${name}_object.h -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${object} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/bpf)
  target_sources(${target} PRIVATE ${embedded})
endfunction()
