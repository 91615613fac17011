// Only comfort: without this file the page works the same, with a reload after each press.
"use strict";
(() => {
  const RINGING = 1600; // milliseconds for which a screen shows that something came
  const frames = [...document.querySelectorAll("iframe")];
  const lines = (there) => there.querySelectorAll("#record li li").length;
  let busy = false;
  let waiting = 0;

  // The parts of the page that tell how things stand are replaced; the screens are only asked to look for news.
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.getElementById("phones")) { return; }
    const grown = lines(fresh) - lines(document);
    for (const part of document.querySelectorAll("[data-live]")) {
      const there = fresh.getElementById(part.id);
      if (there && there.outerHTML !== part.outerHTML) { part.replaceWith(there); }
    }
    [...document.querySelectorAll("#record li li")].slice(0, Math.max(grown, 0)).forEach((line) => line.classList.add("new"));
    for (const frame of frames) {
      const there = fresh.querySelector(`iframe[name=${frame.name}]`);
      if (person(there) !== person(frame)) { frame.src = there.getAttribute("src"); }
      else { frame.contentDocument?.dispatchEvent(new Event("engawa:news")); }
    }
  };
  const person = (frame) => frame.getAttribute("src");

  const look = async () => {
    const answer = await fetch(location.pathname + location.search);
    if (answer.ok) { show(await answer.text()); }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!busy) { look().catch(() => {}); } }, 120);
  };

  // The newest message is read from its beginning; one that asks something is shown with its answers.
  const read = (frame, behavior) => {
    const there = frame.contentDocument;
    const last = there?.getElementById("talk")?.lastElementChild;
    if (!last || there.querySelector("#cards .card")) { return; } // a card on top is what matters now
    const view = frame.contentWindow;
    const box = last.getBoundingClientRect();
    const roof = there.querySelector("header")?.offsetHeight ?? 0;
    const floor = view.innerHeight - (there.getElementById("write")?.offsetHeight ?? 0);
    const longer = box.height > floor - roof && last.querySelector(".choices");
    view.scrollBy({ top: longer ? box.bottom - floor : box.top - roof, behavior });
  };

  // A screen changes when its person answered or something came for them: then all else may have changed too.
  const ring = (frame) => {
    const phone = frame.closest(".phone");
    phone.classList.add("rings");
    setTimeout(() => phone.classList.remove("rings"), RINGING);
    if (!document.getElementById(`tab-${frame.name}`).checked) {
      document.querySelector(`.tabs .${frame.name}`).classList.add("news");
    }
  };
  const watch = (frame) => {
    const talk = frame.contentDocument?.getElementById("talk");
    if (!talk) { return; }
    read(frame, "instant");
    new MutationObserver((changes) => {
      if (changes.some((change) => change.addedNodes.length)) { ring(frame); read(frame, "smooth"); soon(); }
    }).observe(talk, { childList: true });
  };
  // A screen that goes to its newest message may take this page along: it stays where it opened until somebody moves it.
  let moved = location.hash !== "";
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach((how) => addEventListener(how, () => { moved = true; }, { once: true, passive: true }));
  const stay = () => { if (!moved) { scrollTo(0, 0); } };
  for (const frame of frames) {
    let first = frame.contentDocument?.readyState !== "complete";
    if (!first) { watch(frame); stay(); }
    frame.addEventListener("load", () => { watch(frame); stay(); if (!first) { soon(); } first = false; });
  }

  const wind = document.querySelector(".wind");
  wind.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) { return; }
    busy = true;
    document.body.classList.add("busy");
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(wind.action, { method: "POST", body: new FormData(wind, event.submitter) });
      show(await answer.text());
    } catch { location.reload(); } finally {
      busy = false;
      document.body.classList.remove("busy");
      document.body.removeAttribute("aria-busy");
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "tab") { document.querySelector(`.tabs .${event.target.id.slice(4)}`).classList.remove("news"); }
  });
})();
