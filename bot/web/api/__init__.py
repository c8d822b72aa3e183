"""The desk for programs: JSON under /api/v1, documented by its own OpenAPI document.

A program proves itself with a token (`bot token add`), which stands for one person and some
scopes. Errors are problem documents (RFC 9457). A request with an `Idempotency-Key` is done once,
however often it is repeated. What it does, it does by the same functions as the pages.
"""
