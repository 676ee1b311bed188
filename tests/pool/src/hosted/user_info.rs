//! /oauth2/userInfo: the claims of a user, all of them texts.

use serde_json::{Map, json};

use super::{
    call::{Call, Told},
    scope,
};
use crate::{pool::Pool, refusal::Refusal};

impl Pool {
    pub(super) fn user_info(&mut self, call: &Call) -> Told {
        let refuse = |status, error, description: &str| {
            Told::error(status, error, description)
                .set("www-authenticate", &format!("Bearer error=\"{error}\", error_description=\"{description}\""))
        };
        let Some(token) = call.authorization.as_deref().and_then(|value| value.strip_prefix("Bearer ")) else {
            return refuse(400, "invalid_request", "The access token is missing.");
        };
        match self.claims(token) {
            Ok(claims) => Told::json(200, &json!(claims)),
            Err(refusal) => refuse(401, "invalid_token", &refusal.message),
        }
    }

    fn claims(&self, token: &str) -> Result<Map<String, serde_json::Value>, Refusal> {
        let (scopes, family) = self.opened(token)?;
        if !scope::holds(&scopes, "openid") {
            return Err(Refusal::not_authorized("Access token does not contain openid scope"));
        }
        let user = self.users.with_sub(&family.sub).filter(|user| user.enabled);
        let user = user.ok_or_else(|| Refusal::not_authorized("User does not exist or is disabled."))?;
        let mut claims =
            Map::from_iter([("sub".to_owned(), json!(user.sub)), ("username".to_owned(), json!(user.username))]);
        let shown = user.attributes.iter().filter(|(name, _)| scope::shows(&scopes, name));
        claims.extend(shown.map(|(name, value)| (name.clone(), json!(value))));
        Ok(claims)
    }
}
