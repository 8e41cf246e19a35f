# SPDX-License-Identifier: MIT
"""Looks at HTML files in one headless chromium, over its debugging pipe: no library but Python's own.

    report_browser.py BROWSER FOLDER PICTURES WIDTH...

Every *.html of FOLDER is loaded once and laid out at each width. One line for each thing that is wrong: something
reaches beyond the page, the console says something, something is fetched, words stand on words in a chart, or are too
pale. The last line says how many layouts were looked at. Pictures of the files whose names begin with `see-` are put
into PICTURES, light and dark, and as they are printed.
"""
import base64
import fcntl
import glob
import itertools
import json
import os
import subprocess
import sys

browser, folder, pictures, *widths = sys.argv[1:]
# Out of the way of 3 and 4, which the browser gets.
to_them, from_us, from_them, to_us = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in os.pipe() + os.pipe())

# What a page must not do, seen from inside: all of it as a list of sentences.
LOOK = r"""(frame, width) => {
  const document = frame.contentDocument, getComputedStyle = frame.contentWindow.getComputedStyle, wrong = [], root = document.documentElement;
  frame.style.width = width + "px";
  if (root.scrollWidth > root.clientWidth) wrong.push("is " + root.scrollWidth + " wide");
  for (const e of document.querySelectorAll("h1,h2,p,li,.tiles b,summary,nav a")) {
    const box = e.getBoundingClientRect();
    if (box.right > root.clientWidth + 1) wrong.push("reaches beyond the page: " + e.textContent.slice(0, 40));
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != "inline") wrong.push("is cut: " + e.textContent.slice(0, 40));
  }
  for (const svg of document.querySelectorAll("svg")) {
    const outer = svg.getBoundingClientRect(), boxes = [...svg.querySelectorAll("text")].map(t => [t.getBoundingClientRect(), t.textContent]);
    if (!svg.querySelector("title") || !svg.querySelector("desc") || svg.getAttribute("role") != "img") wrong.push("has a chart without a description");
    if (!svg.closest("section").querySelector("table")) wrong.push("has a chart without a table");
    for (const [i, [a, words]] of boxes.entries()) {
      if (a.left < outer.left - 1 || a.right > outer.right + 1 || a.top < outer.top - 1 || a.bottom > outer.bottom + 1) wrong.push("words leave the chart: " + words);
      for (const [b, others] of boxes.slice(i + 1))
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) wrong.push("words stand on words: " + words + " / " + others);
    }
  }
  const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const seen = new Set();
  for (const e of document.querySelectorAll("h1,h2,p,li span,li small,li b,th,td,summary,a,footer")) {
    const style = getComputedStyle(e);
    let under = e;
    while (under && /^rgba\(.*, 0\)$|^transparent$/.test(getComputedStyle(under).backgroundColor)) under = under.parentElement;
    const pair = style.color + " on " + (under ? getComputedStyle(under).backgroundColor : "rgb(255, 255, 255)");
    if (seen.has(pair)) continue;
    seen.add(pair);
    const [a, b] = pair.split(" on ").map(light), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) wrong.push("is pale: " + pair + " " + ratio.toFixed(2));
  }
  for (const e of frame.contentWindow.performance.getEntriesByType("resource")) wrong.push("fetches " + e.name);
  if (document.images.length) wrong.push("has a picture");
  return [document.querySelectorAll("main section h2").length, wrong];
}"""


