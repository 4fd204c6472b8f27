// The right column in the browser; the body of a function of (element, trigger, watch).
// Choosing among the citations of the turn that is shown needs no server; another turn, a passage
// that is not here, and the original page are asked for as events. At a phone's width the panel
// comes up as a sheet from below. The second half previews a citation before it is clicked.

const FRAGMENT = /^#turn-(\d+)-(source|near)-(\d+)$/;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 899px)");
const column = document.getElementById("sources");
const behavior = () => (calm.matches ? "auto" : "smooth");
const say = (zh, en) => (document.documentElement.dataset.language === "en" ? en : zh);

let origin = ""; // the link in the answer that led here, to go back to
let called = false; // whether that link's citation is still on its way from the server
let refocus = ""; // what had the focus when the panel was asked for anew
let unfolded = false; // whether the picture of what retrieval did is open

const panel = () => element.querySelector(".panel");
const places = () =>
  [...element.querySelectorAll(".card")].map((card) => Number(card.dataset.place));
const marksOf = (place) => [...element.querySelectorAll(`mark[data-places~="${place}"]`)];

const scrolls = (sheet) => getComputedStyle(sheet).overflowY === "auto";

// Only the sheet is scrolled, never the page, but where the sheet is a part of the page.
function bring(mark) {
  const sheet = mark.closest(".sheet");
  if (scrolls(sheet)) {
    const below = mark.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
    sheet.scrollTo({ top: sheet.scrollTop + below - sheet.clientHeight / 3, behavior: behavior() });
  } else {
    mark.scrollIntoView({ block: "center", behavior: behavior() });
  }
}

function bringCard(card) {
  const row = card?.parentElement;
  if (!row) return;
  const beside = card.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollTo({ left: row.scrollLeft + beside - 40, behavior: behavior() });
}

function focusOn(mark) {
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
}

// Shows a citation (or near passage) whose article stands in the panel already.
function choose(place) {
  const shown = panel();
  const marks = marksOf(place);
  shown.dataset.place = place;
  const sheet = marks[0].closest(".sheet");
  for (const each of element.querySelectorAll(".sheet")) each.hidden = each !== sheet;
  for (const each of element.querySelectorAll("mark.current")) each.classList.remove("current");
  for (const each of marks) each.classList.add("current");
  for (const each of element.querySelectorAll(".why")) {
    each.hidden = Number(each.dataset.place) !== place;
  }
  for (const card of element.querySelectorAll(".card")) {
    if (Number(card.dataset.place) === place) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  }
  const count = element.querySelector(".count b");
  if (count) count.textContent = places().indexOf(place) + 1;
  element.querySelector(".told").textContent = "";
  bringCard(element.querySelector(".card[aria-current]"));
  bring(marks[0]);
  return marks[0];
}

function goTo(place, focus) {
  if (marksOf(place).length) {
    const mark = choose(place);
    if (focus || element.contains(document.activeElement?.closest("mark, .sheet"))) focusOn(mark);
  } else {
    ask(panel().dataset.kind, place);
  }
}

function ask(kind, place) {
  trigger("select", { turn: Number(panel().dataset.turn), kind, place });
}

function step(by) {
  const all = places();
  if (all.length < 2) return;
  const at = all.indexOf(Number(panel().dataset.place));
  goTo(all[(at + by + all.length) % all.length], false);
}

// The sheet from below, on a narrow screen

function open() {
  if (!narrow.matches || column.dataset.open) return;
  column.parentElement.style.minHeight = `${column.offsetHeight}px`; // or the page would jump
  column.dataset.open = "true";
}

function leave() {
  delete column.dataset.open;
  column.parentElement.style.minHeight = "";
}

function close() {
  leave();
  const turn = panel()?.dataset.turn;
  const back = origin && document.querySelector(`#turns a.cite[href="${origin}"]`);
  const head = document.getElementById(`turn-${turn}`);
  head?.scrollIntoView({ block: "start", behavior: behavior() });
  back?.focus({ preventScroll: true });
}

