//! Signing in by passkey: the request options that a browser gets, and the check of its answer.

use base64::Engine;
use serde_json::{Value, json};
use std::num::NonZeroU32;
use webauthn_rp::{
    AuthenticatedCredential, NonDiscoverableAuthentication16, NonDiscoverableAuthenticationServerState,
    NonDiscoverableCredentialRequestOptions,
    bin::Decode,
    request::{
        Credentials, PublicKeyCredentialDescriptor, UserVerificationRequirement,
        auth::{AllowedCredentials, AuthenticationVerificationOptions},
    },
    response::CredentialId,
};

use crate::{
    course::{Course, Passed},
    passkeys::{BASE64URL, Passkey, is_response},
    pool::{Pool, parameters},
    refusal::Refusal,
    relying_party::Allowed,
    sessions::Asked,
    settings::{PasskeyFactor, UserVerification},
    sign_in::{Texts, take},
    users::{Status, User},
};

/// In milliseconds, told to the browser.
const TIMEOUT: u32 = 180_000;

/// A sign-in that waits for an authenticator.
#[derive(Debug)]
pub struct Assertion {
    username: String,
    state: NonDiscoverableAuthenticationServerState,
}

impl Pool {
    /// Puts WEB_AUTHN.
    pub(crate) fn ask_passkey(&mut self, course: Course) -> Passed {
        let user = self.user_of(&course).map(|user| user.username.clone());
        let (options, number) = match user.and_then(|username| self.passkey_options(&username)) {
            Some((options, number)) => (options, Some(number)),
            None => (self.decoy_passkey_options(&course.username), None),
        };
        self.ask(course, Asked::Passkey(number), parameters(&[("CREDENTIAL_REQUEST_OPTIONS", options)]))
    }

    /// WEB_AUTHN was answered. A passkey that is two factors needs no other one after it.
    pub(crate) fn take_passkey(
        &mut self,
        course: Course,
        number: Option<u64>,
        given: &Texts<'_>,
    ) -> Result<Passed, Refusal> {
        let [_, credential] = take(given, ["USERNAME", "CREDENTIAL"], &[])?;
        self.check_passkey(&course.username, number, credential)?;
        let second = course.second || self.settings.passkeys.factor == PasskeyFactor::MultiFactorWithUserVerification;
        self.admit(Course { second, ..course.with("hwk") })
    }

    /// Whether passkeys are first factors: of users who need only one factor, or where a passkey is two.
    pub(crate) fn admits_passkeys(&self, single: bool) -> bool {
        let settings = &self.settings.passkeys;
        let multi = settings.factor == PasskeyFactor::MultiFactorWithUserVerification;
        settings.enabled && settings.relying_party_id.is_some() && (single || multi)
    }

    /// Whether a user has a passkey for the relying party.
    pub(crate) fn has_passkey(&self, user: &User) -> bool {
        let ours = |passkey: &Passkey| self.settings.passkeys.relying_party_id.as_ref() == Some(&passkey.relying_party);
        user.status == Status::Confirmed && user.passkeys.iter().any(ours)
    }

    /// CREDENTIAL_REQUEST_OPTIONS, and the number by which [`Pool::check_passkey`] knows the sign-in; none without passkeys.
    fn passkey_options(&mut self, username: &str) -> Option<(String, u64)> {
        let user = self.users.named(username).filter(|user| self.has_passkey(user))?;
        let settings = &self.settings.passkeys;
        let rp_id = settings.rp_id()?;
        let ours: Vec<&Passkey> =
            user.passkeys.iter().filter(|passkey| passkey.relying_party == rp_id.as_ref()).collect();
        let mut allowed = AllowedCredentials::with_capacity(ours.len());
        for passkey in &ours {
            let id = CredentialId::<Vec<u8>>::decode(passkey.id.clone()).ok()?;
            allowed.push(PublicKeyCredentialDescriptor { id, transports: passkey.transports }.into());
        }
        let mut request = NonDiscoverableCredentialRequestOptions::second_factor(&rp_id, allowed).ok()?;
        let options = request.options();
        options.user_verification = self.passkey_verification();
        options.timeout = NonZeroU32::new(TIMEOUT).unwrap_or(options.timeout);
        let answer = request_options(
            &json!(options.challenge),
            rp_id.as_ref(),
            ours.iter().map(|key| key.descriptor()).collect(),
            options.user_verification,
        );
        let (state, _) = request.start_ceremony().ok()?;
        let count = self.ceremonies.count + 1;
        self.ceremonies.count = count;
        self.ceremonies.assertions.insert(count, Assertion { username: username.to_owned(), state });
        Some((answer, count))
    }

