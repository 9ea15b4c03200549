// Says the hour that is being typed in our cities, as the server does on its button. Sends nothing, stores nothing.
(function () {
  "use strict";
  var box = document.querySelector("[data-typed]");
  if (!box || !window.Intl || !Intl.DateTimeFormat.prototype.formatToParts) return;
  var words = JSON.parse(box.querySelector("script").textContent);
  var day = document.getElementById("day"), hour = document.getElementById("hour");
  var table = box.querySelector("table"), refused = box.querySelector("[data-refused]");
  var MINUTE = 60000, DAY = 1440 * MINUTE;

  function digits(number) {
    return String(number).replace(/\d/g, function (digit) { return words.digits[digit]; });
  }

  function fill(pattern, parts) {
    return pattern.replace(/\{(\w+)\}/g, function (_, name) { return parts[name]; });
  }

  // What clocks in a zone show, as if it were UTC.
  function wall(at, zone) {
    var found = {};
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric"
    }).formatToParts(at).forEach(function (part) { found[part.type] = Number(part.value); });
    return Date.UTC(found.year, found.month - 1, found.day, found.hour % 24, found.minute);
  }

  // Every instant at which clocks in the zone show that: none where they jump over it, two where they are set back.
  function instants(shown, zone) {
    return [shown - DAY, shown + DAY].map(function (near) { return shown - (wall(near, zone) - near); })
      .filter(function (at, index, all) { return all.indexOf(at) === index && wall(at, zone) === shown; });
  }

  function say(shown) {
    var at = new Date(shown);
    var pattern = words.hours.filter(function (from) { return from[0] <= at.getUTCHours(); }).pop();
    var minute = at.getUTCMinutes();
    var parts = {
      weekday: words.weekdays[(at.getUTCDay() + 6) % 7], day: digits(at.getUTCDate()), month: words.months[at.getUTCMonth()],
      year: digits(at.getUTCFullYear()), hour: digits(at.getUTCHours() % 12 || 12), minute: digits((minute < 10 ? "0" : "") + minute)
    };
    return { date: fill(words.date, parts), hour: fill(pattern[minute ? 2 : 1], parts) };
  }

  function cell(row, name, text) {
    var made = row.appendChild(document.createElement(name));
    made.textContent = text;
    return made;
  }

  function row(at, shown, place) {
    var there = wall(at, place[0]), said = say(there), made = document.createElement("tr");
    var shift = words.shifts[Math.floor(there / DAY) - Math.floor(shown / DAY)];
    cell(made, "th", place[1]).scope = "row";
    cell(made, "td", said.hour);
    var last = cell(made, "td", said.date + (shift ? " " : ""));
    if (shift) cell(last, "strong", "(" + shift + ")");
    return made;
  }

  function show() {
    var shown = Date.parse(day.value + "T" + hour.value + "Z");
    var isTyped = day.value > "1970" && shown === shown;
    var found = isTyped ? instants(shown, words.zone) : [];
    table.hidden = found.length !== 1;
    refused.hidden = !isTyped || found.length === 1;
    if (!refused.hidden) {
      var said = say(shown);
      refused.textContent = words.refusals[found.length ? 1 : 0].replace("%(date)s", said.date).replace("%(hour)s", said.hour);
    }
    if (table.hidden) return;
    table.tBodies[0].textContent = "";
    words.places.forEach(function (place) { table.tBodies[0].appendChild(row(found[0], shown, place)); });
  }

  day.addEventListener("input", show);
  hour.addEventListener("input", show);
})();
