from typing import Any

import requests

OTHER = {"usercode": "8507654321", "password": "gizli", "headers": ["DIGER"]}


def show(sandbox: Any, path: str = "/5321234567") -> str:
    answer = requests.get(f"{sandbox.url}/phone{path}", timeout=5)
    assert answer.status_code == 200
    return answer.text


def write(sandbox: Any, **form: str) -> requests.Response:
    given = {"from": "5321234567", "to": "8501234567", "text": "Onay 12345", **form}
    return requests.post(f"{sandbox.url}/phone", data=given, timeout=5)


def test_lists_the_phones_that_got_an_sms_the_latest_first(sandbox: Any) -> None:
    sandbox.send("Birinci", to="5321234567")
    sandbox.send("İkinci", to="5331234567")
    sandbox.answer("Onay")
    text = show(sandbox, "")
    assert text.index('href="/phone/5321234567"') < text.index('href="/phone/5331234567"')
    assert "Siz: Onay" in text


def test_says_that_no_sms_has_come_yet(sandbox: Any) -> None:
    assert "Henüz hiçbir telefona SMS gelmedi." in show(sandbox, "")
    assert "Henüz mesaj yok." in show(sandbox)


def test_opens_a_phone_in_any_spelling(sandbox: Any) -> None:
    answer = requests.get(f"{sandbox.url}/phone", params={"number": "+90 (532) 123 45 67"}, timeout=5)
    assert answer.url == f"{sandbox.url}/phone/5321234567"
    assert "<h1>0532 123 45 67</h1>" in answer.text


def test_answers_by_the_form(sandbox: Any) -> None:
    sandbox.send("Onaylıyor musunuz?")
    answer = write(sandbox, text="Onay <b>12345</b>")
    assert answer.url == f"{sandbox.url}/phone/5321234567"
    assert "Onaylıyor musunuz?" in answer.text
    assert "Onay &lt;b&gt;12345&lt;/b&gt;" in answer.text


def test_keeps_each_senders_conversation_together(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", **OTHER)
    sandbox.answer("Merhaba", to="8507654321")
    sandbox.send("Onaylıyor musunuz?")
    sandbox.answer("Evet", to="8507654321")
    text = show(sandbox)
    order = [text.index(words) for words in ("Onaylıyor musunuz?", "Merhaba", "Evet")]
    assert order == sorted(order)
    assert text.count("<section>") == 2


def test_answers_to_the_line_of_the_last_sms(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", **OTHER)
    assert '<option value="8501234567" selected>' in show(sandbox)
    body = {"msgheader": "DIGER", "messages": [{"msg": "Merhaba", "no": "5321234567"}]}
    auth = ("8507654321", "gizli")
    requests.post(f"{sandbox.url}/sms/rest/v2/send", auth=auth, json=body, timeout=5)
    assert '<option value="8507654321" selected>' in show(sandbox)


def test_offers_every_line_by_its_number_and_headers(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", **OTHER)
    text = show(sandbox)
    assert (">0850 123 45 67 · ORNEK</option>" in text, ">0850 765 43 21 · DIGER</option>" in text) == (True, True)


def test_says_where_a_line_is_unknown_and_keeps_the_text(sandbox: Any) -> None:
    answer = write(sandbox, to="8509999999", text="Onay 77")
    assert answer.status_code == 422
    assert "8509999999 numaralı hat bulunamadı." in answer.text
    assert ">Onay 77</textarea>" in answer.text


def test_sends_no_empty_message(sandbox: Any) -> None:
    answer = write(sandbox, text=" ")
    assert (answer.status_code, "Mesajı yazın." in answer.text) == (422, True)
    assert sandbox.ledger("received") == []


def test_says_which_message_was_not_delivered(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", delivery={"status": 2, "after_seconds": 0})
    sandbox.send("Kayıp")
    assert "iletilmedi" in show(sandbox)
