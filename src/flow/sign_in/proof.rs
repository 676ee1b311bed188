//! The proofs that need no user: that the password is known, and that this is a remembered device.

use super::{Device, SignIn};
use crate::error::{Code, Error};
use crate::flow::{Moment, Move};
use crate::protocol::json::Object;
use crate::srp::{self, Challenge, Identity};

impl SignIn {
    /// Answers PASSWORD_VERIFIER, or DEVICE_PASSWORD_VERIFIER: the same proof with the device's names and secret.
    pub(super) fn prove(&mut self, of_device: bool, moment: &Moment<'_>) -> Result<Move, Error> {
        let key_pair = self.key_pair.take().ok_or_else(|| self.unsupported())?;
        let parameters = self.json();
        let given = |name| {
            parameters.text(name).ok_or_else(|| Error::naming(Code::InvalidResponse, "The challenge lacks ", name, "."))
        };
        let (salt, b, secret_block) = (&given("SALT")?, &given("SRP_B")?, &given("SECRET_BLOCK")?);
        let timestamp = srp::timestamp(moment.now.try_into().unwrap_or_default());
        let identity = match &self.credentials.device {
            Some(device) if of_device => {
                let Device { key, group, password } = &**device;
                Identity { pool_name: group, user: key, password: password.expose().as_bytes() }
            }
            _ => Identity {
                pool_name: self.pool.name(),
                user: self.username(),
                password: self.credentials.password.expose(),
            },
        };
        let signature = key_pair.prove(&identity, &Challenge { salt, b, secret_block, timestamp: &timestamp })?;
        let mut responses = self.responses_of_device();
        responses.text("PASSWORD_CLAIM_SECRET_BLOCK", secret_block);
        responses.text("PASSWORD_CLAIM_SIGNATURE", &signature);
        responses.text("TIMESTAMP", &timestamp);
        let request = self.respond(responses);
        self.session = None;
        Ok(Move::Send(request))
    }

    /// Answers DEVICE_SRP_AUTH.
    pub(super) fn begin_device_proof(&mut self, moment: &mut Moment<'_>) -> Result<Move, Error> {
        let key_pair = (moment.key_pair)()?;
        let mut responses = self.responses_of_device();
        responses.text("SRP_A", &key_pair.public());
        self.key_pair = Some(key_pair);
        Ok(Move::Send(self.respond(responses)))
    }

    fn responses_of_device(&self) -> Object {
        let mut responses = self.responses();
        responses.optional("DEVICE_KEY", self.credentials.device.as_ref().map(|device| &*device.key));
        responses
    }
}
