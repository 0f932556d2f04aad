"""Ayarlar > Ekip: who is in the team, who is invited, and what owners change about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from portal import team as changes
from portal.dashboard import frame
from portal.dashboard.looks import Look
from portal.models import Letter, LetterState
from portal.proof import PasswordForm, second_step_first
from subscribers import access, invitations, members
from subscribers.models import Invitation, Membership, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Refusal = type[Exception]
# What the domain refuses, in words that say what to do now.
REFUSALS: dict[Refusal, _StrPromise] = {
    invitations.AlreadyInvited: lazy(
        "Bu adresin bekleyen bir daveti var. Yukarıdaki listeden yeniden gönderebilir ya da geri alabilirsiniz."
    ),
    invitations.AlreadyMember: lazy("Bu adres zaten ekipte. Rolünü yukarıdaki listeden değiştirebilirsiniz."),
    invitations.TooManyInvitations: lazy(
        "Son bir saatte gönderilebilecek kadar davet gönderildi. Bir saat sonra yeniden deneyin."
    ),
    invitations.Suspended: lazy("Hizmetiniz askıdayken davet gönderilmez; askı kalkınca yeniden deneyin."),
    invitations.NotOpen: lazy("Bu davet artık beklemiyor: kabul edilmiş ya da geri alınmış. Güncel liste aşağıda."),
    members.LastOwner: lazy("Ekipte en az bir sahip kalmalı. Önce başka bir üyeyi sahip yapın."),
    members.NotAnOwner: lazy("Bu arada sahip olmaktan çıktınız; hiçbir şey değişmedi. Bir sahipten isteyin."),
    members.Oneself: lazy("Kendinizi çıkaramazsınız. Gitmek için adınızın yanındaki Ekipten ayrıl’a basın."),
    members.AlreadyOwner: lazy("Bu kişi zaten sahip."),
    members.NoMember: lazy("Bu kişi artık ekipte değil. Güncel liste aşağıda."),
}


MAILS: dict[str, Look] = {
    LetterState.DUE: Look(lazy("E-posta gönderiliyor"), "hourglass", "waiting"),
    LetterState.SENT: Look(lazy("E-posta gönderildi"), "circle-check", "good"),
    LetterState.NEEDLESS: Look(lazy("E-posta gönderilemedi"), "circle-x", "bad"),
    LetterState.FAILED: Look(lazy("E-posta gönderilemedi"), "circle-x", "bad"),
}
RETRIED = Look(lazy("E-posta henüz gönderilemedi"), "hourglass", "waiting")
NOT_SENT = (LetterState.NEEDLESS, LetterState.FAILED)


class InvitationForm(forms.Form):
    """Whom to invite; what a mail alone gives is a member's place (`subscribers/invitations.py`)."""

    email = forms.EmailField(
        label=lazy("E-posta"),
        max_length=Invitation._meta.get_field("email").max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(forms.Form):
    """The role a button stands for."""

    role = forms.ChoiceField(choices=Role.choices)


@frame.owners_answer
def team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Members and open invitations; an owner's form invites."""
    form = InvitationForm(request.POST or None)
    if form.is_valid() and _invite(request, membership, form):
        return redirect("team")
    listed = access.of(Membership, membership.subscriber).select_related("user").order_by("created_at", "pk")
    open_ones = access.of(Invitation, membership.subscriber).filter(accepted_at=None, withdrawn_at=None)
    invited = _invited(membership, open_ones.select_related("invited_by").order_by("-created_at"))
    if getattr(request, "htmx", False):
        names = {"page": "dashboard/settings/team.html", "fragment": "dashboard/settings/_invitations.html"}
        return frame.answer(request, membership, context=invited, **names)
    context = {
        "membership": membership,
        "form": form,
        "is_owner": membership.role == Role.OWNER,
        "members": listed,
        "is_only_owner": sum(each.role == Role.OWNER for each in listed) == 1,
        "lifetime": invitations.LIFETIME.days,
        **invited,
    }
    return render(request, "dashboard/settings/team.html", context, status=422 if form.errors else 200)


@frame.owners_act
def send_again(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """A new link in a new mail; the old one ends."""
    invitation = access.one(Invitation, membership.subscriber, pk=key)
    said = _on_its_way(invitation.email)
    _tried(request, partial(changes.invite_again, invitation=invitation, by=membership.user), said=said)
    return redirect("team")


@frame.owners_act
def withdraw(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """The link that was mailed opens nothing any more."""
    invitation = access.one(Invitation, membership.subscriber, pk=key)
    said = _("Davet geri alındı; e-postadaki bağlantı artık geçerli değil.")
    _tried(request, lambda: invitations.withdraw(invitation=invitation, by=membership.user), said=said)
    return redirect("team")


@frame.owners_act
def change_role(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """Owner or member, as `role` says; the former leads to the page that asks for the password."""
    member = access.one(Membership, membership.subscriber, pk=key)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return redirect("team")
    if form.cleaned_data["role"] == Role.OWNER:
        return redirect("team_make_owner", member.pk)
    deed = partial(changes.change_role, membership=member, role=Role.MEMBER, by=membership.user)
    _tried(request, deed, said=_("Rol değişti."))
    return redirect("team")


@frame.owners_act
def remove(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """The person is out with the next page asked for."""
    member = access.one(Membership, membership.subscriber, pk=key)
    said = _("Ekipten çıkarıldı; artık bu mağazanın hiçbir sayfasını açamaz.")
    _tried(request, partial(changes.remove, membership=member, by=membership.user), said=said)
    return redirect("team")


@frame.act
def leave(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Whoever wants to, goes; the last owner hands the ownership over first."""
    name = membership.subscriber.name
    try:
        members.leave(membership=membership)
    except members.LastOwner:
        messages.error(request, _("Tek sahip sizsiniz. Önce sahipliği bir üyeye devredin, sonra ayrılın."))
        return redirect("team")
    except members.NoMember:  # removed meanwhile, or sent twice: gone is what was wanted
        pass
    messages.success(request, _("%(name)s ekibinden ayrıldınız.") % {"name": name})
    return redirect("overview")


@frame.owners_form
def make_owner(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """What one more owner means, the second step, the password; then the member is an owner beside those there are."""
    member = access.one(Membership, membership.subscriber, pk=key)
    deed = partial(changes.change_role, membership=member, role=Role.OWNER, by=membership.user)
    said = _("%(name)s artık sahip.") % {"name": _name(member)}
    return _by_password(request, membership, member, "dashboard/settings/make_owner.html", deed=deed, said=said)


@frame.owners_form
def hand_over(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """What handing over means, the second step, the password; then the member is an owner and the owner a member."""
    member = access.one(Membership, membership.subscriber, pk=key)
    deed = partial(changes.hand_over, membership=member, by=membership.user)
    said = _("Sahiplik devredildi: %(name)s artık sahip, siz üyesiniz.") % {"name": _name(member)}
    return _by_password(request, membership, member, "dashboard/settings/hand_over.html", deed=deed, said=said)


def _by_password(
    request: HttpRequest, membership: Membership, member: Membership, page: str, *, deed: Callable[[], Any], said: str
) -> HttpResponse:
    """The page about the member, behind the second step where on, and the deed where the password is right."""
    if asked := second_step_first(request):
        return asked
    form = PasswordForm(request.POST or None, request=request)
    if form.is_valid():
        _tried(request, deed, said=said)
        return redirect("team")
    context = {"membership": membership, "form": form, "member": member}
    return render(request, page, context, status=422 if form.errors else 200)


def _name(member: Membership) -> str:
    return member.user.name or member.user.email


def _invite(request: HttpRequest, membership: Membership, form: InvitationForm) -> bool:
    """Whether the invitation was made; why not is said at the form."""
    try:
        changes.invite(subscriber=membership.subscriber, email=form.cleaned_data["email"], by=membership.user)
    except tuple(REFUSALS) as problem:
        form.add_error("email", str(REFUSALS[type(problem)]))
        return False
    messages.success(request, _on_its_way(form.cleaned_data["email"]))
    return True


def _on_its_way(email: str) -> str:
    """Said at once: whether the mail has left stands beside the invitation."""
    return _("Davet %(email)s adresine gönderiliyor; e-postanın durumu listede yazar.") % {"email": email}


def _invited(membership: Membership, rows: Iterable[Invitation]) -> dict[str, Any]:
    """The invitations that wait, each with how far its mail has come; `is_leaving` while one is on its way."""
    rows = list(rows)
    mails = changes.mails_of(membership.subscriber, rows)
    shown = [(row, _mail_look(mails.get(row.pk))) for row in rows]
    is_leaving = any(mail.state == LetterState.DUE for mail in mails.values())
    return {"invitations": shown, "is_leaving": is_leaving, "is_owner": membership.role == Role.OWNER}


def _mail_look(mail: Letter | None) -> dict[str, Any] | None:
    """A mail's state in words, when it left, and what to do; None of an invitation from before mails were kept."""
    if mail is None:
        return None
    if mail.state == LetterState.DUE and mail.last_failure:
        return {"look": RETRIED, "remedy": _("E-posta sunucusu almadı; kendiliğinden yeniden denenir.")}
    remedy = _("Adres doğruysa Yeniden gönder’e basın; yanlışsa daveti geri alıp doğru adresi davet edin.")
    return {"look": MAILS[mail.state], "at": mail.sent_at, "remedy": remedy if mail.state in NOT_SENT else ""}


def _tried(request: HttpRequest, deed: Callable[[], Any], *, said: str = "") -> Any:
    """What the deed returns; what the domain refuses is said above the list."""
    try:
        done = deed()
    except tuple(REFUSALS) as problem:
        messages.error(request, REFUSALS[type(problem)])
        return None
    if said:
        messages.success(request, said)
    return done
