//! The challenges that a user answers: the step that each becomes, and what can be chosen.

use crate::error::{place, word};
use crate::protocol::json::{Json, quote};
use crate::protocol::refusal::holds;
use crate::text::Text;

/// What an answer is made of, and how it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A code, sent as `<challenge>_CODE`.
    Code,
    /// One of a list, sent as `ANSWER`.
    Choice,
    /// The password, sent or proven.
    Password,
    /// A WebAuthn assertion, sent as `CREDENTIAL`.
    Passkey,
    /// What the pool's triggers ask, sent as `ANSWER`.
    Custom,
    /// A password of the user's own, with attributes.
    NewPassword,
    /// A second factor that has to be set up.
    SetUp,
}

macro_rules! challenges {
    ($($challenge:ident $step:ident $kind:ident,)*) => {
        const CHALLENGES: &str = concat!($(stringify!($challenge), " "),*);
        const STEPS: &str = concat!($(stringify!($step), " "),*);
        const KINDS: &[Kind] = &[$(Kind::$kind,)*];
    };
}

// The service's name of each challenge, and the step's: the name of a choice too.
challenges! {
    SOFTWARE_TOKEN_MFA totp Code,
    SMS_MFA smsCode Code,
    SMS_OTP smsCode Code,
    EMAIL_OTP emailCode Code,
    WEB_AUTHN passkey Passkey,
    // Where both are offered, the one that does not send it.
    PASSWORD_SRP password Password,
    PASSWORD password Password,
    SELECT_MFA_TYPE chooseMfa Choice,
    SELECT_CHALLENGE chooseFactor Choice,
    CUSTOM_CHALLENGE custom Custom,
    NEW_PASSWORD_REQUIRED newPassword NewPassword,
    MFA_SETUP setUpMfa SetUp,
}

/// What can be set up in the middle of a sign-in; text messages need a phone number first.
const CAN_SET_UP: &str = "SOFTWARE_TOKEN_MFA EMAIL_OTP";

/// The step of a challenge; none for one that this version does not know.
pub(super) fn step(challenge: &str) -> Option<(&'static str, Kind)> {
    let at = place(challenge, CHALLENGES)?;
    KINDS.get(at).map(|kind| (word(at, STEPS), *kind))
}

/// What the user can choose from, in the service's order and once each: a list, as JSON, or empty. No name of a step is part of
/// another one.
pub(super) fn choices(offered: &str, kind: Kind) -> Text {
    let mut choices = Text::default();
    Json::read(offered).each(&mut |_, challenge| {
        let Some(challenge) = challenge.string() else { return };
        let known = step(&challenge).filter(|_| kind != Kind::SetUp || place(&challenge, CAN_SET_UP).is_some());
        if let Some((name, _)) = known
            && !holds(&choices, name)
        {
            choices.0.push(if choices.is_empty() { '[' } else { ',' });
            quote(name, &mut choices.0);
        }
    });
    if !choices.is_empty() {
        choices.0.push(']');
    }
    choices
}

/// The service's name of a choice, if it is among those `offered`.
pub(super) fn chosen(choice: &str, offered: &str) -> Option<&'static str> {
    let offered = Json::read(offered);
    let mut known = (0..KINDS.len()).filter(|at| word(*at, STEPS) == choice).map(|at| word(at, CHALLENGES));
    known.find(|challenge| offered.has(challenge))
}
