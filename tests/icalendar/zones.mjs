// Reads zones as invitations describe them with ical.js, which Thunderbird uses. One JSON document a line: the calendar, and
// local times beside the offset in seconds that the zone has then.
import { createInterface } from 'node:readline';

import ICAL from 'ical.js';

let checked = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { zone, calendar, samples } = JSON.parse(line);
  const described = new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent('vtimezone');
  const told = new ICAL.Timezone(described);
  for (const [local, offset] of samples) {
    const read = told.utcOffset(ICAL.Time.fromDateTimeString(local));
    if (read !== offset) throw new Error(`${zone} at ${local}: ${read} and not ${offset}`);
    checked += 1;
  }
}
console.log(checked);
