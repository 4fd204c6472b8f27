// Saves a file that the server handed over; the body of a function of (element, trigger, watch).
// It is made here from its text, so no address of the server has to be open for it.

watch("value", () => {
  const held = element.querySelector("template[data-name]");
  if (!held) return;
  const { name, type, text } = held.dataset;
  held.remove();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});
