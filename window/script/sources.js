// What the right column does in the browser; the body of a function of (element, trigger, watch).
// Clicks on cards go to the server as events.

const FRAGMENT = /^#turn-(\d+)-(source|near)-(\d+)$/;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const show = (node, block) => node.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
const visit = (mark) => {
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
  show(mark, "center");
};
element.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#turn-']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const fragment = link.getAttribute("href");
  const found = FRAGMENT.exec(fragment);
  const target = document.querySelector(fragment);
  if (!found) {
    if (target) show(target, "start");
  } else if (target && target.matches("mark.current")) {
    visit(target);
  } else {
    trigger("select", { turn: Number(found[1]), kind: found[2], place: Number(found[3]) });
  }
});

// A click leads to the highlight; an answer that comes by itself moves only its own sheet.
function showSource() {
  const mark = element.querySelector("mark.current");
  if (!mark) return;
  if (element.querySelector(".panel").dataset.clicked === "true") {
    visit(mark);
  } else {
    const sheet = mark.closest(".sheet");
    sheet.scrollTop += mark.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 90;
  }
}

watch("value", showSource);
