//! Of Microsoft and of ourselves: nobody at the customer must do anything.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const THROTTLED: Message<Text> = Message {
    title: Text::new(
        "Microsoft otrzymał zbyt wiele żądań i wymaga przerwy.",
        "Microsoft has received too many requests and is asking us to wait.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za kilka minut. W ustawieniach niczego nie trzeba zmieniać.",
        "Try again in a few minutes. You do not need to change any settings.",
    ),
};

pub(super) const MICROSOFT_UNAVAILABLE: Message<Text> = Message {
    title: Text::new(
        "Usługa logowania Microsoft chwilowo nie działa.",
        "Microsoft's sign-in service is temporarily unavailable.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za kilka minut. Jeśli problem nie ustąpi, sprawdź stan usług: Centrum administracyjne Microsoft 365 (Microsoft 365 admin center) → Kondycja usługi (Service health).",
        "Try again in a few minutes. If the problem persists, check Microsoft 365 admin center → Service health.",
    ),
};

pub(super) const CLOCK_WRONG: Message<Text> = Message {
    title: Text::new(
        "Zegar tej usługi różni się od zegara Microsoft.",
        "This service's clock differs from Microsoft's.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za chwilę; w katalogu niczego nie trzeba zmieniać. Operator usługi: sprawdź synchronizację czasu.",
        "Try again in a moment; nothing needs to be changed in the directory. Service operator: check the time synchronization.",
    ),
};

pub(super) const REQUEST_REJECTED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił żądanie tej usługi.", "Microsoft rejected a request from this service."),
    remedy: Text::new(
        "W katalogu niczego nie trzeba zmieniać. Podaj operatorowi usługi ten numer, identyfikator korelacji i czas.",
        "Nothing needs to be changed in the directory. Give the service operator this number, the correlation ID and the time.",
    ),
};
