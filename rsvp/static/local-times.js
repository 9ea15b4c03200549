// Says each event's hour in the device's zone, or a chosen city's, in the server's words. Stores nothing.
"use strict";
const words = JSON.parse(document.getElementById("words").textContent), formats = {};
const select = document.getElementById("zone");

const digits = (number) => String(number).replace(/\d/g, (digit) => words.digits[digit]);
const two = (number) => (number < 10 ? "0" : "") + number;
const fill = (pattern, parts) => pattern.replace(/\{(\w+)\}/g, (_, name) => parts[name]);

function wall(at, zone) {
  // Old phones are slow at making it.
  const format = formats[zone] = formats[zone] || new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric"
  });
  const found = {};
  for (const part of format.formatToParts(at)) found[part.type] = Number(part.value);
  found.hour %= 24;
  found.date = Date.UTC(found.year, found.month - 1, found.day);
  found.offset = Math.round((found.date - at) / 60000 + found.hour * 60 + found.minute);
  return found;
}

function offset(at, zone, minutes) {
  if (zone === words.home) {
    const letters = at.toLocaleString("en-US", { timeZone: zone, timeZoneName: "short" }).match(/[A-Z]{3,}$/);
    if (letters) return letters[0];
  }
  const size = Math.abs(minutes), rest = size % 60;
  return "UTC" + (minutes < 0 ? "\u2212" : "+") + (size - rest) / 60 + (rest ? ":" + two(rest) : "");
}

function say(at, zone) {
  const local = wall(at, zone);
  const pattern = words.hours.filter((from) => from[0] <= local.hour).pop();
  const said = {
    weekday: words.weekdays[(new Date(local.date).getUTCDay() + 6) % 7],
    day: digits(local.day), month: words.months[local.month - 1], year: digits(local.year),
    hour: digits(local.hour % 12 || 12), minute: digits(two(local.minute)),
    city: city(zone), offset: offset(at, zone, local.offset)
  };
  said.hour = fill(pattern[local.minute ? 2 : 1], said);
  said.date = fill(words.date, said);
  said.leaf = fill(words.leaf, said);
  said.change = local.date === wall(at, words.home).date ? "" : fill(words.change, said);
  return said;
}

function named(zone) {
  const known = select && select.querySelector(`[value="${zone}"]`);
  return known ? known.text : words.cities[zone];
}

const city = (zone) => named(zone) || zone.split("/").pop().replace(/_/g, " ");

function show(zone) {
  for (const when of document.querySelectorAll("[data-at]")) {
    const said = say(new Date(when.dataset.at), zone);
    for (const spot of when.querySelectorAll("[data-say]")) {
      const name = spot.dataset.say;
      if (name === "home") spot.hidden = zone === words.home;
      else spot.textContent = said[name];
      if (name === "change") spot.hidden = !said.change;
    }
  }
}

function choose(zone) {
  select.value = zone;
  if (!select.value) select.prepend(new Option(city(zone), zone, true, true));
}

// A choice goes along as without a script: in this page's address, and in those that it leads to.
function carry(zone) {
  history.replaceState(null, "", "?zone=" + zone);
  for (const link of document.querySelectorAll("header a, main a:not([type]):not([rel])")) {
    const asked = new URLSearchParams(link.search);
    asked.set("zone", zone);
    link.search = asked;
  }
}

if (select) select.addEventListener("change", () => {
  show(select.value);
  if (select.form.method === "get") carry(select.value);
});
try {
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone, found = words.aliases[device] || device;
  // A device that hides its place (Tor: UTC) keeps the server's choice.
  if (/^(?!Etc).+\//.test(found) && !document.querySelector("[data-chosen]")) {
    // The server knows all.
    if (words.asks && select && select.form.method === "get" && !location.search && !named(found)) location.replace("?zone=" + found);
    else {
      show(found);
      if (select) choose(found);
    }
  }
} catch (_) { /* the server's hours stay */ }