    /// The options for a name without a user: invented, stable but for the challenge.
    fn decoy_passkey_options(&mut self, typed: &str) -> String {
        let id = [self.invented("passkey", typed).to_be_bytes(), self.invented("key", typed).to_be_bytes()].concat();
        let descriptor =
            json!({ "type": "public-key", "id": BASE64URL.encode(id), "transports": ["hybrid", "internal"] });
        let challenge = json!(self.random.base64url(16));
        let rp_id = self.settings.passkeys.relying_party_id.clone().unwrap_or_default();
        request_options(&challenge, &rp_id, vec![descriptor], self.passkey_verification())
    }

    /// Checks CREDENTIAL, the JSON of an AuthenticationResponseJSON; whatever it is, the challenge is spent.
    ///
    /// Failures are counted as wrong passwords are.
    fn check_passkey(&mut self, username: &str, number: Option<u64>, credential: &str) -> Result<(), Refusal> {
        let now = self.clock.now();
        let assertion = number.and_then(|number| self.ceremonies.assertions.remove(&number));
        self.attempts.check_lock(username, now)?;
        let assertion = assertion.filter(|assertion| assertion.username == username);
        match assertion.and_then(|assertion| self.proven_by(assertion, credential)) {
            Some(passkey) => {
                self.attempts.succeeded(username);
                let user = self.users.named_mut(username);
                let kept = user.and_then(|user| user.passkeys.iter_mut().find(|kept| kept.id == passkey.id));
                if let Some(kept) = kept {
                    kept.state = passkey.state;
                }
                Ok(())
            }
            None => {
                self.attempts.failed(username, now);
                Err(Refusal::wrong_credentials())
            }
        }
    }

    /// The passkey that answered, with its new signature counter.
    fn proven_by(&self, Assertion { username, state }: Assertion, credential: &str) -> Option<Passkey> {
        let given: Value = serde_json::from_str(credential).ok().filter(is_response)?;
        let answer = NonDiscoverableAuthentication16::from_json_relaxed(given.to_string().as_bytes()).ok()?;
        let user = self.users.named(&username)?;
        let mut passkey = user.passkeys.iter().find(|passkey| passkey.id == answer.raw_id().as_ref())?.clone();
        let settings = &self.settings.passkeys;
        let allowed = settings.allowed();
        let options = AuthenticationVerificationOptions::<Allowed<'_>, Allowed<'_>> {
            allowed_origins: &allowed,
            error_on_unsolicited_extensions: false,
            update_uv: true,
            ..AuthenticationVerificationOptions::default()
        };
        let handle = user.handle();
        let id = CredentialId::<&[u8]>::decode(passkey.id.as_slice()).ok()?;
        let mut known = AuthenticatedCredential::new(id, &handle, passkey.key.clone(), passkey.state).ok()?;
        state.verify(&settings.rp_id()?, &answer, &mut known, &options).ok()?;
        passkey.state = known.dynamic_state();
        Some(passkey)
    }

    /// Two factors need a check of who uses the authenticator.
    fn passkey_verification(&self) -> UserVerificationRequirement {
        match self.settings.passkeys.factor {
            PasskeyFactor::MultiFactorWithUserVerification => UserVerification::Required.requirement(),
            PasskeyFactor::SingleFactor => self.settings.passkeys.user_verification.requirement(),
        }
    }
}

/// PublicKeyCredentialRequestOptionsJSON, as text.
fn request_options(
    challenge: &Value,
    rp_id: &str,
    keys: Vec<Value>,
    verification: UserVerificationRequirement,
) -> String {
    json!({
        "challenge": challenge,
        "timeout": TIMEOUT,
        "rpId": rp_id,
        "allowCredentials": keys,
        "userVerification": verification,
    })
    .to_string()
}
