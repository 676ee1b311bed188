//! The shapes of requests: which members an operation has, of which type and length.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

use crate::refusal::Refusal;

#[derive(Clone, Copy, Debug)]
enum Letters {
    Any,
    /// `[\w+]+`
    Word,
    /// `[\w+=/]+`
    Base64,
    /// `[0-9]+`
    Digit,
    /// `[\w-]+_[0-9a-f-]+`
    DeviceKey,
    /// `[\S]+`
    NoSpace,
    /// `[A-Za-z0-9-_=.]+`
    Token,
    /// Letters, marks, symbols, numbers, punctuation.
    Visible,
    /// `[a-z0-9]+`
    Lower,
    /// `[\w+-]+`
    Event,
    /// `[\w-]+`, and one more letter.
    Id(char),
    /// `[0-9]+`
    Digits,
}

impl Letters {
    fn allow(self, letter: char) -> bool {
        let word = letter.is_ascii_alphanumeric() || letter == '_';
        match self {
            Self::Any => true,
            Self::Word => word || letter == '+',
            Self::Base64 => word || matches!(letter, '+' | '=' | '/'),
            Self::Digit => letter.is_ascii_digit(),
            Self::DeviceKey => word || letter == '-',
            Self::NoSpace => !letter.is_whitespace(),
            Self::Token => word || matches!(letter, '-' | '=' | '.'),
            Self::Visible => !letter.is_whitespace() && !letter.is_control(),
            Self::Lower => letter.is_ascii_lowercase() || letter.is_ascii_digit(),
            Self::Event => word || matches!(letter, '+' | '-'),
            Self::Id(one) => word || letter == '-' || letter == one,
            Self::Digits => letter.is_ascii_digit(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text(usize, usize, Letters),
    Choice(&'static [&'static str]),
    Flag,
    /// A map from text to text.
    Texts,
    /// Texts by name, of which `null` stands for an absent one: amazon-cognito-identity-js refreshes with `"DEVICE_KEY": null`, and
    /// proves the password so where its device is not known.
    Parameters,
    /// A list of `{Name, Value}`.
    Attributes,
    /// An object whose members are texts of these names.
    Texted(&'static [&'static str]),
    /// A list of texts of at most this length.
    Names(usize),
    /// An object of any members.
    Json,
    /// ID tokens by the name of their provider.
    Logins,
    /// An object whose members are flags of these names; `null` stands for an absent one, as amazon-cognito-identity-js tells of a
    /// factor that is to stay as it is.
    Flags(&'static [&'static str]),
    /// A list of objects whose members are texts of these names.
    List(&'static [&'static str]),
    /// A whole number from 0 to this one.
    Number(u64),
}

#[derive(Clone, Copy, Debug)]
struct Member {
    name: &'static str,
    required: bool,
    kind: Kind,
}

const fn required(name: &'static str, kind: Kind) -> Member {
    Member { name, required: true, kind }
}

const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, required: false, kind }
}

const CLIENT_ID: Member = required("ClientId", Kind::Text(1, 128, Letters::Word));
const SECRET_HASH: Member = optional("SecretHash", Kind::Text(1, 128, Letters::Base64));
const CLIENT_SECRET: Member = optional("ClientSecret", Kind::Text(24, 64, Letters::Word));
const USERNAME: Member = required("Username", Kind::Text(1, 128, Letters::Visible));
const CODE: Member = required("ConfirmationCode", Kind::Text(1, 2048, Letters::NoSpace));
const SESSION: Member = optional("Session", Kind::Text(20, 4096, Letters::Any));
const ACCESS_TOKEN: Member = required("AccessToken", Kind::Text(1, usize::MAX, Letters::Token));
const ANALYTICS: Member = optional("AnalyticsMetadata", Kind::Texted(&["AnalyticsEndpointId"]));
const CONTEXT: Member = optional("UserContextData", Kind::Texted(&["IpAddress", "EncodedData"]));
const METADATA: Member = optional("ClientMetadata", Kind::Texts);

const FLOWS: &[&str] = &[
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
];

