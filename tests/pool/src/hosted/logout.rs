//! /logout: ends the cookie of a browser, and leads on to the client or to the login page.

use super::{
    authorize::Asking,
    call::{Call, Told},
};
use crate::pool::Pool;

/// What /logout does not take in the form that leads to the login page.
const NOT_TAKEN: [&str; 4] = ["code_challenge", "code_challenge_method", "identity_provider", "idp_identifier"];

impl Pool {
    pub(super) fn logout(&mut self, call: &Call) -> Told {
        let fault = |error: &str, description: &str| Told::fault(400, error, description);
        let query = &call.query;
        let clients = &self.settings.hosted.clients;
        let Some(client) = query.given("client_id").and_then(|client| clients.get(client)) else {
            return fault("invalid_client", "The client does not exist.");
        };
        let Some(logout_uri) = query.given("logout_uri") else {
            return match Asking::read(query, &self.settings.hosted) {
                Err(told) => *told,
                Ok(asking) => match NOT_TAKEN.iter().find(|name| query.given(name).is_some()) {
                    Some(name) => asking.back.refused("invalid_request", &format!("{name} is not taken by logout")),
                    None => self.dismiss(call, Told::to(&format!("/login?{}", query.written()))),
                },
            };
        };
        if query.repeats("logout_uri") || !client.logout_urls.iter().any(|url| url == logout_uri) {
            return fault("redirect_mismatch", "The address to go on to is not one of the client's.");
        }
        self.dismiss(call, Told::to(logout_uri))
    }
}
