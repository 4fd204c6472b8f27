// What the chips above the text box do; the body of a function of (element, trigger, watch).

const EVENTS = ["without", "narrow"];

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  const name = button?.dataset.event;
  if (EVENTS.includes(name)) trigger(name, { chip: button.dataset.value ?? "" });
});

// Who removes a chip by the keyboard goes on at the next one.
let left = false;
element.addEventListener("click", () => (left = element.contains(document.activeElement)), true);
watch("value", () => {
  if (left) element.querySelector(".chips button")?.focus();
  left = false;
});
