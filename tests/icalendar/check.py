"""Reads what the product made of every zone (`src/main.rs`) with programs that share no code with it.

Zones: Python's `zoneinfo` with the `tzdata` package. Invitations: the parsers `icalendar`, `vobject`, `ics` and `ical`;
their VTIMEZONE: `dateutil`, `icalendar` with `pytz`, `ical`, and `ical.js` (`zones.mjs`), which know of the zone only what
stands there.
"""

import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import ical.calendar_stream
import icalendar
import ics
import ics.utils
import tzdata
import vobject
from dateutil import tz as dateutil_zones
from ical.timezone import IcsTimezoneInfo
from icalendar.timezone.tzp import TZP

WORDS = {
    # A single letter is followed by a hard space.
    "pl": ["Dołącz do rozmowy: ", "Identyfikator spotkania w\u00a0Teams: 381 234 567", "Kod dostępu: aB3;x,",
           "Telefonicznie: +48 22 555 01 00", "Identyfikator konferencji: 123456#", "Numery w\u00a0innych krajach: https://"],
    "en": ["Join the interview: ", "Meeting ID in Teams: 381 234 567", "Passcode: aB3;x,",
           "By phone: +48 22 555 01 00", "Conference ID: 123456#", "Numbers in other countries: https://"],
}
REMOVED = {"pl": "Nie bierzesz już udziału w\u00a0tej rozmowie.", "en": "You are no longer taking part in this interview."}
CANCELLED = {"pl": "Ta rozmowa została odwołana.", "en": "This interview has been cancelled."}
counted = Counter()


def at(second: int, zone: zoneinfo.ZoneInfo) -> datetime:
    return datetime.fromtimestamp(second, zone)


def clocks(line: dict) -> None:
    """Every offset of 2024 to 2036 is the same here and there, and so is what a local time means."""
    name, zone, offsets = line["zone"], zoneinfo.ZoneInfo(line["zone"]), line["offsets"]
    for (begin, seconds, abbreviation), following in zip(offsets, [*offsets[1:], None], strict=True):
        end = following[0] if following else int(datetime(2037, 1, 1, tzinfo=UTC).timestamp())
        # Every day: no zone changes its clocks there and back in less.
        for second in [*range(begin, end, 86_400), end - 1]:
            local = at(second, zone)
            assert local.utcoffset() == timedelta(seconds=seconds), (name, local, seconds)
            assert local.tzname() == abbreviation, (name, local, abbreviation)
            counted["instants"] += 1
    for text, meant in line["moments"]:
        assert meant == meaning(datetime.fromisoformat(text), zone), (name, text, meant)
        counted["moments"] += 1
    counted["zones"] += 1
    counted["changes"] += len(offsets) - 1


def meaning(local: datetime, zone: zoneinfo.ZoneInfo) -> int | str:
    """The instant, or whether the clocks skip the time or show it twice (PEP 495)."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return int(first.timestamp())
    return "Fold" if first.utcoffset() > second.utcoffset() else "Gap"


def written(text: str) -> icalendar.Calendar:
    """The message, if it is written as RFC 5545 §3.1 says."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), "a line ends in CR LF"
    longest = max(len(line.encode()) for line in text.split("\r\n"))
    assert longest <= 75, f"a line of {longest} bytes"
    [calendar] = icalendar.Calendar.from_ical(text, multiple=True)
    for component in calendar.walk():
        assert not component.errors, component.errors
    return calendar


METHODS = {"request": "REQUEST", "publish": "PUBLISH", "cancel": "CANCEL", "cancel-some": "CANCEL"}
INVITED = ["mailto:kandydat+1%252@example.com", "mailto:jan@kadry.example"]
ATTENDEES = {"request": INVITED, "publish": [], "cancel": INVITED, "cancel-some": ["mailto:inny%231@example.com"]}


