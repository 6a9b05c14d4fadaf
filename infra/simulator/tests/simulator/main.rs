//! The simulator over HTTP, as the product meets it.

#[cfg(test)]
mod assertion;
#[cfg(test)]
mod caller;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod control;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod id_token;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod meetings;
#[cfg(test)]
mod people;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod sign_in;
