// What the last turn does in the browser, after turns.js in the same function: it is followed
// while it grows, and tells which conversation the page comes back to when it is loaded again.

const KEY = "conversation";
const kept = () => {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // a browser that keeps nothing begins anew
  }
};
const keep = (id) => {
  try {
    if (id) sessionStorage.setItem(KEY, id);
    else sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
};
let followed = "";
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

// Send and Stop stand in one place, one at a time: whoever used one goes on in the text box.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#send")) write();
  const stop = event.target.closest?.("#stop");
  if (!stop) return;
  const ended = new MutationObserver(() => {
    if (stop.disabled) ended.disconnect(), write();
  });
  ended.observe(stop, { attributeFilter: ["disabled"] });
});

element.addEventListener("click", (event) => {
  const example = event.target.closest("button.example");
  if (example) trigger("example", { question: example.textContent });
});

// A new turn is brought to the top and stays there while it grows, until the reader scrolls.
function followTalk() {
  const turns = element.querySelector(".turns");
  keep(turns.dataset.conversation);
  const turn = element.querySelector(".turn");
  const name = turn ? `${turns.dataset.conversation} ${turn.id}` : "";
  if (name !== followed) following = true;
  followed = name;
  const notice = element.querySelector(".turns > .notice");
  if (notice) show(notice, "nearest");
  else if (following && turn) turn.scrollIntoView({ block: "start" });
}

watch("value", followTalk);
trigger("arrive", { id: kept() });
