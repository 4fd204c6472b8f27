// The page's language and light, chosen by the browser and by the switches in the masthead.
// Runs in the head, before anything is shown. Knows nothing of what the tabs hold.

(() => {
  const page = document.documentElement;
  const BETWEEN = "\u2063"; // stands between the languages of a plain label, see markup.py
  const NAMES = { zh: "zh-CN", en: "en" };
  const LABELLED = "button, label, legend, option, [role=tab], [role=alert], [role=status], .notice";
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const whole = new WeakMap(); // text node or element → its labels in both languages

  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a browser that keeps nothing still chooses, for this visit
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      return;
    }
  };
  const half = (text) => text.split(BETWEEN)[page.dataset.language === "zh" ? 0 : 1].trim();

  // A label that was replaced by plain text is forgotten, unless it is only the language that
  // changes: then what stands there is the other half of what is known.
  function sayText(node, switching) {
    if (node.data.includes(BETWEEN)) whole.set(node, node.data);
    const both = whole.get(node);
    if (!both) return;
    const wanted = half(both);
    if (switching || node.data.includes(BETWEEN)) node.data = wanted;
    else if (node.data !== wanted) whole.delete(node);
  }

  function sayAttributes(element, switching) {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (value?.includes(BETWEEN)) {
        whole.set(element, { ...whole.get(element), [name]: value });
        element.setAttribute(name, half(value));
      } else if (whole.get(element)?.[name]) {
        const wanted = half(whole.get(element)[name]);
        if (switching) element.setAttribute(name, wanted);
        else if (value !== wanted) delete whole.get(element)[name];
      }
    }
  }

  function sayAll(root, switching = false) {
    for (const element of [root, ...root.querySelectorAll("*")]) {
      sayAttributes(element, switching);
      if (!element.matches(LABELLED)) continue;
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) sayText(texts.currentNode, switching);
    }
  }

  function speak(language) {
    page.dataset.language = language;
    page.lang = NAMES[language];
    if (document.body) sayAll(document.body, true);
  }

  function light(choice) {
    const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.body?.classList.toggle("dark", dark);
  }

  const preferred = navigator.languages?.find((name) => /^(zh|en)\b/i.test(name)) ?? "zh";
  speak(kept("language") ?? preferred.slice(0, 2).toLowerCase());

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-switch]");
    if (button?.dataset.switch === "language") {
      const other = page.dataset.language === "zh" ? "en" : "zh";
      keep("language", other);
      speak(other);
    } else if (button?.dataset.switch === "light") {
      const other = document.body.classList.contains("dark") ? "light" : "dark";
      keep("light", other);
      light(other);
    }
  });

  function follow(changes) {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") sayAttributes(target, false);
      else if (type === "characterData") {
        if (target.parentElement?.closest(LABELLED)) sayText(target, false);
      } else {
        for (const node of addedNodes) {
          if (node.nodeType === Node.ELEMENT_NODE) sayAll(node);
          else if (node.nodeType === Node.TEXT_NODE && target.closest(LABELLED)) sayText(node, false);
        }
      }
    }
  }

  // The frame below follows the system when it starts; who has chosen keeps the choice.
  function keepLight() {
    const choice = kept("light");
    if (choice && document.body.classList.contains("dark") !== (choice === "dark")) light(choice);
  }

  function begin() {
    const all = { subtree: true, childList: true, characterData: true };
    new MutationObserver(follow).observe(document.body, { ...all, attributeFilter: ATTRIBUTES });
    new MutationObserver(keepLight).observe(document.body, { attributeFilter: ["class"] });
    light(kept("light"));
    sayAll(document.body);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
