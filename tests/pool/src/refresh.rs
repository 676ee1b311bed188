//! Giving out tokens, first and again: the end of a sign-in by the API, GetTokensFromRefreshToken and RevokeToken.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{
    clock::span,
    course::Passed,
    hosted::scope,
    keys::Use,
    pool::{CLIENT_ID, POOL_ID, Pool, Reply, unverifiable_secret},
    refusal::Refusal,
    settings::Flow,
    shapes::Request,
    sign_in::check_status,
    step_up::{acr, amr},
    tokens::Family,
    tracking::Tracked,
    users::{Status, User},
    ways::Plan,
};

/// The tokens that were given at one time.
#[derive(Debug)]
pub struct Given {
    /// The access token.
    pub access: String,
    /// The ID token; none if `openid` was not granted.
    pub id: Option<String>,
    /// A refresh token, if there is a new one.
    pub refresh: Option<String>,
    /// How long the access token lives, in seconds.
    pub expires_in: i64,
    /// Key and group of a device that was not known before.
    pub new_device: Option<(String, String)>,
}

impl Given {
    /// The answer of the API.
    pub fn of_the_api(self) -> Reply {
        let mut result = Map::from_iter([
            ("AccessToken".to_owned(), json!(self.access)),
            ("ExpiresIn".to_owned(), json!(self.expires_in)),
            ("TokenType".to_owned(), json!("Bearer")),
        ]);
        let others = [("IdToken", self.id), ("RefreshToken", self.refresh)];
        result.extend(others.into_iter().filter_map(|(name, token)| Some((name.to_owned(), json!(token?)))));
        if let Some((key, group)) = self.new_device {
            let device = json!({ "DeviceKey": key, "DeviceGroupKey": group });
            result.insert("NewDeviceMetadata".to_owned(), device);
        }
        Reply::Body(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
    }
}

impl Pool {
    /// What the API answers to one who has passed: tokens of a new family, or the challenge.
    pub(crate) fn sign_in(&mut self, passed: Passed) -> Result<Reply, Refusal> {
        let course = match passed {
            Passed::Asked(challenge) => return Ok(Reply::Body(challenge)),
            Passed::Whole(course) => course,
        };
        let user = self.user_of(&course).cloned().ok_or_else(Refusal::user_not_found)?;
        let (device, group) = self.device_of_sign_in(&course).unzip();
        let family = Family {
            origin: self.random.uuid(),
            client: CLIENT_ID.to_owned(),
            sub: user.sub.clone(),
            auth_time: self.clock.seconds(),
            ends_at: self.clock.now() + span(self.settings.refresh_token_seconds),
            revoked: false,
            device: device.clone(),
            proven: course.proven,
            tells: course.flow == Flow::Choice && self.settings.plan != Plan::Lite,
            grant: None,
            tracked: Tracked::new(&mut self.random, "tkn", self.clock.now(), None),
        };
        let given = self.start(&user, family, None)?;
        Ok(Given { new_device: device.zip(group.flatten()), ..given }.of_the_api())
    }

    /// Starts a family of tokens.
    pub(crate) fn start(&mut self, user: &User, family: Family, nonce: Option<&str>) -> Result<Given, Refusal> {
        self.tokens.start(family.clone());
        let refresh = self.tokens.refresh_token(&mut self.random, &family.origin);
        let given = self.give(user, &family, family.scope(), nonce)?;
        self.tokens.issue("refresh", &refresh);
        Ok(Given { refresh: Some(refresh), ..given })
    }

    pub(crate) fn get_tokens_from_refresh_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.given("ClientSecret").is_some() {
            return Err(unverifiable_secret());
        }
        let how = (Some(self.settings.rotation.enabled), request.given("DeviceKey"));
        self.refresh(request.text("RefreshToken"), request.text("ClientId"), how, None).map(Given::of_the_api)
    }

