#!/usr/bin/python3
"""Writes the signed mails (*.eml) and key records (keys.txt) that dkim_verifier_test.cc reads.

The signer is Debian's python3-dkim (with python3-nacl), so that what our verifier accepts was made
by another implementation, and every mail that shall pass is verified by it as well. The private
keys are made anew at each run and thrown away: all files are written together, or none.

    tests/unit/importer/dkim/data/make_fixtures.py
"""

import base64
import pathlib
import subprocess
import types

import dkim
import nacl.signing

HERE = pathlib.Path(__file__).resolve().parent
# 2023-11-14T22:13:20Z, as t=; the test receives its mails ten minutes later.
SIGNED_AT = 1700000000
DOMAIN = b"example.com"

HEADER = [
    b"Received: from a.example.net (a.example.net [192.0.2.2])\r\n\tby mx.example.org; x",
    b"Received: from b.example.net (b.example.net [192.0.2.3])\r\n\tby a.example.net; y",
    b"From: Ann Example  <ann@example.com>",
    b"To:   bob@example.org,\r\n  \tcarol@example.org",
    b"Subject:  White \t space,   folded\r\n\tand ending in blanks \t ",
    b"Date: Tue, 14 Nov 2023 22:13:20 +0000",
    b"MIME-Version: 1.0",
    b"X-Empty:",
    b"X-Eight-Bit: caf\xc3\xa9 \xff",
]
BODY = [b"Hello,", b"", b" \t leading and  inner \t blanks", b"trailing blanks  \t", b"caf\xc3\xa9 \xff",
        b" ", b"a lone\rCR", b".", b"", b"\t ", b""]
ALL_NAMES = [b"from", b"to", b"subject", b"date", b"mime-version", b"x-empty", b"x-eight-bit"]


def mail(header=None, body=None):
    return b"\r\n".join((header or HEADER) + [b""] + (BODY if body is None else body)) + b"\r\n"


class Signer(dkim.DKIM):
    """Adds and drops tags that DKIM.sign() has no argument for."""
    extra = ()
    dropped = ()

    def gen_header(self, fields, *arguments, **named):
        fields = [field for field in fields if field[0] not in self.dropped]
        fields[-3:-3] = self.extra
        return super().gen_header(fields, *arguments, **named)


class Keys:
    """Selectors with their private keys, and the records to publish."""

    def __init__(self):
        self.private = {}
        self.records = {}

    def add(self, selector, private, record):
        self.private[selector] = private
        self.records[selector] = record

    def add_rsa(self, selector, bits, tags="v=DKIM1; k=rsa; ", pkcs1=False):
        pem = openssl("genrsa", "-traditional", str(bits))
        form = ["-RSAPublicKey_out"] if pkcs1 else ["-pubout"]
        public = base64.b64encode(openssl("rsa", *form, "-outform", "DER", given=pem)).decode()
        self.add(selector, pem, f"{tags}p={public}")

    def add_ed25519(self, selector, tags="v=DKIM1; k=ed25519; "):
        key = nacl.signing.SigningKey.generate()
        public = base64.b64encode(bytes(key.verify_key)).decode()
        self.add(selector, base64.b64encode(bytes(key)), f"{tags}p={public}")


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, check=True,
                          capture_output=True).stdout


KEYS = Keys()


def sign(message, selector, canon="relaxed/relaxed", names=ALL_NAMES, extra=(), dropped=(),
         **named):
    private = KEYS.private[selector]
    kind = named.pop("algorithm", b"rsa-sha256" if private.startswith(b"-") else b"ed25519-sha256")
    signer = Signer(message, signature_algorithm=kind)
    signer.should_not_sign = set()  # whatever is asked for
    signer.extra = list(extra)
    signer.dropped = tuple(dropped)
    line = signer.sign(selector.encode(), named.pop("domain", DOMAIN), private,
                       canonicalize=tuple(part.encode() for part in canon.split("/")),
                       include_headers=list(names), **named)
    return line + message


def record_of(name, timeout=5):
    return KEYS.records[name.decode().partition("._domainkey.")[0]].encode()


def passes(message, count=1):
    """What shall pass, and does so by python3-dkim, too."""
    verifier = dkim.DKIM(message)
    for index in range(count):
        assert verifier.verify(index, dnsfunc=record_of)
    return message


def changed(message, old, new):
    assert message.count(old) == 1, (old, message.count(old))
    return message.replace(old, new)


def make_keys():
    KEYS.add_rsa("rsa", 2048)
    KEYS.add_rsa("large", 4096, tags="")
    KEYS.add_rsa("pkcs1", 2048, pkcs1=True)
    KEYS.add_rsa("short", 1023)
    KEYS.add_rsa("testing", 2048, tags="v=DKIM1; t=y; ")
    KEYS.add_rsa("strict", 2048, tags="v=DKIM1; t=s; ")
    KEYS.add_rsa("sha1only", 2048, tags="v=DKIM1; h=sha1; ")
    KEYS.add_rsa("nomail", 2048, tags="v=DKIM1; s=tlsrpt; ")
    KEYS.add_rsa("revoked", 2048)
    KEYS.records["revoked"] = "v=DKIM1; k=rsa; p="
    KEYS.add_rsa("missing", 2048)
    KEYS.add_rsa("swapped", 2048)
    KEYS.add_ed25519("ed")
    KEYS.add_ed25519("other")
    KEYS.records["swapped"] = KEYS.records["other"]