const SIGN_UP: &[Member] = &[
    CLIENT_ID,
    SECRET_HASH,
    USERNAME,
    optional("Password", Kind::Text(0, 256, Letters::Any)),
    optional("UserAttributes", Kind::Attributes),
    optional("ValidationData", Kind::Attributes),
    ANALYTICS,
    CONTEXT,
    METADATA,
];
const CONFIRM_SIGN_UP: &[Member] = &[
    CLIENT_ID,
    SECRET_HASH,
    USERNAME,
    CODE,
    optional("ForceAliasCreation", Kind::Flag),
    SESSION,
    ANALYTICS,
    CONTEXT,
    METADATA,
];
const SEND_CODE: &[Member] = &[CLIENT_ID, SECRET_HASH, USERNAME, ANALYTICS, CONTEXT, METADATA];
const CONFIRM_FORGOT_PASSWORD: &[Member] = &[
    CLIENT_ID,
    SECRET_HASH,
    USERNAME,
    CODE,
    required("Password", Kind::Text(0, 256, Letters::Any)),
    ANALYTICS,
    CONTEXT,
    METADATA,
];
const INITIATE_AUTH: &[Member] = &[
    CLIENT_ID,
    required("AuthFlow", Kind::Choice(FLOWS)),
    optional("AuthParameters", Kind::Parameters),
    SESSION,
    ANALYTICS,
    CONTEXT,
    METADATA,
];
const RESPOND: &[Member] = &[
    CLIENT_ID,
    // Not an enumeration here: a forced challenge may have any name.
    required("ChallengeName", Kind::Text(1, 128, Letters::Word)),
    SESSION,
    optional("ChallengeResponses", Kind::Parameters),
    ANALYTICS,
    CONTEXT,
    METADATA,
];
const GET_TOKENS: &[Member] = &[
    CLIENT_ID,
    required("RefreshToken", Kind::Text(1, usize::MAX, Letters::Token)),
    CLIENT_SECRET,
    optional("DeviceKey", Kind::Text(1, 55, Letters::NoSpace)),
    METADATA,
];
const REVOKE: &[Member] = &[
    CLIENT_ID,
    required("Token", Kind::Text(1, usize::MAX, Letters::Token)),
    CLIENT_SECRET,
    optional("RevokeAssociatedSessions", Kind::Choice(&["NONE", "LINKED"])),
];
const SIGNED_IN: &[Member] = &[ACCESS_TOKEN];
/// Signed in, or in the middle of a sign-in.
const ACCESS_TOKEN_OR: Member = optional("AccessToken", Kind::Text(1, usize::MAX, Letters::Token));
const ASSOCIATE: &[Member] = &[ACCESS_TOKEN_OR, SESSION];
const VERIFY_SOFTWARE_TOKEN: &[Member] = &[
    ACCESS_TOKEN_OR,
    SESSION,
    required("UserCode", Kind::Text(6, 6, Letters::Digit)),
    optional("FriendlyDeviceName", Kind::Text(0, 131_072, Letters::Any)),
];
const PREFERENCE: Kind = Kind::Flags(&["Enabled", "PreferredMfa"]);
const MFA_PREFERENCE: &[Member] = &[
    ACCESS_TOKEN,
    optional("SMSMfaSettings", PREFERENCE),
    optional("SoftwareTokenMfaSettings", PREFERENCE),
    optional("EmailMfaSettings", PREFERENCE),
    optional("WebAuthnMfaSettings", Kind::Flags(&["Enabled"])),
];
const USER_SETTINGS: &[Member] =
    &[ACCESS_TOKEN, required("MFAOptions", Kind::List(&["DeliveryMedium", "AttributeName"]))];
const DEVICE_KEY: Member = required("DeviceKey", Kind::Text(1, 55, Letters::DeviceKey));
const CONFIRM_DEVICE: &[Member] = &[
    ACCESS_TOKEN,
    DEVICE_KEY,
    optional("DeviceSecretVerifierConfig", Kind::Texted(&["PasswordVerifier", "Salt"])),
    optional("DeviceName", Kind::Text(1, 1024, Letters::Any)),
];
const ONE_DEVICE: &[Member] = &[ACCESS_TOKEN, DEVICE_KEY];
const LIST_DEVICES: &[Member] = &[
    ACCESS_TOKEN,
    optional("Limit", Kind::Number(60)),
    optional("PaginationToken", Kind::Text(1, 131_072, Letters::NoSpace)),
];
const DEVICE_STATUS: &[Member] =
    &[ACCESS_TOKEN, DEVICE_KEY, optional("DeviceRememberedStatus", Kind::Choice(&["remembered", "not_remembered"]))];

