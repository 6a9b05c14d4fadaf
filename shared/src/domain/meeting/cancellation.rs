//! What is remembered of cancelled meetings.
//!
//! Graph makes a new meeting for the external id of a deleted one, and may show a deleted meeting again when somebody opens
//! its join URL (microsoft-graph-docs#17590). So a cancellation counts by what we remember, until 30 days after the end of
//! the meeting.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::domain::meeting::idempotency::ExternalId;
use crate::domain::meeting::meeting_id::MeetingId;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};

/// How many days after its end a cancelled meeting is remembered.
const RETENTION_DAYS: i64 = 30;

/// How long a cancelled meeting is remembered if its end is not known. Nobody arranges interviews further ahead.
const RETENTION_WITHOUT_END: SignedDuration = SignedDuration::from_hours(24 * 2 * 366);

/// As many are remembered of one recruiter. Beyond it those that are over are forgotten, the earliest first.
const MAX_CANCELLATIONS: usize = 512;

const SECONDS_PER_DAY: i64 = 24 * 3_600;

/// The first eight bytes of a digest: enough to tell the meetings of one recruiter apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ShortDigest([u8; 8]);

/// A cancelled meeting. Written as text: digest of the meeting, digest of its order or nothing, last day, with colons
/// between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    meeting: ShortDigest,
    order: Option<ShortDigest>,
    /// The first day on which it need not be remembered, counted from the Unix epoch.
    until: i64,
}

/// A text that is not a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cancellation")]
pub struct CancellationError;

/// As many are remembered as can be, and none is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many interviews that are to come are cancelled")]
pub struct TooManyCancellations;

/// The cancelled meetings of a recruiter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CancelledMeetings(Vec<Cancellation>);

impl Cancellation {
    /// A meeting that is cancelled now; order and end are `None` if they are not known.
    #[must_use]
    pub fn new(id: &MeetingId, order: Option<&ExternalId>, end: Option<Timestamp>, now: Timestamp) -> Self {
        let until = match end {
            Some(end) => add_saturating(end, SignedDuration::from_hours(24 * RETENTION_DAYS)),
            None => add_saturating(now, RETENTION_WITHOUT_END),
        };
        Self {
            meeting: ShortDigest::new(id.as_str()),
            order: order.map(|order| ShortDigest::new(order.as_str())),
            until: until.as_second().div_euclid(SECONDS_PER_DAY) + 1,
        }
    }

    fn lasts(&self, now: Timestamp) -> bool {
        self.until > now.as_second().div_euclid(SECONDS_PER_DAY)
    }

    /// Whether the day of the meeting has passed.
    fn is_over(&self, now: Timestamp) -> bool {
        self.until - RETENTION_DAYS - 1 < now.as_second().div_euclid(SECONDS_PER_DAY)
    }
}

impl CancelledMeetings {
    /// Whether this meeting was cancelled.
    #[must_use]
    pub fn contains(&self, id: &MeetingId, now: Timestamp) -> bool {
        let meeting = ShortDigest::new(id.as_str());
        self.0.iter().any(|known| known.meeting == meeting && known.lasts(now))
    }

    /// Whether the meeting of this order was cancelled.
    #[must_use]
    pub fn contains_order(&self, order: &ExternalId, now: Timestamp) -> bool {
        let order = Some(ShortDigest::new(order.as_str()));
        self.0.iter().any(|known| known.order == order && known.lasts(now))
    }

    /// The same and one more, without those that need not be remembered; `None` if nothing is new. None of an interview
    /// that is to come is given up for another.
    ///
    /// # Errors
    /// [`TooManyCancellations`].
    pub fn with(&self, new: Cancellation, now: Timestamp) -> Result<Option<Self>, TooManyCancellations> {
        let is_known =
            |known: &&Cancellation| known.meeting == new.meeting && (new.order.is_none() || known.order == new.order);
        if self.0.iter().any(|known| is_known(&known)) {
            return Ok(None);
        }
        let others = self.0.iter().filter(|known| known.meeting != new.meeting && known.lasts(now));
        let mut all: Vec<_> = others.cloned().collect();
        all.sort_by_key(|known| std::cmp::Reverse(known.until));
        while all.len() >= MAX_CANCELLATIONS {
            all.pop_if(|first| first.is_over(now)).ok_or(TooManyCancellations)?;
        }
        all.push(new);
        Ok(Some(Self(all)))
    }

    /// Whether something of it must be remembered still.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.0.iter().any(|known| known.lasts(now))
    }

    /// Each as text.
    pub fn to_texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(ToString::to_string)
    }

    /// Reads texts, and leaves out what is none of ours.
    #[must_use]
    pub fn from_texts(texts: &[String]) -> Self {
        Self(texts.iter().filter_map(|text| text.parse().ok()).collect())
    }
}

impl ShortDigest {
    fn new(text: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.as_ref()[..8]);
        Self(bytes)
    }
}

impl fmt::Display for ShortDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for ShortDigest {
    type Err = CancellationError;
    fn from_str(text: &str) -> Result<Self, CancellationError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CancellationError)?;
        bytes.try_into().map(Self).map_err(|_| CancellationError)
    }
}

