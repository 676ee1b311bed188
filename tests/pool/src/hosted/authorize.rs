//! What a client asks for at /oauth2/authorize and /login, and the answers that need no page.

use super::{
    call::{Call, Told},
    outside,
    pages::LANGUAGES,
    scope,
};
use crate::{
    client::{Client, can_be_registered},
    form::{Form, encoded},
    pool::Pool,
    settings::Hosted,
};

/// Where the browser goes back to, and what it carries there unchanged.
#[derive(Clone, Debug)]
pub struct Return {
    /// A registered address.
    pub redirect_uri: String,
    /// The client's own text.
    pub state: Option<String>,
}

impl Return {
    /// Back with these, and with the state.
    pub fn with(&self, pairs: &[(&str, &str)]) -> Told {
        let state = self.state.as_deref().map(|state| ("state", state));
        let joint = if self.redirect_uri.contains('?') { '&' } else { '?' };
        Told::to(&format!("{}{joint}{}", self.redirect_uri, encoded(pairs.iter().copied().chain(state))))
    }

    /// Back with an error.
    pub fn refused(&self, error: &str, description: &str) -> Told {
        self.with(&[("error", error), ("error_description", description)]).named(error)
    }
}

/// Whether the user must be asked, or must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Only if the browser is not signed in.
    IfNeeded,
    /// In no case.
    Never,
    /// Also if it is.
    Again,
}

/// A request that was found good.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The client's ID.
    pub client: String,
    /// Where the browser goes back to.
    pub back: Return,
    /// The scopes that are granted, with spaces between them.
    pub scope: String,
    /// What the ID token repeats.
    pub nonce: Option<String>,
    /// The hash of the verifier (RFC 7636, S256).
    pub challenge: Option<String>,
    /// The resource server that the access token is for.
    pub resource: Option<String>,
    /// The identity provider that was chosen.
    pub provider: Option<String>,
    /// The name that is already in the form.
    pub login_hint: Option<String>,
    /// The language of the pages.
    pub lang: Option<&'static str>,
    /// Whether the user is asked.
    pub prompt: Prompt,
}

impl Asking {
    /// Reads the parameters; whatever is wrong with them is answered.
    pub fn read(query: &Form, hosted: &Hosted) -> Result<Self, Box<Told>> {
        let (client, back) = returning(query, hosted)?;
        let refuse = |error: &str, description: &str| Err(Box::new(back.refused(error, description)));
        let text = |name: &str| query.given(name).map(str::to_owned);
        if let Some(name) = query.repeated() {
            return refuse("invalid_request", &format!("{name} is given twice"));
        }
        match query.text("response_type") {
            "code" => {}
            "token" => {
                // An error of the implicit grant is told in the fragment (RFC 6749, 4.2.2.1).
                let state = back.state.as_deref().map(|state| ("state", state));
                let error = encoded([("error", "unauthorized_client")].into_iter().chain(state));
                let told = Told::to(&format!("{}#{error}", back.redirect_uri));
                return Err(Box::new(told.named("unauthorized_client")));
            }
            _ => return refuse("invalid_request", "response_type must be code"),
        }
        let challenge = match (query.given("code_challenge"), query.given("code_challenge_method")) {
            (None, None) => None,
            (Some(challenge), Some("S256")) if is_challenge(challenge) => Some(challenge.to_owned()),
            _ => return refuse("invalid_request", "code_challenge must be 43 letters of base64url, by S256"),
        };
        let Some(scope) = scope::granted(query.given("scope"), &client.scopes) else {
            return refuse("invalid_scope", "the client may not ask for these scopes");
        };
        let resource = text("resource");
        if resource.as_deref().is_some_and(|resource| !can_be_registered(resource)) {
            return refuse("invalid_request", "resource is not an absolute address");
        }
        let provider = match (query.given("identity_provider"), query.given("idp_identifier")) {
            (Some(_), Some(_)) => {
                return refuse("invalid_request", "identity_provider and idp_identifier exclude each other");
            }
            (Some(name), None) => Some(name),
            (None, Some(identifier)) => Some(outside::of_identifier(identifier).unwrap_or(identifier)),
            (None, None) => None,
        };
        if provider.is_some_and(|name| !client.providers.iter().any(|one| one == name)) {
            return refuse("invalid_request", "the identity provider is not one of the client's");
        }
        // Where there is but one way in, nobody is asked to choose it.
        let only = client.providers.first().filter(|name| client.providers.len() == 1 && *name != outside::OWN);
        let lang = LANGUAGES.iter().map(|(lang, _)| *lang).find(|lang| query.given("lang") == Some(lang));
        if query.given("lang").is_some() && lang.is_none() {
            return refuse("invalid_request", "lang is not one of the languages");
        }
        let Some(prompt) = prompt(query.given("prompt")) else {
            return refuse("invalid_request", "prompt must be none, or of login, select_account and consent");
        };
        Ok(Self {
            client: query.text("client_id").to_owned(),
            scope,
            nonce: text("nonce"),
            challenge,
            resource,
            provider: provider.map(str::to_owned).or_else(|| only.cloned()),
            login_hint: text("login_hint"),
            lang,
            prompt,
            back,
        })
    }
}

/// The client and the way back, without which an error is told to nobody but the user.
fn returning<'a>(query: &Form, hosted: &'a Hosted) -> Result<(&'a Client, Return), Box<Told>> {
    let fault = |error: &str, description: &str| Err(Box::new(Told::fault(400, error, description)));
    let known = query.given("client_id").and_then(|client| hosted.clients.get(client));
    let Some(client) = known.filter(|_| !query.repeats("client_id")) else {
        return fault("invalid_client", "The client does not exist.");
    };
    let redirect_uri = query.text("redirect_uri");
    if !client.callback_urls.iter().any(|url| url == redirect_uri) || query.repeats("redirect_uri") {
        return fault("redirect_mismatch", "The address to return to is not one of the client's.");
    }
    let state = query.given("state").filter(|_| !query.repeats("state")).map(str::to_owned);
    Ok((client, Return { redirect_uri: redirect_uri.to_owned(), state }))
}

fn prompt(asked: Option<&str>) -> Option<Prompt> {
    let mut prompt = Prompt::IfNeeded;
    for word in asked.into_iter().flat_map(|asked| asked.split(' ')) {
        match word {
            "none" if asked == Some("none") => prompt = Prompt::Never,
            "login" | "select_account" => prompt = Prompt::Again,
            "consent" => {}
            _ => return None,
        }
    }
    Some(prompt)
}

/// SHA-256 in base64url without padding.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter))
}

impl Pool {
    pub(super) fn authorize(&mut self, call: &Call) -> Told {
        let asking = match Asking::read(&call.query, &self.settings.hosted) {
            Ok(asking) => asking,
            Err(told) => return *told,
        };
        if asking.challenge.is_none() && self.settings.hosted.require_pkce {
            return asking.back.refused("invalid_request", "code_challenge is required");
        }
        let signed_in = self
            .visitor(call)
            .filter(|_| asking.prompt != Prompt::Again)
            .filter(|visitor| asking.provider.as_ref().is_none_or(|provider| *provider == visitor.provider));
        match signed_in {
            Some(visitor) => self.give_code(&asking, &visitor),
            None if asking.prompt == Prompt::Never => {
                asking.back.refused("login_required", "the user is not signed in")
            }
            None => Told::to(&format!("/login?{}", call.query.written())),
        }
    }
}
