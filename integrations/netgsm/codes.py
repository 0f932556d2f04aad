"""What the operator's codes mean and what to do about each, in both languages of the portal.

Source: facts on the operator, sending and delivery reports (A, official document and official client).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a code lets the caller do next."""

    ACCEPTED = "accepted"
    EMPTY = "empty"
    RETRY = "retry"
    REJECT = "reject"
    CREDENTIALS = "credentials"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """Where a delivery status leaves a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in Turkish and in English."""

    tr: str
    en: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of an answer's code: `key` is the stable name for screens and translations."""

    kind: Kind
    key: str
    words: Words
    remedy: Words


@dataclass(frozen=True, slots=True)
class Delivery:
    """Of a delivery status."""

    outcome: Outcome
    key: str
    words: Words


_NOTHING = Words("Yapmanız gereken bir şey yok.", "Nothing for you to do.")
_LATER = Words("Kendiliğinden yeniden denenecek.", "It will be tried again by itself.")
_ACCEPTED = Meaning(Kind.ACCEPTED, "accepted", Words("Operatör kabul etti.", "Accepted."), _NOTHING)
_ACCEPTED_DATE = Meaning(
    Kind.ACCEPTED,
    "accepted_date_corrected",
    Words("Operatör tarihi düzelterek kabul etti.", "Accepted; the operator corrected the date of the message."),
    _NOTHING,
)
_SYSTEM = Meaning(
    Kind.RETRY, "operator_error", Words("Operatörde sistem hatası.", "System error at the operator."), _LATER
)

UNKNOWN = Meaning(
    Kind.UNKNOWN,
    "unknown_code",
    Words("Operatör bilinmeyen bir kod döndürdü.", "The operator answered with a code that is not known."),
    Words(
        "Mesaj gitmiş olabilir; raporlara bakılıyor, kendiliğinden yeniden gönderilmez.",
        "It may have been sent; reports are being searched, and it is not sent again by itself.",
    ),
)

SEND = {
    "00": _ACCEPTED,
    "01": _ACCEPTED_DATE,
    "02": _ACCEPTED_DATE,
    "20": Meaning(
        Kind.REJECT,
        "text_refused",
        Words("Mesaj metni boş ya da çok uzun.", "The text is empty or too long."),
        Words("Metni kısaltıp kaydedin.", "Shorten the text and save it."),
    ),
    "30": Meaning(
        Kind.CREDENTIALS,
        "credentials",
        Words(
            "Netgsm kullanıcı adı ya da API şifresi yanlış, alt kullanıcının API yetkisi yok ya da "
            "sunucumuzun IP adresine izin verilmemiş.",
            "The Netgsm user or API password is wrong, the sub-user may not use the API, or our server's "
            "IP address is not allowed.",
        ),
        Words(
            "Netgsm webportalında Abonelik İşlemleri > API İşlemleri bölümünde şifreyi, API yetkisini ve "
            "izinli IP adreslerini kontrol edin, sonra şifreyi burada yeniden kaydedin.",
            "In the Netgsm web portal, under subscription and API settings, check the password, the API "
            "permission and the allowed IP addresses, then save the password here again.",
        ),
    ),
    "40": Meaning(
        Kind.REJECT,
        "header_unknown",
        Words(
            "Mesaj başlığı (gönderici adı) Netgsm hesabınızda tanımlı değil.",
            "The header (sender name) is not registered in your Netgsm account.",
        ),
        Words(
            "Olayın başlığını hesabınızda onaylı başlıklardan seçin ya da Netgsm'den başlık onayı isteyin.",
            "Choose one of your account's registered headers, or ask Netgsm to register this one.",
        ),
    ),
    "50": Meaning(
        Kind.REJECT,
        "iys_refused",
        Words("İYS kontrolü gönderime izin vermedi.", "The consent registry (İYS) does not allow it."),
        Words(
            "Netgsm hesabınızın İYS ayarlarını kontrol edin.",
            "Check the İYS settings of your Netgsm account.",
        ),
    ),
    "51": Meaning(
        Kind.REJECT,
        "iys_brand_missing",
        Words("Aboneliğinizde İYS marka bilgisi yok.", "Your subscription has no İYS brand."),
        Words("Netgsm hesabınıza İYS markanızı tanımlayın.", "Register your İYS brand with Netgsm."),
    ),
    "60": Meaning(
        Kind.REJECT,
        "not_found",
        Words("Kayıt ya da paket bulunamadı.", "Nothing found, or no package."),
        Words("Netgsm hesabınızda paket olup olmadığına bakın.", "See whether your account has a package."),
    ),
    "70": Meaning(
        Kind.REJECT,
        "parameter_refused",
        Words("Operatör isteğin bir alanını reddetti.", "The operator refused a field of the request."),
        Words("Sürerse Onay’ı size sağlayana başvurun.", "If it goes on, ask whoever provides Onay to you."),
    ),
    "80": Meaning(
        Kind.RETRY,
        "limit_exceeded",
        Words("Gönderim sınırı aşıldı.", "The sending limit is exceeded."),
        _LATER,
    ),
    "85": Meaning(
        Kind.RETRY,
        "number_limit_exceeded",
        Words(
            "Bir numaraya bir dakikada 20'den fazla gönderim yapılamaz.",
            "More than 20 tasks to one number within a minute.",
        ),
        _LATER,
    ),
    "100": _SYSTEM,
    "101": _SYSTEM,
    "110": _SYSTEM,
}
"""Of `send`, `msgheader` and `balance`. Code 110 stands only in the official client's table for reports."""

