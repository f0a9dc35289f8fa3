"""A real browser, driven over the DevTools protocol through a pipe: no port, no library."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
_PATIENCE = 60  # seconds; a machine at work on something else is slow


def found() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class ScriptError(Exception):
    """A script in the page threw."""


class Browser:
    """A headless Chromium with a fresh profile; its pages share one storage, as a user's do."""

    def __init__(self, *, language: str = "en-US") -> None:
        self._home = tempfile.TemporaryDirectory(prefix="dramaloc-chromium-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        program = found()
        assert program is not None
        # Chromium reads commands from descriptor 3 and answers on 4.
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._running = subprocess.Popen(
            ["bash", "-c", script, program, *_FLAGS, f"--user-data-dir={self._home.name}",
             f"--accept-lang={language}", f"--lang={language}", "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._buffer = b""
        self._calls = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser, by force if it does not listen."""
        try:
            self.call("Browser.close")
            self._running.wait(10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self._running.kill()
            self._running.wait()
        os.close(self._in)
        os.close(self._out)
        for _ in range(20):  # its last processes may still be writing there
            try:
                self._home.cleanup()
            except OSError:
                time.sleep(0.1)
            else:
                break

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._calls += 1
        said: dict[str, Any] = {"id": self._calls, "method": method, "params": params}
        if session:
            said["sessionId"] = session
        os.write(self._out, json.dumps(said).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._calls:
                if "error" in heard:
                    raise ScriptError(heard["error"]["message"])
                return dict(heard["result"])
            self.events.append(heard)

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], _PATIENCE)
            if not ready:
                raise TimeoutError("the browser does not answer")
            data = os.read(self._in, 1 << 20)
            if not data:
                raise OSError("the browser is gone")
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def page(self, path: Path, *, size: tuple[int, int] = (1440, 900), dark: bool = False) -> Page:
        """Open a file in a new page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        page.call("Page.enable")
        page.call("Runtime.enable")
        page.call("Network.enable")
        page.call("Log.enable")
        page.call("DOM.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        page.call("Emulation.setEmulatedMedia", features=features)
        page.open(path)
        return page


class Page:
    """One page of a browser."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def open(self, path: Path) -> None:
        self.run("window.left = true")  # the page may be opened anew under its own address
        self.call("Page.navigate", url=path.absolute().as_uri())
        self.until("!window.left && document.readyState === 'complete'")

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)

    def run(self, script: str) -> Any:
        """Run a script as the page's own and return its value; promises are waited for."""
        said = self.call(
            "Runtime.evaluate",
            expression=script, returnByValue=True, awaitPromise=True, userGesture=True,
        )  # fmt: skip
        if "exceptionDetails" in said:
            details = said["exceptionDetails"]
            raise ScriptError(details.get("exception", {}).get("description") or details["text"])
        return said["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until a script's value is true."""
        for _ in range(_PATIENCE * 50):
            try:
                if self.run(f"!!({script})"):
                    return
            except ScriptError as error:  # asked between two pages
                if "context" not in str(error):
                    raise
            time.sleep(0.02)
        raise TimeoutError(script)

    def press(self, key: str, *, text: str = "", modifiers: int = 0) -> None:
        """Press and release a key as a person does; modifiers: 1 Alt, 2 Ctrl, 8 Shift."""
        codes = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38}
        common = {
            "key": key,
            "modifiers": modifiers,
            "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper())),
        }
        text = text or (key if len(key) == 1 and not modifiers & 3 else "")
        kind = "keyDown" if text or key == "Enter" else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=kind, text=text or "", **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Type text where the caret is."""
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click in the middle of the first element that a selector finds."""
        place = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind, x=place[0], y=place[1], button="left", clickCount=1,
            )  # fmt: skip

    def choose(self, selector: str, *paths: Path) -> None:
        """Give files to a file input."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def picture(self, path: Path, form: str = "png", quality: int | None = None) -> None:
        more = {} if quality is None else {"quality": quality}
        said = self.call("Page.captureScreenshot", format=form, **more)
        path.write_bytes(base64.b64decode(said["data"]))
