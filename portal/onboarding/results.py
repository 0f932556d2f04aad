"""What a return from a store without its permission came to: what happened, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Store
from integrations.ideasoft.registration import is_removable
from portal import contact
from portal.dashboard.looks import Text


@dataclass(frozen=True, slots=True)
class Said:
    """`what` is a title without a full stop, `remedy` sentences."""

    what: Text
    remedy: Text


SAID: dict[str, Said] = {
    Result.REFUSED: Said(
        _("İzin verilmedi"),
        _("Mağaza panelinde Kabul Et’e basılmadı; hiçbir şey değişmedi. İsterseniz yeniden deneyin."),
    ),
    Result.EXPIRED: Said(
        _("Süre doldu"),
        _("Bağlantı on dakika geçerlidir; hiçbir şey değişmedi. İzni mağazanın sayfasından yeniden isteyin."),
    ),
    Result.REPEATED: Said(
        _("Bu dönüş daha önce kullanıldı"),
        _("Her izin bir kez sayılır; hiçbir şey değişmedi. Mağaza bağlı değilse yeniden başlayın."),
    ),
    Result.CLIENT_REFUSED: Said(
        _("Client ID ya da Client Secret yanlış"),
        _(
            "Mağaza bu bilgileri kabul etmedi; hiçbir şey değişmedi. Mağaza panelinde Entegrasyonlar > API satırındaki"
            " değerleri yeniden kopyalayıp kaydedin."
        ),
    ),
    Result.REDIRECT_MISMATCH: Said(
        _("Yönlendirme Adresi tutmuyor"),
        _(
            "Mağaza panelindeki Yönlendirme Adresi buradakiyle harfi harfine aynı olmalı. Mağazanın sayfasından"
            " kopyalayıp panele yapıştırın, sonra izni yeniden isteyin."
        ),
    ),
    Result.CODE_REFUSED: Said(
        _("Mağaza izin kodunu kabul etmedi"),
        _("Kod otuz saniye geçerlidir; hiçbir şey değişmedi. İzni yeniden isteyin."),
    ),
    Result.NOT_A_STORE: Said(
        _("Bu adreste İdeasoft mağazası yok"),
        _("Hiçbir şey değişmedi. Mağaza URL adresini kontrol edin; yanlışsa mağazanın sayfasında düzeltip kaydedin."),
    ),
    Result.UNREADABLE: Said(
        _("Mağazanın yanıtı anlaşılamadı"),
        _("Mağaza beklenmeyen bir yanıt verdi; hiçbir şey değişmedi. Yeniden deneyin; yine olursa %(ask)s."),
    ),
    Result.UNREACHABLE: Said(
        _("Mağazaya ulaşılamadı"),
        _("Mağaza yanıt vermedi ya da hata verdi; hiçbir şey değişmedi. Birkaç dakika sonra yeniden deneyin."),
    ),
    Result.CLOSED: Said(
        _("Firma kapatılmış"),
        _("Siz mağazadayken firma kapatıldı; mağaza bağlanmadı. Geri almak için %(ask)s."),
    ),
    Result.CHANGED: Said(
        _("Mağaza bu arada değiştirildi"),
        _(
            "Siz mağazadayken burada adresi ya da Client ID’si değiştirildi ya da mağaza kaldırıldı; bu izin sayılmadı."
            " Entegrasyonlar sayfasından yeniden başlayın."
        ),
    ),
}
# Where on the store's page that is mended without which asking again helps nobody.
MENDED_AT: dict[str, str] = {
    Result.CLIENT_REFUSED: "id_client_secret",
    Result.REDIRECT_MISMATCH: "open-panel",
    Result.NOT_A_STORE: "id_url",
}
_FORGED = Said(
    _("Bu dönüş tanınmadı"),
    _("Bu izin bu tarayıcıda başlatılmamış; hiçbir şey değişmedi. Entegrasyonlar sayfasından yeniden başlayın."),
)


def mended_at(store: Store | None, result: object) -> str:
    """The id of what is to be mended on the store's page before permission is asked for again; empty where nothing
    there is: the address of a store that was connected once does not change.
    """
    place = MENDED_AT.get(result, "") if isinstance(result, Result) else ""
    is_fixed = store is not None and not is_removable(store)
    return "" if is_fixed and place == MENDED_AT[Result.NOT_A_STORE] else place


def said(result: str) -> Said:
    """The words for a result, in the reader's language."""
    found = SAID.get(result, _FORGED)
    return Said(
        found.what, str(found.remedy) % {"ask": contact.ask()} if "%(ask)s" in str(found.remedy) else found.remedy
    )
