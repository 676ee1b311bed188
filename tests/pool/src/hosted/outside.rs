//! Outside identity providers, played by the pool itself: one agrees to whoever is named, one refuses everybody.

use serde_json::json;
use std::collections::HashMap;

use super::{
    authorize::Asking,
    call::{Call, Told},
    pages,
};
use crate::{
    clock::{Instant, span},
    form::encoded,
    pool::{NewUser, Pool},
    users::Status,
};

/// The pool's own users, in a list of providers.
pub const OWN: &str = "COGNITO";
/// The provider that agrees.
pub const AGREEING: &str = "Agreeing";
/// The provider that refuses.
pub const REFUSING: &str = "Refusing";

/// Names, and the other names that `idp_identifier` takes.
const PROVIDERS: [(&str, &str); 2] = [(AGREEING, "agreeing.example"), (REFUSING, "refusing.example")];
/// How long a browser may stay with a provider, in seconds.
const VISIT_SECONDS: i64 = 300;
/// A refusal in words that a page must not take for markup.
const REFUSAL: &str = "Refused: <img src=x onerror=alert(1)> is not \"one of us\" & 100% will not be";

/// A browser that was sent to a provider.
#[derive(Debug)]
struct Visit {
    asking: Asking,
    provider: &'static str,
    /// The browser: nobody finishes what another began.
    xsrf: String,
    ends_at: Instant,
}

/// All browsers that are with a provider, and whom the providers vouch for.
#[derive(Debug, Default)]
pub struct Visits {
    open: HashMap<String, Visit>,
    vouchers: HashMap<String, (String, String)>,
}

/// The provider of this name.
pub fn of_name(name: &str) -> Option<&'static str> {
    PROVIDERS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// The provider that is also called so.
pub fn of_identifier(identifier: &str) -> Option<&'static str> {
    PROVIDERS.iter().find(|(_, known)| *known == identifier).map(|(name, _)| *name)
}

impl Pool {
    /// Sends the browser to a provider.
    pub(super) fn leave_for(&mut self, provider: &'static str, asking: Asking, call: &Call) -> Told {
        let state = self.random.base64url(24);
        let hint = asking.login_hint.as_deref().map(|hint| ("login_hint", hint));
        let query = encoded([("state", state.as_str())].into_iter().chain(hint));
        let ends_at = self.clock.now() + span(VISIT_SECONDS);
        self.hosted.visits.open.insert(state.clone(), Visit { asking, provider, xsrf: call.xsrf.clone(), ends_at });
        Told::to(&format!("/idp/{provider}/authorize?{query}"))
    }

    /// The provider's own side: its page, and what it answers.
    pub(super) fn play(&mut self, provider: &str, call: &Call) -> Told {
        let state = call.query.text("state");
        let Some(form) = call.form.as_ref().filter(|_| call.method == "POST") else {
            let page = match provider {
                AGREEING => pages::agreeing(state, call.query.text("login_hint")),
                _ => pages::refusing(state),
            };
            return Told::page(200, page);
        };
        let name = form.text("username");
        let answer = match (provider, form.text("answer")) {
            (AGREEING, "agree") if is_name(name) => {
                let code = self.random.base64url(24);
                self.hosted.visits.vouchers.insert(code.clone(), (provider.to_owned(), name.to_owned()));
                encoded([("code", code.as_str()), ("state", state)])
            }
            (AGREEING, "agree") => return Told::page(200, pages::agreeing(state, "")),
            (_, "cancel") => {
                encoded([("error", "access_denied"), ("error_description", "The user cancelled"), ("state", state)])
            }
            _ => encoded([("error", "account_suspended"), ("error_description", REFUSAL), ("state", state)]),
        };
        Told::to(&format!("/oauth2/idpresponse?{answer}"))
    }

    /// The browser comes back from a provider.
    pub(super) fn come_back(&mut self, call: &Call) -> Told {
        let now = self.clock.now();
        let query = &call.query;
        let visit = self.hosted.visits.open.remove(query.text("state"));
        let Some(visit) = visit.filter(|visit| now < visit.ends_at && visit.xsrf == call.xsrf) else {
            return Told::fault(400, "invalid_request", "This sign-in was not begun here, or is over.");
        };
        // The service names its errors so, and the description comes first.
        let refuse = |error: &str, description: &str| {
            visit.asking.back.with(&[("error_description", description), ("error", error)]).named(error)
        };
        match query.given("error") {
            Some("access_denied") => return refuse("access_denied", query.text("error_description")),
            Some(_) => return refuse("invalid_request", query.text("error_description")),
            None => {}
        }
        let voucher = self.hosted.visits.vouchers.remove(query.text("code"));
        let Some((_, name)) = voucher.filter(|(provider, _)| provider == visit.provider) else {
            return refuse("invalid_request", "The provider does not know its code");
        };
        let username = format!("{}_{name}", visit.provider);
        match self.users.named(&username).map(|user| user.enabled && user.status == Status::ExternalProvider) {
            Some(true) => {}
            Some(false) => return refuse("invalid_request", "User is disabled"),
            None => self.add_outsider(&username, visit.provider, &name),
        }
        let Visit { asking, provider, .. } = visit;
        self.welcome(&asking, username, provider)
    }

    fn add_outsider(&mut self, username: &str, provider: &str, name: &str) {
        let email =
            if name.contains('@') { name.to_owned() } else { format!("{name}@{provider}.example").to_lowercase() };
        let identity = json!([{
            "userId": name,
            "providerName": provider,
            "providerType": "OIDC",
            "primary": "true",
            "dateCreated": self.clock.now().to_string(),
        }]);
        let attributes =
            [("email", email), ("email_verified", "false".to_owned()), ("identities", identity.to_string())];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value)).into();
        self.add_user(NewUser { username, password: None, status: Status::ExternalProvider, attributes });
    }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._@".contains(letter))
}
