//! InitiateAuth: how each kind of sign-in begins.

use super::{Credentials, Method, SignIn, StepUp, challenge};
use crate::error::Error;
use crate::flow::{Moment, text};
use crate::protocol::json::Object;
use crate::protocol::{Repeat, Request};
use alloc::borrow::ToOwned;

impl SignIn {
    pub(super) fn initiate(&mut self, moment: &mut Moment<'_>) -> Result<Request, Error> {
        self.user_id = None;
        self.session = None;
        let Credentials { username, password, method, preferred, step_up, device, metadata } = &self.credentials;
        let password = password.expose();
        let mut parameters = Object::new();
        parameters.text("USERNAME", username);
        let (flow, repeat, proves) = match method {
            Method::Srp => ("USER_SRP_AUTH", Repeat::Safe, true),
            Method::Password => {
                parameters.text("PASSWORD", text(&self.credentials.password)?);
                ("USER_PASSWORD_AUTH", Repeat::Never, false)
            }
            Method::Custom => ("CUSTOM_AUTH", Repeat::Never, !password.is_empty()),
            Method::Choice => {
                let all = ["PASSWORD_SRP", "WEB_AUTHN", "EMAIL_OTP", "SMS_OTP"].map(ToOwned::to_owned);
                let wanted = if preferred.is_empty() && !password.is_empty() { "password" } else { preferred };
                // A password that is not known yet cannot be preferred: its proof goes along.
                let wanted = challenge::chosen(wanted, &all).filter(|name| *name != all[0] || !password.is_empty());
                parameters.optional("PREFERRED_CHALLENGE", wanted);
                if let Some(StepUp { acr_values, max_age, access_token }) = step_up {
                    let members = [("MAX_AGE", max_age), ("ACCESS_TOKEN", access_token.expose())];
                    parameters.text("TARGET_ACR_VALUES", acr_values);
                    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
                        parameters.text(name, value);
                    }
                }
                ("USER_AUTH", Repeat::Never, wanted == Some("PASSWORD_SRP"))
            }
        };
        if proves {
            if *method == Method::Custom {
                parameters.text("CHALLENGE_NAME", "SRP_A");
            }
            let key_pair = (moment.key_pair)()?;
            parameters.text("SRP_A", &key_pair.public());
            self.key_pair = Some(key_pair);
        }
        if *method != Method::Choice {
            parameters.optional("DEVICE_KEY", device.as_ref().map(|device| device.key.as_str()));
        }
        Ok(self.pool.initiate_auth(flow, None, parameters, metadata, repeat))
    }
}
