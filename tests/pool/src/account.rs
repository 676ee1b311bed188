//! What a signed-in user may ask of the account as a whole: GetUser, ChangePassword, DeleteUser and GlobalSignOut.

use serde_json::{Value, json};

use crate::{
    factors::mfa_members,
    keys::Use,
    pool::{Pool, Reply, identity, nothing},
    refusal::Refusal,
    shapes::Request,
    sign_in::check_status,
    tokens::{Family, SCOPE},
    users::{Status, User},
    ways::Method,
};

const CHANGES_AN_HOUR: usize = 5;

impl Pool {
    pub(crate) fn get_user(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let sub = [json!({ "Name": "sub", "Value": user.sub })];
        let rest = user.attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value }));
        let attributes: Vec<Value> = sub.into_iter().chain(rest).collect();
        let mut answer = mfa_members(&user);
        if user.factors.methods.contains(&Method::SmsMfa) {
            let option = json!({ "DeliveryMedium": "SMS", "AttributeName": "phone_number" });
            answer.insert("MFAOptions".to_owned(), json!([option]));
        }
        answer.insert("Username".to_owned(), json!(user.username));
        answer.insert("UserAttributes".to_owned(), json!(attributes));
        Ok(Reply::Body(Value::Object(answer)))
    }

    /// The user whose access token a request carries, and who may use the service's own operations.
    pub(crate) fn signed_in(&self, request: &Request) -> Result<User, Refusal> {
        let user = self.bearer(request.text("AccessToken"))?.ok_or_else(Refusal::user_not_found)?;
        check_status(user.status)?;
        Ok(user)
    }

    pub(crate) fn change_password(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let User { username, status, verifier, .. } = self.signed_in(request)?;
        let now = self.clock.now();
        self.attempts.spend("ChangePassword", &username, CHANGES_AN_HOUR, now)?;
        if status == Status::ExternalProvider {
            return Err(Refusal::not_authorized("User password cannot be changed in the current state."));
        }
        self.attempts.check_lock(&username, now)?;
        match (request.given("PreviousPassword"), verifier) {
            (None, None) => {}
            (None, Some(_)) => return Err(Refusal::invalid_parameter("Missing required parameter PreviousPassword")),
            (Some(previous), Some(verifier)) if verifier.fits(&identity(&username), previous) => {}
            (Some(_), _) => {
                self.attempts.failed(&username, now);
                return Err(Refusal::wrong_credentials());
            }
        }
        let proposed = request.text("ProposedPassword");
        self.check_new_password(&username, proposed)?;
        self.set_password(&username, proposed);
        self.attempts.succeeded(&username);
        Ok(nothing())
    }

    pub(crate) fn delete_user(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        self.remove_user(&user.username);
        Ok(Reply::Empty)
    }

    /// Removes a user with everything that is kept by its name.
    pub(crate) fn remove_user(&mut self, username: &str) {
        self.users.remove(username);
        self.codes.forget(username);
        self.attempts.forget(username);
    }

    pub(crate) fn global_sign_out(&mut self, request: &Request) -> Result<Reply, Refusal> {
        // UserNotFoundException is not among this operation's errors.
        let user = self
            .bearer(request.text("AccessToken"))?
            .ok_or_else(|| Refusal::not_authorized("Access Token has been revoked"))?;
        check_status(user.status)?;
        self.tokens.revoke_all_of(&user.sub);
        Ok(nothing())
    }

    /// The user of an access token that opens the service's own operations, if the user still exists.
    pub(crate) fn bearer(&self, token: &str) -> Result<Option<User>, Refusal> {
        let (scope, family) = self.opened(token)?;
        if !scope.split(' ').any(|scope| scope == SCOPE) {
            return Err(Refusal::not_authorized("Access Token does not have required scopes"));
        }
        match self.users.with_sub(&family.sub) {
            Some(user) if !user.enabled => Err(Refusal::not_authorized("User is disabled.")),
            user => Ok(user.cloned()),
        }
    }

    /// The scopes and the family of an access token that is neither over nor revoked.
    pub(crate) fn opened(&self, token: &str) -> Result<(String, &Family), Refusal> {
        let invalid = || Refusal::not_authorized("Invalid Access Token");
        let (usage, claims) = self.keys.verify(token).ok_or_else(invalid)?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let ours = usage == Use::Access && claim("token_use") == "access" && claim("iss") == self.issuer;
        let family = self
            .tokens
            .family_of_access(claim("jti"))
            .filter(|family| ours && claim("client_id") == family.client)
            .ok_or_else(invalid)?;
        if self.clock.seconds() >= claims.get("exp").and_then(Value::as_i64).unwrap_or(0) {
            return Err(Refusal::not_authorized("Access Token has expired"));
        }
        if family.revoked {
            return Err(Refusal::not_authorized("Access Token has been revoked"));
        }
        Ok((claim("scope").to_owned(), family))
    }
}
