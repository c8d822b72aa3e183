"""Cards: content and size in, PNG and alt text out."""