class Browser:
    def __init__(self):
        def pipes():  # chromium reads commands from 3 and writes answers to 4
            os.dup2(to_them, 3, inheritable=True)
            os.dup2(to_us, 4, inheritable=True)

        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars", "--allow-file-access-from-files", f"--user-data-dir={folder}/browser", "about:blank"]
        self.process = subprocess.Popen(command, close_fds=False, preexec_fn=pipes, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(to_us)
        os.close(to_them)
        self.read, self.write = os.fdopen(from_them, "rb"), os.fdopen(from_us, "wb")
        self.ids, self.session, self.rest, self.events = itertools.count(1), None, b"", []

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.read.fileno(), 1 << 16)
            if not piece:
                sys.exit("the browser has gone")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        call = {"id": next(self.ids), "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        self.write.write(json.dumps(call).encode() + b"\0")
        self.write.flush()
        while True:
            message = self.message()
            if message.get("id") == call["id"]:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def navigate(self, url):
        before = len(self.events)
        self.call("Page.navigate", url=url)
        while not any(e["method"] == "Page.loadEventFired" for e in self.events[before:]):
            self.events.append(self.message())


def words(event):
    """What an event says that no report should make a browser say."""
    params = event["params"]
    if event["method"] == "Runtime.consoleAPICalled":
        return "says " + str(params["args"])
    if event["method"] == "Log.entryAdded":
        return "says " + params["entry"]["text"]
    if event["method"] == "Runtime.exceptionThrown":
        return "fails " + params["exceptionDetails"]["text"]
    if event["method"] == "Network.requestWillBeSent" and params["type"] != "Document":
        return "asks for " + params["request"]["url"]
    return None


def picture(b, path, name):
    """The page as it is seen: on a phone, in the dark, on a wide screen, on paper."""
    b.navigate(f"file://{path}")
    for width, scheme in [(w, "light") for w in widths] + [(widths[0], "dark")]:
        b.call("Emulation.setDeviceMetricsOverride", width=int(width), height=900, deviceScaleFactor=1, mobile=False)
        b.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        data = b.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(f"{pictures}/{name}-{width}-{scheme}.png", "wb") as out:
            out.write(base64.b64decode(data))
    data = b.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"]
    with open(f"{pictures}/{name}.pdf", "wb") as out:
        out.write(base64.b64decode(data))
    b.call("Emulation.clearDeviceMetricsOverride")


def look(b, files):
    """Several pages in frames of one; how many layouts of them were looked at, and what is wrong with which."""
    frames = "".join(f'<iframe title="{os.path.basename(f)}" src="{os.path.basename(f)}" style="width:800px;height:600px;border:0"></iframe>' for f in files)
    with open(f"{folder}/frames.htm", "w", encoding="utf-8") as out:
        out.write(f'<!DOCTYPE html><meta charset="utf-8"><title>frames</title><body>{frames}')
    b.navigate(f"file://{folder}/frames.htm")
    looked = 0
    for scheme in ("light", "dark"):
        b.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        expression = f"""JSON.stringify((() => {{
          const look = {LOOK}, all = [];
          for (const frame of document.querySelectorAll("iframe"))
            for (const width of {list(map(int, widths)) if scheme == "light" else [int(widths[0])]})
              all.push([frame.title + " " + width, ...look(frame, width)]);
          return all;
        }})())"""
        result = b.call("Runtime.evaluate", expression=expression)["result"]
        if "value" not in result:
            sys.exit(result.get("description", "the page cannot be looked at"))
        for name, sections, wrong in json.loads(result["value"]):
            looked += sections > 0
            for line in wrong[:5]:
                print(f"{name} {scheme}: {line}")
    return looked


def main():
    b = Browser()
    target = b.call("Target.createTarget", url="about:blank")["targetId"]
    b.session = b.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        b.call(f"{domain}.enable")
    looked = 0
    files = sorted(glob.glob(f"{folder}/*.html"))
    for i in range(0, len(files), 40):
        looked += look(b, files[i : i + 40])
    os.makedirs(pictures, exist_ok=True)
    for path in files:
        name = os.path.basename(path)[:-5]
        if name.startswith("see-"):
            picture(b, path, name[4:])
    for line in filter(None, map(words, b.events)):
        print(line)
    print(f"looked at {looked}")
    b.session = None
    b.call("Browser.close")
    b.process.wait(20)


main()
