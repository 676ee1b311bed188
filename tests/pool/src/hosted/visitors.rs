//! The browsers that are signed in, by their cookie.

use std::collections::HashMap;

use super::{
    Hosted,
    authorize::Asking,
    call::{Call, Told, cookie},
};
use crate::{
    clock::{Instant, span},
    pool::Pool,
    tracking::Tracked,
    users::Status,
};

const COOKIE: &str = "cognito";

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The user's name.
    pub username: String,
    /// The identity provider that vouched.
    pub provider: String,
    /// When, in epoch seconds.
    pub auth_time: i64,
    /// How it is listed among the user's sessions.
    pub tracked: Tracked,
    ends_at: Instant,
}

/// All browsers that are signed in.
#[derive(Debug, Default)]
pub struct Visitors(HashMap<String, Visitor>);

impl Hosted {
    /// The sessions of a user that are not over.
    pub fn open_sessions(&self, username: &str, now: Instant) -> impl Iterator<Item = &Tracked> {
        let open = self.visitors.0.values().filter(move |visitor| now < visitor.ends_at);
        open.filter(move |visitor| visitor.username == username).map(|visitor| &visitor.tracked)
    }

    /// Signs the browser of a session out.
    pub fn end_session(&mut self, id: &str) {
        self.visitors.0.retain(|_, visitor| visitor.tracked.id != id);
    }
}

impl Pool {
    /// Who is signed in at this browser.
    pub(super) fn visitor(&self, call: &Call) -> Option<Visitor> {
        let visitor = self.hosted.visitors.0.get(call.cookies.get(COOKIE)?)?;
        let user = self.users.named(&visitor.username)?;
        let may = matches!(user.status, Status::Confirmed | Status::ExternalProvider);
        (self.clock.now() < visitor.ends_at && user.enabled && may).then(|| visitor.clone())
    }

    /// Signs a browser in, and sends it back to the client.
    pub(super) fn welcome(&mut self, asking: &Asking, username: String, provider: &str) -> Told {
        let seconds = self.settings.hosted.cookie_seconds;
        let visitor = Visitor {
            username,
            provider: provider.to_owned(),
            auth_time: self.clock.seconds(),
            tracked: Tracked::new(&mut self.random, "sso", self.clock.now(), None),
            ends_at: self.clock.now() + span(seconds),
        };
        let told = self.give_code(asking, &visitor);
        let value = self.random.base64url(32);
        let cookie = cookie(COOKIE, &value, Some(seconds));
        self.hosted.visitors.0.insert(value, visitor);
        told.set("set-cookie", &cookie)
    }

    /// Signs a browser out.
    pub(super) fn dismiss(&mut self, call: &Call, told: Told) -> Told {
        if let Some(value) = call.cookies.get(COOKIE) {
            self.hosted.visitors.0.remove(value);
        }
        told.set("set-cookie", &cookie(COOKIE, "", Some(0)))
    }
}
