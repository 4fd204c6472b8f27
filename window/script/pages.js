// What the pages tab does in the browser; the body of a function of (element, trigger, watch),
// after a line that says which PART of the tab the element is. Files are read here and sent one
// by one: the next leaves when the server has looked at the last, which the tray tells.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const behavior = calm ? "auto" : "smooth";
const pages = () => document.getElementById("pages");
const find = (selector) => pages().querySelector(selector);

// Focus stays on what it was on when a part is shown anew.
function keepFocus(after) {
  let key = null;
  element.addEventListener("focusin", (event) => (key = event.target.dataset.key ?? null));
  document.addEventListener("pointerdown", (event) => {
    if (!element.contains(event.target)) key = null;
  });
  watch("value", () => {
    after();
    if (document.activeElement === document.body && key) {
      element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    }
  });
}

function base64(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => resolve(null); // gone or unreadable: the server tells so
    reader.readAsDataURL(file);
  });
}

// Of a folder only files by these names are taken; of others the server tells what they are.
function isPage(name) {
  const suffixes = find(".bring").dataset.suffixes.split(" ");
  return suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));
}

function bring() {
  const section = element.querySelector(".bring");
  const [drop, reading] = [element.querySelector(".drop"), element.querySelector(".reading")];
  const over = element.querySelector(".over");
  const [fileLimit, most] = [Number(section.dataset.fileLimit), Number(section.dataset.files)];
  const waiting = [];
  let [sending, sent, all] = [false, 0, 0];

  async function next() {
    const each = waiting.shift();
    reading.hidden = !each;
    sending = Boolean(each);
    if (!each) return;
    reading.querySelector(".at").textContent = ++sent;
    reading.querySelector(".of").textContent = all;
    const { file, name } = each;
    const content = file.size <= fileLimit ? ((await base64(file)) ?? "!") : null;
    trigger("arrive", { name, size: file.size, content });
  }

  function take(files) {
    if (!sending) [sent, all] = [0, 0];
    const room = most - waiting.length;
    over.hidden = files.length <= room;
    const taken = files.slice(0, Math.max(room, 0));
    all += taken.length;
    waiting.push(...taken);
    if (!sending) next();
  }

  const plain = (list, named) => [...list].map((file) => ({ file, name: named(file) }));
  for (const input of element.querySelectorAll("input[type=file]")) {
    const isTree = input.matches(".tree");
    input.addEventListener("change", () => {
      const files = plain(input.files, (file) => (isTree && file.webkitRelativePath) || file.name);
      take(isTree ? files.filter(({ name }) => isPage(name)) : files);
      input.value = ""; // the same file can be chosen again
    });
  }
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button.choose");
    if (button) element.querySelector(button.matches(".folder") ? ".tree" : ".files").click();
  });
  pages().addEventListener("pages:looked", next);

  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const shown = () => element.checkVisibility();
  // A file that misses the field must not be opened by the browser in place of the page.
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => hasFiles(event) && shown() && event.preventDefault());
  }
  pages().addEventListener("dragover", (event) => drop.classList.toggle("over-it", hasFiles(event)));
  pages().addEventListener("dragleave", () => drop.classList.remove("over-it"));
  pages().addEventListener("drop", async (event) => {
    drop.classList.remove("over-it");
    if (!hasFiles(event)) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    const files = plain(event.dataTransfer.files, (file) => file.name);
    const trees = entries.filter((entry) => entry?.isDirectory);
    const alone = files.filter((_, at) => !entries[at]?.isDirectory);
    const below = await Promise.all(trees.map((tree) => inside(tree)));
    take([...alone, ...below.flat()]);
  });
}

