"""Runs inside namespaces of its own (trap_postfix_test.py starts it): fairlistd with traps, behind
Postfix, which takes the mail for them from outside; prints as JSON what became of it."""

import contextlib
import json
import pathlib
import smtplib
import subprocess
import tempfile
import time

import harness
import interop_postfix
import interop_site
import trap_site

# Whose mail comes to which address.
FORWARDED, TRACED, STRANGER = "198.51.100.7", "203.0.113.77", "198.51.100.8"
PLAIN_TRAP = "lure@plain.example"

RELAY = """
smtpd_recipient_restrictions = reject_unverified_recipient
unverified_recipient_reject_code = 550
address_verify_map =
address_verify_poll_count = 60
address_verify_poll_delay = 1s
relay_domains = trap.example plain.example
relay_recipient_maps =
relay_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{{{ plain.example=plain:inet:127.0.0.1:{lmtp} }}}}
lmtp_send_xforward_command = yes
"""
# "plain" says nothing of the client: the Received lines must do.
SERVICES = """
lmtp unix - - n - - lmtp
plain unix - - n - - lmtp
  -o lmtp_send_xforward_command=no
relay unix - - n - - smtp
retry unix - - n - - error
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
"""


def main_cf(lmtp):
    lines = interop_postfix.MAIN.splitlines()
    kept = [line for line in lines if not line.startswith("smtpd_recipient_restrictions")]
    return "\n".join(kept) + RELAY.format(lmtp=lmtp)


def send(client, recipient, number):
    """What Postfix said at last, and when."""
    with smtplib.SMTP("127.0.0.1", interop_postfix.SMTP_PORT, local_hostname="client.example",
                      timeout=120, source_address=(client, 0)) as smtp:
        smtp.ehlo()
        smtp.mail("someone@client.example")
        code, text = smtp.rcpt(recipient)
        if code == 250:
            code, text = smtp.data(trap_site.message(number, To=recipient))
        return {"code": code, "text": text.decode(), "at": time.monotonic()}


def dig(site, client, kind):
    name = trap_site.reversed_name(client)
    done = subprocess.run([interop_site.program("dig"), "@127.0.0.1", "-p", str(site.port), "+short",
                           "+tries=1", name, kind], capture_output=True, text=True, timeout=60,
                          check=True)
    return done.stdout.split("\n")[:-1]


def results(site):
    found = {}
    for number, (client, recipient) in enumerate([
            (FORWARDED, trap_site.TRAP), (TRACED, PLAIN_TRAP), (STRANGER, "nobody@trap.example")]):
        found[client] = send(client, recipient, number)
    for client, one in found.items():
        if one["code"] == 250:
            harness.wait_until(lambda: dig(site, client, "A"), f"{client} to be listed")
            one["seconds"] = time.monotonic() - one["at"]
        one["A"], one["TXT"] = dig(site, client, "A"), dig(site, client, "TXT")
    found["hits"] = site.doctor()["hits"]
    return found


def main():
    with tempfile.TemporaryDirectory(prefix="tpx-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        interop_postfix.prepare_network(folder)
        site = trap_site.TrapSite(folder / "fairlist",
                                  trap='trusted_relays = ["127.0.0.1"]', own_hosts=["mx.example"])
        with contextlib.ExitStack() as stack:
            stack.callback(site.end)
            site.fill()
            site.cli("trap", "add", PLAIN_TRAP)
            site.start()
            postfix = stack.enter_context(interop_site.started(
                interop_postfix.write_postfix(folder, main_cf(site.lmtp_port),
                                              interop_postfix.MASTER + SERVICES),
                folder / "postfix.log"))
            interop_site.wait_for_tcp(interop_postfix.SMTP_PORT, postfix, folder / "postfix.log")
            print(json.dumps(results(site)))


if __name__ == "__main__":
    main()
