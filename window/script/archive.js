// What the parts of the archive tab do; the body of a function of (element, trigger, watch), run
// once for each: the fields, the table, the article that is open.

const EVENTS = ["open", "sort", "turn", "these", "ask", "close"]; // that a click sends
const WAIT = 250; // milliseconds after the last key
const RENEW = 4000; // milliseconds until it is asked again whether pages came or went
const tab = () => element.closest("#archive");
const opener = (id) => tab()?.querySelector(`#archive-list [data-event=open][data-value="${id}"]`);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  const name = button?.dataset.event;
  if (EVENTS.includes(name)) trigger(name, { value: button.dataset.value ?? "" });
});

if (element.closest("#archive-filter")) {
  let timer = 0;
  let sent = "";
  let filled = {};
  const look = () => (filled = Object.fromEntries(new FormData(element.querySelector("form"))));
  const send = () => {
    clearTimeout(timer);
    const now = JSON.stringify(look());
    if (now !== sent) trigger("filter", { ...filled, at: Math.round(performance.now()) });
    sent = now;
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  // What is drawn by a step that was begun earlier does not undo what was filled in meanwhile.
  element.addEventListener("input", look);
  watch("value", () => {
    for (const [name, value] of Object.entries(filled)) element.querySelector(`[name=${name}]`).value = value;
  });
  // A word that an input method is still composing is not yet one.
  element.addEventListener("input", (event) => event.isComposing || later(WAIT));
  element.addEventListener("compositionend", () => later(WAIT));
  element.addEventListener("change", () => later(0));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  // Emptied by hand: a reset goes back to how the fields were last drawn.
  element.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const field of element.querySelectorAll("input, select")) field.value = "";
    send();
    element.querySelector("input").focus();
  });
}

if (element.closest("#archive-list")) {
  // The table is drawn anew by every step; who is at one of its buttons stays there.
  let at = null;
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-event]");
    at = button && { event: button.dataset.event, value: button.dataset.value };
  });
  // Not while somebody is at the fields, which would be drawn anew under their hands.
  setInterval(() => {
    const filling = document.activeElement?.closest("#archive-filter");
    if (!document.hidden && element.checkVisibility() && !filling) trigger("renew", {});
  }, RENEW);
  let held = null; // the headline that has the focus keeps it
  element.addEventListener("focusin", (event) => (held = event.target.dataset.value));
  watch("value", () => {
    const open = tab()?.querySelector("#archive-sheet [data-event=ask]")?.dataset.value;
    if (open) opener(open)?.setAttribute("aria-current", "true");
    if (at?.event === "sort") {
      element.querySelector(`[data-event=sort][data-value="${at.value}"]`)?.focus();
    } else if (at?.event === "turn") {
      element.scrollIntoView({ block: "start" });
      element.querySelector("[data-event=open]")?.focus();
    } else if (held && document.activeElement === document.body) {
      opener(held)?.focus({ preventScroll: true });
    }
    at = null;
  });
}

if (element.closest("#archive-sheet")) {
  let open = null;
  watch("value", () => {
    tab()?.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const sheet = element.querySelector(".sheet");
    if (sheet) {
      open = element.querySelector("[data-event=ask]").dataset.value;
      opener(open)?.setAttribute("aria-current", "true");
      sheet.scrollTop = 0;
      element.querySelector("h2").focus({ preventScroll: true });
      const first = element.querySelector("mark");
      if (first) first.scrollIntoView({ block: "center" });
      else sheet.scrollIntoView({ block: "nearest" });
    } else if (open) {
      (opener(open) ?? tab()?.querySelector("[name=words]"))?.focus();
      open = null;
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") trigger("close", {});
  });
}
