// Secret words: what of a text could tell the address that a mail came to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Who sends to a trap may write its address into whatever he can choose: his HELO, the PTR name of
// his address, a host of his links. What names an address is left out of a hit; to leave out too
// much does no harm.
class SecretWords {
  public:
    // Canonical addresses; with an empty local part the domain alone.
    explicit SecretWords(std::span<const std::string> addresses);

    // Whether the text names one of them: the local part, the domain, or both (what has fewer than
    // kSecretBytesMin letters and digits only between marks or ends); in either case, whatever
    // stands between their letters, also backwards, in ROT13, percent signs, quoted-printable, hex,
    // Base32 and Base64; or whether it holds so many hex digits at a stretch that it may be their
    // hash.
    [[nodiscard]] bool are_in(std::string_view text) const;

  private:
    void add(std::string_view local, std::string_view domain);
    void add_word(std::string_view word);

    std::vector<std::string> needles_;  // letters and digits in lower case
    std::vector<std::string> words_;    // the same, too short to be looked for inside others
};

inline constexpr std::size_t kSecretBytesMin = 6;
inline constexpr std::size_t kHashDigitsMin = 32;  // of MD5, the shortest that is used so

}  // namespace fairlist::importer
