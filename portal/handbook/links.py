"""Where the handbook helps with what a screen shows. `tests/handbook/` follows every one of these."""

from __future__ import annotations

from django.utils.translation import get_language

HOME = ""
# By the name of the address that shows the screen: a page of the handbook and a place on it.
SCREENS = {
    "overview": ("genel-bakis", ""),
    "orders": ("siparisler", ""),
    "order_block": ("siparisler", "engelle"),
    "conversation_block": ("siparisler", "engelle"),
    "blocked_phones": ("siparisler", "engellenenler"),
    "order": ("siparisler", "siparis"),
    "messages": ("mesajlar", ""),
    "conversation": ("mesajlar", "konusma"),
    "message_again": ("mesajlar", "yeniden"),
    "message_assign": ("mesajlar", "bagla"),
    "message_learn": ("mesajlar", "bunu-da-anla"),
    "reports": ("raporlar", ""),
    "integrations": ("baslangic", ""),
    "store_add": ("baslangic", "magaza"),
    "store": ("baslangic", "magaza"),
    "permission": ("baslangic", "izin"),
    "account": ("baslangic", "hesap"),
    "events": ("olaylar", ""),
    "event": ("olaylar", "alanlar"),
    "event_add": ("baslangic", "olay"),
    "event_try": ("olaylar", "dene"),
    "voice": ("sesli-yanit", ""),
    "voice_try": ("sesli-yanit", "dene"),
    "news": ("siparis-haberleri", ""),
    "news_one": ("siparis-haberleri", "metin"),
    "news_options": ("siparis-haberleri", "sessiz-saatler"),
    "news_carriers": ("siparis-haberleri", "kargo"),
    "settings": ("hesap", ""),
    "setup": ("kurulum", ""),
    "setup_store": ("kurulum", ""),
    "setup_agree": ("kurulum", "benim-icin"),
    "company": ("hesap", "firma"),
    "terms": ("hesap", "sureler"),
    "team": ("hesap", "ekip"),
    "team_hand_over": ("hesap", "devret"),
    "team_make_owner": ("hesap", "ekip"),
    "alerts": ("hesap", "bildirimler"),
    "api_keys": ("api", ""),
    "api_key_add": ("api", "anahtar"),
    "security": ("hesap", "guvenlik"),
    "account_email": ("hesap", "guvenlik"),
    "account_change_password": ("hesap", "guvenlik"),
    "account_reauthenticate": ("hesap", "guvenlik"),
    "usersessions_list": ("hesap", "guvenlik"),
    "mfa_authenticate": ("hesap", "iki-adim"),
    "mfa_reauthenticate": ("hesap", "iki-adim"),
    "mfa_reauthenticate_webauthn": ("hesap", "iki-adim"),
    "mfa_activate_totp": ("hesap", "iki-adim"),
    "mfa_deactivate_totp": ("hesap", "iki-adim"),
    "mfa_view_recovery_codes": ("hesap", "kurtarma"),
    "mfa_generate_recovery_codes": ("hesap", "kurtarma"),
    "mfa_add_webauthn": ("hesap", "gecis-anahtari"),
    "mfa_edit_webauthn": ("hesap", "gecis-anahtari"),
    "mfa_remove_webauthn": ("hesap", "gecis-anahtari"),
    "shop_open": ("hesap", "ayril"),
    "account_delete": ("hesap", "sil"),
    "language": ("hesap", "dil"),
    "account_signup": ("baslangic", "uyelik"),
    "account_email_verification_sent": ("baslangic", "uyelik"),
    "account_login": ("hatalar", "giris"),
    "account_logout": ("hesap", "guvenlik"),
    "account_reset_password": ("hatalar", "giris"),
    "invitation": ("hesap", "ekip"),
    "allow": ("hatalar", "izin"),
}


def address(page: str = "", place: str = "") -> str:
    """The address in the reader's language; the first page where none is named."""
    tree = "/yardim/en/" if (get_language() or "tr").startswith("en") else "/yardim/"
    return f"{tree}{page}{'/' if page else ''}{'#' if place else ''}{place}"


def of_screen(name: str) -> str:
    """Where the screen at the address of this name is explained."""
    return address(*SCREENS.get(name, (HOME, "")))
