"""What a browser's form has brought."""

from aiohttp import web


async def fields_of(request: web.Request) -> dict[str, str]:
    """The text fields of a form; none where the body is not the form that its content type says."""
    try:
        form = await request.post()
    except ValueError:
        return {}
    return {key: value for key, value in form.items() if isinstance(value, str)}
