#!/usr/bin/env python3
"""The picture of a report in the documentation: the upper part of the page of a run of pipelines/digits.yaml.

    Tests/report/picture.py .build/release/ecpipe

Needed: as for Tests/report/check."""

import base64
import pathlib
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURE = ROOT / "Sources/ecpipe/ecpipe.docc/Resources/report.png"
WIDTH, HEIGHT = 1120, 1180


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ["--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={WIDTH},{HEIGHT}"]:
        options.add_argument(word)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [program, "run", ROOT / "pipelines/digits.yaml", "--quiet", "--checkpoints", folder],
            check=True)
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        try:
            driver.get((pathlib.Path(folder) / "digits/report.html").as_uri())
            picture = driver.execute_cdp_cmd("Page.captureScreenshot", {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}})
        finally:
            driver.quit()
    PICTURE.write_bytes(base64.b64decode(picture["data"]))
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
