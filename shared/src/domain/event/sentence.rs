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
            "Klient {customer}: zapisano dane aplikacji Microsoft Entra.",
            "Customer {customer}: the Entra app's credentials have been stored.",
        ),
        EventKind::CustomerBlocked => Text::new(
            "Klient {customer}: aplikacja nie działa. Do czasu naprawy nie można tworzyć spotkań.",
            "Customer {customer}: the app does not work. No meetings can be created until this is fixed.",
        ),
        EventKind::CustomerRecovered => {
            Text::new("Klient {customer}: aplikacja znów działa.", "Customer {customer}: the app is working again.")
        }
        EventKind::CustomerOffboarded => Text::new(
            "Klient {customer}: zakończono obsługę, a konta rekruterów zostały odłączone.",
            "Customer {customer} has been offboarded and its recruiters have been disconnected.",
        ),
        EventKind::CredentialExpiring => Text::new(
            "Klient {customer}: klucz tajny lub certyfikat aplikacji wygasa {day}.",
            "Customer {customer}: the app's secret or certificate expires on {day}.",
        ),
        EventKind::CredentialExpired => Text::new(
            "Klient {customer}: klucz tajny lub certyfikat aplikacji wygasł {day}.",
            "Customer {customer}: the app's secret or certificate expired on {day}.",
        ),
        EventKind::CredentialRenewed => Text::new(
            "Klient {customer}: zapisano nowy klucz tajny lub certyfikat aplikacji.",
            "Customer {customer}: a new secret or certificate for the app has been stored.",
        ),
        EventKind::ConsentGranted => Text::new(
            "Klient {customer}: administrator udzielił zgody na uprawnienia aplikacji.",
            "Customer {customer}: an administrator granted consent for the app.",
        ),
        EventKind::ConsentDeclined => Text::new(
            "Klient {customer}: administrator odmówił zgody na uprawnienia aplikacji.",
            "Customer {customer}: an administrator declined consent for the app.",
        ),
        EventKind::SignInTestPassed => {
            Text::new("Klient {customer}: test logowania powiódł się.", "Customer {customer}: the sign-in test passed.")
        }
        EventKind::SignInTestFailed => Text::new(
            "Klient {customer}: test logowania nie powiódł się.",
            "Customer {customer}: the sign-in test failed.",
        ),
        EventKind::IntakeOpened => Text::new(
            "Klient {customer}: otwarto link do formularza.",
            "Customer {customer}: the link to the form was opened.",
        ),
        EventKind::IntakeFailed => Text::new(
            "Klient {customer}: dane z formularza nie zostały przyjęte.",
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
            "Customer {customer}: recruiter {user}'s connection is working again.",
        ),
        EventKind::ConnectionEnded => Text::new(
            "Klient {customer}: konto rekrutera {user} zostało odłączone.",
            "Customer {customer}: recruiter {user} has been disconnected.",
        ),
        EventKind::TestSent => Text::new(
            "Klient {customer}: to tylko zdarzenie próbne, nic się nie stało.",
            "Customer {customer}: this is only a test event; nothing has happened.",
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
