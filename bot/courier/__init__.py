"""Couriers: how what is due reaches whoever delivers it. One port, one adapter per way."""

from bot.courier.port import Courier, local

__all__ = ["Courier", "local"]
