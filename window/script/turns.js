// What can be done with turns, finished ones and the last; the body of a function of
// (element, trigger, watch). Clicks go to the server as events.

const FRAGMENT = /^#turn-(\d+)-(source|near)-(\d+)$/;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const show = (node, block) => node.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });

// Asking draws the last turn anew: whoever asked by one of its buttons goes on in the text box,
// but for fingers, which would get a keyboard over half the screen.
const write = () => {
  if (matchMedia("(hover: hover)").matches) document.querySelector("#question textarea")?.focus();
};

element.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#turn-']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const found = FRAGMENT.exec(link.getAttribute("href"));
  const target = document.querySelector(link.getAttribute("href"));
  if (!found) {
    if (target) show(target, "start");
  } else {
    trigger("select", { turn: Number(found[1]), kind: found[2], place: Number(found[3]) });
  }
});

// Where the page is not served safely, browsers copy only what is selected.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.body.appendChild(document.createElement("textarea"));
  box.value = text;
  box.select();
  document.execCommand("copy");
  return box.remove();
}

function judge(turn, button) {
  const thumbs = [...turn.querySelectorAll(".thumb")];
  const pressed = button.getAttribute("aria-pressed") !== "true";
  for (const each of thumbs) each.setAttribute("aria-pressed", String(each === button && pressed));
  const form = turn.querySelector(".reason");
  form.hidden = !pressed;
  if (!pressed) form.querySelector("input").value = "";
  tell(turn);
}

function tell(turn) {
  const thumb = turn.querySelector(".thumb[aria-pressed=true]");
  trigger("judge", {
    turn: Number(turn.querySelector(".actions").dataset.turn),
    feedback: thumb?.dataset.act ?? "",
    reason: turn.querySelector(".reason input").value,
  });
}

function edit(turn, _, open = true) {
  const form = turn.querySelector("form.edit");
  turn.querySelector(".asked").hidden = open;
  form.hidden = !open;
  if (!open) return turn.querySelector("[data-act=edit]").focus();
  form.reset();
  return form.querySelector("textarea").focus();
}

const ACTS = {
  retry: () => (write(), trigger("retry", {})),
  whole: () => (write(), trigger("whole", {})),
  edit,
  leave: (turn) => edit(turn, null, false),
  async copy(turn, button) {
    await copy(button.dataset.text);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 2000);
  },
  up: judge,
  down: judge,
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".earlier")) trigger("more", {});
  else ACTS[button.dataset.act]?.(button.closest(".turn"), button);
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".edit")) {
    trigger("edit", { question: event.target.querySelector("textarea").value });
    write();
    return;
  }
  tell(event.target.closest(".turn"));
  event.target.classList.add("done");
  setTimeout(() => event.target.classList.remove("done"), 2000);
});
element.addEventListener("keydown", (event) => {
  const form = event.target.closest("form.edit");
  if (!form) return;
  if (event.key === "Escape") edit(form.closest(".turn"), null, false);
  if (event.key !== "Enter" || event.shiftKey || !event.target.matches("textarea")) return;
  event.preventDefault();
  form.requestSubmit();
});