def event(line: dict) -> None:
    zone = zoneinfo.ZoneInfo(line["zone"])
    for kind, method in METHODS.items():
        calendar = written(line[kind])
        assert calendar["METHOD"] == method and calendar["VERSION"] == "2.0"
        [made] = calendar.walk("VEVENT")
        told = clocks_of(line[kind], line, zone)
        for name, second in (("DTSTART", line["start"]), ("DTEND", line["end"])):
            value = made[name]
            own = value.params.get("TZID")
            if own is None:
                assert value.dt == datetime.fromtimestamp(second, UTC), (line["zone"], name)
            else:
                local = value.dt.replace(tzinfo=None)
                assert own == line["zone"] and local == at(second, zone).replace(tzinfo=None), (line["zone"], name)
                instant = local.replace(tzinfo=told).astimezone(UTC)
                assert instant == datetime.fromtimestamp(second, UTC), (line["zone"], name, local)
        assert str(made["SUMMARY"]) == line["subject"]
        assert str(made["ORGANIZER"]) == "mailto:lucja@kadry.example"
        assert made["ORGANIZER"].params["CN"] == "Łucja O'Neil, HR"
        attendees = made.get("ATTENDEE", [])
        attendees = attendees if isinstance(attendees, list) else [attendees]
        assert [str(who) for who in attendees] == ATTENDEES[kind], (kind, attendees)
        assert made["SEQUENCE"] > 10_000_000
        description = str(made["DESCRIPTION"])
        if method == "CANCEL":
            whole = kind == "cancel"
            assert made.get("STATUS") == ("CANCELLED" if whole else None)
            assert description == (CANCELLED if whole else REMOVED)[line["language"]]
            assert not made.walk("VALARM")
        else:
            assert (made["STATUS"], str(made["URL"])) == ("CONFIRMED", line["link"])
            assert str(made["X-MICROSOFT-SKYPETEAMSMEETINGURL"]) == line["join_url"]
            assert [str(way) for way in made["CONFERENCE"]] == [line["link"], "tel:+48225550100%2C%2C123456%23"]
            [alarm] = made.walk("VALARM")
            assert alarm["TRIGGER"].dt == timedelta(minutes=-15)
            said = description.split("\n")
            assert all(any(words in one for one in said) for words in WORDS[line["language"]]), description
            assert WORDS[line["language"]][0] + line["link"] == said[0]
        # `ics` needs as long for one message as the others together, and asks the same of each.
        for read in OTHERS if kind == "request" else OTHERS[:-1]:
            start, subject = read(line[kind])
            instant = start if start.tzinfo else start.replace(tzinfo=zone)
            assert (int(instant.timestamp()), subject) == (line["start"], line["subject"]), (read.__name__, line["zone"])
        counted["invitations"] += 1


def by_vobject(text: str) -> tuple[datetime, str]:
    made = vobject.readOne(text).vevent
    return made.dtstart.value, made.summary.value


def by_ics(text: str) -> tuple[datetime, str]:
    [made] = ics.Calendar(text).events
    return made.begin.datetime, made.name


def by_ical(text: str) -> tuple[datetime, str]:
    [made] = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(text).events
    return made.dtstart, made.summary


OTHERS = (by_vobject, by_ical, by_ics)


