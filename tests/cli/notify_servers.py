# SPDX-License-Identifier: MIT
"""Real servers on loopback for notify.sh: SMTP (plain, STARTTLS with a right and a wrong certificate) and HTTP.

    notify_servers.py FOLDER

What arrives is kept as FOLDER/mail/N and FOLDER/hook/N; FOLDER/mode says how they behave, read anew for each message;
FOLDER/ports tells where they listen, once they do.
"""
import asyncio
import http.server
import itertools
import os
import ssl
import sys
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder = sys.argv[1]
counter = itertools.count(1)
LONG = 60


def mode():
    with open(f"{folder}/mode") as f:
        return f.read().strip()


def keep(kind, text):
    path = f"{folder}/{kind}/{next(counter):03d}"
    with open(path + ".new", "wb") as f:
        f.write(text)
    os.rename(path + ".new", path)


class Mailbox:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if mode() == "hang":
            await asyncio.sleep(LONG)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode() == "refuse" or (mode() == "refuse-wang" and address.startswith("wang")):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        m = mode()
        if m == "later":
            return "451 try again later"
        head = f"X-Envelope: {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\r\nX-Tls: {session.ssl is not None}\r\n"
        keep("mail", head.encode() + envelope.content)
        if m == "drop":  # taken, but the sender never learns it
            server.transport.abort()
        if m == "slow":
            await asyncio.sleep(LONG)
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"desk" and data.password == b"secret")


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        m = mode()
        head = f"{self.path} {self.headers['Content-Type']} {self.headers['Idempotency-Key']}\n"
        keep("hook", head.encode() + body)
        if m == "hang":
            time.sleep(LONG)
        if m == "drop":
            self.close_connection = True
            self.connection.close()
            return
        status = {"refuse": 403, "later": 503, "away": 302}.get(m, 200)
        answer = b'{"errcode":93000,"errmsg":"invalid webhook"}' if m == "chat" else b'{"errcode":0,"errmsg":"ok"}'
        if m == "half":  # less than was announced
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"{")
            self.close_connection = True
            return
        self.send_response(status)
        if m == "away":
            self.send_header("Location", self.path + "/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


def context(name):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
    return c


def smtp(**more):
    c = Controller(Mailbox(), hostname="127.0.0.1", port=0, **more)
    # port 0 cannot be asked through Controller.start(), which connects to it: bind it here.
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(c.factory, "127.0.0.1", 0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return server.sockets[0].getsockname()[1]


def main():
    for kind in ("mail", "hook"):
        os.makedirs(f"{folder}/{kind}", exist_ok=True)
    auth = {"authenticator": authenticate, "auth_required": True, "require_starttls": True}
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    web.daemon_threads = True
    ports = {
        "plain": smtp(),
        "starttls": smtp(tls_context=context("good"), **auth),
        "wrong": smtp(tls_context=context("wrong"), **auth),
        "http": web.server_port,
    }
    with open(f"{folder}/ports.new", "w") as f:
        f.writelines(f"{name}={port}\n" for name, port in ports.items())
    os.rename(f"{folder}/ports.new", f"{folder}/ports")
    web.serve_forever()


main()