impl fmt::Display for Cancellation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { meeting, order, until } = self;
        let order = order.map(|order| order.to_string()).unwrap_or_default();
        write!(formatter, "{meeting}:{order}:{until}")
    }
}

impl FromStr for Cancellation {
    type Err = CancellationError;
    fn from_str(text: &str) -> Result<Self, CancellationError> {
        let parts: Vec<&str> = text.split(':').collect();
        let [meeting, order, until] = parts[..] else { return Err(CancellationError) };
        Ok(Self {
            meeting: meeting.parse()?,
            order: (!order.is_empty()).then(|| order.parse()).transpose()?,
            until: until.parse().map_err(|_| CancellationError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::meeting::idempotency::IdempotencyKey;

    fn id(text: &str) -> MeetingId {
        MeetingId::parse(text).unwrap()
    }

    fn order(key: &str) -> ExternalId {
        let key: IdempotencyKey = key.parse().unwrap();
        ExternalId::for_order(&key, &"kadry".parse().unwrap(), &"anna".parse().unwrap())
    }

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * SECONDS_PER_DAY).unwrap()
    }

    #[test]
    fn a_cancelled_meeting_and_its_order_are_remembered_for_thirty_days_after_the_end() {
        let one = Cancellation::new(&id("one"), Some(&order("1")), Some(at(10)), at(1));
        let all = CancelledMeetings::default().with(one, at(1)).unwrap().unwrap();
        for day in [1, 10, 40] {
            assert!(all.contains(&id("one"), at(day)) && all.contains_order(&order("1"), at(day)), "{day}");
            assert!(all.lasts(at(day)), "{day}");
        }
        assert!(!all.contains(&id("one"), at(41)) && !all.contains_order(&order("1"), at(41)) && !all.lasts(at(41)));
        assert!(!all.contains(&id("two"), at(1)) && !all.contains_order(&order("2"), at(1)));
    }

    #[test]
    fn what_is_known_is_not_new_unless_its_order_is_learned() {
        let without_order = Cancellation::new(&id("one"), None, None, at(1));
        let all = CancelledMeetings::default().with(without_order.clone(), at(1)).unwrap().unwrap();
        assert_eq!(all.with(without_order, at(2)), Ok(None));
        let with_order = Cancellation::new(&id("one"), Some(&order("1")), Some(at(3)), at(2));
        let all = all.with(with_order.clone(), at(2)).unwrap().unwrap();
        assert_eq!((all.0.len(), all.contains_order(&order("1"), at(2))), (1, true));
        assert_eq!(all.with(with_order, at(2)), Ok(None));
    }

    #[test]
    fn those_that_are_over_make_room_and_none_of_an_interview_that_is_to_come_does() {
        let most = i64::try_from(MAX_CANCELLATIONS).unwrap();
        let one = |number: i64, end: i64| Cancellation::new(&id(&number.to_string()), None, Some(at(end)), at(1));
        let mut all = CancelledMeetings::default();
        for number in 0..most {
            // The first two are over on the tenth day.
            all = all.with(one(number, if number < 2 { 8 + number } else { 10 + number }), at(1)).unwrap().unwrap();
        }
        for (number, gone) in [(most, 0), (most + 1, 1)] {
            all = all.with(one(number, 20), at(10)).unwrap().unwrap();
            assert!(all.contains(&id(&number.to_string()), at(10)) && !all.contains(&id(&gone.to_string()), at(10)));
        }
        assert_eq!(all.with(one(most + 2, 30), at(10)), Err(TooManyCancellations));
        assert_eq!(all.0.len(), MAX_CANCELLATIONS);
        assert!((2..most + 2).all(|number| all.contains(&id(&number.to_string()), at(10))));
        assert_eq!(all.with(one(most + 2, 30), at(12)), Err(TooManyCancellations), "it takes place today");
        assert!(all.with(one(most + 2, 30), at(13)).unwrap().is_some(), "the next is over");
    }

    #[test]
    fn a_meeting_whose_end_nobody_knew_stays_cancelled_however_far_ahead_it_is() {
        let all = CancelledMeetings::default().with(Cancellation::new(&id("one"), None, None, at(1)), at(1));
        assert!(all.unwrap().unwrap().contains(&id("one"), at(700)));
    }

    /// These texts lie in vaults of earlier versions of this software.
    #[test]
    fn a_cancellation_is_written_in_the_same_way_in_every_version() {
        let all = CancelledMeetings::default()
            .with(Cancellation::new(&id("one"), Some(&order("1")), Some(at(20_000)), at(1)), at(1))
            .map(Option::unwrap)
            .and_then(|all| all.with(Cancellation::new(&id("two"), None, Some(at(19_000)), at(1)), at(1)))
            .unwrap()
            .unwrap();
        let texts: Vec<_> = all.to_texts().collect();
        assert_eq!(texts, ["dpLDrTVAu4A:kxYCguAhKyI:20031", "P8TM_nRYcOI::19031"]);
        assert_eq!(CancelledMeetings::from_texts(&texts), all);
        let with_others = [String::new(), "x:y:z".to_owned(), texts[1].clone()];
        assert_eq!(CancelledMeetings::from_texts(&with_others).0.len(), 1);
    }
}