// A turn that is answered anew, or that another conversation has, cites other words.
function holds(place, link) {
  const { quote } = link.dataset;
  const card = element.querySelector(`.card[data-place="${place}"] .card-quote`);
  return marksOf(place).length > 0 && (quote === undefined || quote === card?.textContent);
}

// Clicks on citations anywhere in the page are seen first here: what is shown already is chosen
// at once and goes no further.
function clicked(event) {
  if (!element.isConnected || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.("a[href^='#turn-']");
  const found = link && FRAGMENT.exec(link.getAttribute("href"));
  if (!found) return;
  const [turn, kind, place] = [found[1], found[2], Number(found[3])];
  const outside = !element.contains(link);
  if (outside) origin = found[0];
  called = outside;
  const shown = panel();
  const alike = shown.dataset.kind === kind || (kind === "source" && shown.dataset.kind !== "near");
  if (shown.dataset.turn === turn && alike && holds(place, link)) {
    event.preventDefault();
    event.stopPropagation();
    if (outside) open();
    called = false;
    focusOn(choose(place));
  } else if (!outside) {
    event.preventDefault();
    trigger("select", { turn: Number(turn), kind, place });
  }
}
document.addEventListener("click", clicked, true);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button, a.back");
  if (!button) return;
  if (button.matches(".step")) step(Number(button.dataset.step));
  else if (button.matches(".copy")) copy(element.querySelector(".card[aria-current]").dataset.copy);
  else if (button.matches(".original")) {
    refocus = "button.original";
    const kind = button.getAttribute("aria-pressed") === "true" ? "source" : "original";
    ask(kind, Number(panel().dataset.place));
  } else if (button.matches(".back")) {
    event.preventDefault();
    close();
  }
});

element.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.target.matches("textarea")) return;
  const by = event.altKey
    ? { ArrowUp: -1, ArrowDown: 1 }[event.key]
    : { k: -1, j: 1 }[event.key];
  if (by) {
    event.preventDefault();
    step(by);
  } else if (event.key === "Escape" && column.dataset.open) {
    close();
  }
});

element.addEventListener("toggle", (event) => (unfolded = event.target.open), true);

// Copying: the clipboard where the browser gives it, else the old way, else the text to copy by
// hand.
async function copy(text) {
  const told = element.querySelector(".told");
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyOldWay(text); // no permission, or the page is not served over https
  }
  if (done) {
    told.textContent = say("已复制。", "Copied.");
    return;
  }
  told.textContent = say("浏览器不允许复制，请手动复制：", "The browser does not allow copying; copy this: ");
  const quoted = document.createElement("span");
  quoted.className = "by-hand";
  quoted.textContent = text;
  told.append(quoted);
  getSelection().selectAllChildren(quoted);
}

function copyOldWay(text) {
  const box = document.createElement("textarea");
  const before = document.activeElement;
  box.value = text;
  box.className = "unseen";
  element.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus({ preventScroll: true });
  return done;
}

// Who uses the panel while an answer is made goes on reading: the server is told, and leaves it.
let told = false;
function reading() {
  const busy = document.querySelector("#stop:enabled") !== null;
  if (busy && !told) trigger("reading", {});
  told = busy;
}
for (const used of ["pointerdown", "wheel", "keydown", "touchmove"]) {
  element.addEventListener(used, reading, { passive: true });
}

// A click leads to the highlight; an answer that comes by itself moves only its own sheet.
function showSource() {
  const shown = panel();
  const byHand = shown?.dataset.clicked === "true";
  const details = shown?.querySelector("details.evidence");
  if (details) details.open = unfolded;
  if (called && byHand) open();
  else if (!byHand) leave();
  called = called && !byHand;
  const mark = element.querySelector("mark.current");
  if (!mark) return;
  bringCard(element.querySelector(".card[aria-current]"));
  const wanted = refocus && element.querySelector(refocus);
  refocus = "";
  if (wanted) wanted.focus({ preventScroll: true });
  else if (byHand) focusOn(mark);
  if (byHand || scrolls(mark.closest(".sheet"))) bring(mark);
}
watch("value", showSource);
