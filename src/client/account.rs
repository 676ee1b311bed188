//! The calls that are asked by the operation's name: what users may do with their accounts, and with the identity pool.

use super::exchange::never;
use super::{Client, Task};
use crate::error::{Code, Error};
use crate::flow::already_confirmed;
use crate::host::{Host, Reason};
use crate::protocol::account::{By, is_of_device, operation};
use crate::protocol::json::{Json, Object};
use crate::protocol::refusal::{holds, refusal};
use crate::protocol::user_pool::read_object;
use crate::protocol::{Reply, Request};
use crate::secret::SecretText;
use crate::session::Session;
use alloc::boxed::Box;

impl<H: Host> Client<H> {
    /// Calls the operation `name` with `members`, a JSON object, and with what authorises it: the reply's object.
    ///
    /// # Errors
    /// `InvalidState` for an operation that is not in [`crate::protocol::account`]; `NotSignedIn`; the service's refusal,
    /// `Network`, `Timeout`.
    pub fn account(&self, name: &str, members: SecretText) -> Task<'_, SecretText> {
        let found = operation(name);
        Task::new(async move {
            let Some((operation, by, repeat)) = found else {
                return Err(Error::new(Code::InvalidState, "The vault has no such method."));
            };
            let given = Json::read(members.expose());
            let own = is_of_device(operation) && given.member("DeviceKey").is_none();
            let request = |session: Option<&Session>| {
                let mut body = Object::from(given);
                let mut url = &self.config.pool.endpoint;
                match (by, session) {
                    (By::Client, _) => {
                        body.text("ClientId", &self.config.pool.client_id);
                    }
                    (By::AccessToken, Some(session)) => {
                        body.text("AccessToken", session.access_token().expose());
                        body.optional("DeviceKey", session.device_key().filter(|_| own).as_deref());
                    }
                    (_, Some(session)) => {
                        let mut logins = Object::new();
                        logins.text(&self.config.identity_login, session.id_token().expose());
                        body.raw("Logins", &logins.end());
                    }
                    _ => {}
                }
                if by == By::Login {
                    url = &self.config.identity_endpoint;
                }
                Box::new(Request { url: url.clone(), operation, body: body.finish(), repeat })
            };
            let send = |session: Session| self.attempt(request(Some(&session)), &never);
            let signed_in = by == By::AccessToken || by == By::Login && self.session().is_some();
            let key = self.session().and_then(|session| session.device_key());
            let reply = if signed_in {
                self.authorized(&send, refuses_token).await?
            } else {
                self.attempt(request(None), &never).await?
            };
            let object = match read_object(&reply) {
                Err(error) if operation == "ConfirmSignUp" && already_confirmed(&error) => SecretText::from("{}"),
                read => read?,
            };
            match operation {
                "DeleteUser" => {
                    // Its tokens went with it.
                    let _ = self.end(Reason::User).await;
                }
                "ForgetDevice" => {
                    if let Some(key) = given.text("DeviceKey").or(key) {
                        self.forget_device(&key).await;
                    }
                }
                _ => {}
            }
            Ok(object)
        })
    }

    /// Ends every session of the user, and forgets this one whatever becomes of the others.
    ///
    /// # Errors
    /// `NotSignedIn`; why the others may go on.
    pub fn sign_out_everywhere(&self) -> Task<'_, ()> {
        Task::new(async move {
            let ended = self.account("GlobalSignOut", SecretText::default()).await;
            let _ = self.sign_out().await;
            // With all sessions, this one has ended too.
            ended.map(|_| ())
        })
    }
}

/// The access token may be over before its time, and its user gone. A wrong password is refused by the same name.
fn refuses_token(reply: &Reply) -> bool {
    reply.status != 200 && refusal(reply).code == Code::NotAuthorized && !holds(reply.body.expose(), "assword")
}
