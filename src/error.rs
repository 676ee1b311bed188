//! Everything that can go wrong, each with a stable code.

use crate::text::Text;
use alloc::boxed::Box;
use core::fmt;
use core::ops::Deref;

/// Who can do something about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The person signing in: another password, a new code, a wait.
    User,
    /// The app or the pool's settings: nothing that a visitor can mend.
    Developer,
    /// The network or the service: the same call may succeed later.
    Service,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $fault:ident $retryable:literal,)*) => {
        /// The stable name of what went wrong: a name of Cognito's without `Exception`, or one of this client's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// A blank after each.
            const NAMES: &'static str = concat!($(stringify!($name), " "),*);

            /// The code at a place of the list: to the compiler a bound, where a list would be shipped.
            fn at(place: usize) -> Option<Self> {
                $(if place == Self::$name.index() {
                    return Some(Self::$name);
                })*
                None
            }

            /// Who can do something about it.
            pub fn fault(self) -> Fault {
                match self { $(Self::$name => Fault::$fault,)* }
            }

            /// Whether the same call may succeed later without anything changed.
            pub fn retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

codes! {
    /// The e-mail address or phone number already belongs to another account; offer to sign in with it, or to reset
    /// its password.
    AliasExists User false,
    /// The message with the code could not be sent; check the address, and ask again later. The account may exist
    /// already.
    CodeDeliveryFailure User false,
    /// The code is wrong; the step stays answerable, so let it be typed again.
    CodeMismatch User false,
    /// Two writes met; call once more.
    ConcurrentModification Service true,
    /// This device is confirmed already; nothing is to be done.
    DeviceKeyExists User false,
    /// The authenticator app's code is wrong, or its clock is; try the next one.
    EnableSoftwareTokenMFA User false,
    /// The code is too old or already used; ask for a new one.
    ExpiredCode User false,
    /// An identity provider or a role behind the identity pool could not be reached; try again later.
    ExternalService Service true,
    /// The pool's plan lacks the feature; change the plan, or do without.
    FeatureUnavailableInTier Developer false,
    /// Blocked by the web application firewall; change its rules, or give it a token by `wafToken`.
    Forbidden Developer false,
    /// A fault of the service; try again later.
    InternalError Service true,
    /// The pool may not send e-mail; mend its role or its sender.
    InvalidEmailRoleAccessPolicy Developer false,
    /// The identity pool or its roles are set up wrong; mend them.
    InvalidIdentityPoolConfiguration Developer false,
    /// A trigger of the pool answered what Cognito does not understand; mend the trigger.
    InvalidLambdaResponse Developer false,
    /// A value or a flow that the pool does not take; compare it with the pool's settings.
    InvalidParameter Developer false,
    /// The password does not meet the pool's policy; show its rules, and ask for another one.
    InvalidPassword User false,
    /// The pool may not send text messages; mend what its role allows.
    InvalidSmsRoleAccessPolicy Developer false,
    /// The pool may not send text messages; let its role be taken on by Cognito.
    InvalidSmsRoleTrustRelationship Developer false,
    /// The pool is set up wrong, a trigger is missing for one; mend it.
    InvalidUserPoolConfiguration Developer false,
    /// A budget of this user is spent; wait up to an hour.
    LimitExceeded User false,
    /// No usable second factor; somebody who runs the app has to help.
    MFAMethodNotFound User false,
    /// Wrong user name or password, or a session, token or account that is no longer good; let the user try again, or
    /// sign in anew.
    NotAuthorized User false,
    /// Not available in this Region or pool; call the pool in its primary Region.
    OperationNotEnabled Developer false,
    /// The password was used before; ask for another one.
    PasswordHistoryPolicyViolation User false,
    /// The password has to be reset first; begin with `resetPassword`.
    PasswordResetRequired User false,
    /// A refresh token that was already exchanged was used again, perhaps by a thief; sign in anew.
    RefreshTokenReuse User false,
    /// The login belongs to another identity of the identity pool already; ask for the credentials once more.
    ResourceConflict User false,
    /// The pool, the client, a device or the target of a code does not exist; check the configuration.
    ResourceNotFound Developer false,
    /// The request was malformed; check the values that the app hands over.
    Serialization Developer false,
    /// No authenticator app is set up, or the pool takes none; offer another factor.
    SoftwareTokenMFANotFound User false,
    /// Too many wrong codes; wait, then ask for a new one.
    TooManyFailedAttempts User false,
    /// Throttled; try again later.
    TooManyRequests Service true,
    /// The token is not accepted; sign in anew.
    Unauthorized User false,
    /// A trigger of the pool could not run, or took too long; try once more, and look into the trigger's log.
    UnexpectedLambda Developer false,
    /// Switched off for this client; switch it on in the pool.
    UnsupportedOperation Developer false,
    /// Not a refresh token; sign in anew.
    UnsupportedTokenType Developer false,
    /// A trigger of the pool refused; its message says why, and is text of the pool's owner.
    UserLambdaValidation User false,
    /// The account was never confirmed; ask for the code that was sent, or send a new one.
    UserNotConfirmed User false,
    /// Threat protection is switched off in the pool; switch it on, or do without.
    UserPoolAddOnNotEnabled Developer false,
    /// The user name is taken; offer to sign in, or ask for another one.
    UsernameExists User false,
    /// The registration of the passkey took too long; begin it again.
    WebAuthnChallengeNotFound User false,
    /// The passkey's registration was begun by another app client; begin it again with this one.
    WebAuthnClientMismatch Developer false,
    /// The pool has neither a relying party's id nor a domain; set one.
    WebAuthnConfigurationMissing Developer false,
    /// The pool does not take this kind of passkey; another authenticator may do.
    WebAuthnCredentialNotSupported User false,
    /// Passkeys are switched off in the pool; do not offer them, or switch them on.
    WebAuthnNotEnabled Developer false,
    /// This page's origin does not belong to the pool's relying party; serve the page from one that does.
    WebAuthnOriginNotAllowed Developer false,
    /// The passkey belongs to another relying party; choose another one.
    WebAuthnRelyingPartyMismatch User false,

    /// The caller gave up; nothing is to be done.
    Aborted User false,
    /// The engine could not be loaded; check where its files are served, and the page's content security policy.
    EngineFailed Developer false,
    /// The reply is not what the protocol promises; try again later, and check the endpoint.
    InvalidResponse Service true,
    /// A call that does not fit the state, a step answered twice for one; mend the order of the calls.
    InvalidState Developer false,
    /// A token that does not belong to this pool, client or user, or is expired on arrival; check the pool, the client
    /// and the issuers.
    InvalidToken Developer false,
    /// The service could not be reached; try again once there is a connection.
    Network Service true,
    /// Nobody is signed in; offer to sign in.
    NotSignedIn User false,
    /// The vault adds no token for this origin; list it in `api.origins`.
    OriginNotAllowed Developer false,
    /// The service took too long; try again.
    Timeout Service true,
    /// An error name that this version does not know; the message holds the name. Try again later, or update the
    /// package.
    Unknown Service false,
    /// A challenge that this version does not know; the message names it. Update the package, or change the pool.
    UnsupportedChallenge Developer false,
}

/// The codes that the page raises by itself and the core does not know, with who can do something about them and what they mean.
pub const OF_THE_PAGE: &[(&str, Fault, &str)] = &[
    (
        "CallbackUnknown",
        Fault::User,
        "A callback of the hosted page that belongs to no sign-in under way in this tab: used before, too old, or of \
         another tab; begin again.",
    ),
    (
        "HostedPageRefused",
        Fault::User,
        "The hosted page, or the provider behind it, refused, or the user left it; the message names the error. Offer to \
         begin again.",
    ),
    ("InvalidConfig", Fault::Developer, "The configuration has a wrong form; the message names the field."),
    ("LoginRequired", Fault::User, "The hosted page knows nobody, and was not to ask; offer to sign in."),
    (
        "PasskeyCancelled",
        Fault::User,
        "The user has closed the browser's passkey dialogue, or let it time out; the step stays answerable.",
    ),
    (
        "PasskeyExists",
        Fault::User,
        "The device has a passkey for this account already; sign in with it, or use another device.",
    ),
    (
        "PasskeyUnavailable",
        Fault::User,
        "The browser, the device or this page's address cannot use passkeys of this pool; offer another factor.",
    ),
];

impl Code {
    /// The name as published: `NotAuthorized`.
    pub fn as_str(self) -> &'static str {
        word(self.index(), Self::NAMES)
    }

    /// The code of a service's error name without `Exception`.
    pub fn named(name: &str) -> Option<Self> {
        Self::at(place(name, Self::NAMES)?)
    }

    #[allow(clippy::as_conversions, reason = "the discriminant of a field-less enum")]
    fn index(self) -> usize {
        self as usize
    }
}

