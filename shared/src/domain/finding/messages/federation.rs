//! Messages about an app that trusts our issuer.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const FEDERATED_CREDENTIAL_MISSING: Message<Text> = Message {
    title: Text::new(
        "Aplikacja nie ma poświadczenia federacyjnego dla tej usługi.",
        "The app has no federated credential for this service.",
    ),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Poświadczenia federacyjne (Federated credentials) → Dodaj poświadczenie (Add credential) → Inny wystawca (Other issuer): wpisz trzy wartości z naszej strony. Nowe poświadczenie działa po kilku minutach.",
        "Certificates & secrets → Federated credentials → Add credential → Other issuer: enter the three values from our page. A new credential takes a few minutes to work.",
    ),
};

pub(super) const FEDERATED_ISSUER_WRONG: Message<Text> = Message {
    title: Text::new(
        "Żadne poświadczenie federacyjne aplikacji nie ma naszego wystawcy.",
        "No federated credential of the app has our issuer.",
    ),
    remedy: Text::new(
        "Poświadczenia federacyjne (Federated credentials): w polu „Wystawca” (Issuer) musi być dokładnie podany tu adres, co do znaku, bez spacji i bez ukośnika na końcu. Zmiana działa po kilku minutach.",
        "Federated credentials: “Issuer” must be exactly the address given here, to the character, without spaces and without a slash at the end. A change takes a few minutes to work.",
    ),
};

pub(super) const FEDERATED_AUDIENCE_WRONG: Message<Text> = Message {
    title: Text::new(
        "Poświadczenie federacyjne aplikacji ma innego odbiorcę.",
        "The app's federated credential has another audience.",
    ),
    remedy: Text::new(
        "Poświadczenia federacyjne (Federated credentials): w polu „Odbiorcy” (Audience) musi być dokładnie podana tu wartość, co do wielkości liter. Zmiana działa po kilku minutach.",
        "Federated credentials: “Audience” must be exactly the value given here, including upper and lower case. A change takes a few minutes to work.",
    ),
};

pub(super) const FEDERATED_SUBJECT_WRONG: Message<Text> = Message {
    title: Text::new(
        "Poświadczenie federacyjne aplikacji ma inny podmiot.",
        "The app's federated credential has another subject.",
    ),
    remedy: Text::new(
        "Poświadczenia federacyjne (Federated credentials): w polu „Identyfikator podmiotu” (Subject identifier) musi być dokładnie podana tu wartość, co do wielkości liter. Zmiana działa po kilku minutach.",
        "Federated credentials: “Subject identifier” must be exactly the value given here, including upper and lower case. A change takes a few minutes to work.",
    ),
};

pub(super) const FEDERATION_FORBIDDEN: Message<Text> = Message {
    title: Text::new(
        "Zasady katalogu nie pozwalają aplikacji ufać naszemu wystawcy.",
        "A policy of the directory does not let the app trust our issuer.",
    ),
    remedy: Text::new(
        "Dopuść naszego wystawcę w zasadach dotyczących poświadczeń federacyjnych aplikacji albo użyj certyfikatu lub klucza tajnego.",
        "Allow our issuer in the directory's policies for federated credentials of apps, or use a certificate or a client secret.",
    ),
};

pub(super) const ISSUER_UNREACHABLE: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie mógł pobrać kluczy tej usługi.",
        "Microsoft could not fetch the keys of this service.",
    ),
    remedy: Text::new(
        "W katalogu niczego nie trzeba zmieniać. Operator usługi: adres wystawcy z /.well-known/openid-configuration i adres kluczy muszą być dostępne z internetu i odpowiadać bez przekierowań.",
        "Nothing needs to be changed in the directory. Service operator: the issuer's address with /.well-known/openid-configuration and the address of the keys must be reachable from the internet and answer without redirects.",
    ),
};

pub(super) const FEDERATION_REFUSED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił podpis tej usługi.", "Microsoft rejected this service's signature."),
    remedy: Text::new(
        "W katalogu niczego nie trzeba zmieniać. Operator usługi: sprawdź, czy klucz, który podpisuje, jest opublikowany od dnia lub dłużej; po nagłej wymianie kluczy odczekaj godzinę.",
        "Nothing needs to be changed in the directory. Service operator: check that the key that signs has been published for a day or longer; after a sudden change of keys wait an hour.",
    ),
};