_EMPTY = Meaning(Kind.EMPTY, "nothing_to_list", Words("Listelenecek kayıt yok.", "Nothing to list."), _NOTHING)
INBOX = {**SEND, "40": _EMPTY, "60": _EMPTY}
REPORT = {**SEND, "60": _EMPTY}

DELIVERY = {
    0: Delivery(Outcome.WAITING, "waiting", Words("İletilmeyi bekliyor.", "Waiting for delivery.")),
    1: Delivery(Outcome.DELIVERED, "delivered", Words("İletildi.", "Delivered.")),
    2: Delivery(Outcome.UNDELIVERED, "expired", Words("Zaman aşımına uğradı.", "Expired.")),
    3: Delivery(Outcome.UNDELIVERED, "invalid_number", Words("Numara hatalı.", "The number is not valid.")),
    4: Delivery(Outcome.UNDELIVERED, "not_sent", Words("Operatöre gönderilemedi.", "Not sent.")),
    11: Delivery(Outcome.UNDELIVERED, "rejected", Words("Operatör kabul etmedi.", "The mobile operator rejected it.")),
    12: Delivery(Outcome.UNDELIVERED, "error", Words("Gönderim hatası.", "Error while sending.")),
    13: Delivery(
        Outcome.UNDELIVERED,
        "duplicate",
        Words("Mükerrer gönderim olduğu için iletilmedi.", "Not delivered: a duplicate."),
    ),
    14: Delivery(Outcome.UNDELIVERED, "no_credit", Words("Hesabınızda yeterli kredi yok.", "Not enough credit.")),
    15: Delivery(Outcome.UNDELIVERED, "blacklisted", Words("Numara kara listede.", "Blacklisted number.")),
    16: Delivery(Outcome.UNDELIVERED, "iys_refused", Words("İYS reddetti.", "Refused by the registry (İYS).")),
    17: Delivery(Outcome.UNDELIVERED, "iys_error", Words("İYS hatası.", "Error at the registry (İYS).")),
    103: Delivery(Outcome.UNDELIVERED, "job_failed", Words("Görevin tamamı başarısız oldu.", "The whole job failed.")),
}

UNKNOWN_DELIVERY = Delivery(
    Outcome.UNKNOWN, "unknown_status", Words("Bilinmeyen durum.", "A status that is not known.")
)


class Status(IntEnum):
    """The delivery statuses that code asks for by name."""

    WAITING = 0
    DELIVERED = 1
    NO_CREDIT = 14


def meaning(code: str, table: dict[str, Meaning] | None = None) -> Meaning:
    """Of an answer's code, in the table of its call (`SEND` unless given); `UNKNOWN` for any other."""
    return (SEND if table is None else table).get(code, UNKNOWN)


def delivery(status: int) -> Delivery:
    """Of a delivery status; `UNKNOWN_DELIVERY` for any other."""
    return DELIVERY.get(status, UNKNOWN_DELIVERY)
