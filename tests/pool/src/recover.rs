//! A forgotten password: ForgotPassword and ConfirmForgotPassword.

use serde_json::json;

use crate::{
    codes::Purpose,
    pool::{Pool, Reply, nothing},
    refusal::Refusal,
    shapes::Request,
    sign_in::check_status,
    users::Status,
};

const SENDS_AN_HOUR: usize = 5;
const CONFIRMS_AN_HOUR: usize = 10;

impl Pool {
    pub(crate) fn forgot_password(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let typed = request.text("Username");
        let username = self.resolved(typed);
        let now = self.clock.now();
        self.attempts.spend("ForgotPassword", &username, SENDS_AN_HOUR, now)?;
        let refusal = match self.users.named(&username) {
            None => Refusal::user_not_found(),
            Some(user) if !user.enabled => Refusal::not_authorized("User is disabled."),
            Some(user) if matches!(user.status, Status::ForceChangePassword | Status::ExternalProvider) => {
                return Err(Refusal::not_authorized("User password cannot be reset in the current state."));
            }
            Some(user) => match self.settings.account.recovery.iter().find_map(|contact| user.proven(contact)) {
                None => Refusal::invalid_parameter(
                    "Cannot reset password for the user as there is no registered/verified email or phone_number",
                ),
                Some(contact) => {
                    let contact = contact.to_owned();
                    let details = self.send_code(&username, Purpose::ResetPassword, contact);
                    return Ok(Reply::Body(json!({ "CodeDeliveryDetails": details })));
                }
            },
        };
        if self.hides_users() { Ok(self.pretend_code(typed, Purpose::ResetPassword)) } else { Err(refusal) }
    }

    pub(crate) fn confirm_forgot_password(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let username = self.resolved(request.text("Username"));
        let now = self.clock.now();
        self.attempts.spend("ConfirmForgotPassword", &username, CONFIRMS_AN_HOUR, now)?;
        if self.users.named(&username).is_none() && !self.hides_users() {
            return Err(Refusal::user_not_found());
        }
        let code = request.text("ConfirmationCode");
        self.codes.check(&username, Purpose::ResetPassword, code, now)?;
        let password = request.text("Password");
        self.check_new_password(&username, password)?;
        match self.users.named(&username) {
            Some(user) if !user.enabled => return Err(Refusal::not_authorized("User is disabled.")),
            Some(user) if user.status == Status::Unconfirmed => check_status(user.status)?,
            _ => {}
        }
        self.codes.close(&username, Purpose::ResetPassword);
        self.set_password(&username, password);
        self.attempts.succeeded(&username);
        if let Some(user) = self.users.named_mut(&username)
            && user.status == Status::ResetRequired
        {
            user.status = Status::Confirmed;
        }
        Ok(nothing())
    }
}
