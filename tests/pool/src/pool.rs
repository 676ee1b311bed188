//! The pool: everything it holds, how it begins, and which operation goes where.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

use crate::{
    attempts::Attempts,
    clock::Clock,
    codes::Codes,
    factors::Factors,
    faults::Faults,
    feedback::Feedback,
    hosted::Hosted,
    identity::Identities,
    journal::Journal,
    keys::Keys,
    passkeys::Ceremonies,
    random::Random,
    refusal::Refusal,
    salts,
    sessions::{Forced, Sessions},
    settings::Settings,
    shapes::Request,
    srp::Verifier,
    tokens::Tokens,
    users::{Status, User, Users},
};

/// The pool's ID.
pub const POOL_ID: &str = "eu-west-1_DemoPool1";
/// The part of the pool's ID that SRP signs.
pub const POOL_NAME: &str = "DemoPool1";
/// The client that signs in by the API; the settings may add others for the hosted pages.
pub const CLIENT_ID: &str = "1vault2demo3client4app5id6";

/// The longest history that a password policy can ask for.
const MOST_OLDER_PASSWORDS: usize = 24;

/// How a pool begins, and begins again after a reset.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Whether the demo's users are there.
    pub demo: bool,
    /// The seed of all randomness except the signing keys.
    pub seed: Option<u64>,
    /// The settings as they are before they are changed.
    pub settings: Settings,
    /// The clock as it is before it is turned.
    pub clock: Clock,
    /// The signing keys.
    pub keys: Keys,
    /// Scheme, host and port, without a slash at the end.
    pub url: String,
}

/// What an operation answers with.
#[derive(Debug)]
pub enum Reply {
    /// A JSON object.
    Body(Value),
    /// Nothing at all: some operations have no output shape.
    Empty,
}

/// One user pool with its clients.
#[derive(Debug)]
pub struct Pool {
    pub(crate) seed: u64,
    pub(crate) url: String,
    pub(crate) issuer: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) keys: Keys,
    pub(crate) users: Users,
    pub(crate) codes: Codes,
    pub(crate) attempts: Attempts,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Tokens,
    pub(crate) hosted: Hosted,
    pub(crate) ceremonies: Ceremonies,
    pub(crate) feedback: Feedback,
    pub(crate) identities: Identities,
    pub(crate) forced: HashMap<String, Forced>,
    pub(crate) decoy_secret: Vec<u8>,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
}

/// A user to be made.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// The name.
    pub username: &'a str,
    /// The password, if there is one.
    pub password: Option<&'a str>,
    /// Where the user begins.
    pub status: Status,
    /// Attributes without `sub`.
    pub attributes: BTreeMap<String, String>,
}

impl Pool {
    /// A pool at its beginning.
    pub fn new(beginning: &Beginning) -> Self {
        let mut random = Random::new(beginning.seed);
        let mut pool = Self {
            seed: beginning.seed.unwrap_or(0),
            url: beginning.url.clone(),
            issuer: format!("{}/{POOL_ID}", beginning.url),
            settings: beginning.settings.clone(),
            clock: beginning.clock,
            decoy_secret: random.bytes(32),
            random,
            keys: beginning.keys.clone(),
            users: Users::default(),
            codes: Codes::default(),
            attempts: Attempts::default(),
            sessions: Sessions::default(),
            tokens: Tokens::default(),
            hosted: Hosted::default(),
            ceremonies: Ceremonies::default(),
            feedback: Feedback::default(),
            identities: Identities::default(),
            forced: HashMap::new(),
            faults: Faults::default(),
            journal: Journal::default(),
        };
        if beginning.demo {
            pool.add_demo_users();
        }
        pool
    }

    /// Makes a user; its `sub`.
    pub fn add_user(&mut self, new: NewUser<'_>) -> String {
        let sub = self.random.uuid();
        let verifier = new.password.map(|password| self.verifier(new.username, password));
        self.users.put(User {
            username: new.username.to_owned(),
            sub: sub.clone(),
            status: new.status,
            enabled: true,
            attributes: new.attributes,
            verifier,
            password_set_at: self.clock.now(),
            required_attributes: None,
            older: Vec::new(),
            held_back: BTreeMap::new(),
            passkeys: Vec::new(),
            factors: Factors::default(),
            devices: Vec::new(),
        });
        sub
    }

    /// What is kept of a new password.
    pub fn verifier(&mut self, username: &str, password: &str) -> Verifier {
        let salt = salts::salt(&self.random.sixteen(), username, self.seed);
        Verifier::new(salt, &identity(username), password)
    }

