// Beside htmx: tells what became of a press, and keeps the focus where the work is. Without either the pages work the
// same, with a reload.
"use strict";
(() => {
  const failed = document.currentScript.dataset.failed;
  let line = ""; // of a list, in which something was pressed

  // It stands there before anything is told in it, so that it is read out.
  const note = document.createElement("div");
  note.id = "note";
  note.setAttribute("role", "status");
  document.body.insertBefore(note, document.querySelector("footer"));

  const tell = (words) => {
    const told = document.createElement("p");
    told.textContent = words;
    note.replaceChildren(...(words ? [told] : []));
  };

  // The one line of a page of ours that says why not.
  const why = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("#main h1.line")?.textContent;

  // What held the focus is gone: on to the same line, to the first that came, or to what was drawn anew.
  const land = (target) => {
    if (target.dataset.land !== undefined) { target.focus(); return; }
    if (document.activeElement !== document.body) { return; }
    const came = document.getElementById(line) ?? target.querySelector("tr.htmx-added");
    const place = came?.querySelector("th a") ?? document.getElementById(target.id);
    (place ?? document.getElementById("main")).focus({ preventScroll: true });
  };

  // An address may be a key. htmx notes it for a cache that we do not have, and does without.
  const forget = () => {
    try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* what is closed keeps nothing */ }
  };
  forget();

  // The second click of a double click would press whatever has taken the button's place meanwhile.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("[hx-post] button")) { event.preventDefault(); }
  }, true);

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    line = detail.elt.closest("tr")?.id ?? "";
    tell("");
  });
  // As browsers do: the address that stands there already is no further step back.
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history } }) => {
    if (history.path === location.pathname + location.search) { history.type = "replace"; }
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    forget();
    if (detail.successful) { land(detail.target); }
  });
  document.addEventListener("htmx:responseError", ({ detail }) => tell(why(detail.xhr.responseText) ?? failed));
  document.addEventListener("htmx:sendError", () => tell(failed));
  document.addEventListener("htmx:timeout", () => tell(failed));
})();
