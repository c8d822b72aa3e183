"""The editors' desk in the browser: FastAPI, Jinja2 and htmx; every page works without JavaScript.

An area of the desk is one module in `bot.web.areas` with a `router`; `bot.web.site.AREAS` names
them all. An endpoint takes `desk: AtDesk` (everything wired), `user: SignedIn` (or `Editing`,
`Approving`, `Managing`: somebody of at least that role), and answers `desk.page("x.html", …)`.
Changes are POST only; the check of the form's token is made for every area at once.
"""
