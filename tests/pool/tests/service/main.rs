//! The pool's behaviour, request by request, without a socket and on a clock that stands still until it is turned.

mod api;
mod authenticator;
mod browser;
mod control;
mod feedback;
mod hosted_authorize;
mod hosted_login;
mod hosted_logout;
mod hosted_outside;
mod hosted_tokens;
mod identity;
mod new_password;
mod own_password;
mod passkey_sign_in;
mod passkeys;
mod passwords;
mod profile;
mod recover;
mod refresh;
mod sign_up;
mod srp;
mod support;
mod tokens;
mod tracking;
mod transport;
