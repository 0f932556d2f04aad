"""How a kind of row is shown to staff: to read alone, with the acts it has, and its history from the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.dashboard import frame
from portal.support import labels, search, words
from portal.support.acts import Act, ReasonForm
from subscribers import audit, reach
from subscribers.models import AuditEntry, TenantRow, User

OPENED = "opened_by_support"
MOST_COUNTED = 1000
MOST_HISTORY = 200
ITS_SUBSCRIBER = "subscriber__id__exact"
_ENDINGS = ("exact", "gte", "lt", "isnull")  # what the filters of Django that are used here ask for


class Bounded(Paginator):  # type: ignore[type-arg]
    """Pages of the first thousand rows: a list of millions is never counted; what lies beyond is searched for."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return rows[:MOST_COUNTED].count() if isinstance(rows, QuerySet) else len(rows)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists, reads, and does what `acts` names; nothing is added, changed or deleted by a form.

    `notes_openings`: the page of a row shows a buyer's phone and words, so each opening is written down.
    """

    acts: Sequence[Act] = ()
    notes_openings = False
    actions = None
    paginator = Bounded
    list_per_page = list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    search_fields: ClassVar[tuple[str, ...]] = ("pk",)  # there is a search box; `get_search_results` says what it finds
    view_on_site = False
    change_form_template = "support/row.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The filters that the list shows, and whose it is: by any other an address would tell secrets by halves."""
        return lookup == ITS_SUBSCRIBER or lookup in set(self._filter_keys())

    def _filter_keys(self) -> Iterator[str]:
        for each in self.list_filter:
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                yield str(each.parameter_name)
            else:
                name = each[0] if isinstance(each, tuple) else each
                yield from (f"{name}__{ending}" for ending in _ENDINGS)

    @admin.display(description=_("Abone"))
    def its_subscriber(self, row: Any) -> str:
        """Whose it is; a field of most kinds."""
        return link(row.subscriber)

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns under the labels that staff reads."""
        names = super().get_list_display(request)
        return [name if hasattr(self, str(name)) else labels.column(str(name)) for name in names]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return super().get_form(request, obj, change, labels=labels.LABELS, **options)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        for spec in shown.filter_specs:
            spec.title = labels.LABELS.get(getattr(spec, "field_path", ""), spec.title)
        return shown

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """What a caller may mean, as on the first page."""
        return (search.among(queryset, search_term) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, whose looks take no longer than those of the first page; drawn here, since drawing asks too."""
        try:
            with search.bounded():
                shown = super().changelist_view(request, extra_context)
                return shown.render() if isinstance(shown, SimpleTemplateResponse) else shown
        except search.TooWide:
            told = {"title": self.opts.verbose_name_plural, "opts": self.opts, "typed": frame.typed(request)}
            context = {**self.admin_site.each_context(request), **told}
            return TemplateResponse(request, "support/too_wide.html", context)

    def get_urls(self) -> list[Any]:
        """The acts' addresses before those of Django, which take whatever follows the list's."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [
            path("<path:object_id>/act/<slug:act>/", self.admin_site.admin_view(self.act_view), name=name),
            *super().get_urls(),
        ]

    def told(self, row: Any) -> dict[str, Any]:
        """What the row's page shows beside its fields, by name, for its template."""
        return {}

    def history_keys(self, row: Any) -> list[UUID]:
        """The rows whose acts are this row's history."""
        return [row.pk]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self._row(request, object_id)
        if self.notes_openings and request.method in ("GET", "HEAD"):
            audit.record(about=row, action=OPENED, by=_staff(request))
        offered = [(act, self._act_address(row, act)) for act in self.acts if act.is_offered(row)]
        return super().change_view(
            request, object_id, form_url, {**self.told(row), "acts": offered, **(extra_context or {})}
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what about this row, when and why: from the audit, newest first."""
        row = self._row(request, object_id)
        found = AuditEntry.objects.filter(about_id__in=self.history_keys(row))
        if hasattr(row, "sealing_subscriber"):  # then the index by subscriber finds them
            found = found.filter(subscriber_id=row.sealing_subscriber)
        entries = found.select_related("actor").order_by("-at")[:MOST_HISTORY]
        context = {
            **self._context(request, row, _("Geçmiş: %(row)s") % {"row": row}),
            "entries": [words.entry(entry) for entry in entries],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "support/history.html", context)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Asks for the reason, then does it; the page shown afterwards may be loaded again without harm."""
        row = self._row(request, object_id)
        meant = next((each for each in self.acts if each.name == act), None)
        if meant is None:
            raise Http404
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._do(request, row, meant, reason=form.cleaned_data["reason"])
            return redirect(address(row))
        context = {**self._context(request, row, str(meant.label)), "act": meant, "form": form}
        return TemplateResponse(request, "support/act.html", context, status=422 if request.method == "POST" else 200)

    def _do(self, request: HttpRequest, row: TenantRow, act: Act, *, reason: str) -> None:
        try:
            with reach.of(row.sealing_subscriber):
                act.do(row, by=_staff(request), reason=reason)
        except tuple(act.refusals) as problem:
            messages.warning(request, str(act.refused(problem)))
        else:
            messages.success(request, str(act.said))

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def _act_address(self, row: Any, act: Act) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[row.pk, act.name])

    def _context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "object": row,
            "row_address": address(row),
        }


def address(row: Any) -> str:
    """The page of a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link(row: Any, text: object = None) -> SafeString | str:
    """The row's name as a link to its page; a dash where there is none."""
    return format_html('<a href="{}">{}</a>', address(row), text or row) if row is not None else "–"


def links(rows: Iterable[Any]) -> SafeString | str:
    """Each row as a link to its page; a dash where there is none."""
    return format_html_join(", ", '<a href="{}">{}</a>', ((address(row), row) for row in rows)) or "–"


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