    /// Exchanges a refresh token; `rotates` is none for InitiateAuth, `device` where none is named, `scope` for all that was granted.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        client: &str,
        (rotates, device): (Option<bool>, Option<&str>),
        scope: Option<&str>,
    ) -> Result<Given, Refusal> {
        let now = self.clock.now();
        let (refresh, family) = self
            .tokens
            .look_up(token)
            .filter(|(_, family)| family.client == client)
            .ok_or_else(|| Refusal::not_authorized("Invalid Refresh Token"))?;
        if family.revoked {
            return Err(Refusal::not_authorized("Refresh Token has been revoked"));
        }
        if now >= family.ends_at {
            return Err(Refusal::not_authorized("Refresh Token has expired"));
        }
        let grace = span(self.settings.rotation.grace_seconds);
        if refresh.superseded_at.is_some_and(|at| now >= at + grace) {
            self.tokens.revoke(&family.origin);
            return Err(Refusal::new("RefreshTokenReuseException", "Refresh token has been used before."));
        }
        let user = self.users.with_sub(&family.sub).cloned().ok_or_else(Refusal::user_not_found)?;
        if !user.enabled {
            return Err(Refusal::not_authorized("User is disabled."));
        }
        match check_status(user.status) {
            Err(refusal) if rotates.is_none() => return Err(refusal),
            // GetTokensFromRefreshToken does not declare the errors of these states.
            Err(_) => return Err(Refusal::not_authorized("Refresh Token has been revoked")),
            Ok(()) if user.status == Status::ForceChangePassword => {
                return Err(Refusal::not_authorized("Refresh Token has been revoked"));
            }
            Ok(()) => {}
        }
        self.check_device_of_refresh(&user, family.device.as_deref(), device)?;
        self.tokens.touch(&family.origin, now);
        let successor = (rotates == Some(true)).then(|| {
            self.tokens.supersede(token, now);
            self.tokens.refresh_token(&mut self.random, &family.origin)
        });
        let given = self.give(&user, &family, scope.unwrap_or(family.scope()), None)?;
        if let Some(successor) = &successor {
            self.tokens.issue("refresh", successor);
        }
        Ok(Given { refresh: successor, ..given })
    }

    pub(crate) fn revoke_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let token = request.text("Token");
        if request.given("ClientSecret").is_some() {
            return Err(Refusal::new("UnauthorizedException", "Client is not configured with a secret."));
        }
        if !self.settings.token_revocation {
            return Err(Refusal::new("UnsupportedOperationException", "Revoke token is not enabled for the client."));
        }
        if self.keys.verify(token).is_some() {
            return Err(Refusal::new("UnsupportedTokenTypeException", "Unsupported token type."));
        }
        let (_, family) = self
            .tokens
            .look_up(token)
            .filter(|(_, family)| family.client == request.text("ClientId"))
            .ok_or_else(|| Refusal::new("UnauthorizedException", "Invalid Refresh Token"))?;
        self.tokens.revoke(&family.origin);
        let linked = self.settings.tracking.enabled && request.text("RevokeAssociatedSessions") == "LINKED";
        if let Some(parent) = family.tracked.parent.filter(|_| linked) {
            self.end_session(&parent);
        }
        Ok(Reply::Empty)
    }

    /// Signs an access token with these scopes, and an ID token unless `openid` was left out at the hosted pages.
    fn give(&mut self, user: &User, family: &Family, scope: &str, nonce: Option<&str>) -> Result<Given, Refusal> {
        let failed = |why| Refusal::new("InternalErrorException", why);
        let event = self.random.uuid();
        let access = self.access_claims(user, family, scope, &event);
        let access = self.keys.sign(Use::Access, &access).map_err(failed)?;
        let id = if family.grant.is_none() || scope::holds(scope, "openid") {
            let mut claims = self.id_claims(user, family, scope, &event);
            if family.grant.is_some() {
                claims.insert("at_hash".to_owned(), json!(at_hash(&access)));
            }
            claims.extend(nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
            Some(self.keys.sign(Use::Id, &Value::Object(claims)).map_err(failed)?)
        } else {
            None
        };
        self.tokens.issue("access", &access);
        if let Some(id) = &id {
            self.tokens.issue("id", id);
        }
        Ok(Given { access, id, refresh: None, expires_in: self.settings.access_token_seconds, new_device: None })
    }

    fn id_claims(&mut self, user: &User, family: &Family, scope: &str, event: &str) -> Map<String, Value> {
        let mut claims = self.shared_claims(user, family, event, self.settings.id_token_seconds);
        claims.extend([
            ("aud".to_owned(), json!(family.client)),
            ("token_use".to_owned(), json!("id")),
            ("cognito:username".to_owned(), json!(user.username)),
        ]);
        let shown = user.attributes.iter().filter(|(name, _)| family.grant.is_none() || scope::shows(scope, name));
        claims.extend(shown.map(|(name, value)| {
            let value = match name.as_str() {
                "email_verified" | "phone_number_verified" => json!(value == "true"),
                "identities" => serde_json::from_str(value).unwrap_or_default(),
                _ => json!(value),
            };
            (name.clone(), value)
        }));
        claims
    }

    fn access_claims(&mut self, user: &User, family: &Family, scope: &str, event: &str) -> Value {
        let mut claims = self.shared_claims(user, family, event, self.settings.access_token_seconds);
        if let Some(jti) = claims.get("jti").and_then(Value::as_str) {
            self.tokens.note_access(jti, &family.origin);
        }
        claims.extend([
            ("client_id".to_owned(), json!(family.client)),
            ("token_use".to_owned(), json!("access")),
            ("scope".to_owned(), json!(scope)),
            ("username".to_owned(), json!(user.username)),
            ("version".to_owned(), json!(2)),
        ]);
        let resource = family.grant.as_ref().and_then(|grant| grant.resource.as_ref());
        claims.extend(resource.map(|resource| ("aud".to_owned(), json!(resource))));
        claims.extend(family.device.iter().map(|device| ("device_key".to_owned(), json!(device))));
        Value::Object(claims)
    }

    fn shared_claims(&mut self, user: &User, family: &Family, event: &str, lifetime: i64) -> Map<String, Value> {
        let now = self.clock.seconds();
        let mut claims = Map::from_iter([
            ("sub".to_owned(), json!(family.sub)),
            ("iss".to_owned(), json!(self.issuer)),
            ("event_id".to_owned(), json!(event)),
            ("auth_time".to_owned(), json!(family.auth_time)),
            ("iat".to_owned(), json!(now)),
            ("exp".to_owned(), json!(now + lifetime)),
            ("jti".to_owned(), json!(self.random.uuid())),
        ]);
        if self.settings.token_revocation {
            claims.insert("origin_jti".to_owned(), json!(family.origin));
        }
        if family.tells {
            claims.insert("acr".to_owned(), json!(acr(&family.proven)));
            claims.insert("amr".to_owned(), json!(amr(&family.proven)));
        }
        if let Some(provider) = user.provider() {
            claims.insert("cognito:groups".to_owned(), json!([format!("{POOL_ID}_{provider}")]));
        }
        claims
    }
}

/// The left half of the hash of an access token, in base64url (OpenID Connect Core 3.1.3.6).
fn at_hash(access: &str) -> String {
    let hash = Sha256::digest(access);
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}
