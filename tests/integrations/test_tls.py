"""TLS through the guard: the name is verified though the connection goes to an address."""

import datetime as dt
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations import connections as wire
from integrations import outbound
from integrations.addresses import AddressRule
from integrations.failures import Unavailable, Unknown

LOOPBACK = AddressRule.parse(("127.0.0.0/8",))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for ornek.test, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ornek.test")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("ornek.test")]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "ornek.pem"
    path.write_bytes(
        built.sign(key, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def tls_stub(stubs, certificate, monkeypatch):
    """A stub that speaks TLS as ornek.test, and every name leads to it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    monkeypatch.setattr(wire, "getaddrinfo", lambda host, port, **_: [(0, 0, 0, "", ("127.0.0.1", port))])

    def start(handle):
        stub = stubs.start(handle)
        talk = stub._talk
        stub._talk = lambda plain: shake(context, plain, talk)
        return stub

    return start


def shake(context, plain, talk):
    try:
        talk(context.wrap_socket(plain, server_side=True))
    except OSError:
        plain.close()


@pytest.fixture
def trusted(certificate, monkeypatch):
    """A thread without a session of its own yet, and a context that trusts the certificate."""
    monkeypatch.setattr(outbound, "_thread", threading.local())
    wire.tls_context.cache_clear()
    wire.tls_context().load_verify_locations(cafile=certificate)
    yield
    wire.tls_context.cache_clear()


def reply(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


@pytest.mark.usefixtures("trusted")
def test_verifies_the_name_and_connects_to_the_address(tls_stub):
    stub = tls_stub(reply)
    assert outbound.call("GET", f"https://ornek.test:{stub.port}", allow=LOOPBACK).status == 200
    assert stub.last.headers["host"] == f"ornek.test:{stub.port}"


@pytest.mark.usefixtures("trusted")
def test_keeps_one_tls_connection_a_thread(tls_stub):
    stub = tls_stub(reply)
    for _ in range(3):
        outbound.call("GET", f"https://ornek.test:{stub.port}", allow=LOOPBACK)
    assert (stub.connections, len(stub.requests)) == (1, 3)


@pytest.mark.usefixtures("trusted")
def test_sends_nothing_to_a_host_of_another_name(tls_stub):
    stub = tls_stub(reply)
    with pytest.raises(Unavailable, match="tls"):
        outbound.call("POST", f"https://baska.test:{stub.port}", form="secret", allow=LOOPBACK)
    assert stub.requests == []


def test_sends_nothing_to_a_host_that_nobody_vouches_for(tls_stub):
    stub = tls_stub(reply)
    with pytest.raises(Unavailable, match="tls"):
        outbound.call("POST", f"https://ornek.test:{stub.port}", form="secret", allow=LOOPBACK)
    assert stub.requests == []


@pytest.mark.case(48)
@pytest.mark.usefixtures("trusted")
def test_ends_a_dribbling_answer_over_tls_at_the_deadline(tls_stub):
    done = threading.Event()

    def dribble(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not done.wait(0.05):
            connection.sendall(b"x")

    stub = tls_stub(dribble)
    with pytest.raises(Unknown, match="timeout"):
        outbound.call("POST", f"https://ornek.test:{stub.port}", json={}, allow=LOOPBACK, deadline=0.4)
    done.set()
