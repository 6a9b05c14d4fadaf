//! The certificate authority of one run, and how the measured programs come to trust it.
//!
//! The functions trust the roots that are built into them, and no setting adds another: whoever could set it could read
//! every secret on its way. So nothing is added for the bench either. A copy of the very file that ships gets the public
//! key of one root exchanged for ours, 91 bytes for 91 bytes; all its instructions stay what they are.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData as _,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The root whose place is taken: one with a key of the kind that ours has.
const COUNTRY: &str = "US";
const ORGANIZATION: &str = "Amazon";
const COMMON_NAME: &str = "Amazon Root CA 3";

/// The tag and the length before what a trust anchor keeps of a `SubjectPublicKeyInfo` (RFC 5280 §4.1).
const HEADER: usize = 2;

/// Signs for this machine.
pub(crate) struct Authority {
    /// For programs that take roots from a file.
    pub(crate) pem: String,
    /// For the servers that stand outside.
    pub(crate) server: Arc<ServerConfig>,
    key: Vec<u8>,
}

impl Authority {
    /// A new one, with a server's certificate for `localhost`.
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let root = root();
        let pem = root.self_signed(&key).unwrap().pem();
        let told = key.subject_public_key_info();
        let issuer = Issuer::from_params(&root, &key);
        let server = server(&issuer);
        Self { pem, server, key: told[HEADER..].to_vec() }
    }

    /// The same program, which trusts this authority in the place of one that it was built with.
    ///
    /// # Panics
    /// When the program does not have the root exactly once.
    pub(crate) fn implanted(&self, program: &[u8]) -> Vec<u8> {
        let mut roots = webpki_roots::TLS_SERVER_ROOTS.iter();
        let root = roots.find(|root| root.subject.as_ref().ends_with(COMMON_NAME.as_bytes())).unwrap();
        let theirs: &[u8] = root.subject_public_key_info.as_ref();
        assert_eq!(theirs.len(), self.key.len(), "the two keys are of one kind");
        let mut places = program.windows(theirs.len()).enumerate().filter(|(_, bytes)| *bytes == theirs);
        let (Some((at, _)), None) = (places.next(), places.next()) else {
            panic!("the program does not have {COMMON_NAME} exactly once");
        };
        let mut implanted = program.to_vec();
        implanted[at..at + theirs.len()].copy_from_slice(&self.key);
        implanted
    }
}

/// Named as the root is, letter by letter: an issuer is found by its name.
fn root() -> CertificateParams {
    let printable = |text: &str| DnValue::PrintableString(text.try_into().unwrap());
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, printable(COUNTRY));
    name.push(DnType::OrganizationName, printable(ORGANIZATION));
    name.push(DnType::CommonName, printable(COMMON_NAME));
    let mut root = CertificateParams::default();
    root.distinguished_name = name;
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    root
}

fn server(issuer: &Issuer<'_, &KeyPair>) -> Arc<ServerConfig> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut leaf = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    leaf.distinguished_name = DistinguishedName::new();
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Programs that know both roots of this name tell them apart by it.
    leaf.use_authority_key_identifier_extension = true;
    let certificate = leaf.signed_by(&key, issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_root_gives_way_and_nothing_else_changes() {
        let authority = Authority::new();
        let root = webpki_roots::TLS_SERVER_ROOTS.iter().find(|root| root.subject.ends_with(COMMON_NAME.as_bytes()));
        let key = root.unwrap().subject_public_key_info.as_ref();
        let program = [b"before", key, b"after"].concat();
        let implanted = authority.implanted(&program);
        assert_eq!(implanted, [b"before", authority.key.as_slice(), b"after"].concat());
        assert_ne!(implanted, program);
    }

    #[test]
    #[should_panic(expected = "exactly once")]
    fn a_program_without_the_root_is_not_measured() {
        Authority::new()
            .implanted(b"another program, longer than the key that is looked for in it, and by far so ......");
    }
}