    /// Sets a password.
    pub fn set_password(&mut self, username: &str, password: &str) {
        let verifier = self.verifier(username, password);
        let now = self.clock.now();
        if let Some(user) = self.users.named_mut(username) {
            user.older.splice(0..0, user.verifier.replace(verifier));
            user.older.truncate(MOST_OLDER_PASSWORDS);
            user.password_set_at = now;
        }
    }

    /// The name of the user that signs in by what was typed; what was typed, if there is none.
    pub fn resolved(&self, typed: &str) -> String {
        self.users.signing_in_as(typed, &self.settings).map_or_else(|| typed.to_owned(), |user| user.username.clone())
    }

    /// Whether there is such a client.
    pub fn knows_client(&self, client: &str) -> bool {
        client == CLIENT_ID || self.settings.hosted.clients.contains_key(client)
    }

    /// Does one operation.
    ///
    /// # Errors
    /// What the service refuses with.
    pub fn operate(&mut self, operation: &str, body: &[u8]) -> Result<Reply, Refusal> {
        let request = Request::parse(operation, body)?;
        if let Some(client) = request.given("ClientId").filter(|id| !self.knows_client(id)) {
            return Err(Refusal::new(
                "ResourceNotFoundException",
                format!("User pool client {client} does not exist."),
            ));
        }
        if request.given("SecretHash").is_some() {
            return Err(unverifiable_secret());
        }
        match operation {
            "InitiateAuth" => self.initiate_auth(&request),
            "RespondToAuthChallenge" => self.respond_to_auth_challenge(&request),
            "GetTokensFromRefreshToken" => self.get_tokens_from_refresh_token(&request),
            "RevokeToken" => self.revoke_token(&request),
            "GlobalSignOut" => self.global_sign_out(&request),
            "GetUser" => self.get_user(&request),
            "UpdateUserAttributes" => self.update_user_attributes(&request),
            "DeleteUserAttributes" => self.delete_user_attributes(&request),
            "GetUserAttributeVerificationCode" => self.get_user_attribute_verification_code(&request),
            "VerifyUserAttribute" => self.verify_user_attribute(&request),
            "ChangePassword" => self.change_password(&request),
            "DeleteUser" => self.delete_user(&request),
            "ListUserSessions" => self.list_user_sessions(&request),
            "RevokeUserSession" => self.revoke_user_session(&request),
            "UpdateAuthEventFeedback" => self.update_auth_event_feedback(&request),
            "StartWebAuthnRegistration" => self.start_passkey(&request),
            "CompleteWebAuthnRegistration" => self.complete_passkey(&request),
            "ListWebAuthnCredentials" => self.list_passkeys(&request),
            "DeleteWebAuthnCredential" => self.delete_passkey(&request),
            "AssociateSoftwareToken" => self.associate_software_token(&request),
            "VerifySoftwareToken" => self.verify_software_token(&request),
            "SetUserMFAPreference" => self.set_user_mfa_preference(&request),
            "SetUserSettings" => self.set_user_settings(&request),
            "GetUserAuthFactors" => self.get_user_auth_factors(&request),
            "ConfirmDevice" => self.confirm_device(&request),
            "GetDevice" => self.get_device(&request),
            "ListDevices" => self.list_devices(&request),
            "UpdateDeviceStatus" => self.update_device_status(&request),
            "ForgetDevice" => self.forget_device(&request),
            "SignUp" => self.sign_up(&request),
            "ConfirmSignUp" => self.confirm_sign_up(&request),
            "ResendConfirmationCode" => self.resend_confirmation_code(&request),
            "ForgotPassword" => self.forgot_password(&request),
            "ConfirmForgotPassword" => self.confirm_forgot_password(&request),
            _ => Err(Refusal::unknown_operation("")),
        }
    }
}

/// What SRP hashes and signs in front of everything else: the pool's name and the user's.
pub fn identity(username: &str) -> String {
    format!("{POOL_NAME}{username}")
}

/// The refusal of a secret from a client that has none.
pub fn unverifiable_secret() -> Refusal {
    Refusal::not_authorized(format!("Unable to verify secret hash for client {CLIENT_ID}"))
}

/// An empty JSON object.
pub fn nothing() -> Reply {
    Reply::Body(json!({}))
}

/// The text values of a challenge.
pub fn parameters(pairs: &[(&str, String)]) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::String(value.clone()))).collect()
}
