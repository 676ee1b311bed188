//! A user's passkeys: their registration, the list of them and their end. What authenticators answer is checked by `webauthn_rp`.

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Value, json};
use std::{collections::HashMap, num::NonZeroU32};
use webauthn_rp::{
    PublicKeyCredentialCreationOptions, Registration, RegistrationServerState,
    bin::{Decode, Encode},
    request::register::{
        AuthenticatorSelectionCriteria, CoseAlgorithmIdentifier, CoseAlgorithmIdentifiers, CredProtect,
        RegistrationVerificationOptions, UserHandle16,
    },
    response::{
        AuthTransports, AuthenticatorAttachment,
        register::{CompressedPubKey, DynamicState, StaticState, error::RegCeremonyErr},
    },
};

use crate::{
    clock::{Instant, epoch, span},
    passkey_sign_in::Assertion,
    pool::{Pool, Reply, nothing},
    refusal::Refusal,
    relying_party::Allowed,
    shapes::Request,
    tokens::Family,
    users::User,
};

const MOST: usize = 20;
/// In milliseconds, told to the browser.
const TIMEOUT: u32 = 60_000;
/// Base64url without padding, which is tolerated where it is read.
pub const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The public key of a passkey.
pub type Key = StaticState<CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>>;

/// One passkey.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// The credential's ID.
    pub id: Vec<u8>,
    /// The relying party that it is for.
    pub relying_party: String,
    /// How the browser reaches the authenticator.
    pub transports: AuthTransports,
    /// The public key.
    pub key: Key,
    /// The signature counter, and what else each use may change.
    pub state: DynamicState,
    created_at: Instant,
}

/// A registration that was started.
#[derive(Debug)]
struct Started {
    state: RegistrationServerState<16>,
    challenge: String,
    client: String,
    ends_at: Instant,
}

/// What waits for an authenticator.
#[derive(Debug, Default)]
pub struct Ceremonies {
    /// By the user's `sub`.
    started: HashMap<String, Started>,
    /// Sign-ins, by their number.
    pub assertions: HashMap<u64, Assertion>,
    /// The number of the newest sign-in.
    pub count: u64,
}

