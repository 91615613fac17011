// Only comfort: without this file the page works the same, with a reload after each answer.
"use strict";
(() => {
  const EVERY = 3000; // milliseconds between two looks for news while the page is in view
  const talk = document.getElementById("talk");
  const write = document.getElementById("write");
  const notes = document.getElementById("notes");
  const SPEAK = { "accept-language": document.documentElement.lang }; // a page that says no says it in our language
  let busy = false;

  // To where the newest message begins; a short one is seen with all that the end of the page has room for.
  const toNewest = (smooth) => {
    const newest = document.getElementById("newest");
    if (!newest) { return; }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const head = document.querySelector("header");
    const roof = getComputedStyle(head).position === "sticky" ? head.offsetHeight : 0;
    const top = newest.getBoundingClientRect().top + scrollY - roof - 8;
    scrollTo({ top, behavior: smooth && !calm ? "smooth" : "instant" });
  };
  const nearEnd = () => innerHeight + scrollY > document.documentElement.scrollHeight - 240;

  // Beside the field, which is always in view: what is happening, or why something was not taken.
  const tell = (words, look = "note") => {
    notes.textContent = words;
    notes.className = words ? look : "unseen";
  };

  // Bubbles that are new are added, those that changed are replaced; what is being read stays where it is.
  const merge = (html, answered) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const there = fresh.getElementById("talk");
    if (!there) { return false; }
    const note = answered ? fresh.getElementById("notes").textContent : "";
    const follow = answered ? !note : nearEnd();
    const newest = fresh.getElementById("newest");
    const begins = newest?.parentElement.id;
    [newest, ...document.querySelectorAll("#newest, #nothing")].forEach((mark) => mark?.remove());
    const said = [...there.children];
    const ids = new Set(said.map((bubble) => bubble.id));
    for (const bubble of said) {
      const known = document.getElementById(bubble.id);
      if (!known) {
        bubble.classList.add("fresh");
        talk.append(bubble);
      } else if (known.innerHTML !== bubble.innerHTML) {
        known.replaceWith(bubble);
      }
    }
    [...talk.children].filter((bubble) => !ids.has(bubble.id)).forEach((bubble) => bubble.remove());
    if (newest) { document.getElementById(begins).prepend(newest); }
    talk.dataset.cursor = there.dataset.cursor;
    if (answered) {
      document.getElementById("cards").replaceWith(fresh.getElementById("cards"));
      document.querySelector(".menu")?.replaceWith(fresh.querySelector(".menu") ?? "");
      const stamp = fresh.querySelector("#answer [name=stamp]").value;
      document.querySelectorAll("[name=stamp]").forEach((field) => { field.value = stamp; });
      tell(note);
    }
    if (follow) { toNewest(true); }
    return true;
  };

  // The one line of a page that says why something could not be done.
  const line = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("h1")?.textContent;

  // A file that was refused would be refused again with every word that is sent after it.
  const letFilesGo = () => { document.getElementById("files").value = ""; };

  const send = async (form, button) => {
    busy = true;
    tell(notes.dataset.sending, "small");
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: SPEAK });
      const html = await answer.text();
      if (answer.status === 413) { letFilesGo(); }
      if (!answer.ok) { tell(line(html) || notes.dataset.failed); return; }
      if (!answer.redirected || !merge(html, true)) { document.open(); document.write(html); document.close(); return; }
      const taken = !new URL(answer.url).searchParams.has("note"); // what was not taken stays in the field
      if (form === write && !taken) { letFilesGo(); }
      if (form === write && taken) { write.reset(); write.querySelector("details").open = false; grow(); }
      history.replaceState(null, "", location.pathname);
    } catch {
      tell(notes.dataset.failed);
    } finally {
      busy = false;
      document.body.removeAttribute("aria-busy");
    }
  };

  const look = async () => {
    if (busy || document.hidden) { return; }
    try {
      const answer = await fetch(`${talk.dataset.news}?after=${talk.dataset.cursor}`);
      if (answer.status === 200 && !busy) { merge(await answer.text(), false); }
    } catch { /* the next look will tell */ }
  };

  const text = document.getElementById("text");
  const grow = () => { text.rows = Math.min(5, Math.max(1, text.value.split("\n").length)); };
  text.addEventListener("input", grow);

  addEventListener("submit", (event) => {
    event.preventDefault();
    if (!busy) { send(event.target, event.submitter); }
  });
  document.addEventListener("visibilitychange", look);
  document.addEventListener("engawa:news", look); // whoever shows this page in a frame may ask for a look
  setInterval(look, EVERY);
  if (!document.querySelector("#cards .card")) { toNewest(false); }
})();