const PASSWORD: Kind = Kind::Text(0, 256, Letters::Any);
const ATTRIBUTE: Member = required("AttributeName", Kind::Text(1, 32, Letters::Any));
const PAGE: Member = optional("NextToken", Kind::Text(1, 131_072, Letters::NoSpace));
const UPDATE_ATTRIBUTES: &[Member] = &[ACCESS_TOKEN, required("UserAttributes", Kind::Attributes), METADATA];
const DELETE_ATTRIBUTES: &[Member] = &[ACCESS_TOKEN, required("UserAttributeNames", Kind::Names(32))];
const SEND_ATTRIBUTE_CODE: &[Member] = &[ACCESS_TOKEN, ATTRIBUTE, METADATA];
const VERIFY_ATTRIBUTE: &[Member] = &[ACCESS_TOKEN, ATTRIBUTE, required("Code", Kind::Text(1, 2048, Letters::NoSpace))];
const CHANGE_PASSWORD: &[Member] =
    &[ACCESS_TOKEN, optional("PreviousPassword", PASSWORD), required("ProposedPassword", PASSWORD)];
const LIST_SESSIONS: &[Member] = &[ACCESS_TOKEN, PAGE];
const REVOKE_SESSION: &[Member] = &[
    ACCESS_TOKEN,
    required("SessionId", Kind::Text(28, 28, Letters::Lower)),
    optional("RevokeAssociatedSessions", Kind::Choice(&["NONE", "LINKED"])),
];
const FEEDBACK: &[Member] = &[
    required("UserPoolId", Kind::Text(1, 55, Letters::Id('_'))),
    USERNAME,
    required("EventId", Kind::Text(1, 50, Letters::Event)),
    required("FeedbackToken", Kind::Text(1, usize::MAX, Letters::Token)),
    required("FeedbackValue", Kind::Choice(&["Valid", "Invalid"])),
];
const COMPLETE_PASSKEY: &[Member] = &[ACCESS_TOKEN, required("Credential", Kind::Json)];
const LIST_PASSKEYS: &[Member] = &[ACCESS_TOKEN, PAGE, optional("MaxResults", Kind::Number(20))];
const DELETE_PASSKEY: &[Member] = &[ACCESS_TOKEN, required("CredentialId", Kind::Text(0, 131_072, Letters::Any))];

const IDENTITY: Member = required("IdentityId", Kind::Text(1, 55, Letters::Id(':')));
const LOGINS: Member = optional("Logins", Kind::Logins);
const GET_ID: &[Member] = &[
    required("IdentityPoolId", Kind::Text(1, 55, Letters::Id(':'))),
    LOGINS,
    optional("AccountId", Kind::Text(1, 15, Letters::Digits)),
];
const GET_CREDENTIALS: &[Member] = &[IDENTITY, LOGINS, optional("CustomRoleArn", Kind::Text(20, 2048, Letters::Any))];
const GET_OPEN_ID: &[Member] = &[IDENTITY, LOGINS];
const UNLINK: &[Member] = &[IDENTITY, required("Logins", Kind::Logins), required("LoginsToRemove", Kind::Names(128))];

/// A request whose members have been checked against the operation's shape.
#[derive(Debug)]
pub struct Request(Map<String, Value>);

