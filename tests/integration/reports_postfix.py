"""Runs inside namespaces of its own (reports_postfix_test.py starts it): fairlistd that reports a listing
to a provider through Postfix, which is down at first; prints as JSON what came into the mailbox."""

import contextlib
import json
import pathlib
import tempfile

import harness
import interop_postfix
import interop_site
import reports_test
from shifted_clock import ShiftedClock

MAILBOX = """
virtual_mailbox_domains = cloud.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{{{ abuse@cloud.example=abuse/ }}}}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
"""
SERVICES = """
virtual unix - n n - - virtual
retry unix - - n - - error
trace unix - - n - 0 bounce
"""


def main_cf(folder):
    lines = interop_postfix.MAIN.splitlines()
    kept = [line for line in lines if not line.startswith("smtpd_recipient_restrictions")]
    return "\n".join(kept) + MAILBOX.format(folder=folder)


def results(site, folder, start_postfix):
    site.spam()
    found = {"down": site.wait_for("due", 1)}
    start_postfix()
    site.clock.forward(minutes=5)
    found["sent"] = site.wait_for("sent", 2)
    inbox = folder / "mail" / "abuse" / "new"
    harness.wait_until(lambda: list(inbox.glob("*")), "a mail in the mailbox")
    mails = list(inbox.glob("*"))
    found["mails"] = [mail.read_bytes().decode("ascii") for mail in mails]
    found["import"] = json.loads(site.cli("--json", "report", "import", str(mails[0])))
    return found


def main():
    with tempfile.TemporaryDirectory(prefix="rpx-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        interop_postfix.prepare_network(folder)
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)

        def start_postfix():
            log = folder / "postfix.log"
            postfix = stack.enter_context(interop_site.started(
                interop_postfix.write_postfix(folder, main_cf(folder),
                                              interop_postfix.MASTER + SERVICES), log))
            interop_site.wait_for_tcp(interop_postfix.SMTP_PORT, postfix, log)

        server = f"smtp://127.0.0.1:{interop_postfix.SMTP_PORT}"
        clock = stack.enter_context(ShiftedClock(folder))
        site = reports_test.ReportSite(folder / "site", clock, server)
        stack.callback(site.end)
        site.fill()
        site.start()
        print(json.dumps(results(site, folder, start_postfix)))


if __name__ == "__main__":
    main()
