import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

from odoo.tests import tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestBrowserCase(BrowserCase):
    def test_last_requests_are_waited_for(self):
        address = urlsplit(self.base_url())
        with self.allow_requests(), ExitStack() as stack:
            late = [
                stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=5))
                for _number in range(40)
            ]
            request = (
                f"GET /web/health HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
                f"Cookie: {TEST_CURSOR_COOKIE_NAME}={self.http_request_key}\r\n\r\n"
            )
            for connection in late:
                connection.sendall(request.encode())
            self._wait_remaining_requests()
            for connection in late:
                connection.setblocking(False)
                self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))