impl Pool {
    pub(crate) fn start_passkey(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, client) = self.owner_of_passkeys(request)?;
        let settings = &self.settings.passkeys;
        settings.check_enabled()?;
        let rp_id = settings.rp_id().ok_or_else(|| {
            Refusal::new("WebAuthnConfigurationMissingException", "The relying party ID is not configured.")
        })?;
        check_count(&user)?;
        let handle = user.handle();
        let verification = settings.user_verification;
        let mut options = PublicKeyCredentialCreationOptions::first_passkey_with_blank_user_info(&rp_id, &handle);
        options.pub_key_cred_params =
            CoseAlgorithmIdentifiers::ALL.remove(CoseAlgorithmIdentifier::Eddsa).remove(CoseAlgorithmIdentifier::Es384);
        options.timeout = NonZeroU32::new(TIMEOUT).unwrap_or(options.timeout);
        options.authenticator_selection = AuthenticatorSelectionCriteria {
            user_verification: verification.requirement(),
            ..AuthenticatorSelectionCriteria::passkey()
        };
        options.extensions.cred_protect = CredProtect::None;
        let challenge = json!(options.challenge);
        let failed = |_| Refusal::new("InternalErrorException", "A registration could not be started.");
        let (state, _) = options.start_ceremony().map_err(failed)?;
        let answer = json!({
            "rp": { "id": rp_id.as_ref(), "name": rp_id.as_ref() },
            "user": { "id": BASE64URL.encode(handle), "name": user.username, "displayName": user.username },
            "challenge": challenge,
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
            "timeout": TIMEOUT,
            "excludeCredentials": user.passkeys.iter().map(Passkey::descriptor).collect::<Vec<_>>(),
            "authenticatorSelection": {
                "requireResidentKey": true,
                "residentKey": "required",
                "userVerification": verification,
            },
        });
        let ends_at = self.clock.now() + span(settings.challenge_seconds);
        let challenge = challenge.as_str().unwrap_or_default().to_owned();
        self.ceremonies.started.insert(user.sub, Started { state, challenge, client, ends_at });
        Ok(Reply::Body(json!({ "CredentialCreationOptions": answer })))
    }

    /// Only an answer that fits its challenge spends it.
    pub(crate) fn complete_passkey(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, client) = self.owner_of_passkeys(request)?;
        let settings = &self.settings.passkeys;
        settings.check_enabled()?;
        let credential = request.json("Credential");
        let malformed = || Refusal::invalid_parameter("The credential is not a RegistrationResponseJSON.");
        let registration = is_response(&credential)
            .then(|| Registration::from_json_relaxed(credential.to_string().as_bytes()).ok())
            .flatten()
            .ok_or_else(malformed)?;
        let challenge = registration.challenge_relaxed().map_err(|_| malformed())?;
        let now = self.clock.now();
        let missing = || Refusal::new("WebAuthnChallengeNotFoundException", "The challenge does not exist or is over.");
        let started = self.ceremonies.started.get(&user.sub).filter(|started| now < started.ends_at);
        let started = started.ok_or_else(missing)?;
        if started.client != client {
            return Err(Refusal::new("WebAuthnClientMismatchException", "The registration is another client's."));
        }
        if started.challenge != BASE64URL.encode(challenge.0.to_le_bytes()) {
            return Err(missing());
        }
        check_count(&user)?;
        let Started { state, .. } = self.ceremonies.started.remove(&user.sub).ok_or_else(missing)?;
        let rp_id = settings.rp_id().ok_or_else(mismatch)?;
        let allowed = settings.allowed();
        let options = RegistrationVerificationOptions::<Allowed<'_>, Allowed<'_>> {
            allowed_origins: &allowed,
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let made = state.verify(&rp_id, &registration, &options).map_err(|error| refused(&error))?;
        let id = made.id().as_ref().to_vec();
        if self.users.all().flat_map(|user| &user.passkeys).any(|passkey| passkey.id == id) {
            return Err(Refusal::invalid_parameter("The credential is registered already."));
        }
        let Ok(bytes) = made.static_state().encode();
        let key = Key::decode(bytes.as_slice()).map_err(|_| malformed())?;
        let passkey = Passkey {
            id,
            relying_party: rp_id.as_ref().to_owned(),
            transports: made.transports(),
            key,
            state: made.dynamic_state(),
            created_at: now,
        };
        if let Some(user) = self.users.named_mut(&user.username) {
            user.passkeys.push(passkey);
        }
        Ok(nothing())
    }

    pub(crate) fn list_passkeys(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, _) = self.owner_of_passkeys(request)?;
        let most = match request.number("MaxResults") {
            None | Some(0) => MOST,
            Some(most) => most,
        };
        let after = match request.given("NextToken") {
            None => 0,
            Some(token) => {
                let id = BASE64URL.decode(token).ok();
                let at = user.passkeys.iter().position(|passkey| Some(&passkey.id) == id.as_ref());
                at.ok_or_else(|| Refusal::invalid_parameter("Invalid pagination token."))? + 1
            }
        };
        let rest = user.passkeys.get(after..).unwrap_or_default();
        let page: Vec<Value> = rest.iter().take(most).map(Passkey::described).collect();
        let mut answer = json!({ "Credentials": page });
        if let (Some(last), Some(answer)) = (rest.get(most - 1).filter(|_| rest.len() > most), answer.as_object_mut()) {
            answer.insert("NextToken".to_owned(), json!(BASE64URL.encode(&last.id)));
        }
        Ok(Reply::Body(answer))
    }

    pub(crate) fn delete_passkey(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, _) = self.owner_of_passkeys(request)?;
        let id = BASE64URL.decode(request.text("CredentialId")).unwrap_or_default();
        if !user.passkeys.iter().any(|passkey| passkey.id == id) {
            return Err(Refusal::new("ResourceNotFoundException", "The credential does not exist."));
        }
        if let Some(user) = self.users.named_mut(&user.username) {
            user.passkeys.retain(|passkey| passkey.id != id);
        }
        Ok(nothing())
    }

    /// The user and the client of the access token; `UserNotFoundException` is not among these operations' errors.
    fn owner_of_passkeys(&self, request: &Request) -> Result<(User, String), Refusal> {
        let token = request.text("AccessToken");
        let user = self.signed_in(request).map_err(|refusal| match refusal.name {
            "UserNotFoundException" => Refusal::not_authorized("Access Token has been revoked"),
            _ => refusal,
        })?;
        let (_, Family { client, .. }) = self.opened(token)?;
        Ok((user, client.clone()))
    }
}

