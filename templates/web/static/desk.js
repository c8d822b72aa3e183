"use strict";
// Keys, countdowns, and nothing that a page could not do without.
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const one = (query, root = document) => root.querySelector(query);
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // ---- countdowns ----
  const length = (seconds) => {
    if (seconds < 60) return seconds ? `${seconds} s` : "now";
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    const hours = Math.floor(seconds / 3600), rest = Math.floor((seconds % 3600) / 60);
    if (hours >= 48) return `${Math.floor(hours / 24)} days`;
    return hours < 6 && rest ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${hours} h`;
  };
  // The server's clock is the one that counts: the browser's may be wrong.
  const server = Date.parse(document.body.dataset.now), opened = performance.now();
  const now = () => server + (performance.now() - opened);
  const tick = () => {
    for (const node of all("[data-until]")) {
      const gap = Math.trunc((Date.parse(node.dataset.until) - now()) / 1000);
      const said = length(Math.abs(gap));
      const text = said === "now" ? said : gap > 0 ? `in ${said}` : `${said} ago`;
      if (node.textContent !== text) node.textContent = text;
    }
    for (const node of all("[data-left]")) {
      const left = Math.ceil((Date.parse(node.dataset.left) - now()) / 1000);
      if (left > 0) node.textContent = `${left} s`;
      else node.remove();
    }
  };
  if (server) setInterval(tick, 1000);

  // ---- lists and sides: which one the keys are about ----
  const chosen = (kind) => one(`[data-${kind}].at`) || one(`[data-${kind}]`);
  const mark = (node) => {
    for (const other of all(".at")) other.classList.remove("at");
    node?.classList.add("at");
  };
  const choose = (node) => {
    if (!node) return;
    mark(node);
    node.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const rows = all("[data-row]"), at = rows.findIndex((row) => row.classList.contains("at"));
    choose(rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
  };
  const firstSide = () => all("[data-side]").find((side) => one('[data-do="a"]:not([disabled])', side)) || one("[data-side]");
  mark(one("[data-row]") || firstSide());

  const decideRow = (query) => {
    const row = chosen("row"), button = one('[data-bulk="approve"]');
    if (!row || !button) return false;
    const boxes = all("[data-row] input[type=checkbox]");
    for (const box of boxes) box.checked = false;
    for (const box of all(query, row)) box.checked = true;
    button.click();
    return true;
  };

  const openPop = (summary, key) => {
    const details = summary.parentElement;
    details.open = true;
    details.dataset.press = key;
    (one("[data-focus]", details) || one("input, button", details)).focus();
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    Enter: () => one("a.open", chosen("row"))?.click(),
    x: () => { for (const box of all("input[type=checkbox]", chosen("row") || document.createElement("i"))) box.checked = !box.checked; },
    A: () => decideRow("input[type=checkbox]"),
    a: () => (one("[data-row]") ? decideRow("label:first-child input[type=checkbox]") : one('[data-do="a"]:not([disabled])', chosen("side") || document)?.click()),
    e: () => { const row = chosen("row"); if (row) location.href = row.dataset.edit; else one('[data-do="e"]', chosen("side") || document)?.click(); },
    u: () => one('[data-do="u"]', chosen("side") || document)?.click(),
    ArrowRight: () => choose(chosen("side")?.nextElementSibling),
    ArrowLeft: () => choose(chosen("side")?.previousElementSibling),
    "?": () => { location.href = "/keys"; },
  };

  document.addEventListener("keydown", (event) => {
    const field = typing(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      one("[data-save-button]")?.click();
      return;
    }
    if (event.key === "Escape" && (field || one("details.pop[open]"))) {
      for (const details of all("details.pop[open]")) details.open = false;
      if (field) field.blur();
      return;
    }
    if (event.key === "Enter" && field && field.matches("details.pop input")) {
      const details = field.closest("details.pop");
      const button = one(`[data-press="${CSS.escape(details.dataset.press || "")}"]`, details);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || field) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
    const node = all("[data-key]").find((n) => n.dataset.key.split(" ").includes(event.key) && !n.disabled);
    if (node) {
      event.preventDefault();
      const row = chosen("row");
      if (row && node.matches("summary") && one(".bulkbar") && !one("[data-row] input:checked") && event.key !== "/") {
        for (const box of all("input[type=checkbox]", row)) box.checked = true;
      }
      if (node.matches("summary")) openPop(node, event.key);
      else if (node.matches("textarea, input")) node.focus();
      else node.click();
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // A second tap on a slow line is not meant twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && !event.defaultPrevented) event.preventDefault();
    else if (!event.defaultPrevented) {
      form.dataset.sent = "yes";
      setTimeout(() => { delete form.dataset.sent; }, 8000);
    }
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".toast .close")) return;
    event.preventDefault();
    one("#toast").remove();
  });

  // One panel at a time; a press beside it closes it.
  document.addEventListener("click", (event) => {
    for (const details of all("details.pop[open], details.me[open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });

  // ---- words being written: what the desk could not keep stays in this tab until it can ----
  const sheet = one("form[data-save]");
  if (sheet) {
    const here = `unkept:${location.pathname}`, fields = all("textarea", sheet);
    const typed = () => [sheet.elements.base.value, ...fields.map((field) => field.value)];
    const again = () => fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    const say = (why) => { for (const note of all("[data-unkept]", sheet)) note.hidden = note.dataset.unkept !== why; };
    const isUnkept = () => sessionStorage.getItem(here) !== null;
    let waiting;
    const failed = (why) => {
      say(why);
      clearTimeout(waiting);
      if (why === "line") waiting = setTimeout(again, 5000);
    };
    sheet.addEventListener("input", () => sessionStorage.setItem(here, JSON.stringify(typed())));
    sheet.addEventListener("htmx:sendError", () => failed("line"));
    sheet.addEventListener("htmx:timeout", () => failed("line"));
    sheet.addEventListener("htmx:responseError", ({ detail }) => failed(detail.xhr.status === 403 ? "out" : "line"));
    sheet.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (!detail.successful) return;
      sessionStorage.removeItem(here);
      say("");
    });
    sheet.addEventListener("submit", (event) => {
      if (!navigator.onLine) { event.preventDefault(); failed("line"); }
    });
    addEventListener("online", () => { if (isUnkept()) again(); });
    // What was typed before the scripts ran, or comes back now, is judged too.
    addEventListener("load", () => {
      const [base, ...words] = JSON.parse(sessionStorage.getItem(here) || "[]");
      if (base === sheet.elements.base.value) fields.forEach((field, n) => { field.value = words[n] ?? field.value; });
      if (fields.some((field) => field.value !== field.defaultValue)) again();
    });
  }
})();
