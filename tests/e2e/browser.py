"""A headless Chromium, spoken to through a pipe (the DevTools protocol): what a page shows once its scripts have run."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page. Every wait ends after patience_s."""

    def __init__(self, width=1280, height=900, patience_s=120):
        self.patience_s, self.number = patience_s, 0
        self.folder = tempfile.mkdtemp(prefix="flow-browser-")
        ask, self.ask = os.pipe()
        self.answers, answer = os.pipe()
        self.got = b""
        script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", script, "bash", str(ask), str(answer), PROGRAM, "--headless", "--no-sandbox", "--disable-gpu",
             "--hide-scrollbars", "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "about:blank"],
            pass_fds=(ask, answer), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(ask)
        os.close(answer)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ask)
        os.close(self.answers)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            message["sessionId"] = self.session
        deadline = time.monotonic() + self.patience_s
        os.write(self.ask, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.got:
                if not select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0]:
                    raise AssertionError(f"the browser does not answer {method}")
                piece = os.read(self.answers, 1 << 20)
                if not piece:
                    raise AssertionError("the browser has ended")
                self.got += piece
            line, self.got = self.got.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]

    def go(self, address):
        self.call("Page.navigate", url=address)

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, expression):
        """The value of the expression, as soon as it is true: what is not there yet, or a page that is just coming, is no error."""
        deadline = time.monotonic() + self.patience_s
        wrong = ""
        while time.monotonic() < deadline:
            try:
                if value := self.value(expression):
                    return value
                wrong = ""
            except AssertionError as problem:
                wrong = f"\n{problem}"
                if self.process.poll() is not None:
                    break
            time.sleep(0.05)
        raise AssertionError(f"never true: {expression}{wrong}\n{self.value('document.body.innerText')}")

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
