//! The identity pool beside the user pool: identities for guests and for users, and AWS credentials for them, which open nothing.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    clock::{Instant, epoch, span},
    keys::Use,
    pool::{CLIENT_ID, Pool, Reply},
    refusal::Refusal,
    shapes::Request,
};

/// The identity pool's ID.
pub const IDENTITY_POOL_ID: &str = "eu-west-1:0f3e3a9c-5d1b-4c7e-9a52-6b8d2f41c7a0";
/// The place of the identity pool, which begins the IDs of identities too.
const REGION: &str = "eu-west-1";
/// How long the token of GetOpenIdToken lives, in seconds.
const TOKEN_SECONDS: i64 = 600;

/// Who an identity belongs to; nobody, if it is a guest's.
#[derive(Debug, Default)]
struct Identity {
    /// Logins, as the name of the provider and the user's `sub`.
    logins: BTreeSet<(String, String)>,
    /// Whether its login was taken from it: it is no guest's, and nobody's.
    unlinked: bool,
}

/// All identities, by their IDs.
#[derive(Debug, Default)]
pub struct Identities(BTreeMap<String, Identity>);

impl Identities {
    /// The identity of a login.
    fn of(&self, login: &(String, String)) -> Option<&String> {
        self.0.iter().find(|(_, identity)| identity.logins.contains(login)).map(|(id, _)| id)
    }
}

impl Pool {
    /// Does one operation of the identity pool.
    pub(crate) fn operate_identities(&mut self, operation: &str, body: &[u8]) -> Result<Reply, Refusal> {
        let request = Request::parse_identity(operation, body)?;
        match operation {
            "GetId" => self.get_id(&request),
            "GetCredentialsForIdentity" => self.get_credentials_for_identity(&request),
            "GetOpenIdToken" => self.get_open_id_token(&request),
            _ => self.unlink_identity(&request),
        }
    }

    fn get_id(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.text("IdentityPoolId") != IDENTITY_POOL_ID {
            return Err(not_found(&format!("IdentityPool '{}' not found.", request.text("IdentityPoolId"))));
        }
        let logins = self.logins(request)?;
        self.check_guest(&logins)?;
        let known: BTreeSet<String> = logins.iter().filter_map(|login| self.identities.of(login).cloned()).collect();
        if known.len() > 1 {
            return Err(conflict());
        }
        let id = known.into_iter().next().unwrap_or_else(|| format!("{REGION}:{}", self.random.uuid()));
        self.identities.0.entry(id.clone()).or_default().logins.extend(logins);
        Ok(Reply::Body(json!({ "IdentityId": id })))
    }

    fn get_credentials_for_identity(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let logins = self.logins(request)?;
        let id = self.identity(request.text("IdentityId"), &logins)?;
        if let Some(role) = request.given("CustomRoleArn")
            && (logins.is_empty() || !self.settings.identity_pool.roles.iter().any(|known| known == role))
        {
            return Err(Refusal::not_authorized("The role is not among the token's roles."));
        }
        let expiration = self.clock.now() + span(self.settings.identity_pool.credential_seconds);
        let key = self.random.letters(16).to_ascii_uppercase();
        Ok(Reply::Body(json!({
            "IdentityId": id,
            "Credentials": {
                "AccessKeyId": format!("ASIA{key}"),
                "SecretKey": self.random.base64(30),
                "SessionToken": self.random.base64(600),
                "Expiration": epoch(expiration),
            },
        })))
    }