impl Request {
    /// Checks a body: first types, then constraints.
    ///
    /// # Errors
    /// `UnknownOperationException`; `SerializationException` for anything that is not of the shape, members with `null` and unknown
    /// members included; `InvalidParameterException` for values out of bounds.
    pub fn parse(operation: &str, body: &[u8]) -> Result<Self, Refusal> {
        let members = match operation {
            "SignUp" => SIGN_UP,
            "ConfirmSignUp" => CONFIRM_SIGN_UP,
            "ResendConfirmationCode" | "ForgotPassword" => SEND_CODE,
            "ConfirmForgotPassword" => CONFIRM_FORGOT_PASSWORD,
            "InitiateAuth" => INITIATE_AUTH,
            "RespondToAuthChallenge" => RESPOND,
            "GetTokensFromRefreshToken" => GET_TOKENS,
            "RevokeToken" => REVOKE,
            "GetUser" | "GlobalSignOut" | "GetUserAuthFactors" => SIGNED_IN,
            "AssociateSoftwareToken" => ASSOCIATE,
            "VerifySoftwareToken" => VERIFY_SOFTWARE_TOKEN,
            "SetUserMFAPreference" => MFA_PREFERENCE,
            "SetUserSettings" => USER_SETTINGS,
            "ConfirmDevice" => CONFIRM_DEVICE,
            "GetDevice" | "ForgetDevice" => ONE_DEVICE,
            "ListDevices" => LIST_DEVICES,
            "UpdateDeviceStatus" => DEVICE_STATUS,
            "DeleteUser" | "StartWebAuthnRegistration" => SIGNED_IN,
            "UpdateUserAttributes" => UPDATE_ATTRIBUTES,
            "DeleteUserAttributes" => DELETE_ATTRIBUTES,
            "GetUserAttributeVerificationCode" => SEND_ATTRIBUTE_CODE,
            "VerifyUserAttribute" => VERIFY_ATTRIBUTE,
            "ChangePassword" => CHANGE_PASSWORD,
            "ListUserSessions" => LIST_SESSIONS,
            "RevokeUserSession" => REVOKE_SESSION,
            "UpdateAuthEventFeedback" => FEEDBACK,
            "CompleteWebAuthnRegistration" => COMPLETE_PASSKEY,
            "ListWebAuthnCredentials" => LIST_PASSKEYS,
            "DeleteWebAuthnCredential" => DELETE_PASSKEY,
            _ => return Err(Refusal::unknown_operation("")),
        };
        Self::checked(members, body)
    }

    /// The same for an operation of the identity pool.
    ///
    /// # Errors
    /// As [`Request::parse`].
    pub fn parse_identity(operation: &str, body: &[u8]) -> Result<Self, Refusal> {
        let members = match operation {
            "GetId" => GET_ID,
            "GetCredentialsForIdentity" => GET_CREDENTIALS,
            "GetOpenIdToken" => GET_OPEN_ID,
            "UnlinkIdentity" => UNLINK,
            _ => return Err(Refusal::unknown_operation("")),
        };
        Self::checked(members, body)
    }

    fn checked(members: &[Member], body: &[u8]) -> Result<Self, Refusal> {
        let Ok(Value::Object(given)) = serde_json::from_slice(body) else {
            return Err(Refusal::serialization("The body is not a JSON object."));
        };
        for (name, value) in &given {
            let Some(member) = members.iter().find(|member| member.name == name) else {
                return Err(Refusal::serialization("The body has an unknown member."));
            };
            if !has_type(member.kind, value) {
                return Err(Refusal::serialization(format!("The member {} has a wrong type.", member.name)));
            }
        }
        for member in members {
            match given.get(member.name) {
                None if member.required => return Err(out_of_bounds(member, "must not be null")),
                None => {}
                Some(value) => check_bounds(member, value)?,
            }
        }
        Ok(Self(given))
    }

    /// A text; empty if it is absent.
    pub fn text(&self, name: &str) -> &str {
        self.given(name).unwrap_or_default()
    }

