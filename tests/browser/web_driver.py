"""A WebDriver session (W3C) with headless Chromium, by the standard library alone: chromedriver on loopback."""

import base64
import json
import re
import struct
import subprocess
import urllib.error
import urllib.request
import zlib


class WebDriverError(Exception):
    pass


class Browser:
    """One chromedriver with one window. Use with `with`: both end with it."""

    _ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # The key of element references in the standard.

    def __init__(self, width=1100, height=900):
        self._size = f"--window-size={width},{height}"
        self._session = None

    def __enter__(self):
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        port = None
        for line in self._driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                port = found.group(1)
                break
        if port is None:
            raise WebDriverError("chromedriver ended before it said its port")
        self._base = f"http://127.0.0.1:{port}"
        # No sandbox: containers of continuous integration run as root and allow none.
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", self._size]
        try:
            answer = self._ask(
                "POST",
                "/session",
                {
                    "capabilities": {
                        "alwaysMatch": {
                            "browserName": "chrome",
                            "goog:chromeOptions": {"args": arguments},
                            "goog:loggingPrefs": {"browser": "ALL"},
                        }
                    }
                },
            )
        except BaseException:
            self._driver.terminate()
            self._driver.wait()
            raise
        self._session = f"/session/{answer['sessionId']}"
        return self

    def __exit__(self, *_):
        try:
            self._ask("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait()

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._base + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise WebDriverError(error.read().decode(errors="replace")) from error

    def prefer(self, theme):
        """`light` or `dark`, as the reader's system would."""
        self._devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})

    def _devtools(self, command, parameters):
        return self._ask("POST", self._session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address):
        self._ask("POST", self._session + "/url", {"url": address})

    def run(self, script, *arguments):
        """What the body of a function returns."""
        return self._ask("POST", self._session + "/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, selector):
        found = self._ask("POST", self._session + "/element", {"using": "css selector", "value": selector})
        self._ask("POST", f"{self._session}/element/{found[self._ELEMENT]}/click", {})

    def console(self):
        """What the console got since the last call; refusals of the content security policy too."""
        return self._ask("POST", self._session + "/se/log", {"type": "browser"})

    def screenshot(self):
        """PNG bytes of what the window shows."""
        return base64.b64decode(self._ask("GET", self._session + "/screenshot"))


def first_pixel(png):
    """Red, green and blue in the upper left corner of a PNG file with 8 bits per colour."""
    offset, image = 8, b""
    color_type = None
    while offset < len(png):
        size, kind = struct.unpack(">I4s", png[offset : offset + 8])
        data = png[offset + 8 : offset + 8 + size]
        if kind == b"IHDR":
            depth, color_type = data[8], data[9]
            if depth != 8 or color_type not in (2, 6):
                raise ValueError(f"unexpected PNG: depth {depth}, colour type {color_type}")
        if kind == b"IDAT":
            image += data
        offset += 12 + size
    # The byte before the pixel names the row's filter, which changes nothing at the very first pixel.
    return tuple(zlib.decompress(image)[1:4])