impl User {
    /// The user handle: the bits of `sub`.
    pub fn handle(&self) -> UserHandle16 {
        let digits = self.sub.replace('-', "");
        let bits = u128::from_str_radix(&digits, 16).unwrap_or_default();
        let Ok(handle) = UserHandle16::decode(bits.to_be_bytes());
        handle
    }
}

impl Passkey {
    /// PublicKeyCredentialDescriptorJSON.
    pub fn descriptor(&self) -> Value {
        json!({ "type": "public-key", "id": BASE64URL.encode(&self.id), "transports": self.transports })
    }

    fn described(&self) -> Value {
        let mut described = json!({
            "CredentialId": BASE64URL.encode(&self.id),
            "FriendlyCredentialName": "Passkey",
            "RelyingPartyId": self.relying_party,
            "AuthenticatorTransports": self.transports,
            "CreatedAt": epoch(self.created_at),
        });
        let attachment = match self.state.authenticator_attachment {
            AuthenticatorAttachment::None => None,
            AuthenticatorAttachment::Platform => Some("platform"),
            AuthenticatorAttachment::CrossPlatform => Some("cross-platform"),
        };
        if let (Some(attachment), Some(described)) = (attachment, described.as_object_mut()) {
            described.insert("AuthenticatorAttachment".to_owned(), json!(attachment));
        }
        described
    }
}

/// Whether the members that the library does not insist on are there, and say the same: `id`, `rawId` and `type`.
pub fn is_response(credential: &Value) -> bool {
    let text = |name: &str| credential.get(name).and_then(Value::as_str);
    text("type") == Some("public-key") && text("id").is_some_and(|id| text("rawId") == Some(id))
}

fn check_count(user: &User) -> Result<(), Refusal> {
    if user.passkeys.len() < MOST {
        Ok(())
    } else {
        Err(Refusal::new("LimitExceededException", "The user has as many passkeys as a user may have."))
    }
}

fn mismatch() -> Refusal {
    Refusal::new("WebAuthnRelyingPartyMismatchException", "The credential is for another relying party.")
}

fn refused(error: &RegCeremonyErr) -> Refusal {
    match error {
        RegCeremonyErr::Timeout | RegCeremonyErr::ChallengeMismatch => {
            Refusal::new("WebAuthnChallengeNotFoundException", "The challenge does not exist or is over.")
        }
        RegCeremonyErr::OriginMismatch | RegCeremonyErr::CrossOrigin | RegCeremonyErr::TopOriginMismatch => {
            Refusal::new("WebAuthnOriginNotAllowedException", "The origin is not allowed for the relying party.")
        }
        RegCeremonyErr::RpIdHashMismatch => mismatch(),
        RegCeremonyErr::PublicKeyAlgorithmMismatch
        | RegCeremonyErr::PubKey(_)
        | RegCeremonyErr::UserNotPresent
        | RegCeremonyErr::UserNotVerified
        | RegCeremonyErr::AttestationObject(_)
        | RegCeremonyErr::AttestationSignature => {
            Refusal::new("WebAuthnCredentialNotSupportedException", "The credential is not supported.")
        }
        _ => Refusal::invalid_parameter("The credential is not a RegistrationResponseJSON."),
    }
}
