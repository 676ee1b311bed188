//! /oauth2/token and /oauth2/revoke: a code or a refresh token for tokens, and a refresh token for nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use super::{
    call::{Call, Told},
    codes::{Code, Presented},
    scope,
};
use crate::{
    clock::span,
    form::Form,
    pool::Pool,
    refresh::Given,
    tokens::{Family, Grant},
    tracking::Tracked,
};

/// Name and description of an error.
type Wrong = (&'static str, String);

fn wrong<T>(error: &'static str, description: &str) -> Result<T, Wrong> {
    Err((error, description.to_owned()))
}

impl Pool {
    pub(super) fn token(&mut self, call: &Call) -> Told {
        let given = self.client_of(call).and_then(|(form, client)| match form.text("grant_type") {
            "authorization_code" => self.exchange(form, client),
            "refresh_token" => self.renew(form, client),
            "client_credentials" => wrong("unauthorized_client", "The grant is not enabled for the client."),
            "" => wrong("invalid_request", "grant_type is missing."),
            _ => wrong("unsupported_grant_type", "The grant is not known."),
        });
        match given {
            Ok(given) => {
                let mut answer = Map::from_iter([
                    ("access_token".to_owned(), json!(given.access)),
                    ("expires_in".to_owned(), json!(given.expires_in)),
                    ("token_type".to_owned(), json!("Bearer")),
                ]);
                let others = [("id_token", given.id), ("refresh_token", given.refresh)];
                answer.extend(others.into_iter().filter_map(|(name, token)| Some((name.to_owned(), json!(token?)))));
                Told::json(200, &json!(answer))
            }
            Err((error, description)) => Told::error(400, error, &description),
        }
    }

    pub(super) fn revoke(&mut self, call: &Call) -> Told {
        match self.client_of(call).and_then(|(form, client)| self.end(form, client)) {
            Ok(()) => Told::empty(),
            Err((error, description)) => {
                Told::error(if error == "invalid_client" { 401 } else { 400 }, error, &description)
            }
        }
    }

    /// The form and the client that sent it, which is known and has no secret.
    fn client_of<'a>(&self, call: &'a Call) -> Result<(&'a Form, &'a str), Wrong> {
        let Some(form) = &call.form else {
            return wrong("invalid_request", "The body must be a form.");
        };
        if let Some(name) = form.repeated() {
            return wrong("invalid_request", &format!("{name} is given twice."));
        }
        let Some(client) = form.given("client_id") else {
            return wrong("invalid_request", "client_id is missing.");
        };
        let secret = call.authorization.is_some() || form.given("client_secret").is_some();
        if secret || !self.settings.hosted.clients.contains_key(client) {
            return wrong("invalid_client", "The client is not known, or has no secret.");
        }
        Ok((form, client))
    }

    fn exchange(&mut self, form: &Form, client: &str) -> Result<Given, Wrong> {
        let (Some(text), Some(redirect_uri)) = (form.given("code"), form.given("redirect_uri")) else {
            return wrong("invalid_request", "code or redirect_uri is missing.");
        };
        let code = match self.hosted.codes.present(text, client) {
            Presented::First(code) => code,
            Presented::Again(gave) => {
                // Whoever comes second may be the right one, so the first keeps nothing (RFC 6749, 4.1.2).
                gave.into_iter().for_each(|origin| self.tokens.revoke(&origin));
                return wrong("invalid_grant", "The code was used before.");
            }
            Presented::Unknown => return wrong("invalid_grant", "The code is not known."),
        };
        if self.clock.now() >= code.ends_at {
            return wrong("invalid_grant", "The code has expired.");
        }
        if code.asking.back.redirect_uri != redirect_uri {
            return wrong("unauthorized_client", "invalid_redirect");
        }
        if !self.fits(code.asking.challenge.as_deref(), form.given("code_verifier")) {
            return wrong("invalid_grant", "The verifier does not fit the challenge.");
        }
        self.redeem(&code, text)
    }

    /// Whether base64url(SHA-256(verifier)) is the challenge (RFC 7636, 4.6); a verifier without a challenge fits nothing.
    fn fits(&self, challenge: Option<&str>, verifier: Option<&str>) -> bool {
        match (challenge, verifier) {
            (Some(challenge), Some(verifier)) => {
                let letters = |letter: u8| letter.is_ascii_alphanumeric() || b"-._~".contains(&letter);
                (43..=128).contains(&verifier.len())
                    && verifier.bytes().all(letters)
                    && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
            }
            (None, None) => !self.settings.hosted.require_pkce,
            _ => false,
        }
    }

    fn redeem(&mut self, code: &Code, text: &str) -> Result<Given, Wrong> {
        let Some(user) = self.users.named(&code.visitor.username).filter(|user| user.enabled).cloned() else {
            return wrong("invalid_grant", "The user does not exist or is disabled.");
        };
        let Code { asking, visitor, .. } = code;
        let family = Family {
            origin: self.random.uuid(),
            client: asking.client.clone(),
            sub: user.sub.clone(),
            auth_time: visitor.auth_time,
            ends_at: self.clock.now() + span(self.settings.refresh_token_seconds),
            revoked: false,
            device: None,
            proven: Vec::new(),
            tells: false,
            grant: Some(Grant { scope: asking.scope.clone(), resource: asking.resource.clone() }),
            tracked: Tracked::new(&mut self.random, "tkn", self.clock.now(), Some(visitor.tracked.id.clone())),
        };
        self.hosted.codes.gave(text, &family.origin);
        self.start(&user, family, asking.nonce.as_deref()).map_err(|refusal| ("server_error", refusal.message))
    }

    fn renew(&mut self, form: &Form, client: &str) -> Result<Given, Wrong> {
        let Some(token) = form.given("refresh_token") else {
            return wrong("invalid_request", "refresh_token is missing.");
        };
        let asked = form.given("scope");
        if let (Some(asked), Some((_, family))) = (asked, self.tokens.look_up(token))
            && !asked.split(' ').all(|one| scope::holds(family.scope(), one))
        {
            return wrong("invalid_grant", "The scope was not granted.");
        }
        let rotates = Some(self.settings.rotation.enabled);
        self.refresh(token, client, (rotates, None), asked).map_err(|refusal| ("invalid_grant", refusal.message))
    }

    fn end(&mut self, form: &Form, client: &str) -> Result<(), Wrong> {
        let Some(token) = form.given("token") else {
            return wrong("invalid_request", "token is missing.");
        };
        if self.keys.verify(token).is_some() {
            return wrong("unsupported_token_type", "Only refresh tokens are revoked.");
        }
        if !self.settings.token_revocation {
            return wrong("invalid_request", "Revocation is not enabled for the client.");
        }
        match self.tokens.look_up(token) {
            Some((_, family)) if family.client != client => wrong("invalid_request", "The token is another client's."),
            Some((_, family)) => {
                self.tokens.revoke(&family.origin);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
