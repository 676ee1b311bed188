//! Giving out tokens, first and again: the end of a sign-in, GetTokensFromRefreshToken and RevokeToken.

use serde_json::{Map, Value, json};

use crate::{
    clock::span,
    keys::Use,
    pool::{CLIENT_ID, Pool, Reply, unverifiable_secret},
    refusal::Refusal,
    shapes::Request,
    sign_in::check_status,
    tokens::Family,
    users::{Status, User},
};

/// The scope of every access token from the API.
pub const SCOPE: &str = "aws.cognito.signin.user.admin";

impl Pool {
    /// Starts a family of tokens.
    pub(crate) fn sign_in(&mut self, username: &str) -> Result<Reply, Refusal> {
        let Some(user) = self.users.named(username).cloned() else {
            return Err(Refusal::user_not_found());
        };
        let (now, lifetime) = (self.clock.now(), self.settings.refresh_token_seconds);
        let family = self.tokens.start(&mut self.random, &user.sub, now, lifetime);
        let refresh_token = self.tokens.refresh_token(&mut self.random, &family.origin);
        self.give(&user, &family, Some(refresh_token))
    }

    pub(crate) fn get_tokens_from_refresh_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.given("ClientSecret").is_some() {
            return Err(unverifiable_secret());
        }
        if request.given("DeviceKey").is_some() {
            return Err(Refusal::new("ResourceNotFoundException", "Device does not exist."));
        }
        self.refresh(request.text("RefreshToken"), Some(self.settings.rotation.enabled))
    }

    /// Exchanges a refresh token; `rotates` is none for InitiateAuth.
    pub(crate) fn refresh(&mut self, token: &str, rotates: Option<bool>) -> Result<Reply, Refusal> {
        let now = self.clock.now();
        let (refresh, family) =
            self.tokens.look_up(token).ok_or_else(|| Refusal::not_authorized("Invalid Refresh Token"))?;
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
        let successor = (rotates == Some(true)).then(|| {
            self.tokens.supersede(token, now);
            self.tokens.refresh_token(&mut self.random, &family.origin)
        });
        self.give(&user, &family, successor)
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
        let (_, family) =
            self.tokens.look_up(token).ok_or_else(|| Refusal::new("UnauthorizedException", "Invalid Refresh Token"))?;
        self.tokens.revoke(&family.origin);
        Ok(Reply::Empty)
    }

    fn give(&mut self, user: &User, family: &Family, refresh_token: Option<String>) -> Result<Reply, Refusal> {
        let event = self.random.uuid();
        let id = self.id_claims(user, family, &event);
        let access = self.access_claims(user, family, &event);
        let sign = |usage, claims: &Value| {
            self.keys.sign(usage, claims).map_err(|why| Refusal::new("InternalErrorException", why))
        };
        let (access, id) = (sign(Use::Access, &access)?, sign(Use::Id, &id)?);
        for (kind, token) in [("access", Some(&access)), ("id", Some(&id)), ("refresh", refresh_token.as_ref())] {
            if let Some(token) = token {
                self.tokens.issue(kind, token);
            }
        }
        let mut result = json!({
            "AccessToken": access,
            "IdToken": id,
            "ExpiresIn": self.settings.access_token_seconds,
            "TokenType": "Bearer",
        });
        if let (Some(token), Some(result)) = (refresh_token, result.as_object_mut()) {
            result.insert("RefreshToken".to_owned(), token.into());
        }
        Ok(Reply::Body(json!({ "AuthenticationResult": result, "ChallengeParameters": {} })))
    }

    fn id_claims(&mut self, user: &User, family: &Family, event: &str) -> Value {
        let mut claims = self.shared_claims(family, event, self.settings.id_token_seconds);
        claims.extend([
            ("aud".to_owned(), json!(CLIENT_ID)),
            ("token_use".to_owned(), json!("id")),
            ("cognito:username".to_owned(), json!(user.username)),
        ]);
        claims.extend(user.attributes.iter().map(|(name, value)| {
            let value = match name.as_str() {
                "email_verified" | "phone_number_verified" => json!(value == "true"),
                _ => json!(value),
            };
            (name.clone(), value)
        }));
        Value::Object(claims)
    }

    fn access_claims(&mut self, user: &User, family: &Family, event: &str) -> Value {
        let mut claims = self.shared_claims(family, event, self.settings.access_token_seconds);
        if let Some(jti) = claims.get("jti").and_then(Value::as_str) {
            self.tokens.note_access(jti, &family.origin);
        }
        claims.extend([
            ("client_id".to_owned(), json!(CLIENT_ID)),
            ("token_use".to_owned(), json!("access")),
            ("scope".to_owned(), json!(SCOPE)),
            ("username".to_owned(), json!(user.username)),
            ("version".to_owned(), json!(2)),
        ]);
        Value::Object(claims)
    }

    fn shared_claims(&mut self, family: &Family, event: &str, lifetime: i64) -> Map<String, Value> {
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
        claims
    }
}
