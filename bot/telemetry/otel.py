"""Spans of an article's way, to whatever understands OTLP over HTTP.

All spans of an article are one trace, from whichever process and day: its id is made of the
article's key, which they carry as `article` like every line of the log.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from bot import __version__
from bot.choices.telemetry import Otel
from bot.domain.errors import ConfigError
from bot.domain.spans import recorded, root_id, trace_id

try:
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.trace import (
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        get_current_span,
        set_span_in_context,
        use_span,
    )
except ImportError as exc:
    raise ConfigError(
        "BOT_OTEL__ENDPOINT is set, but what sends traces is not installed; nothing was started. "
        'Install it: pip install "shiftmaker-bot[otel]". Or empty the setting.'
    ) from exc

#: The first stretch: the one all others of an article hang on.
ROOT = "article"

#: Seconds a stop waits for what is not yet sent, and the collector has for an answer.
PATIENCE = 4

_root: ContextVar[tuple[int, int] | None] = ContextVar("root", default=None)


class _Ids(RandomIdGenerator):
    """Random ids, but those of an article's first span."""

    def generate_trace_id(self) -> int:
        root = _root.get()
        return root[0] if root else super().generate_trace_id()

    def generate_span_id(self) -> int:
        root = _root.get()
        return root[1] if root else super().generate_span_id()


@contextmanager
def _ids_of(name: str, article: str) -> Iterator[Context | None]:
    """Yield what a new span hangs on: nothing, where it is the first; else that one."""
    ids = (trace_id(article), root_id(article))
    if name == ROOT:
        token = _root.set(ids)
        try:
            yield Context()
        finally:
            _root.reset(token)
        return
    if get_current_span().get_span_context().trace_id == ids[0]:
        yield None  # within another stretch of the same article
        return
    first = SpanContext(*ids, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    yield set_span_in_context(NonRecordingSpan(first), Context())


@contextmanager
def reporting(choices: Otel) -> Iterator[None]:
    """Send spans while the context lasts, and what is left at its end."""
    # A collector that is down must not fill the log: the bot goes on without it.
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    pairs = (one.partition("=") for one in choices.headers.get_secret_value().split(",") if one)
    exporter = OTLPSpanExporter(
        endpoint=choices.endpoint,
        headers={name.strip(): value.strip() for name, _, value in pairs},
        timeout=PATIENCE,
    )
    about = {"service.name": choices.service, "service.version": __version__}
    provider = TracerProvider(
        resource=Resource.create(about), id_generator=_Ids(), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("bot", __version__)

    @contextmanager
    def record(name: str, article: str, facts: Mapping[str, str | int]) -> Iterator[dict[str, str]]:
        outcome: dict[str, str] = {}
        with _ids_of(name, article) as context:
            begun = tracer.start_span(name, context, attributes={"article": article, **facts})
        with use_span(begun, end_on_exit=True):
            yield outcome
            begun.set_attributes(outcome)

    with recorded(record):
        try:
            yield
        finally:
            provider.force_flush(PATIENCE * 1000)
            provider.shutdown()