/// The word that [`place`] finds at `place`.
pub(crate) fn word(place: usize, words: &'static str) -> &'static str {
    let length = |text: &str| text.bytes().take_while(|byte| *byte != b' ').count();
    let mut rest = words;
    for _ in 0..place {
        rest = rest.get(length(rest) + 1..).unwrap_or_default();
    }
    rest.get(..length(rest)).unwrap_or_default()
}

/// Which of the `words`, between blanks, `name` is. One text takes a third of the bytes of a list of texts.
pub(crate) fn place(name: &str, words: &str) -> Option<usize> {
    words.as_bytes().split(|byte| *byte == b' ').position(|word| word == name.as_bytes())
}

/// What went wrong in one call. Neither the message nor any field holds a secret.
///
/// Boxed, so that a `Result` is one word: half of the shipped code hands errors on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// The fields of an [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// What went wrong.
    pub code: Code,
    /// A sentence fit for a log.
    pub message: Text,
    /// The HTTP status, where there was a reply.
    pub status: Option<u16>,
    /// Cognito's `x-amzn-requestid`, where there was a reply.
    pub request_id: Option<Text>,
}

impl Error {
    /// An error with a message fit for a log.
    #[cold]
    #[inline(never)]
    pub fn new(code: Code, message: impl Into<Text>) -> Self {
        Self(Box::new(Details { code, message: message.into(), status: None, request_id: None }))
    }

    /// An error about something that has a name: `before`, the name and `after` make the message.
    #[cold]
    #[inline(never)]
    pub fn naming(code: Code, before: &str, name: &str, after: &str) -> Self {
        Self::new(code, [before, name, after].into_iter().collect::<Text>())
    }

    /// The same error, with the reply that told it.
    pub fn told_by(mut self, status: u16, request_id: Option<&str>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id.map(Text::from);
        self
    }
}

impl Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}
