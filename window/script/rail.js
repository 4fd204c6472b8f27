// Where the window is narrow the conversations are a drawer, opened by this button; the body of a
// function of (element, trigger, watch).

const button = element.querySelector("button");
const columns = document.querySelector("#columns");
const rail = document.querySelector("#rail");
const beside = matchMedia("(min-width: 1200px)");

function turn(open) {
  columns.classList.toggle("rail-open", open);
  button.setAttribute("aria-expanded", String(open));
  for (const other of columns.children) if (other !== rail) other.inert = open;
  if (open) rail.querySelector("button")?.focus();
  else if (rail.contains(document.activeElement)) button.focus();
}

button.addEventListener("click", () => turn(true));
rail.addEventListener("click", (event) => {
  if (event.target.closest("#new, .open")) turn(false);
});
// Around the drawer lies the shade, which is drawn by the columns themselves.
columns.addEventListener("click", (event) => event.target === columns && turn(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && columns.classList.contains("rail-open")) turn(false);
});
beside.addEventListener("change", () => turn(false));
