//! InitiateAuth: how each kind of sign-in begins.

use super::{Credentials, Method, SignIn};
use crate::error::Error;
use crate::flow::{Moment, text};
use crate::protocol::json::{Json, Object};
use crate::protocol::{Repeat, Request};
use alloc::boxed::Box;

impl SignIn {
    pub(super) fn initiate(&mut self, moment: &mut Moment<'_>) -> Result<Box<Request>, Error> {
        self.user_id = None;
        self.session = None;
        let Credentials { username, password, method, preferred, step_up, access_token, device, metadata } =
            &self.credentials;
        let password = password.expose();
        let mut parameters = Object::new();
        if *method == Method::Choice {
            parameters = Object::from(Json::read(step_up));
        }
        parameters.text("USERNAME", username);
        let (flow, repeat, proves) = match method {
            Method::Srp => ("USER_SRP_AUTH", Repeat::Safe, true),
            Method::Password => {
                parameters.text("PASSWORD", text(&self.credentials.password)?.expose());
                ("USER_PASSWORD_AUTH", Repeat::Never, false)
            }
            Method::Custom => ("CUSTOM_AUTH", Repeat::Never, !password.is_empty()),
            Method::Choice => {
                let wanted = if preferred.is_empty() { "PASSWORD_SRP" } else { preferred };
                // A password that is not known yet cannot be preferred: its proof goes along.
                let proves = wanted == "PASSWORD_SRP" && !password.is_empty();
                if proves || wanted != "PASSWORD_SRP" {
                    parameters.text("PREFERRED_CHALLENGE", wanted);
                }
                if !access_token.expose().is_empty() {
                    parameters.text("ACCESS_TOKEN", access_token.expose());
                }
                ("USER_AUTH", Repeat::Never, proves)
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
            parameters.optional("DEVICE_KEY", device.as_ref().map(|device| &*device.key));
        }
        Ok(self.pool.initiate_auth(flow, None, parameters, metadata, repeat))
    }
}
