// Read calendar objects with the two parsers that Thunderbird, Nextcloud and many Node services use.
// Takes {name: text} on standard input, prints {parser: {name: what it understood}}.

const ical = require("ical.js");
const nodeIcal = require("node-ical");

const ICAL = ical.default ?? ical;

function byIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
  return {
    method: calendar.getFirstPropertyValue("method"),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    uid: event.uid,
    sequence: event.sequence,
    status: event.component.getFirstPropertyValue("status"),
    summary: event.summary,
    description: event.description,
    attendees: event.attendees.map((attendee) => [attendee.getParameter("cn"), attendee.getFirstValue()]),
    alarms: event.component.getAllSubcomponents("valarm").length,
  };
}

function byNodeIcal(text) {
  const parsed = nodeIcal.sync.parseICS(text);
  const event = Object.values(parsed).find((component) => component.type === "VEVENT");
  const attendees = [event.attendee ?? []].flat();
  return {
    method: event.method ?? parsed.vcalendar?.method,
    starts: event.start.toISOString(),
    ends: event.end.toISOString(),
    uid: event.uid,
    sequence: Number(event.sequence),
    status: event.status,
    summary: event.summary,
    description: event.description,
    attendees: attendees.map((attendee) => [attendee.params?.CN, attendee.val ?? attendee]),
    alarms: (event.alarms ?? []).length,
  };
}

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const read = (parser) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parser(text)]));
console.log(JSON.stringify({ "ical.js": read(byIcalJs), "node-ical": read(byNodeIcal) }));
