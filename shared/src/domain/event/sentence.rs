//! What happened, in one sentence for people.

use crate::domain::event::kind::EventKind;
use crate::domain::event::model::Event;
use crate::types::ids::UserId;
use crate::types::language::Language;
use crate::types::text::Text;

impl Event {
    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let user = self.user.as_ref().map_or("", UserId::as_str);
        let day = self.expires_on.map(|day| day.to_string());
        let day = day.as_deref().unwrap_or(UNKNOWN_DAY.in_language(language));
        let sentence = template(self.kind).in_language(language);
        sentence.replace("{customer}", self.customer.as_str()).replace("{user}", user).replace("{day}", day)
    }
}

const UNKNOWN_DAY: Text = Text::new("w nieznanym dniu", "on an unknown day");

fn template(kind: EventKind) -> Text {
    match kind {
        EventKind::CustomerConfigured => Text::new(
            "Klient {customer}: zapisano dane aplikacji w Microsoft Entra.",
            "Customer {customer}: the credentials of its Entra app were stored.",
        ),
        EventKind::CustomerBlocked => Text::new(
            "Klient {customer}: aplikacja nie działa. Do czasu naprawy nie powstanie żadne spotkanie.",
            "Customer {customer}: the app does not work. No meeting can be created until that is fixed.",
        ),
        EventKind::CustomerRecovered => {
            Text::new("Klient {customer}: aplikacja znów działa.", "Customer {customer}: the app works again.")
        }
        EventKind::CustomerOffboarded => Text::new(
            "Klient {customer}: zakończono obsługę, a rekruterzy zostali odłączeni.",
            "Customer {customer} was offboarded, and its recruiters are disconnected.",
        ),
        EventKind::CredentialExpiring => Text::new(
            "Klient {customer}: dane uwierzytelniające aplikacji wygasają {day}.",
            "Customer {customer}: the credential of the app expires on {day}.",
        ),
        EventKind::CredentialExpired => Text::new(
            "Klient {customer}: dane uwierzytelniające aplikacji wygasły {day}.",
            "Customer {customer}: the credential of the app expired on {day}.",
        ),
        EventKind::CredentialRenewed => Text::new(
            "Klient {customer}: zapisano nowe dane uwierzytelniające aplikacji.",
            "Customer {customer}: a new credential of the app was stored.",
        ),
        EventKind::ConsentGranted => Text::new(
            "Klient {customer}: administrator wyraził zgodę na uprawnienia aplikacji.",
            "Customer {customer}: an administrator granted consent to the app.",
        ),
        EventKind::ConsentDeclined => Text::new(
            "Klient {customer}: administrator nie wyraził zgody na uprawnienia aplikacji.",
            "Customer {customer}: an administrator declined to grant consent to the app.",
        ),
        EventKind::SignInTestPassed => {
            Text::new("Klient {customer}: test logowania się powiódł.", "Customer {customer}: the sign-in test passed.")
        }
        EventKind::SignInTestFailed => Text::new(
            "Klient {customer}: test logowania się nie powiódł.",
            "Customer {customer}: the sign-in test failed.",
        ),
        EventKind::IntakeOpened => Text::new(
            "Klient {customer}: otwarto link do formularza.",
            "Customer {customer}: the link to the form was opened.",
        ),
        EventKind::IntakeFailed => Text::new(
            "Klient {customer}: danych z formularza nie przyjęto.",
            "Customer {customer}: the values in the form were not accepted.",
        ),
        EventKind::ConnectionMade => Text::new(
            "Klient {customer}: rekruter {user} połączył swoje konto Microsoft.",
            "Customer {customer}: recruiter {user} connected a Microsoft account.",
        ),
        EventKind::ConnectionNeedsSignIn => Text::new(
            "Klient {customer}: rekruter {user} musi zalogować się ponownie.",
            "Customer {customer}: recruiter {user} must sign in again.",
        ),
        EventKind::ConnectionRecovered => Text::new(
            "Klient {customer}: połączenie rekrutera {user} znów działa.",
            "Customer {customer}: the connection of recruiter {user} works again.",
        ),
        EventKind::ConnectionEnded => Text::new(
            "Klient {customer}: rekruter {user} został odłączony.",
            "Customer {customer}: recruiter {user} was disconnected.",
        ),
        EventKind::TestSent => Text::new(
            "Klient {customer}: to zdarzenie próbne, nic się nie stało.",
            "Customer {customer}: this is a test event, nothing happened.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::clock::Timestamp;

    #[test]
    fn every_sentence_names_whom_it_is_about_and_leaves_no_place_open() {
        let (customer, user) = ("kadry-plus".parse().unwrap(), "anna-n".parse().unwrap());
        for kind in EventKind::ALL {
            for language in Language::ALL {
                let now = Timestamp::UNIX_EPOCH;
                let mut event = Event::of_user(*kind, (&customer, &user), now, now);
                event.expires_on = "2027-01-31".parse().ok();
                let sentence = event.sentence(language);
                assert!(sentence.contains("kadry-plus") && sentence.ends_with('.'), "{sentence}");
                assert!(!sentence.contains(['{', '}']), "{sentence}");
                assert_eq!(sentence.contains("anna-n"), kind.code().starts_with("connection."), "{sentence}");
            }
        }
    }
}
