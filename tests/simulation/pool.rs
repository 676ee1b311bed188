//! The service: families of refresh tokens, by the strictest reading of what is documented.
//!
//! With rotation a refresh token is good for the grace period after its first exchange; used later, it ends its whole
//! family. RevokeToken ends the token that it names and the tokens that came with it, and no other one.

use super::support::service::{jwt_of, key_set, ok, refused};
use cognito_vault::protocol::user_pool::UserPool;
use cognito_vault::protocol::{Millis, Reply};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What an operator sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) rotation: bool,
    pub(crate) grace: Millis,
    pub(crate) access_life: Millis,
    pub(crate) refresh_life: Millis,
}

/// All tokens that come from one sign-in.
pub(crate) struct Family {
    pub(crate) user: &'static str,
    pub(crate) born: Millis,
    /// A token of it was used after its grace.
    pub(crate) burnt: Option<Burnt>,
    /// The operator has ended it.
    pub(crate) revoked: bool,
}

/// Which token has ended its family.
#[derive(Clone, Copy)]
pub(crate) struct Burnt {
    pub(crate) token: usize,
    pub(crate) exchanged: Millis,
}

pub(crate) struct Refresh {
    pub(crate) family: usize,
    /// The token that it was given for.
    pub(crate) parent: Option<usize>,
    /// When it was first exchanged for another one.
    pub(crate) exchanged: Option<Millis>,
    pub(crate) revoked: bool,
}

/// An access or ID token.
#[derive(Clone, Copy)]
pub(crate) struct Pass {
    pub(crate) refresh: usize,
    pub(crate) expires: Millis,
}

pub(crate) struct Pool {
    pub(crate) settings: Settings,
    pub(crate) families: Vec<Family>,
    pub(crate) tokens: Vec<Refresh>,
    pub(crate) passes: HashMap<String, Pass>,
}

/// Short names: most of a schedule's time goes into reading tokens.
const CLIENT_ID: &str = "c";
const ISSUER: &str = "i";

/// The pool as a client is configured for it.
pub(crate) fn configuration() -> UserPool {
    let (id, client_id) = ("eu_a".into(), CLIENT_ID.into());
    let (endpoint, keys) = ("https://a/".into(), "https://a/eu_a/.well-known/jwks.json".into());
    UserPool { id, client_id, endpoint, keys, issuers: json!([ISSUER]).to_string().into() }
}

pub(crate) const USERS: [&str; 2] = ["ada", "grace"];

/// The number of a refresh token.
pub(crate) fn number(token: &str) -> usize {
    token.strip_prefix("refresh-").unwrap().parse().unwrap()
}

impl Pool {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, families: vec![], tokens: vec![], passes: HashMap::new() }
    }

    /// What the service answers, and the number of the refresh token that is in the answer or goes on with it.
    pub(crate) fn answer(&mut self, operation: &str, body: &Value, now: Millis) -> (Reply, Option<usize>) {
        let text = |name: &str| body[name].as_str().unwrap();
        match operation {
            "" => (key_set(&["test"]), None),
            "InitiateAuth" => {
                let name = body["AuthParameters"]["USERNAME"].as_str().unwrap();
                let user = USERS.into_iter().find(|user| *user == name).unwrap();
                self.families.push(Family { user, born: now, burnt: None, revoked: false });
                self.tokens.push(Refresh {
                    family: self.families.len() - 1,
                    parent: None,
                    exchanged: None,
                    revoked: false,
                });
                let token = self.tokens.len() - 1;
                (self.issue(token, true, now), Some(token))
            }
            "GetTokensFromRefreshToken" => self.exchange(number(text("RefreshToken")), now),
            "RevokeToken" => {
                self.tokens[number(text("Token"))].revoked = true;
                (ok(json!({})), None)
            }
            other => panic!("nobody expected {other}"),
        }
    }

    fn exchange(&mut self, token: usize, now: Millis) -> (Reply, Option<usize>) {
        let Refresh { family, exchanged, revoked, .. } = self.tokens[token];
        if revoked || self.is_over(family, now) {
            return (refused("NotAuthorized", "Refresh Token has been revoked"), None);
        }
        if !self.settings.rotation {
            return (self.issue(token, false, now), Some(token));
        }
        if let Some(exchanged) = exchanged.filter(|exchanged| now > exchanged + self.settings.grace) {
            self.families[family].burnt = Some(Burnt { token, exchanged });
            return (refused("RefreshTokenReuse", "Refresh token reuse"), None);
        }
        self.tokens[token].exchanged = exchanged.or(Some(now));
        self.tokens.push(Refresh { family, parent: Some(token), exchanged: None, revoked: false });
        let next = self.tokens.len() - 1;
        (self.issue(next, true, now), Some(next))
    }

    fn issue(&mut self, token: usize, new: bool, now: Millis) -> Reply {
        let family = self.tokens[token].family;
        let Family { user, born, .. } = self.families[family];
        let expires = (now + self.settings.access_life) / 1000 * 1000;
        let (iat, exp, began, jti) = (now / 1000, expires / 1000, born / 1000, self.passes.len());
        let common =
            format!(r#""sub":"{user}","iss":"{ISSUER}","iat":{iat},"exp":{exp},"auth_time":{began},"jti":"{jti}""#);
        let id = jwt_of(&format!(r#"{{{common},"aud":"{CLIENT_ID}","token_use":"id","custom:family":"{family}"}}"#));
        let access = jwt_of(&format!(r#"{{{common},"client_id":"{CLIENT_ID}","token_use":"access"}}"#));
        let mut result = json!({"IdToken": id, "AccessToken": access, "ExpiresIn": 300, "TokenType": "Bearer"});
        if new {
            result["RefreshToken"] = json!(format!("refresh-{token}"));
        }
        for pass in [id, access] {
            self.passes.insert(pass, Pass { refresh: token, expires });
        }
        ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}}))
    }

    /// Whether no token of the family counts any more.
    pub(crate) fn is_over(&self, family: usize, now: Millis) -> bool {
        let Family { born, burnt, revoked, .. } = &self.families[family];
        *revoked || burnt.is_some() || now >= born + self.settings.refresh_life
    }

    /// Whether a refresh token can still be exchanged, for longer than a grace.
    pub(crate) fn is_alive(&self, token: usize, now: Millis) -> bool {
        let Refresh { family, exchanged, revoked, .. } = self.tokens[token];
        !revoked && exchanged.is_none() && !self.is_over(family, now)
    }

    /// Whether an API takes the token.
    pub(crate) fn admits(&self, pass: &str, now: Millis) -> bool {
        self.passes.get(pass).is_some_and(|Pass { refresh, expires }| {
            let Refresh { family, revoked, .. } = self.tokens[*refresh];
            now < *expires && !revoked && !self.is_over(family, now)
        })
    }

    pub(crate) fn family_of(&self, pass: &str) -> Option<usize> {
        self.passes.get(pass).map(|pass| self.tokens[pass.refresh].family)
    }
}
