"""Who gets reports: a mail server and a webhook that do as a test says."""

import contextlib
import http.server
import socketserver
import threading
import time


class MailServer:
    """Keeps the mails that come, as (recipients, bytes). `mood`: "take", "later" (451), "never"
    (550), "hang" (greets nobody), "stall" (takes the mail and does not say so)."""

    def __init__(self):
        self.mood = "take"
        self.mails = []
        self.stalled = threading.Event()
        self.ended = threading.Event()
        receiver = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    receiver.serve(self.rfile, self.wfile)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, lines, out):
        def say(text):
            out.write(text.encode() + b"\r\n")

        if self.mood == "hang":
            self.stalled.set()
            self.ended.wait()
            return
        say("220 mx.cloud.example")
        recipients = []
        for line in lines:
            verb = line.split(None, 1)[0].upper() if line.strip() else b""
            if verb == b"RCPT" and self.mood in ("later", "never"):
                say("451 4.2.1 later" if self.mood == "later" else "550 5.1.1 nobody here")
            elif verb == b"RCPT":
                recipients.append(line.split(b":", 1)[1].strip().decode())
                say("250 ok")
            elif verb == b"DATA":
                say("354 go on")
                self.mails.append((recipients, b"".join(self.text_of(lines))))
                if self.mood == "stall":
                    self.stalled.set()
                    self.ended.wait()
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    @staticmethod
    def text_of(lines):
        for line in lines:
            if line == b".\r\n":
                return
            yield line[1:] if line.startswith(b".") else line

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Webhook:
    """Keeps the calls that come, as (time, header, body); answers `status`, at /redirect 302."""

    def __init__(self):
        self.status = 200
        self.calls = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((time.time(), self.path, dict(self.headers), body))
                self.send_response(302 if self.path == "/redirect" else receiver.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
