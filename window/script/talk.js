// What the left column does in the browser; the body of a function of (element, trigger, watch).
// Clicks on citations and examples go to the server as events.

const FRAGMENT = /^#turn-(\d+)-(source|near)-(\d+)$/;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const show = (node, block) => node.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
const visit = (mark) => {
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
  show(mark, "center");
};
let shown = 0;
let following = true;

// Enter that ends an input method's composition picks a word; it must not send the question.
const composing = (event) => event.isComposing || event.keyCode === 229;
document.addEventListener(
  "keydown",
  (event) => event.key === "Enter" && composing(event) && event.stopPropagation(),
  true,
);
for (const moved of ["wheel", "touchmove"]) {
  document.addEventListener(moved, () => (following = false), { passive: true });
}

element.addEventListener("click", (event) => {
  const example = event.target.closest("button.example");
  if (example) {
    trigger("example", { question: example.textContent });
    return;
  }
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

// A new turn is brought to the top and stays there while it grows, until the reader scrolls.
function followTalk() {
  const turns = element.querySelectorAll(".turn");
  if (turns.length > shown) following = true;
  shown = turns.length;
  const notice = element.querySelector(".notice");
  if (notice) show(notice, "nearest");
  else if (following && shown) turns[shown - 1].scrollIntoView({ block: "start" });
}

watch("value", followTalk);
