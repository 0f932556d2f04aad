"""Which addresses may be called at all: what a merchant may type, and what a name may resolve to.

Source: facts on server-side request forgery (measured): `ipaddress.is_global` is true for several ranges that
reach private ground, so the ranges stand here as a table, and of IPv6 only 2000::/3 is public.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import idna

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HTTPS_PORT = 443
LONGEST_ADDRESS = 255

REFUSALS = {
    "empty": "No address was given.",
    "too_long": "Longer than any store's address.",
    "malformed": "Not a web address.",
    "not_https": "Does not begin with https://.",
    "has_userinfo": "Holds a user name or password before the host.",
    "has_path": "Holds more than the host: a path, a query or a fragment.",
    "no_host": "Names no host.",
    "bad_port": "Names a port other than 443.",
    "not_public": "Names a machine that is not on the public internet.",
}

_REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own, and one cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, on an address that looks public
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")

_PRIVATE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "test")
_ORIGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#\\]*)(?P<rest>.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:]*)(?::(?P<port>[0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_EXCEPTION = re.compile(r"(?P<network>[0-9.]+(?:/\d+)?|[0-9a-f:.]*:[0-9a-f:.]*/\d+)(?::(?P<port>\d{1,5}))?")


class AddressRefused(ValueError):
    """An address that is not called; `reason` is a key of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(REFUSALS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Exemption:
    """A private network that may be called although it is private; `port` None means every port."""

    network: Network
    port: int | None

    def covers_port(self, port: int) -> bool:
        return self.port is None or self.port == port


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Public addresses over https on port 443, and the exemptions of this installation."""

    exemptions: tuple[Exemption, ...] = ()

    @classmethod
    def parse(cls, networks: tuple[str, ...]) -> "AddressRule":
        """From `OUTBOUND_ALLOW`: CIDR networks, each with an optional `:port`. Raises ValueError."""
        return _parse_rule(networks)

    def permits(self, address: str, port: int, *, tls: bool) -> bool:
        """Whether a resolved address may be connected to."""
        try:
            candidate = ip_address(address)
        except ValueError:
            return False
        if tls and port == HTTPS_PORT and is_public(candidate):
            return True
        return any(candidate in each.network and each.covers_port(port) for each in self.exemptions)

    def exempts_port(self, port: int) -> bool:
        return any(each.covers_port(port) for each in self.exemptions)


def is_public(address: Address) -> bool:
    """Whether an address is public. IPv6 that wraps IPv4 is not, except NAT64 of a public one."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _PUBLIC_V6 and not any(address in network for network in _REFUSED_V6)


def origin(url: str, rule: AddressRule, *, drops_path: bool = False) -> str:
    """The canonical origin (`https://ornek.myideasoft.com`) of an address that a merchant typed.

    What stands behind the host is refused, unless it is to be dropped.
    A missing scheme means https, letters become lower case, an international name its ASCII form, port 443
    goes. A name is judged by what it resolves to, at every call; here only by its spelling.
    Raises AddressRefused.
    """
    scheme, authority, rest = _split(url)
    if "@" in authority:
        raise AddressRefused("has_userinfo")
    if rest.strip("/") and not drops_path:
        raise AddressRefused("has_path")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise AddressRefused("malformed")
    port = _port(match["port"], scheme)
    tls = scheme == "https"
    if port != HTTPS_PORT and not rule.exempts_port(port):
        raise AddressRefused("bad_port" if tls else "not_https")
    if not tls and not rule.exempts_port(port):
        raise AddressRefused("not_https")
    host = _host(match["host"], port, tls=tls, rule=rule)
    standard = HTTPS_PORT if tls else 80
    return f"{scheme}://{host}" if port == standard else f"{scheme}://{host}:{port}"


def _split(url: str) -> tuple[str, str, str]:
    text = url.strip(" \t\r\n")
    if not text:
        raise AddressRefused("empty")
    if len(text) > LONGEST_ADDRESS:
        raise AddressRefused("too_long")
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        raise AddressRefused("malformed")
    text = text.lower() if text.isascii() else text.replace("I", "i").lower()
    match = _ORIGIN.fullmatch(text if "://" in text else f"https://{text}")
    if match is None:
        raise AddressRefused("malformed")
    if match["scheme"] not in ("https", "http"):
        raise AddressRefused("not_https")
    return match["scheme"], match["authority"], match["rest"]


def _port(digits: str | None, scheme: str) -> int:
    if digits is None:
        return HTTPS_PORT if scheme == "https" else 80
    if not digits or not 0 < int(digits) < 65536:
        raise AddressRefused("bad_port")
    return int(digits)


def _host(text: str, port: int, *, tls: bool, rule: AddressRule) -> str:
    if not text.strip("."):
        raise AddressRefused("no_host")
    literal = _literal(text)
    if literal is not None:
        # A store has a name; a bare address is only ever the sandbox or a test server.
        if not any(literal in each.network and each.covers_port(port) for each in rule.exemptions):
            raise AddressRefused("not_public")
        return f"[{literal}]" if literal.version == 6 else str(literal)
    return _name(text, exempt=rule.exempts_port(port))


def _literal(text: str) -> Address | None:
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None


def _name(text: str, *, exempt: bool) -> str:
    name = text.removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise AddressRefused("malformed") from None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("malformed")
    if _NUMERIC.fullmatch(labels[-1]):
        raise AddressRefused("not_public")
    private = len(labels) == 1 or any(name == each or name.endswith(f".{each}") for each in _PRIVATE_NAMES)
    if private and not exempt:
        raise AddressRefused("not_public")
    return name


@lru_cache(maxsize=8)
def _parse_rule(networks: tuple[str, ...]) -> AddressRule:
    return AddressRule(tuple(_exemption(text) for text in networks))


def _exemption(text: str) -> Exemption:
    match = _EXCEPTION.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"not a network with an optional port: {text!r}")
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"not a port: {text!r}")
    return Exemption(network=ip_network(match["network"]), port=port)
