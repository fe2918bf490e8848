# Run by fairlist_bpf(): writes the bytes of OBJECT to OUT as the constant VARIABLE, which HEADER
# declares. libbpf reads the object where it lies, as an ELF file: hence the alignment.
file(READ ${OBJECT} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "#include \"${HEADER}\"

namespace fairlist::net::xdp {

alignas(16) const unsigned char ${VARIABLE}[] = {
${bytes}};
const std::size_t ${VARIABLE}Bytes = sizeof(${VARIABLE});

}  // namespace fairlist::net::xdp
")
