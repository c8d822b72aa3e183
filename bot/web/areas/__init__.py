"""The areas of the desk, one module with a `router` each; `bot.web.site.AREAS` names them."""
