"""An application with a grant for the small company, and a clock that stands still."""

from typing import Any

import requests

from rowcol.sandbox.run import RunningSandbox
from rowcol.sandbox.switches import CLIENT_ID, CLIENT_SECRET
from tests.kits.small_company import REALM


class Application:
    """An application with a grant for the company."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        self.refresh_token = sandbox.grant(REALM)
        self.refresh()

    def token_request(self, **form: str) -> requests.Response:
        url = f"{self.sandbox.url}/oauth2/v1/tokens/bearer"
        return requests.post(url, data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10)

    def refresh(self) -> requests.Response:
        answer = self.token_request(grant_type="refresh_token", refresh_token=self.refresh_token)
        if answer.ok:
            self.refresh_token = answer.json()["refresh_token"]
            self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self.session.get(self.url(path), params=parameters, timeout=10)

    def post(self, path: str, document: Any, **parameters: Any) -> requests.Response:
        return self.session.post(self.url(path), json=document, params=parameters, timeout=10)

    def url(self, path: str) -> str:
        return f"{self.sandbox.url}/v3/company/{REALM}/{path}"

    def query(self, statement: str) -> dict[str, Any]:
        answer = self.get("query", query=statement)
        assert answer.status_code == 200, answer.text
        response: dict[str, Any] = answer.json()["QueryResponse"]
        return response

    def ids(self, statement: str) -> list[str]:
        lists = [rows for rows in self.query(statement).values() if isinstance(rows, list)]
        return [row["Id"] for rows in lists for row in rows]

    def fault(self, answer: requests.Response) -> tuple[int, str, str]:
        error = answer.json()["Fault"]["Error"][0]
        return answer.status_code, error["code"], error["Detail"]

    def record(self, entity: str, id_: str) -> dict[str, Any]:
        content: dict[str, Any] = self.get(f"{entity.lower()}/{id_}").json()[entity]
        return content