def make_mails():
    plain = mail()
    out = {}
    for selector in ("rsa", "ed"):
        for header in ("simple", "relaxed"):
            for body in ("simple", "relaxed"):
                out[f"{selector}_{header}_{body}"] = passes(
                    sign(plain, selector, f"{header}/{body}"))
    good = out["rsa_relaxed_relaxed"]
    out["stored_with_lf"] = out["rsa_simple_simple"].replace(b"\r\n", b"\n")
    for selector in ("large", "pkcs1"):
        out[selector] = passes(sign(plain, selector))
    out["empty_body_simple"] = passes(sign(mail(body=[]), "rsa", "simple/simple"))
    out["empty_body_relaxed"] = passes(sign(mail(body=[]), "rsa"))
    out["only_empty_lines"] = passes(sign(mail(body=[b"", b" ", b""]), "rsa"))
    out["without_identity"] = passes(sign(plain, "rsa", dropped=[b"i"]))

    out["changed_body"] = changed(good, b"Hello", b"Hallo")
    out["changed_header"] = changed(good, b"folded", b"fold")
    out["changed_blanks"] = changed(out["rsa_simple_simple"], b"White \t space", b"White space")
    out["unsigned_field_changed"] = changed(good, b"192.0.2.2", b"192.0.2.9")

    traces = [b"received", b"received"] + ALL_NAMES
    out["trace_signed"] = b"Received: by later.example.org; z\r\n" + passes(
        sign(plain, "rsa", names=traces))
    swapped = mail([HEADER[1], HEADER[0]] + HEADER[2:])
    out["trace_swapped"] = changed(sign(plain, "rsa", names=traces), plain, swapped)
    over = [b"from", b"x-absent", b"subject"] + ALL_NAMES
    out["oversigned"] = passes(sign(plain, "rsa", names=over))
    out["oversigned_second_from"] = b"From: forged@example.net\r\n" + out["oversigned"]
    out["oversigned_absent_added"] = b"X-Absent: here\r\n" + out["oversigned"]
    out["second_from"] = b"From: forged@example.net\r\n" + good

    whole = sign(plain, "rsa", length=True)
    out["length_of_all"] = passes(whole)
    out["length_appended"] = passes(whole + b"Buy now\r\n")
    out["length_beyond"] = changed(whole, b"\r\n.\r\n\r\n\t \r\n\r\n", b"\r\n")

    out["expires_later"] = passes(sign(plain, "rsa", extra=[(b"x", b"1700003600")]))
    out["expired"] = sign(plain, "rsa", extra=[(b"x", b"1700000060")])

    for selector in ("testing", "short", "revoked", "missing", "sha1only", "nomail", "swapped"):
        out[f"key_{selector}"] = sign(plain, selector)
    out["sha1"] = sign(plain, "rsa", algorithm=b"rsa-sha1")
    below = b"@mail.example.com"
    out["identity_below"] = passes(sign(plain, "rsa", identity=below))
    out["identity_below_strict"] = sign(plain, "strict", identity=below)
    out["identity_same_strict"] = passes(sign(plain, "strict", identity=b"ann@example.com"))

    out["two_signers"] = passes(
        sign(sign(plain, "rsa", "simple/simple"), "ed", domain=b"esp.example.net"), 2)
    out["first_signer_broken"] = changed(
        sign(sign(plain, "rsa"), "ed", names=ALL_NAMES + [b"x-mailer"],
             domain=b"esp.example.net"), b"MIME-Version: 1.0",
        b"X-Mailer: added\r\nMIME-Version: 1.0")
    # The outer one covers the inner one as well.
    out["signature_signed"] = passes(
        sign(sign(plain, "rsa"), "ed", names=ALL_NAMES + [b"dkim-signature"]), 2)
    eight = plain
    for _ in range(8):
        eight = sign(eight, "ed")
    out["eight_signatures"] = passes(eight, 8)
    out["ten_signatures"] = sign(sign(eight, "ed"), "ed")
    return out


def main():
    dkim.time = types.SimpleNamespace(time=lambda: SIGNED_AT)
    make_keys()
    mails = make_mails()
    for old in HERE.glob("*.eml"):
        old.unlink()
    for name, message in mails.items():
        (HERE / f"{name}.eml").write_bytes(message)
    published = {name: text for name, text in KEYS.records.items() if name != "missing"}
    lines = [f"{name}._domainkey.{domain}\t{text}\n" for name, text in published.items()
             for domain in ("example.com", "esp.example.net")
             if domain == "example.com" or name == "ed"]
    (HERE / "keys.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
