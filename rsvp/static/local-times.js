// Says each event's hour in the zone of the reader's device. Sends nothing, stores nothing.
// Every word comes from the server's JSON block, so that both say the same.
(function () {
  "use strict";
  var block = document.getElementById("words");
  var select = document.getElementById("zone");
  if (!block || !window.Intl || !Intl.DateTimeFormat || !Intl.DateTimeFormat.prototype.formatToParts) return;
  var words = JSON.parse(block.textContent);
  var formats = {};

  function digits(number) {
    return String(number).replace(/\d/g, function (digit) { return words.digits[digit]; });
  }

  function fill(pattern, parts) {
    return pattern.replace(/\{(\w+)\}/g, function (_, name) { return parts[name]; });
  }

  function wall(at, zone) {
    // Made once for a zone: old phones are slow at it.
    var format = formats[zone] = formats[zone] || new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric"
    });
    var found = {};
    format.formatToParts(at).forEach(function (part) { found[part.type] = Number(part.value); });
    found.hour %= 24;
    found.date = Date.UTC(found.year, found.month - 1, found.day);
    found.offset = Math.round((found.date + (found.hour * 60 + found.minute) * 60000 - at) / 60000);
    return found;
  }

  function offset(at, zone, minutes) {
    if (zone === words.home) {
      var letters = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).format(at).match(/[A-Z]+$/);
      if (letters) return letters[0];
    }
    var rest = Math.abs(minutes) % 60;
    return "UTC" + (minutes < 0 ? "\u2212" : "+") + Math.floor(Math.abs(minutes) / 60) +
      (rest ? ":" + (rest < 10 ? "0" : "") + rest : "");
  }

  function say(at, zone) {
    var local = wall(at, zone);
    var pattern = words.hours.filter(function (from) { return from[0] <= local.hour; }).pop();
    var parts = {
      weekday: words.weekdays[(new Date(local.date).getUTCDay() + 6) % 7],
      day: digits(local.day), month: words.months[local.month - 1], year: digits(local.year),
      hour: digits(local.hour % 12 || 12), minute: digits((local.minute < 10 ? "0" : "") + local.minute)
    };
    return {
      date: fill(words.date, parts), weekday: parts.weekday, day: parts.day, leaf: fill(words.leaf, parts),
      hour: fill(pattern[local.minute ? 2 : 1], parts), city: city(zone), offset: offset(at, zone, local.offset),
      change: local.date === wall(at, words.home).date ? "" : fill(words.change, parts)
    };
  }

  function option(zone) {
    return [].filter.call(select ? select.options : [], function (each) { return each.value === zone; })[0];
  }

  function city(zone) {
    var known = option(zone);
    return known ? known.text : words.cities[zone] || zone.split("/").pop().replace(/_/g, " ");
  }

  function show(zone) {
    [].forEach.call(document.querySelectorAll("[data-at]"), function (when) {
      var said = say(new Date(when.getAttribute("data-at")), zone);
      [].forEach.call(when.querySelectorAll("[data-say]"), function (spot) {
        var name = spot.getAttribute("data-say");
        if (name === "home") spot.hidden = zone === words.home;
        else spot.textContent = said[name];
        if (name === "change") spot.hidden = !said.change;
      });
    });
  }

  function choose(zone) {
    if (!select) return;
    var known = option(zone);
    if (!known) select.insertBefore(known = new Option(city(zone), zone), select.firstChild);
    known.selected = true;
  }

  var isChosen = /[?&]zone=./.test(location.search) || document.querySelector("[data-chosen]");
  try {
    var found = Intl.DateTimeFormat().resolvedOptions().timeZone;
    found = words.aliases[found] || found;
    // A device that hides its place (Tor says UTC) keeps the server's choice.
    if (/\//.test(found) && !/^Etc\//.test(found) && !isChosen) { choose(found); show(found); }
    if (select) select.addEventListener("change", function () { show(select.value); });
  } catch (_) { /* the server's hours stay */ }
})();
