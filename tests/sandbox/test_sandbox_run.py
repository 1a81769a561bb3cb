"""Running the sandbox by itself, and the files companies come from."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import requests

from rowcol.sandbox.company import Unlisted, load_company
from tests.kits.small_company import REALM

PROGRAM = """
import sys
from rowcol.sandbox.company import load_company
from rowcol.sandbox.run import serve
serve([load_company(sys.argv[1])], port=0, latency_ms=5)
"""
DOCUMENT = {
    "realm": REALM,
    "name": "From a file",
    "currency": "CAD",
    "entities": {
        "Bill": [{"Id": "5", "TxnDate": "2026-07-01", "TotalAmt": 12.3, "NewField": {"x": 1}}],
        "Invoice": [
            {"Id": "9", "status": "Deleted", "MetaData": {"LastUpdatedTime": "2026-11-01T00:00:00-07:00"}}
        ],
        "Account": [{"Id": "35", "Name": "Chequing", "CurrencyRef": {"value": "USD"}}],
    },
    "unlisted": [{"date": "2026-11-13", "account": "35", "amount": -0.15}],
}


def test_it_says_where_it_listens_and_serves_until_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "company.json"
    file.write_text(json.dumps(DOCUMENT))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:")
        listed = requests.get(f"{line.split()[-1]}/sandbox/companies", timeout=10).json()
        assert listed == [{"realm": REALM, "name": "From a file"}]
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=10)
    assert (rest, process.returncode) == (("", ""), 0)


def test_a_company_file_keeps_unknown_fields_and_makes_up_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "company.json"
    file.write_text(json.dumps(DOCUMENT))
    company = load_company(file)
    bill = company.of("Bill")["5"]
    assert (bill["NewField"], bill["SyncToken"]) == ({"x": 1}, "0")
    assert bill["MetaData"]["LastUpdatedTime"] == "2026-07-01T12:00:00-08:00"
    assert company.deleted == {"Invoice": {"9": "2026-11-01T00:00:00-07:00"}}
    assert company.unlisted == [Unlisted("2026-11-13", "35", -15)]
    assert company.of("Preferences")["1"]["CurrencyPrefs"]["MultiCurrencyEnabled"] is True
    assert company.next_id() == "36"
