"""Documents nobody wrote: what reads the web must never crash, hang or eat memory."""
