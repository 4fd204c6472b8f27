// A preview of a citation, or the reason of a doubt, beside what the pointer or the focus is on.
// Everything that it says stands in the page already (data attributes, see excerpts.py and
// transcript.py). Runs in the head; knows nothing of the tabs.

(() => {
  const TOLD = "a.cite[data-quote], .unverified[data-reason], button.doubt";
  const BETWEEN = "\u2063"; // stands between the languages of a plain label, see markup.py
  const say = (zh, en = zh) => (document.documentElement.dataset.language === "en" ? en : zh);
  const note = document.createElement("div");
  note.id = "preview";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  let about = null; // what the note is about
  let waiting = 0;

  function line(css, text) {
    if (!text) return;
    const shown = document.createElement("p");
    shown.className = css;
    shown.textContent = text;
    note.append(shown);
  }

  function tell(target) {
    clearTimeout(waiting);
    if (about === target) return;
    hush();
    const { reason, headline, from, quote, support } = target.dataset;
    note.replaceChildren();
    if (reason !== undefined) {
      line("why", say("未经核实：", "Unverified: ") + say(...reason.split(BETWEEN)));
    }
    line("head", headline);
    line("from", from);
    line("quote", quote);
    if (support === "unverified") {
      line("why", say("据此写的话未经核实。", "What was said of it is unverified."));
    }
    about = target;
    about.setAttribute("aria-describedby", note.id);
    document.body.append(note);
    note.hidden = false;
    place();
  }

  // Above the words where there is room, else below; never wider than the page.
  function place() {
    const at = about.getClientRects()[0] ?? about.getBoundingClientRect();
    const room = document.documentElement.clientWidth - note.offsetWidth - 8;
    note.style.left = `${Math.max(8, Math.min(at.left - 12, room))}px`;
    const above = at.top - note.offsetHeight - 6;
    note.style.top = `${above > 4 ? above : at.bottom + 6}px`;
  }

  function hush() {
    clearTimeout(waiting);
    about?.removeAttribute("aria-describedby");
    about = null;
    note.hidden = true;
  }

  // What lies under the pointer now: what it came upon may have been drawn anew or scrolled away.
  function point() {
    const target = document.querySelector(`:is(${TOLD}):hover`);
    if (target) tell(target);
  }

  // Long enough for the pointer to reach the note itself, which then stays.
  function later(action) {
    clearTimeout(waiting);
    waiting = setTimeout(action, 180);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const target = event.target.closest?.(TOLD);
    if (target) later(point);
    else if (note.contains(event.target)) clearTimeout(waiting);
    else if (!note.hidden && !about?.matches(":focus-visible")) later(hush);
    else if (note.hidden) clearTimeout(waiting);
  });
  document.addEventListener("focusin", (event) => {
    const target = event.target.closest?.(TOLD);
    if (target?.matches(":focus-visible")) tell(target);
    else if (!note.contains(event.target)) hush();
  });
  document.addEventListener(
    "click",
    (event) => {
      const doubt = event.target.closest?.("button.doubt, .unverified");
      if (doubt && !event.target.closest("a")) tell(doubt);
      else if (!note.contains(event.target)) hush();
    },
    true,
  );
  document.addEventListener("keydown", (event) => event.key === "Escape" && hush());
  document.addEventListener(
    "scroll",
    (event) => event.target !== note && !note.hidden && hush(),
    true,
  );

  // What it was about may be written anew while an answer grows.
  function follow() {
    if (about && !about.isConnected) hush();
  }
  document.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true }),
  );
})();
