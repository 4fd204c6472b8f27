// What the list of conversations does in the browser; the body of a function of
// (element, trigger, watch). Each conversation gets its menu when it is asked for.

const idOf = (node) => node.closest("li").dataset.id;
const entry = (id) => [...element.querySelectorAll("li")].find((li) => li.dataset.id === id);
let used = null; // the conversation whose menu was used last gets the focus back

function close(focus) {
  const menu = element.querySelector("li .menu");
  const more = element.querySelector(".more[aria-expanded=true]");
  menu?.remove();
  more?.setAttribute("aria-expanded", "false");
  if (focus) more?.focus();
}

function open(more) {
  close(false);
  more.setAttribute("aria-expanded", "true");
  const li = more.closest("li");
  li.append(element.querySelector("template").content.cloneNode(true));
  li.querySelector(".menu button").focus();
}

// One part of the menu at a time: the actions, the new name, or the question before deleting.
function show(menu, part) {
  for (const each of menu.children) each.hidden = each !== menu.querySelector(part);
}

const ACTS = {
  rename(menu) {
    show(menu, ".rename");
    const input = menu.querySelector("input");
    input.value = menu.closest("li").querySelector(".title").textContent;
    input.select();
  },
  delete(menu) {
    show(menu, ".confirm");
    menu.querySelector("[data-act=keep]").focus();
  },
  keep: () => close(true),
  "delete-now"(menu) {
    const li = menu.closest("li");
    used = (li.nextElementSibling ?? li.previousElementSibling)?.dataset.id ?? "";
    trigger("remove", { id: li.dataset.id });
  },
  md: (menu) => save(menu, "md"),
  json: (menu) => save(menu, "json"),
};

function save(menu, kind) {
  trigger("export", { id: idOf(menu), kind });
  close(true);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".open")) trigger("open", { id: idOf(button) });
  else if (button.matches(".more")) {
    if (button.getAttribute("aria-expanded") === "true") close(true);
    else open(button);
  } else ACTS[button.dataset.act]?.(button.closest(".menu"));
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  used = idOf(event.target);
  trigger("rename", { id: used, title: event.target.querySelector("input").value });
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest(".menu")) return;
  event.stopPropagation();
  close(true);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("li .menu, .more")) close(false);
});

function refresh() {
  for (const time of element.querySelectorAll("time")) {
    const day = new Date(time.dateTime);
    if (Number.isNaN(day.getTime())) continue;
    const two = (number) => String(number).padStart(2, "0");
    const date = [day.getFullYear(), two(day.getMonth() + 1), two(day.getDate())].join("-");
    time.textContent = `${date} ${two(day.getHours())}:${two(day.getMinutes())}`;
  }
  if (used === null) return;
  (entry(used)?.querySelector(".more") ?? document.querySelector("#new"))?.focus();
  used = null;
}

watch("value", refresh);
