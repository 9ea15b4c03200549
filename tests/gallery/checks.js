// What the checks look at in a page. Each function returns a list of findings; an empty one is good.
(function () {
  "use strict";
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

  const where = (element) => {
    const words = (element.innerText || element.value || element.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName}${element.id ? " #" + element.id : ""} ${element.className || ""}> ${words}`;
  };

  // What holds for an element or anything around it is asked of each element once for one look at the page.
  const around = (holds) => {
    const known = new Map([[null, null]]);
    return function find(element) {
      if (!known.has(element)) known.set(element, holds(element) ? element : find(element.parentElement));
      return known.get(element);
    };
  };

  const unseen = () => {
    const hider = around((each) => {
      const style = getComputedStyle(each);
      return style.clipPath === "inset(50%)" || style.visibility === "hidden";
    });
    return (element) => Boolean(hider(element)) || !element.checkVisibility();
  };

  // Every text with the element that it stands in.
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !element.closest("script, style")) found.push([walker.currentNode, element]);
    }
    return found;
  };

  const scrollers = () =>
    around((each) => !each.contains(document.body) && ["auto", "scroll"].includes(getComputedStyle(each).overflowX));

  function cut() {
    const root = document.documentElement, found = [], isUnseen = unseen(), scroller = scrollers();
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide on ${root.clientWidth}`);
    for (const [text, element] of texts()) {
      if (isUnseen(element) || scroller(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.width && (box.left < -1 || box.right > root.clientWidth + 1)) found.push(`off the page: ${where(element)}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (isUnseen(element) || element.closest("svg, option, select")) continue;
      const style = getComputedStyle(element);
      const hides = (overflow) => ["hidden", "clip"].includes(overflow) || element.localName === "button";
      const wide = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
      const high = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
      if (element.clientWidth && (wide || high) && element.innerText) found.push(`cut off: ${where(element)}`);
    }
    return found;
  }

  // What Tab should lead to, in the document's order.
  function controls() {
    return [...document.querySelectorAll(CONTROLS)].filter((element) => {
      if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const group = [...document.querySelectorAll(`[type=radio][name="${element.name}"]`)];
      return element === (group.find((each) => each.checked) || group[0]);
    });
  }

  const light = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const paper = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/, 0\)$/.test(colour)) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  };

  // How the focus shows; nothing when it shows well: an outline of two pixels that stands out three to one.
  function focus_problem(element) {
    const style = getComputedStyle(element);
    if (style.outlineStyle === "auto") return null;
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return `the focus doesn't show: ${where(element)}`;
    const [one, other] = [light(style.outlineColor), light(paper(element.parentElement))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05) < 3 ? `the focus is faint: ${where(element)}` : null;
  }

  // Writes down every control that the focus comes to, from here on.
  const walked = [];
  document.addEventListener("focusin", (event) => walked.push([event.target, focus_problem(event.target)]), true);

  function begin_walk() {
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove(); // the next Tab goes on from where it was
    walked.length = 0;
    const parts = [...document.querySelectorAll("[type=date], [type=time]")].filter((each) => each.checkVisibility());
    return controls().length + 4 * parts.length + 1;
  }

  function end_walk() {
    const wanted = controls(), scroller = scrollers();
    const found = walked.map(([, problem]) => problem).filter(Boolean);
    // A box that scrolls takes the focus too, where the browser finds nothing else in it.
    const came = walked.map(([element]) => element).filter((each) => wanted.includes(each) || !scroller(each));
    const stray = came.filter((each) => !wanted.includes(each) && each !== document.body);
    const order = came.slice(0, wanted.length);
    const start = Math.max(0, wanted.indexOf(order[0]));
    wanted.forEach((element, number) => {
      const there = order[(number - start + wanted.length) % wanted.length];
      if (there !== element) found.push(`Tab came to ${there ? where(there) : "nothing"} instead of ${where(element)}`);
    });
    return found.concat(stray.map((each) => `Tab came to ${where(each)}`));
  }

  // The controls whose focus doesn't show, as the page looks now.
  function faint() {
    return controls().map((element) => {
      element.focus({ focusVisible: true, preventScroll: true });
      return document.activeElement === element ? focus_problem(element) : null;
    }).filter(Boolean);
  }

  const KHMER = /[\u1780-\u17ff]/, ENGLISH = /[A-Za-z]+(?:[ ,;]+[A-Za-z]+){3,}/;

  // What a voice would read in the wrong language. What people typed is theirs: it says dir=auto.
  function misspoken() {
    const found = [];
    const spoken = (words, element) => {
      const language = element.closest("[lang]").lang;
      if (KHMER.test(words) && language !== "km") found.push(`Khmer as ${language}: ${where(element)}`);
      if (language === "km" && ENGLISH.test(words)) found.push(`English as Khmer: ${words.trim().slice(0, 60)}`);
    };
    for (const [text, element] of texts())
      if (!element.closest("[dir=auto], .address, code, pre.calendar")) spoken(text.data, element);
    for (const element of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]"))
      for (const name of ["aria-label", "title", "alt", "placeholder"])
        if (element.hasAttribute(name)) spoken(element.getAttribute(name), element);
    spoken(document.title.split(" · ")[0], document.documentElement);
    return found;
  }

  // Where the page itself put the focus: what the checks did to it since is theirs.
  const arrived = document.activeElement.closest("main *");

  // What is wrong with a form must be said where it is, and announced.
  function unannounced() {
    const found = [];
    const alerts = [...document.querySelectorAll("[role=alert]")].filter((each) => each.innerText.trim());
    if (!alerts.length && !arrived) found.push("nothing announces what is wrong");
    const wrong = [...document.querySelectorAll("[aria-invalid=true]")];
    const errors = [...document.querySelectorAll(".error")].filter((each) => each.checkVisibility());
    if (!errors.length) found.push("no error stands beside a field");
    for (const error of errors) {
      const owners = [...document.querySelectorAll(`[aria-describedby~="${error.id}"]`)];
      const isSaid = owners.some((each) => wrong.includes(each) || each.localName === "fieldset");
      if (!isSaid) found.push(`no field says that it is wrong: ${where(error)}`);
    }
    for (const link of document.querySelectorAll("[role=alert] a[href^='#']"))
      if (!document.getElementById(link.hash.slice(1))) found.push(`leads nowhere: ${link.hash}`);
    return found;
  }

  function moving() {
    return [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      const seconds = [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
      return style.scrollBehavior === "smooth" || seconds.some((each) => each > 0.01);
    }).map(where);
  }

  window.gallery = { cut, begin_walk, end_walk, misspoken, unannounced, moving, faint };
})();
