//! Proves that a password is known without sending it.
