"use strict";
// Keys, and nothing that a page could not do without.
(() => {
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });
})();
