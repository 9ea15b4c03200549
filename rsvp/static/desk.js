// Keys at the desk, a count of what is chosen, and an Undo that goes when it is too late. Everything works without it.
"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const isTyping = (target) => target.closest("textarea, select, input:not([type=checkbox])");

  // Without an open request j and k go through the list; Enter then opens.
  const step = (by) => {
    const links = [...document.querySelectorAll(".queue-link")];
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? links[0] : links[at + by];
    if (next) next.focus();
  };
  const press = (target) => {
    if (target.matches("summary")) {
      const box = target.parentElement;
      box.open = box.id === "help" ? !box.open : true;
      (box.querySelector("textarea") || target).focus();
      target.scrollIntoView({ block: "nearest" });
    } else if (target.matches("input")) {
      target.focus();
      target.select();
    } else {
      target.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const field = isTyping(event.target);
    if (event.key === "Escape") {
      const box = event.target.closest("details[open]") || one("details.help[open]");
      if (box) box.open = false;
      event.target.blur();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.matches("textarea") && event.target.form;
      const button = form && event.target.closest("details, form").querySelector("p > button");
      if (button) form.requestSubmit(button);
    } else if (!field && !event.ctrlKey && !event.metaKey && !event.repeat) {
      const target = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
      if (target) press(target);
      else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
      else return;
      event.preventDefault();
    }
  });

  for (const form of document.querySelectorAll("[data-seconds]")) {
    setTimeout(() => form.remove(), form.dataset.seconds * 1000);
  }

  const many = one("[data-many]");
  const all = many && one("[data-choose-all]");
  if (all) {
    const boxes = [...many.querySelectorAll("[name=rsvps]")];
    const numbers = new Intl.NumberFormat(document.documentElement.lang === "km" ? "km-u-nu-khmr" : "en");
    const words = many.querySelector("[data-chosen-count]");
    const said = words.textContent;
    const count = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      words.textContent = chosen ? `${said} ${numbers.format(chosen)}` : said;
    };
    all.hidden = false;
    all.addEventListener("click", () => {
      const isAll = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !isAll;
      count();
    });
    many.addEventListener("change", count);
    count();
  }
})();