def clocks_of(text: str, line: dict, zone: zoneinfo.ZoneInfo):
    """The zone as the message describes it, compared for ten years; `None` where the times are in UTC.

    MS-OXCICAL lets an importer take the first, the last or the largest of several observances of a kind. There is one of
    each at most, so every importer takes the same.
    """
    unfolded = text.replace("\r\n ", "")
    found = re.findall(r"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", unfolded, re.S)
    assert unfolded.count("TZID=") == 2 * len(found) or len(found) == 1, line["zone"]
    if not found:
        return None
    [clocks] = found
    kinds = [clocks.count(f"BEGIN:{kind}\r\n") for kind in ("STANDARD", "DAYLIGHT")]
    assert kinds in ([1, 0], [1, 1]) and clocks.count("RRULE:") == (2 if kinds[1] else 0), (line["zone"], kinds)
    if line["zone"] not in described:
        calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//check//EN\r\n{clocks}END:VCALENDAR\r\n"
        # `ical` 14.3.1 takes a zone whose clocks never change for UTC.
        readers = [read(calendar) for read in ZONE_READERS if kinds[1] or read is not by_ical_alone]
        samples = []
        for hours in range(0, 10 * 366 * 24, 151):
            local = at(line["start"] + hours * 3600, zone)
            bare = local.replace(tzinfo=None, fold=0)
            # Local times at a change are told apart by `fold` alone, which `dateutil` reads in its own way.
            if meaning(bare, zone) == int(local.timestamp()):
                for told in readers:
                    assert told.utcoffset(bare) == local.utcoffset(), (line["zone"], local, told)
                samples.append([bare.isoformat(), int(local.utcoffset().total_seconds())])
        counted["clocks in them"] += len(samples)
        described[line["zone"]] = clocks, readers[0]
        for_javascript.append(json.dumps({"zone": line["zone"], "calendar": calendar, "samples": samples}))
    same, told = described[line["zone"]]
    assert clocks == same, line["zone"]
    return told


def by_dateutil(calendar: str):
    return dateutil_zones.tzical(io.StringIO(calendar.replace("\r\n", "\n"))).get()


def by_pytz(calendar: str):
    [zone] = icalendar.Calendar.from_ical(calendar).walk("VTIMEZONE")
    return zone.to_tz(TZP("pytz"), lookup_tzid=False)


def by_ical_alone(calendar: str):
    [zone] = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(calendar).timezones
    return IcsTimezoneInfo.from_timezone(zone)


ZONE_READERS = (by_dateutil, by_pytz, by_ical_alone)
described: dict = {}
for_javascript: list[str] = []


def begin() -> None:
    zoneinfo.reset_tzpath(to=[])  # the package, not what the machine has
    ics.utils.gettz = zoneinfo.ZoneInfo  # by itself it takes the machine's zone of that name


def check(zone: list[dict]) -> tuple[Counter, list[str]]:
    """What stands in the lines of one zone: the counts of it, and what JavaScript is to read."""
    counted.clear()
    described.clear()
    for_javascript.clear()
    for line in zone:
        clocks(line) if line["kind"] == "clocks" else event(line)
    return counted.copy(), for_javascript.copy()


def zones() -> Iterator[list[dict]]:
    """The lines of each zone: its clocks, then its invitations."""
    lines: list[dict] = []
    for line in map(json.loads, sys.stdin):
        if lines and line["kind"] == "clocks":
            yield lines
            lines = []
        lines.append(line)
    yield lines


def main() -> None:
    version = json.loads(sys.stdin.readline())["version"]
    assert version == tzdata.IANA_VERSION, f"the product has zones of {version}, this test of {tzdata.IANA_VERSION}"
    all_counted: Counter = Counter()
    all_for_javascript: list[str] = []
    with multiprocessing.Pool(initializer=begin) as pool:
        for counts, described_zones in pool.imap(check, zones()):
            all_counted.update(counts)
            all_for_javascript.extend(described_zones)
    enough = {"zones": 400, "changes": 3_000, "invitations": 4_000}
    assert all(all_counted[what] > number for what, number in enough.items()), all_counted
    assert len(all_for_javascript) > 300, len(all_for_javascript)
    javascript = subprocess.run(
        ["node", os.environ["ZONES_SCRIPT"]], input="\n".join(all_for_javascript), capture_output=True, text=True, check=False
    )
    assert javascript.returncode == 0, javascript.stderr
    assert int(javascript.stdout) == all_counted["clocks in them"], javascript.stdout
    print(f"zones of {tzdata.IANA_VERSION}:", ", ".join(f"{number} {what}" for what, number in all_counted.items()))


if __name__ == "__main__":
    main()
