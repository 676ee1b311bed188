//! What can be set about the ways of signing in: second factors, choice, custom challenges and devices.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Second factors.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mfa {
    /// Who must have a second factor.
    pub mode: MfaMode,
    /// The second factors that there are.
    pub methods: Vec<Method>,
    /// How many digits a second factor by mail has. Those of first factors have eight.
    pub email_digits: u32,
    /// How a wrong code is refused while an authenticator app is set up.
    pub wrong_setup_code: WrongSetupCode,
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MfaMode {
    /// Nobody is asked for one.
    Off,
    /// Who has one is asked for it.
    Optional,
    /// Who has none must set one up.
    Required,
}

/// A second factor.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// A code by SMS.
    SmsMfa,
    /// A code of an authenticator app.
    SoftwareTokenMfa,
    /// A code by mail.
    EmailOtp,
}

impl Method {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA",
            Self::EmailOtp => "EMAIL_OTP",
        }
    }
}

/// How a wrong code is refused while an authenticator app is set up.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WrongSetupCode {
    /// By `EnableSoftwareTokenMFAException`.
    Exception,
    /// By status 200 and `Status` `ERROR`.
    Status,
}

/// `USER_AUTH`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choice {
    /// The first factors that there are.
    pub factors: Vec<FirstFactor>,
    /// Whether the choice is put as `AvailableChallenges` alone, without a `ChallengeName`.
    pub unnamed: bool,
}

/// A first factor, as AllowedFirstAuthFactors names it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FirstFactor {
    /// PASSWORD and PASSWORD_SRP.
    Password,
    /// A code by mail.
    EmailOtp,
    /// A code by SMS.
    SmsOtp,
    /// A passkey.
    WebAuthn,
}

/// `CUSTOM_AUTH`: what the triggers of the pool do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Custom {
    /// Whether the password comes first.
    pub password: PasswordFirst,
    /// The challenges, one after the other.
    pub rounds: Vec<Round>,
    /// What the trigger that makes a challenge fails with.
    pub failure: Option<TriggerFailure>,
}

/// Whether a custom sign-in begins with the password.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PasswordFirst {
    /// SRP_A is ignored.
    Never,
    /// Where the client sends SRP_A.
    IfOffered,
    /// Without SRP_A the sign-in fails.
    Required,
}

/// One custom challenge.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Round {
    /// What the client is shown.
    pub parameters: Map<String, Value>,
    /// The right answer.
    pub answer: String,
    /// What a wrong answer leads to.
    pub wrong: Wrong,
}

/// What a wrong answer to a custom challenge leads to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Wrong {
    /// The same challenge once more.
    Again,
    /// The end.
    Fail,
}

/// The failure of a trigger.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TriggerFailure {
    /// The name of the error.
    pub name: TriggerError,
    /// Its text.
    pub message: String,
}

/// The errors of triggers.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum TriggerError {
    /// It threw.
    #[serde(rename = "UserLambdaValidationException")]
    Threw,
    /// It could not be run.
    #[serde(rename = "UnexpectedLambdaException")]
    DidNotRun,
    /// It answered nonsense.
    #[serde(rename = "InvalidLambdaResponseException")]
    AnsweredNonsense,
}

impl TriggerError {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Threw => "UserLambdaValidationException",
            Self::DidNotRun => "UnexpectedLambdaException",
            Self::AnsweredNonsense => "InvalidLambdaResponseException",
        }
    }
}

/// Remembered devices.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Devices {
    /// Whether devices are told apart.
    pub tracking: Tracking,
    /// When a remembered device proves itself.
    pub challenge: DeviceChallenge,
    /// What a key leads to that nobody knows.
    pub unknown_key: UnknownKey,
}

/// Whether devices are told apart.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Tracking {
    /// No.
    Off,
    /// A confirmed device is remembered.
    Always,
    /// A confirmed device is remembered if its user says so.
    OptIn,
}

/// When a remembered device proves itself.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DeviceChallenge {
    /// Never: the second factor is due on every device.
    Never,
    /// In place of the second factor.
    ForMfa,
    /// At every sign-in, in place of the second factor if one is due.
    EverySignIn,
}

/// What an unknown device key leads to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownKey {
    /// `ResourceNotFoundException`.
    Refuse,
    /// A new device, as without a key.
    Replace,
}

/// What the pool's owner pays for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Plan {
    /// No step-up, and no claims about factors.
    Lite,
    /// Nearly everything.
    Essentials,
    /// Everything.
    Plus,
}

impl Default for Mfa {
    fn default() -> Self {
        Self {
            mode: MfaMode::Off,
            methods: vec![Method::SmsMfa, Method::SoftwareTokenMfa, Method::EmailOtp],
            email_digits: 6,
            wrong_setup_code: WrongSetupCode::Exception,
        }
    }
}

impl Default for Choice {
    fn default() -> Self {
        use FirstFactor::{EmailOtp, Password, SmsOtp, WebAuthn};
        Self { factors: vec![Password, EmailOtp, SmsOtp, WebAuthn], unnamed: false }
    }
}

impl Default for Custom {
    fn default() -> Self {
        let question = Map::from_iter([("question".to_owned(), Value::from("The colour of the sky?"))]);
        let round = Round { parameters: question, answer: "blue".to_owned(), wrong: Wrong::Again };
        Self { password: PasswordFirst::IfOffered, rounds: vec![round], failure: None }
    }
}

impl Default for Devices {
    fn default() -> Self {
        Self { tracking: Tracking::Off, challenge: DeviceChallenge::ForMfa, unknown_key: UnknownKey::Refuse }
    }
}
