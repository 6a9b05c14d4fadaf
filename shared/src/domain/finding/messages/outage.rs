//! Of Microsoft and of ourselves: nobody at the customer must do anything.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const THROTTLED: Message<Text> = Message {
    title: Text::new(
        "Microsoft prosi o przerwę: zbyt wiele zapytań.",
        "Microsoft asks for a pause: too many requests.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za kilka minut. W ustawieniach nie trzeba nic zmieniać.",
        "Try again in a few minutes. Nothing needs to be changed in the settings.",
    ),
};

pub(super) const MICROSOFT_UNAVAILABLE: Message<Text> = Message {
    title: Text::new(
        "Usługa logowania Microsoft chwilowo nie działa.",
        "Microsoft's sign-in is out of service for a while.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za kilka minut. Jeśli to trwa, stan usług pokazuje Centrum administracyjne Microsoft 365 (Microsoft 365 admin center) → Kondycja usługi (Service health).",
        "Try again in a few minutes. If it lasts, Microsoft 365 admin center → Service health shows the state of the services.",
    ),
};

pub(super) const CLOCK_WRONG: Message<Text> = Message {
    title: Text::new(
        "Zegar tej usługi nie zgadza się z zegarem Microsoft.",
        "The clock of this service does not agree with Microsoft's.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie za chwilę; w katalogu nie trzeba nic zmieniać. Operator usługi: sprawdź synchronizację czasu.",
        "Try again in a moment; nothing needs to be changed in the directory. Whoever runs the service: look after its time synchronization.",
    ),
};

pub(super) const REQUEST_REJECTED: Message<Text> = Message {
    title: Text::new("Microsoft nie przyjął żądania tej usługi.", "Microsoft did not take a request of this service."),
    remedy: Text::new(
        "W katalogu nie trzeba nic zmieniać. Podaj operatorowi usługi ten numer, identyfikator korelacji i czas.",
        "Nothing needs to be changed in the directory. Tell whoever runs the service this number, the correlation ID and the time.",
    ),
};
