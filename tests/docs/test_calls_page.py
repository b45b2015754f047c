"""The page about calls: its commands, as they stand there, and what they do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml
from tests.e2e.conftest import Demo, eventually

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/send-by-api-call.md").read_text()
BLOCKS = re.compile(r"<!-- calls -->\n+```sh\n(.*?)```", re.DOTALL)
CAMPAIGN = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
HANDSET = "+6591234567"


def test_the_page_about_calls_does_what_it_says(start_demo, tmp_path):
    assert shutil.which("curl"), "The page needs curl. On Debian: apt-get install curl"
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    data = tmp_path / "demo"
    demo = start_demo(data)
    campaign = published(demo)

    answers = [pasted(block, tmp_path, data, campaign) for block in BLOCKS.findall(PAGE)]

    upload, send, trigger, ours, explained, target = answers
    assert '"status":"success"' in upload
    assert '"status":"success"' in send
    assert '"status":"success"' in trigger
    assert '"taken":1' in ours
    assert "nobody" in ours
    assert "Called at" in explained
    assert '"reachable":1' in target
    texts = eventually(lambda: len(demo.texts(HANDSET)) >= 4 and demo.texts(HANDSET), what="all texts")
    assert {text["text"].strip() for text in texts} == {
        "Ann, your code is 1234",
        "Ann, order A7 is on its way: kite string",
        "Ann, order A8 is on its way:",
        "Spring is here, Ann",
    }


def published(demo: Demo) -> int:
    (found,) = CAMPAIGN.findall(PAGE)
    status, saved = demo.ask("POST", "/api/campaigns", yaml.safe_load(found)["campaigns"][0])
    assert status == 201, saved
    status, told = demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    assert status == 200, told
    return saved["id"]


def pasted(block: str, directory: Path, data: Path, campaign: int) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"cd {directory}\n. {data}/demo.env\n{block}"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "COLUMNS": "160",
            "CAMPAIGN_ID": str(campaign),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return done.stdout
