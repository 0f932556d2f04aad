"""The addresses of the matrix by which a person comes in and keeps the own account."""

from __future__ import annotations

from tests.access.cast import PASSWORD
from tests.access.kinds import Address, Kind

_K = Kind
PEOPLE = [
    Address(
        name="usersessions_list",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "PUT": (302, 302, 302, 302, 302, 302),
        },
    ),
    Address(name="account_login", kind=_K.ENTRANCE),
    Address(name="account_signup", kind=_K.ENTRANCE),
    Address(
        name="account_logout",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "*": (405, 405, 405, 405, 405, 405),
            "PUT": (405, 405, 405, 405, 405, 405),
        },
    ),
    # Whoever has no second step has nothing there; staff has an app and recovery codes.
    Address(name="mfa_index", kind=_K.NOT_BEGUN),
    Address(name="mfa_list_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_authenticate", kind=_K.NOT_BEGUN),
    Address(
        name="mfa_reauthenticate",
        kind=_K.NOT_BEGUN,
        answers={
            "GET": (302, 302, 302, 302, 302, 200),
            "POST": (302, 302, 302, 302, 302, 200),
            "PUT": (302, 302, 302, 302, 302, 200),
            "*": (302, 302, 302, 302, 302, 405),
        },
    ),
    Address(name="mfa_reauthenticate_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_activate_totp", kind=_K.NOT_BEGUN),
    Address(name="mfa_deactivate_totp", kind=_K.NOT_BEGUN, answers={"*": (302, 404, 404, 404, 404, 302)}),
    Address(
        name="mfa_view_recovery_codes",
        kind=_K.NOT_BEGUN,
        answers={"GET": (302, 404, 404, 404, 404, 302), "*": (302, 405, 405, 405, 405, 405)},
    ),
    Address(name="mfa_generate_recovery_codes", kind=_K.NOT_BEGUN),
    Address(
        name="mfa_download_recovery_codes",
        kind=_K.NOT_BEGUN,
        answers={"*": (302, 404, 404, 404, 404, 302)},
    ),
    Address(name="mfa_add_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_edit_webauthn", kind=_K.NOT_BEGUN, of=lambda _: {"pk": 1}),
    Address(name="mfa_remove_webauthn", kind=_K.NOT_BEGUN, of=lambda _: {"pk": 1}),
    Address(
        name="mfa_login_webauthn",
        kind=_K.NOT_BEGUN,
        answers={"PATCH": (405, 302, 302, 302, 302, 302), "DELETE": (405, 302, 302, 302, 302, 302)},
    ),
    Address(name="account_delete", kind=_K.LEAVING, posts=lambda _: {"password": PASSWORD}),
    Address(
        name="shop_open",  # for who is in no team, which nobody here is
        kind=_K.LEAVING,
        posts=lambda _: {"name": "Yeni", "line": "8507654321"},
        answers={"GET": (302, 302, 302, 302, 302, 302), "POST": (302, 302, 302, 302, 302, 302)},
    ),
    Address(name="account_inactive", kind=_K.NOTE),
    Address(name="account_reauthenticate", kind=_K.PERSONS_FORM),
    Address(
        name="account_email",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "PUT": (302, 302, 302, 302, 302, 302),
        },
    ),
    Address(name="account_email_verification_sent", kind=_K.NOT_BEGUN),
    Address(
        name="account_change_password",  # staff has a second step, which is asked first
        kind=_K.PERSONS_FORM,
        answers={
            "GET": (302, 200, 200, 200, 200, 302),
            "POST": (302, 200, 200, 200, 200, 302),
            "PUT": (302, 200, 200, 200, 200, 302),
            "*": (302, 405, 405, 405, 405, 302),
        },
    ),
    Address(name="account_set_password", kind=_K.NOT_BEGUN),  # everybody has one
    Address(
        name="account_reset_password",
        kind=_K.NOTE,
        answers={
            "POST": (200, 200, 200, 200, 200, 200),
            "PUT": (200, 200, 200, 200, 200, 200),
        },
    ),
    Address(name="account_confirm_login_code", kind=_K.NOT_BEGUN),
    Address(name="account_reset_password_from_key_done", kind=_K.NOTE),
    Address(
        name="account_reset_password_from_key",
        kind=_K.NOTE,
        of=lambda _: {"uidb36": "1", "key": "set-password"},
        answers={"*": (200, 200, 200, 200, 200, 200)},  # says that the link is no good
    ),
    Address(name="account_reset_password_done", kind=_K.NOTE),
    Address(name="set_language", kind=_K.NOT_BEGUN, posts=lambda _: {"language": "en"}),
]