    /// A text, if it is present.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A whole number, if it is present.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.0.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok())
    }

    /// An object of flags, if it is present.
    pub fn flags(&self, name: &str) -> Option<BTreeMap<&str, bool>> {
        let map = self.0.get(name)?.as_object()?;
        Some(map.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_bool()?))).collect())
    }

    /// A list of objects; empty if it is absent.
    pub fn list(&self, name: &str) -> &[Value] {
        self.0.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A flag; false if it is absent.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A map of texts; empty if it is absent.
    pub fn texts(&self, name: &str) -> BTreeMap<&str, &str> {
        let Some(Value::Object(map)) = self.0.get(name) else {
            return BTreeMap::new();
        };
        map.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect()
    }

    /// A list of texts; empty if it is absent.
    pub fn names(&self, name: &str) -> Vec<&str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// An object of any members; `null` if it is absent.
    pub fn json(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// A list of `{Name, Value}`; none if a name is there twice.
    pub fn attributes(&self, name: &str) -> Option<BTreeMap<String, String>> {
        let mut attributes = BTreeMap::new();
        for pair in self.0.get(name).and_then(Value::as_array).into_iter().flatten() {
            let text = |member: &str| pair.get(member).and_then(Value::as_str).unwrap_or_default();
            let before = attributes.insert(text("Name").to_owned(), text("Value").to_owned());
            if before.is_some() {
                return None;
            }
        }
        Some(attributes)
    }
}

fn has_type(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Text(..) | Kind::Choice(_), value) => value.is_string(),
        (Kind::Flag, value) => value.is_boolean(),
        (Kind::Number(_), value) => value.is_i64(),
        (Kind::Flags(_), Value::Null) => true,
        (Kind::Flags(names), Value::Object(map)) => {
            map.iter().all(|(name, value)| names.contains(&name.as_str()) && value.is_boolean())
        }
        (Kind::List(names), Value::Array(list)) => list.iter().all(|entry| has_type(Kind::Texted(names), entry)),
        (Kind::Json, value) => value.is_object(),
        (Kind::Names(_), Value::Array(list)) => list.iter().all(Value::is_string),
        (Kind::Texts | Kind::Logins, Value::Object(map)) => map.values().all(Value::is_string),
        (Kind::Parameters, Value::Object(map)) => map.values().all(|value| value.is_string() || value.is_null()),
        (Kind::Texted(names), Value::Object(map)) => {
            map.iter().all(|(name, value)| names.contains(&name.as_str()) && value.is_string())
        }
        (Kind::Attributes, Value::Array(list)) => list.iter().all(|pair| {
            pair.as_object().is_some_and(|pair| {
                pair.iter().all(|(name, value)| matches!(name.as_str(), "Name" | "Value") && value.is_string())
            })
        }),
        _ => false,
    }
}

fn check_bounds(member: &Member, value: &Value) -> Result<(), Refusal> {
    match (member.kind, value) {
        (Kind::Text(least, most, letters), Value::String(text)) => {
            let length = text.chars().count();
            if length < least {
                Err(out_of_bounds(member, &format!("must have length greater than or equal to {least}")))
            } else if length > most {
                Err(out_of_bounds(member, &format!("must have length less than or equal to {most}")))
            } else if !text.chars().all(|letter| letters.allow(letter)) {
                Err(out_of_bounds(member, "must satisfy regular expression pattern"))
            } else {
                Ok(())
            }
        }
        (Kind::Names(most), Value::Array(list)) => {
            let fits = |text: &Value| text.as_str().is_some_and(|text| (1..=most).contains(&text.chars().count()));
            if list.iter().all(fits) {
                Ok(())
            } else {
                Err(out_of_bounds(member, &format!("must have names of 1 to {most} characters")))
            }
        }
        (Kind::Logins, Value::Object(map)) => {
            let fits = |name: &String, token: &Value| {
                (1..=128).contains(&name.chars().count())
                    && token.as_str().is_some_and(|token| (1..=50_000).contains(&token.chars().count()))
            };
            if map.len() <= 10 && map.iter().all(|(name, token)| fits(name, token)) {
                Ok(())
            } else {
                Err(out_of_bounds(member, "must have at most 10 logins"))
            }
        }
        (Kind::Number(most), value) if value.as_u64().is_none_or(|number| number > most) => {
            Err(out_of_bounds(member, &format!("must have value less than or equal to {most}")))
        }
        (Kind::Choice(names), Value::String(text)) if !names.contains(&text.as_str()) => {
            Err(out_of_bounds(member, &format!("must satisfy enum value set: [{}]", names.join(", "))))
        }
        (Kind::Attributes, Value::Array(list)) => {
            let fits = list.iter().all(|pair| {
                let length = |name: &str| pair.get(name).and_then(Value::as_str).map(|text| text.chars().count());
                length("Name").is_some_and(|length| (1..=32).contains(&length)) && length("Value").unwrap_or(0) <= 2048
            });
            if fits {
                Ok(())
            } else {
                Err(out_of_bounds(member, "must have names of 1 to 32 characters and values of at most 2048"))
            }
        }
        _ => Ok(()),
    }
}

/// The message never holds the value: it may be a secret.
fn out_of_bounds(member: &Member, constraint: &str) -> Refusal {
    let mut letters = member.name.chars();
    let first = letters.next().unwrap_or_default().to_ascii_lowercase();
    Refusal::invalid_parameter(format!(
        "1 validation error detected: Value at '{first}{}' failed to satisfy constraint: Member {constraint}",
        letters.as_str()
    ))
}
