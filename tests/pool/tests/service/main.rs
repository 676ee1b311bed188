//! The pool's behaviour, request by request, without a socket and on a clock that stands still until it is turned.

mod api;
mod auto_sign_in;
mod browser;
mod choice;
mod control;
mod custom;
mod devices;
mod hosted_authorize;
mod hosted_login;
mod hosted_logout;
mod hosted_outside;
mod hosted_tokens;
mod mfa;
mod mfa_setup;
mod new_password;
mod passwords;
mod recover;
mod refresh;
mod sign_up;
mod srp;
mod step_up;
mod support;
mod tokens;
mod transport;
