// Only comfort: without this file the page works the same, with a reload after each press.
"use strict";
(() => {
  const RINGING = 1600; // milliseconds for which a screen shows that something came
  const frames = [...document.querySelectorAll("iframe")];
  const lines = (there) => there.querySelectorAll("#record li li").length;
  const strip = () => document.getElementById("houses");
  let busy = false;
  let waiting = 0;

  // The parts of the page that tell how things stand are replaced; the screens are only asked to look for news.
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.getElementById("phones")) { return; }
    const grown = lines(fresh) - lines(document);
    const along = strip().scrollLeft;
    for (const part of document.querySelectorAll("[data-live]")) {
      const there = fresh.getElementById(part.id);
      if (there && there.outerHTML !== part.outerHTML) { part.replaceWith(there); }
    }
    strip().scrollLeft = along;
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

  // What is about other houses than the chosen one stands back, and says which house it is about.
  const house = document.querySelector(".wind [name=house]").value;
  const other = document.getElementById("phones").dataset.other;
  const titles = new Map([...document.querySelectorAll(".house")].map((card) => [card.dataset.house, card.querySelector("strong").textContent]));
  const mark = (frame) => {
    for (const said of frame.contentDocument.querySelectorAll(".said[data-house]")) {
      if (said.dataset.house === house) { continue; }
      said.classList.add("aside");
      said.dataset.aside = other.replace("{house}", titles.get(said.dataset.house) ?? said.dataset.house);
    }
  };

  // To where the newest message about the chosen house begins; without one, the newest of all.
  const read = (frame, behavior) => {
    const there = frame.contentDocument;
    const newest = there?.getElementById("newest");
    if (!newest || there.querySelector("#cards .card")) { return; } // a card on top is what matters now
    const about = [...there.querySelectorAll(`.said[data-house="${house}"]`)].at(-1);
    const begins = about && there.getElementById(about.id.replace(/-\d+$/, "-0"));
    const box = (begins ?? about ?? newest.parentElement).getBoundingClientRect();
    const roof = there.querySelector("header").offsetHeight;
    frame.contentWindow.scrollBy({ top: box.top - roof - 8, behavior });
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
    mark(frame);
    read(frame, "instant");
    new MutationObserver((changes) => {
      mark(frame);
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.dataset);
      if (added.some((said) => (said.dataset.house ?? house) === house)) { ring(frame); }
      if (added.length) { read(frame, "smooth"); soon(); }
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
    if (event.target.name === "tab") { document.querySelector(`.tabs .${event.target.value}`).classList.remove("news"); }
  });
  const chosen = document.querySelector(".house[aria-current]");
  strip().scrollLeft = chosen.offsetLeft - (strip().clientWidth - chosen.offsetWidth) / 2;
})();