    fn get_open_id_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let logins = self.logins(request)?;
        let id = self.identity(request.text("IdentityId"), &logins)?;
        if !self.settings.identity_pool.classic_flow {
            return Err(Refusal::invalid_parameter("Basic (classic) flow is not enabled, please use enhanced flow."));
        }
        let now = self.clock.seconds();
        let amr = if logins.is_empty() { "unauthenticated" } else { "authenticated" };
        let claims = json!({
            "sub": id,
            "aud": IDENTITY_POOL_ID,
            "amr": [amr],
            "iss": "https://cognito-identity.amazonaws.com",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        });
        let failed = |why| Refusal::new("InternalErrorException", why);
        let token = self.keys.sign(Use::Id, &claims).map_err(failed)?;
        Ok(Reply::Body(json!({ "IdentityId": id, "Token": token })))
    }

    fn unlink_identity(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let logins = self.logins(request)?;
        if logins.is_empty() {
            return Err(Refusal::not_authorized("Logins are missing."));
        }
        let id = self.identity(request.text("IdentityId"), &logins)?;
        let gone = request.names("LoginsToRemove");
        if let Some(identity) = self.identities.0.get_mut(&id) {
            identity.logins.retain(|(provider, _)| !gone.contains(&provider.as_str()));
            identity.unlinked = identity.logins.is_empty();
        }
        Ok(Reply::Empty)
    }

    /// The identity that a request means: a guest's becomes that of its first login, or of the identity which has that login already.
    fn identity(&mut self, id: &str, logins: &BTreeSet<(String, String)>) -> Result<String, Refusal> {
        let Some(identity) = self.identities.0.get(id) else {
            return Err(not_found(&format!("Identity '{id}' not found.")));
        };
        let own = identity.logins.clone();
        let is_guest = own.is_empty() && !identity.unlinked;
        self.check_guest(logins)?;
        if logins.is_empty() {
            let refusal = || Refusal::not_authorized(format!("Access to Identity '{id}' is forbidden."));
            return if is_guest { Ok(id.to_owned()) } else { Err(refusal()) };
        }
        let known: BTreeSet<String> = logins.iter().filter_map(|login| self.identities.of(login).cloned()).collect();
        match known.into_iter().collect::<Vec<_>>().as_slice() {
            [] if own.is_empty() => {
                self.identities.0.entry(id.to_owned()).or_default().logins.extend(logins.iter().cloned());
                Ok(id.to_owned())
            }
            [] => Err(Refusal::not_authorized(format!("Logins don't match identity '{id}'."))),
            [known] if known == id => Ok(id.to_owned()),
            // The guest is merged into the identity of the login, and is gone.
            [known] if is_guest => {
                self.identities.0.remove(id);
                Ok(known.clone())
            }
            _ => Err(conflict()),
        }
    }

    fn check_guest(&self, logins: &BTreeSet<(String, String)>) -> Result<(), Refusal> {
        if logins.is_empty() && !self.settings.identity_pool.guests {
            return Err(Refusal::not_authorized("Unauthenticated access is not supported for this identity pool."));
        }
        Ok(())
    }

    /// The logins of a request, each with an ID token of ours for the client.
    fn logins(&self, request: &Request) -> Result<BTreeSet<(String, String)>, Refusal> {
        let given = request.texts("Logins");
        given.into_iter().map(|(provider, token)| Ok((provider.to_owned(), self.login(provider, token)?))).collect()
    }

    fn login(&self, provider: &str, token: &str) -> Result<String, Refusal> {
        let settings = &self.settings.identity_pool;
        let issuer = self.issuer.split_once("://").map(|(_, issuer)| issuer);
        if Some(provider) != issuer && !settings.logins.iter().any(|name| name == provider) {
            return Err(Refusal::not_authorized("Token is not from a supported provider of this identity pool."));
        }
        let invalid = |why: &str| Refusal::not_authorized(format!("Invalid login token. {why}"));
        let verified = self.keys.verify(token).filter(|(usage, _)| *usage == Use::Id);
        let (_, claims) = verified.ok_or_else(|| invalid("Not a valid OpenId Connect identity token."))?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        if claim("token_use") != "id" || claim("iss") != self.issuer {
            return Err(invalid("Issuer doesn't match providerName."));
        }
        if claim("aud") != CLIENT_ID {
            return Err(invalid("Incorrect token audience."));
        }
        let expires: Instant = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
        if self.clock.seconds() >= expires {
            return Err(invalid(&format!("Token expired: {expires} >= {}", self.clock.seconds())));
        }
        if settings.server_side_token_check && !self.still_stands(&claims, claim("sub")) {
            return Err(Refusal::not_authorized("Token is revoked, or its user is disabled."));
        }
        Ok(claim("sub").to_owned())
    }

    /// Whether the user of an ID token is there and enabled, and its family not revoked.
    fn still_stands(&self, claims: &Value, sub: &str) -> bool {
        let revoked =
            claims.get("origin_jti").and_then(Value::as_str).is_some_and(|origin| self.tokens.is_revoked(origin));
        self.users.with_sub(sub).is_some_and(|user| user.enabled) && !revoked
    }

    /// Every identity with its logins, for tests to read.
    pub(crate) fn known_identities(&self) -> Map<String, Value> {
        let described = |identity: &Identity| identity.logins.iter().map(|(_, sub)| json!(sub)).collect();
        self.identities.0.iter().map(|(id, identity)| (id.clone(), Value::Array(described(identity)))).collect()
    }
}

fn not_found(message: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", message)
}

fn conflict() -> Refusal {
    Refusal::new("ResourceConflictException", "Logins are linked to another identity.")
}