// All pages in and below a dropped folder, by name; hidden ones are passed over.
async function inside(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) break;
    found.push(...some.filter((entry) => !entry.name.startsWith(".")));
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = [];
  for (const entry of found) {
    if (entry.isDirectory) files.push(...(await inside(entry)));
    else if (isPage(entry.name)) {
      const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
      if (file) files.push({ file, name: entry.fullPath.replace(/^\//, "") });
    }
  }
  return files;
}

function tray() {
  const ticks = new Map(); // file → whether a person wants it; the server proposes
  let received = 0;

  function count() {
    const chosen = element.querySelectorAll("input[data-file]:checked").length;
    const button = element.querySelector("button.put");
    if (!button) return;
    button.querySelector(".chosen").textContent = chosen;
    button.disabled = chosen === 0;
  }
  element.addEventListener("change", (event) => {
    if (!event.target.matches("input[data-file]")) return;
    ticks.set(event.target.dataset.file, event.target.checked);
    count();
  });
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".look")) {
      trigger("look", { file: Number(button.dataset.file) });
    } else if (button.matches(".clear")) trigger("clear", {});
    else if (button.matches(".put")) {
      const chosen = [...element.querySelectorAll("input[data-file]:checked")];
      trigger("put", { keys: chosen.map((input) => Number(input.dataset.file)) });
    }
  });
  keepFocus(() => {
    for (const input of element.querySelectorAll("input[data-file]")) {
      // The page below is patched in place, so a box may have been another file's.
      input.checked = ticks.get(input.dataset.file) ?? input.defaultChecked;
    }
    count();
    const now = Number(element.querySelector(".tray")?.dataset.received ?? 0);
    if (now !== received) pages().dispatchEvent(new CustomEvent("pages:looked"));
    received = now;
  });
}

function split() {
  let chosen = null;
  pages().addEventListener("click", (event) => {
    chosen = event.target.closest("button.look")?.getAttribute("aria-expanded") === "false";
  });
  watch("value", () => {
    const section = element.querySelector(".split");
    if (section && chosen) {
      section.focus({ preventScroll: true });
      section.scrollIntoView({ block: "start", behavior });
    }
    chosen = null;
  });
  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-article]");
    if (!link) return;
    event.preventDefault();
    light(link.dataset.article);
    const part = element.querySelector(`#part-${link.dataset.article}`);
    part?.focus({ preventScroll: true });
    part?.scrollIntoView({ block: "center", behavior });
  });
  const over = (event) => light(event.target.closest("[data-article]")?.dataset.article);
  element.addEventListener("mouseover", over);
  element.addEventListener("focusin", over);
  function light(number) {
    for (const each of element.querySelectorAll("mark.part")) {
      each.classList.toggle("lit", number !== "0" && each.dataset.article === number);
    }
  }
}

function held() {
  let [wanted, timer, gone] = ["", 0, null];
  const box = () => element.querySelector("input.filter");
  // A word that an input method is still composing is not yet one.
  function type(event) {
    if (event.isComposing || !event.target.matches(".filter")) return;
    wanted = event.target.value;
    clearTimeout(timer);
    timer = setTimeout(() => trigger("find", { words: wanted }), 200);
  }
  element.addEventListener("input", type);
  element.addEventListener("compositionend", type);
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches(".remove")) {
      confirmed(button, (page, at) => ((gone = at), trigger("remove", { page })));
    } else if (button?.matches(".further")) trigger("more", {});
  });
  keepFocus(() => {
    if (document.activeElement !== box()) box().value = wanted;
    if (gone === null) return;
    const left = [...element.querySelectorAll("button.remove")];
    (left[Math.min(gone, left.length - 1)] ?? box()).focus();
    gone = null;
  });
}

// Asks before a page is removed; the browser gives the focus back to where it was.
function confirmed(button, remove) {
  const dialog = find("dialog.confirm");
  const rows = [...element.querySelectorAll("li")];
  const row = button.closest("li");
  dialog.querySelector(".named").textContent = row.querySelector(".named").textContent;
  dialog.querySelector(".count").textContent = button.dataset.articles;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => dialog.returnValue === "remove" && remove(button.dataset.page, rows.indexOf(row)),
    { once: true },
  );
  dialog.showModal();
}

({ bring, tray, split, held })[PART]?.();
