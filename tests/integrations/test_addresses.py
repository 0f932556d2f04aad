"""Which addresses may be saved, and which are connected to: case 25."""

import socket
from ipaddress import ip_address

import pytest
from django.conf import settings

from integrations import addresses, outbound
from integrations import connections as wire
from integrations.addresses import AddressRefused, AddressRule
from integrations.failures import Failure, Rejected

STRICT = AddressRule()
LOOPBACK = AddressRule.parse(("127.0.0.0/8", "::1/128:8901"))

NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254
    168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8
    192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::169.254.169.254
    ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
    100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:2::1 2001:db8::1
    2002:7f00:1:: 2002:a9fe:a9fe:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1
    ff02::1 ff0e::1 2606:4700::1111%1
""".split()  # noqa: SIM905 - a table, read more easily so

PUBLIC = """
    1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.32.0.1 2606:4700::1111 2a00:1450::1 64:ff9b::808:808
""".split()  # noqa: SIM905 - a table, read more easily so

TYPED = {
    "http://ornek.myideasoft.com": "not_https",
    "ftp://ornek.myideasoft.com": "not_https",
    "gopher://127.0.0.1:25/_x": "not_https",
    "file:///etc/passwd": "not_https",
    "javascript://ornek.com/%0aalert(1)": "not_https",
    "data://text/html": "not_https",
    "": "empty",
    "  \n": "empty",
    "https://": "no_host",
    "https:///": "no_host",
    "https://.": "no_host",
    "https://:443": "no_host",
    "https://" + "a." * 200 + "com": "too_long",
    "https://a.com@127.0.0.1/": "has_userinfo",
    "https://user:pass@ornek.myideasoft.com": "has_userinfo",
    "https://a.com:80@127.0.0.1:5432": "has_userinfo",
    "https://127.0.0.1\\@a.com": "malformed",
    "https://a.com#@127.0.0.1": "has_path",
    "https://a.com?@127.0.0.1": "has_path",
    "https://ornek.myideasoft.com/panel": "has_path",
    "https://ornek.myideasoft.com?x=1": "has_path",
    "https://ornek.myideasoft.com#x": "has_path",
    "https://ornek.myideasoft.com/../x": "has_path",
    "https://ornek.myideasoft.com:8443": "bad_port",
    "https://ornek.myideasoft.com:80": "bad_port",
    "https://ornek.myideasoft.com:0": "bad_port",
    "https://ornek.myideasoft.com:99999": "bad_port",
    "https://ornek.myideasoft.com:": "bad_port",
    "https://ornek.myideasoft.com:443:80": "malformed",
    "https://ornek.myideasoft.com:44a": "malformed",
    "https://ornek.myideasoft.com:４４３": "malformed",
    "https://or\tnek.com": "malformed",
    "https://or\nnek.com": "malformed",
    "https://or nek.com": "malformed",
    "https://or\x00nek.com": "malformed",
    "https://ornek\u202e.com": "malformed",
    "https://ornek.com%00.evil.com": "malformed",
    "https://%31%32%37.0.0.1": "malformed",
    "https://-ornek.com": "malformed",
    "https://ornek..com": "malformed",
    "https://or_nek.com": "malformed",
    "https://[::1": "malformed",
    "https://[fe80::1%25eth0]": "malformed",
    "https://①②⑦.⓪.⓪.①": "malformed",
    "https://127。0。0。1": "not_public",
    "https://１２７.0.0.1": "malformed",
    "https://127.0.0.1": "not_public",
    "https://127.0.0.1.": "not_public",
    "https://127.1": "not_public",
    "https://2130706433": "not_public",
    "https://0x7f000001": "not_public",
    "https://0x7f.1": "not_public",
    "https://0177.0.0.1": "not_public",
    "https://017700000001": "not_public",
    "https://127.0.0.01": "not_public",
    "https://0": "not_public",
    "https://8.8.8.8": "not_public",
    "https://169.254.169.254": "not_public",
    "https://[::1]": "not_public",
    "https://[::ffff:127.0.0.1]": "not_public",
    "https://[2606:4700::1111]": "not_public",
    "https://localhost": "not_public",
    "https://LOCALHOST.": "not_public",
    "https://a.localhost": "not_public",
    "https://redis": "not_public",
    "https://metadata.google.internal": "not_public",
    "https://printer.local": "not_public",
    "https://router.lan": "not_public",
}

ACCEPTED = {
    "https://ornek.myideasoft.com": "https://ornek.myideasoft.com",
    " https://ornek.myideasoft.com/ \n": "https://ornek.myideasoft.com",
    "HTTPS://ORNEK.MyIdeasoft.COM:443/": "https://ornek.myideasoft.com",
    "ornek.myideasoft.com": "https://ornek.myideasoft.com",
    "https://ornek.myideasoft.com.": "https://ornek.myideasoft.com",
    "https://çiçek.com": "https://xn--iek-1lab.com",
    "https://ornek.myideasoft.com.evil.com": "https://ornek.myideasoft.com.evil.com",
}

LOOKED_UP = [
    *(f"https://[{text}]" if ":" in text else f"https://{text}" for text in NOT_PUBLIC if "%" not in text),
    *(
        text
        for text, reason in TYPED.items()
        if reason in ("not_public", "has_userinfo", "bad_port", "malformed")
    ),
]


def test_covers_at_least_a_hundred_and_twenty_addresses():
    assert len(NOT_PUBLIC) + len(TYPED) >= 120


@pytest.mark.case(25)
@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_knows_that_an_address_is_not_public(text):
    assert addresses.is_public(ip_address(text)) is False


@pytest.mark.parametrize("text", PUBLIC)
def test_knows_that_an_address_is_public(text):
    assert addresses.is_public(ip_address(text)) is True


@pytest.mark.case(25)
@pytest.mark.parametrize("typed", TYPED)
def test_refuses_to_save_an_address_with_its_reason(typed):
    with pytest.raises(AddressRefused) as caught:
        outbound.check_address(typed, allow=STRICT)
    assert caught.value.reason == TYPED[typed]


@pytest.mark.parametrize("typed", ACCEPTED)
def test_makes_an_address_canonical(typed):
    assert outbound.check_address(typed, allow=STRICT) == ACCEPTED[typed]


@pytest.mark.parametrize(
    "typed",
    ["http://127.0.0.1:8901", "http://localhost:8901", "http://sandbox:8901", "https://127.0.0.1:8901"],
)
def test_saves_an_exempted_address_as_it_is(typed):
    assert outbound.check_address(typed + "/", allow=LOOPBACK) == typed


def test_reads_exemptions_from_settings(monkeypatch):
    monkeypatch.setattr(settings, "OUTBOUND_ALLOW", ("127.0.0.1/32:8901",), raising=False)
    assert outbound.check_address("http://127.0.0.1:8901") == "http://127.0.0.1:8901"
    with pytest.raises(AddressRefused):
        outbound.check_address("http://127.0.0.1:8902")


@pytest.mark.parametrize(
    ("address", "port", "tls", "permitted"),
    [
        ("8.8.8.8", 443, True, True),
        ("8.8.8.8", 443, False, False),
        ("8.8.8.8", 8443, True, False),
        ("127.0.0.9", 80, False, True),
        ("127.0.0.9", 5432, True, True),
        ("::1", 8901, False, True),
        ("::1", 8902, False, False),
        ("::ffff:127.0.0.1", 80, False, False),
        ("10.0.0.1", 443, True, False),
        ("fe80::1%1", 443, True, False),
        ("nonsense", 443, True, False),
    ],
)
def test_permits_public_over_https_and_the_exempted(address, port, tls, permitted):
    assert LOOPBACK.permits(address, port, tls=tls) is permitted


@pytest.mark.parametrize(
    "text", ["", "x", "127.0.0.1/33", "127.0.0.1/8", "10.0.0.0/8:0", "10.0.0.0/8:99999", "::1/129"]
)
def test_refuses_a_malformed_exemption(text):
    with pytest.raises(ValueError, match=r".+"):
        AddressRule.parse((text,))


@pytest.mark.case(25)
@pytest.mark.parametrize("url", LOOKED_UP)
def test_never_connects_to_a_private_address(stubs, monkeypatch, url):
    """Every name resolves to the trap, as the resolver of a machine would with most of these."""
    trap = stubs.answering(b"{}")
    monkeypatch.setattr(wire, "getaddrinfo", resolver([["127.0.0.1"]] * 9))
    for attempt in (url, url.replace("https:", "http:") + f":{trap.port}"):
        with pytest.raises(Failure):
            outbound.call("GET", attempt, allow=STRICT, deadline=1)
    assert trap.connections == 0


def resolver(answers):
    """A resolver that gives the lists of addresses in turn, and counts."""

    def look_up(host, port, **_):
        look_up.asked += 1
        return [(0, 0, 0, "", (address, port)) for address in answers.pop(0)]

    look_up.asked = 0
    return look_up


@pytest.mark.case(25)
def test_connects_to_the_address_it_checked_though_the_name_moves(stubs, monkeypatch):
    trap, opened = stubs.answering(b"{}"), []
    look_up = resolver([["8.8.8.8"], ["127.0.0.1"]])
    monkeypatch.setattr(wire, "getaddrinfo", look_up)
    monkeypatch.setattr(
        wire.DeadlineSocket, "connect", lambda self, address: opened.append(address) or refuse()
    )
    with pytest.raises(Failure, match="connect"):
        outbound.call("GET", "https://ornek.myideasoft.com", allow=STRICT, deadline=1)
    assert (opened, look_up.asked, trap.connections) == ([("8.8.8.8", 443)], 1, 0)


def refuse():
    raise ConnectionRefusedError


@pytest.mark.case(25)
def test_refuses_a_name_with_one_private_address_among_public_ones(monkeypatch):
    monkeypatch.setattr(wire, "getaddrinfo", resolver([["8.8.8.8", "127.0.0.1"]]))
    with pytest.raises(Rejected, match="address_refused"):
        outbound.call("GET", "https://ornek.myideasoft.com", allow=STRICT, deadline=1)


def test_tries_the_next_address_when_one_refuses(stubs, monkeypatch):
    stub = stubs.answering(b"{}")
    monkeypatch.setattr(wire, "getaddrinfo", resolver([["127.0.0.2", "127.0.0.1"]]))
    url = f"http://ornek.test:{stub.port}"
    assert outbound.call("GET", url, allow=LOOPBACK, deadline=2).status == 200
    assert stub.last.headers["host"] == f"ornek.test:{stub.port}"


def test_resolves_a_literal_without_a_name_server():
    assert wire.resolve("127.0.0.1", 80, seconds=2) == ["127.0.0.1"]


def test_gives_no_look_up_when_too_many_hang(monkeypatch):
    monkeypatch.setattr(wire._lookups, "acquire", lambda blocking: False)
    with pytest.raises(Failure, match="name_lookups_busy"):
        wire.resolve("ornek.myideasoft.com", 443, seconds=1)


def test_never_raises_a_socket_outside_a_call():
    with socket.socket() as _, wire.DeadlineSocket() as guarded, pytest.raises(RuntimeError):
        guarded.sendall(b"x")
