//! The contract, kept by the backend of AWS against a server that plays Secrets Manager.
