"""Runs inside namespaces of its own (interop_postfix_test.py starts it): fairlistd, unbound and
Postfix; prints as JSON what Postfix said to each client's RCPT."""

import json
import os
import pathlib
import pwd
import shutil
import smtplib
import subprocess
import tempfile

import interop_site as site

CLIENTS = ["198.51.100.7", "203.0.113.77", "198.51.100.8", "203.0.113.25"]
SMTP_PORT = 2525  # nobody else listens in this network

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.example
mydestination = mx.example
mynetworks = 127.0.0.1/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
alias_maps =
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_rbl_client zen.bl.example=127.0.0.2
"""

MASTER = """
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
qmgr unix n - n 300 1 qmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


def prepare_network(folder):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for client in CLIENTS:
        subprocess.run(["ip", "address", "add", f"{client}/32", "dev", "lo"], check=True)
    resolv = folder / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\n")
    # /etc/resolv.conf may be a link: the mount has to go over what it leads to.
    subprocess.run(["mount", "--bind", str(resolv), os.path.realpath("/etc/resolv.conf")],
                   check=True)


def write_postfix(folder, main=MAIN, master=MASTER):
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", pwd.getpwnam("postfix").pw_uid)
    (folder / "etc" / "main.cf").write_text(main.format(folder=folder))
    (folder / "etc" / "master.cf").write_text(master.format(port=SMTP_PORT))
    return ["postfix", "-c", str(folder / "etc"), "start-fg"]


def reply_to(client):
    with smtplib.SMTP("127.0.0.1", SMTP_PORT, local_hostname="client.example", timeout=60,
                      source_address=(client, 0)) as smtp:
        smtp.ehlo()
        smtp.mail("someone@client.example")
        code, text = smtp.rcpt("someone@mx.example")
        return [code, text.decode()]


def main():
    with tempfile.TemporaryDirectory(prefix="pfx-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        prepare_network(folder)
        with site.running(folder / "fairlist") as fairlist:
            config = folder / "unbound.conf"
            config.write_text(site.unbound_config(folder, 53, [("zen.bl.example", fairlist.port)]))
            with site.started([site.program("unbound"), "-d", "-c", str(config)],
                              folder / "unbound.log") as unbound:
                site.wait_for_tcp(53, unbound, folder / "unbound.log")
                with site.started(write_postfix(folder), folder / "postfix.log") as postfix:
                    site.wait_for_tcp(SMTP_PORT, postfix, folder / "postfix.log")
                    print(json.dumps({client: reply_to(client) for client in CLIENTS}))


if __name__ == "__main__":
    main()
