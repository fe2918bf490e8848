"""Canary: a trap's address in every form in which a mail may carry it and a program may leak it."""

import base64
import codecs
import hashlib
import quopri
import urllib.parse

HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


def base64_inside(text):
    """What is in the Base64 of any text that holds this one, at each of the three places where it may
    begin, without the digits that other bytes have a part in."""
    for skipped in range(3):
        coded = base64.b64encode(b"\0" * skipped + text.encode()).decode().rstrip("=")
        first = -(-skipped * 8 // 6)
        bits = (skipped + len(text)) * 8
        yield coded[first:bits // 6]


def base32_inside(text):
    for skipped in range(5):
        coded = base64.b32encode(b"\0" * skipped + text.encode()).decode().rstrip("=")
        first = -(-skipped * 8 // 5)
        yield coded[first:(skipped + len(text)) * 8 // 5].lower()


def forms_of(text):
    """{name: form}; all but those of Base64 are in lower case."""
    raw = text.encode()
    forms = {
        "plain": text,
        "reversed": text[::-1],
        "rot13": codecs.encode(text, "rot13"),
        "hex": raw.hex(),
        "percent": "".join(f"%{byte:02x}" for byte in raw),
        "quoted": urllib.parse.quote(text, safe="").lower(),
        "quoted-printable": "".join(f"={byte:02x}" for byte in raw),
        "quoted-printable-at": quopri.encodestring(text.replace("@", "=40").encode()).decode().lower(),
    }
    for name in HASHES:
        forms[name] = hashlib.new(name, raw).hexdigest()
    for number, form in enumerate(base64_inside(text)):
        forms[f"base64-{number}"] = form
    for number, form in enumerate(base32_inside(text)):
        forms[f"base32-{number}"] = form
    return forms


class Canary:
    """`parts`: what must not show, by name, such as the address and its local part."""

    def __init__(self, **parts):
        self.forms = {f"{part}/{name}": form for part, text in parts.items()
                      for name, form in forms_of(text).items()}

    def found_in(self, data):
        """The names of the forms that are in the text or the bytes."""
        data = data.encode() if isinstance(data, str) else data
        lower = data.lower()
        return [name for name, form in self.forms.items()
                if form.encode() in (data if "base64" in name else lower)]
